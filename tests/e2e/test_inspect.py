#!/usr/bin/env python3
"""tenon inspect on files that are made here: programs of Go in all shapes, archives, stubs, damage.

TENON names the program. Facts are held against `go version -m`, readelf and LLVM's readers. Nothing
here needs a network.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
PURE = """package main

import (
	"fmt"
	_ "example.com/sqlite3"
)

var Version = "none"

func main() { fmt.Println("pure", Version) }
"""
MIXED = """package main

/*
#include <stdlib.h>
static int add(int a, int b) { return a + b; }
extern int goTwice(int);
static int viaGo(int x) { return goTwice(x); }
*/
import "C"

import (
	"fmt"
	"os/user"
	"unsafe"
)

//export goTwice
func goTwice(x C.int) C.int { return x * 2 }

func main() {
	text := C.CString("x")
	defer C.free(unsafe.Pointer(text))
	u, _ := user.Current()
	fmt.Println(C.add(40, 2), C.viaGo(4), u != nil)
}
"""
SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))


def documented_keys(table):
    """The keys that docs/inspect.md lists below a heading, in order."""
    page = (SOURCE / "docs" / "inspect.md").read_text()
    rows = page.split(f"### {table}\n\n")[1].split("\n\n")[0].splitlines()[2:]
    return [key for row in rows for key in re.findall(r"`(\w+)(?:\[\])?`", row.split("|")[1])]


# An archive's count of members is the one key that others lack.
SLICE_KEYS = [key for key in documented_keys("Keys of a slice") if key != "members"]
GO_KEYS = documented_keys("Keys of `go`")
MACHO_KEYS = documented_keys("Keys of `macho`")
STUB = """--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos ]
install-name:    '/usr/lib/libseed.1.dylib'
exports:
  - targets:         [ x86_64-macos, arm64-macos ]
    symbols:         [ _seed_open, _seed_close ]
...
"""


def output(*argv, **kwargs):
    return subprocess.run([str(word) for word in argv], capture_output=True, text=True, check=True,
                          timeout=600, **kwargs).stdout


def names_of(*nm):
    """Names may hold blanks."""
    return {re.match(r"(?:[0-9a-f]+| +) \S (.*)", line).group(1) for line in output(*nm).splitlines() if line}


def tenon(*argv):
    return subprocess.run([TENON, "inspect", *map(str, argv)], capture_output=True, text=True, timeout=60)


class Files:
    """The files, each made when a test first asks for it."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="tenon-inspect-"))
        self.made = {}
        self.module("pure", {"main.go": PURE, "go.mod": """module example.com/pure

go 1.21

require example.com/sqlite3 v1.2.3

replace example.com/sqlite3 => ./stub
""", "stub/go.mod": "module example.com/sqlite3\n\ngo 1.21\n", "stub/x.go": "package sqlite3\n"})
        self.module("mixed", {"main.go": MIXED, "go.mod": "module example.com/mixed\n\ngo 1.21\n"})

    def module(self, name, texts):
        for path, text in texts.items():
            target = self.root / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)

    @staticmethod
    def environment(**more):
        full = {**os.environ, "GOPROXY": "off", "GOFLAGS": "-mod=mod", **more}
        full.pop("GOROOT", None)
        return full

    def go(self, name, *flags, goos="linux", goarch="arm64"):
        """A build by Go alone, without cgo."""
        def make(path):
            output("go", "build", "-o", path, *flags, ".", cwd=self.root / "pure",
                   env=self.environment(CGO_ENABLED="0", GOOS=goos, GOARCH=goarch))
        return self.file(name, make)

    def tenon(self, name, target, *flags):
        def make(path):
            done = subprocess.run([TENON, "build", ".", "--target", target, *flags, "-o", str(path)],
                                  cwd=self.root / "mixed", env=self.environment(), capture_output=True,
                                  text=True, timeout=600)
            if done.returncode != 0:
                raise AssertionError(done.stdout + done.stderr)
        return self.file(name, make)

    def file(self, name, make):
        path = self.root / "out" / name
        if name not in self.made:
            path.parent.mkdir(exist_ok=True)
            make(path)
            self.made[name] = path
        return path


FILES = None


def setUpModule():
    global FILES
    FILES = Files()


def tearDownModule():
    shutil.rmtree(FILES.root)


class Inspect(unittest.TestCase):
    maxDiff = None

    def document(self, *argv, code=0):
        done = tenon("--json", *argv)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def file(self, path, *argv, code=0):
        document = self.document(*argv, path, code=code)
        self.assertEqual(len(document["data"]["files"]), 1)
        return document["data"]["files"][0]

    def slice(self, path, *argv):
        slices = self.file(path, *argv)["slices"]
        self.assertEqual(len(slices), 1)
        return slices[0]

    def codes(self, path, *argv):
        return [finding["code"] for finding in self.document(*argv, path)["findings"]]


class Contract(Inspect):
    def test_keys(self):
        for path in (FILES.go("plain"), FILES.go("darwin", goos="darwin"),
                     FILES.go("windows.exe", goos="windows", goarch="amd64")):
            document = self.document(path)
            for key in ("schema", "tool", "version", "command", "ok", "findings", "data"):
                self.assertIn(key, document)
            self.assertEqual(document["command"], "inspect")
            file = document["data"]["files"][0]
            self.assertEqual(file["path"], str(path))
            self.assertIsInstance(file["kind"], str)
            for one in file["slices"]:
                self.assertEqual(sorted(SLICE_KEYS), sorted(one))
                self.assertEqual(sorted(GO_KEYS), sorted(one["go"]))
                # What is null says why, or where it was looked for.
                for key in ("platform", "minos", "sdk", "uuid", "interpreter", "linkage", "libc",
                            "glibc_floor", "link_mode", "linker"):
                    self.assertTrue(key in one["sources"] or key in one["unknown"], key)
                    self.assertFalse(key in one["unknown"] and one[key] is not None, key)
                for library in one["needed"]:
                    self.assertLessEqual({"name", "weak", "reexport"}, set(library))

    def test_several_files_keep_their_order(self):
        paths = [FILES.go("plain"), FILES.go("darwin", goos="darwin"), FILES.go("stripped", "-ldflags=-s -w")]
        files = self.document(*paths, *paths)["data"]["files"]
        self.assertEqual([file["path"] for file in files], [str(path) for path in paths * 2])

    def test_exit_codes(self):
        self.assertEqual(tenon().returncode, 3)
        self.assertEqual(tenon(FILES.root / "nowhere").returncode, 3)
        self.assertEqual(tenon("--macos", "new", FILES.go("plain")).returncode, 3)
        self.assertEqual(tenon("--diff", FILES.go("plain")).returncode, 3)
        self.assertEqual(tenon(FILES.go("plain")).returncode, 0)
        text = FILES.root / "text"
        text.write_text("hello\n")
        self.assertEqual(tenon(text).returncode, 3)
        # One bad file does not hide the good ones.
        document = self.document(FILES.go("plain"), FILES.root / "nowhere", code=3)
        self.assertFalse(document["ok"])
        self.assertEqual(len(document["data"]["files"]), 1)
        self.assertEqual(tenon("--cgo", FILES.go("plain")).returncode, 0)
        # A program of another language has no border to Go; that is an answer, not damage.
        done = tenon("--cgo", "/bin/sh")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        # What is not listed is not called damaged.
        for option in ("--sections", "--symbols"):
            done = tenon(option, text)
            self.assertEqual(done.returncode, 3)
            self.assertIn("TN0105", done.stderr)
            self.assertNotIn("malformed", done.stderr)
        # A stripped image has no symbol table, and that is an answer.
        program = FILES.go("windows.exe", "-ldflags=-s -w", goos="windows", goarch="amd64")
        for option, code in (("--cgo", 0), ("--sections", 0), ("--imports", 0), ("--size", 0), ("--symbols", 1)):
            self.assertEqual(tenon(option, program).returncode, code, option)

    def test_symbols_are_one_object_a_line(self):
        path = FILES.go("plain")
        done = tenon("--symbols", "--json", path)
        self.assertEqual(done.returncode, 0)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(all({"slice", "name", "weak"} <= set(row) for row in rows))
        theirs = names_of("llvm-nm-19", path)
        self.assertEqual({row["name"] for row in rows} - {""}, theirs)

    def test_a_full_disk_is_no_success(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "w") as full:
            done = subprocess.run([TENON, "inspect", "--symbols", str(FILES.go("plain"))], stdout=full,
                                  stderr=subprocess.DEVNULL, timeout=60)
        self.assertNotEqual(done.returncode, 0)


class Go(Inspect):
    def held_against_go(self, path, go):
        text = output("go", "version", "-m", path)
        self.assertEqual(re.search(r": (go\S+)", text).group(1), go["version"])
        self.assertEqual(re.search(r"\tpath\t(\S+)", text).group(1), go["path"])
        settings = dict(re.findall(r"\tbuild\t([^=\n]+)=(.*)", text))
        ours = {key: value for key, value in go["settings"].items()}
        for key, value in settings.items():
            # go version -m quotes values with blanks.
            self.assertIn(value, (ours[key], json.dumps(ours[key])))
        self.assertEqual(len(settings), len(ours))

    def test_linux_by_its_own_linker(self):
        for goarch, arch in (("arm64", "aarch64"), ("amd64", "x86_64")):
            path = FILES.go("internal-" + goarch, goarch=goarch)
            one = self.slice(path)
            self.assertEqual((one["arch"], one["goarch"], one["type"]), (arch, goarch, "executable"))
            self.assertEqual((one["link_mode"], one["linker"]), ("internal", "Go"))
            self.assertEqual((one["linkage"], one["libc"], one["needed"]), ("static", None, []))
            self.assertIs(one["go"]["cgo_allowed"], False)
            self.assertIs(one["go"]["cgo_used"], False)
            self.assertEqual(one["dwarf"], "compressed")
            self.held_against_go(path, one["go"])

    def test_stripped(self):
        one = self.slice(FILES.go("stripped", "-ldflags=-s -w"))
        self.assertEqual(one["link_mode"], "internal")
        self.assertIsNone(one["dwarf"])
        self.assertEqual(one["go"]["settings"]["-ldflags"], "-s -w")

    def test_pie_without_libraries_needs_a_loader(self):
        path = FILES.go("pie", "-buildmode=pie")
        one = self.slice(path)
        self.assertEqual(one["linkage"], "interpreter only")
        self.assertIn(one["interpreter"], output("readelf", "-lW", path))
        self.assertIn("TN0705", self.codes(path))

    def test_replaced_module(self):
        go = self.slice(FILES.go("plain"))["go"]
        self.assertEqual(go["module"]["path"], "example.com/pure")
        self.assertEqual(go["dependencies"][0]["path"], "example.com/sqlite3")
        self.assertTrue(go["dependencies"][0]["replaced_by"].startswith("./stub"))

    def test_stub_of_sqlite(self):
        """go-sqlite3 without cgo compiles and fails when it is called."""
        FILES.module("lite", {
            "main.go": 'package main\n\nimport _ "github.com/mattn/go-sqlite3"\n\nfunc main() {}\n',
            "go.mod": "module example.com/lite\n\ngo 1.21\n\nrequire github.com/mattn/go-sqlite3 v1.14.22\n\n"
                      "replace github.com/mattn/go-sqlite3 => ./stub\n",
            "stub/go.mod": "module github.com/mattn/go-sqlite3\n\ngo 1.21\n",
            "stub/x.go": "package sqlite3\n"})

        def make(path):
            output("go", "build", "-o", path, ".", cwd=FILES.root / "lite",
                   env=FILES.environment(CGO_ENABLED="0", GOOS="linux", GOARCH="arm64"))
        self.assertIn("TN0703", self.codes(FILES.file("lite", make)))
        self.assertNotIn("TN0703", self.codes(FILES.go("plain")))

    def test_paths_of_this_machine(self):
        self.assertIn("TN0704", self.codes(FILES.go("plain")))
        path = FILES.go("trimmed", "-trimpath")
        self.assertNotIn("TN0704", self.codes(path))
        self.assertIsNone(self.slice(path)["go"]["source_path"])


class Cgo(Inspect):
    def test_external_link_by_zig(self):
        path = FILES.tenon("musl", "linux/arm64")
        one = self.slice(path)
        self.assertEqual((one["link_mode"], one["linkage"]), ("external", "static"))
        self.assertIs(one["go"]["cgo_allowed"], True)
        self.assertIs(one["go"]["cgo_used"], True)
        self.assertIn("main", one["go"]["cgo_packages"])
        self.assertIsNotNone(one["linker"])

    def test_dynamic_with_a_glibc_floor(self):
        path = FILES.tenon("gnu", "linux/arm64:gnu2.28")
        one = self.slice(path)
        self.assertEqual((one["libc"], one["linkage"], one["link_mode"]), ("glibc", "dynamic", "external"))
        theirs = output("readelf", "-dW", path)
        self.assertEqual([library["name"] for library in one["needed"]],
                         re.findall(r"Shared library: \[(.*)\]", theirs))
        named = set(re.findall(r"GLIBC_(\d+\.\d+)", output("readelf", "-VW", path)))
        newest = max(named, key=lambda text: [int(part) for part in text.split(".")])
        self.assertEqual(one["glibc_floor"], newest)
        self.assertIn("TN0510", self.codes(path, "--glibc", "2.2"))
        self.assertNotIn("TN0510", self.codes(path, "--glibc", "2.28"))

    def test_calls_survive_strip(self):
        for name, flags in (("gnu", ()), ("gnu-stripped", ("-ldflags=-s -w",))):
            path = FILES.tenon(name, "linux/arm64:gnu2.28", *flags)
            done = tenon("--cgo", "--json", path)
            self.assertEqual(done.returncode, 0, done.stderr)
            packages = {row["package"]: row for row in map(json.loads, done.stdout.splitlines())}
            self.assertLessEqual({"add", "free", "viaGo"}, set(packages["main"]["calls"]))
            self.assertEqual(packages["main"]["exports"], ["goTwice"])
            self.assertIn("CString", packages["main"]["helpers"])

    def test_c_archive(self):
        path = FILES.tenon("lib.a", "linux/arm64:gnu2.28", "-buildmode=c-archive")
        file = self.file(path)
        self.assertEqual(file["kind"], "archive")
        one = file["slices"][0]
        self.assertEqual(one["type"], "static library")
        self.assertEqual(one["go"]["version"], output("go", "env", "GOVERSION").strip())
        self.assertIs(one["go"]["cgo_used"], True)
        names = output("llvm-ar-19", "t", path).split()
        self.assertEqual([member["name"] for member in file["members"]], names)

    def test_c_shared(self):
        path = FILES.tenon("lib.so", "linux/arm64:gnu2.28", "-buildmode=c-shared")
        one = self.slice(path)
        self.assertEqual((one["type"], one["link_mode"]), ("shared library", "external"))
        self.assertNotIn("TN0503", self.codes(path))
        exported = {json.loads(line)["name"] for line in tenon("--exports", "--json", path).stdout.splitlines()}
        self.assertIn("goTwice", exported)
        theirs = output("llvm-nm-19", "-D", "--defined-only", "--no-weak", path).splitlines()
        self.assertLessEqual({line.split()[-1].split("@")[0] for line in theirs}, exported)

    def test_darwin(self):
        path = FILES.tenon("mac", "darwin/arm64")
        one = self.slice(path)
        self.assertEqual((one["arch"], one["platform"], one["link_mode"]), ("arm64", "macOS", "external"))
        theirs = output("llvm-objdump-19", "--macho", "--private-headers", path)
        self.assertIn(one["uuid"], theirs)
        self.assertIn(f"minos {one['minos']}", theirs)
        self.assertEqual([library["name"] for library in one["needed"]], re.findall(
            r"cmd LC_LOAD\S*DYLIB\n.*\n\s*name (\S+)", theirs))
        self.assertIn(one["signature"]["kind"], ("ad-hoc", "linker-signed"))
        rows = [json.loads(line) for line in tenon("--symbols", "--json", path).stdout.splitlines()]
        names = names_of("llvm-nm-19", path)
        self.assertEqual({row["name"] for row in rows}, names)
        self.assertIn("TN0504", self.codes(path, "--macos", "10.15"))
        self.assertNotIn("TN0504", self.codes(path, "--macos", "15"))

    def test_universal(self):
        path = FILES.tenon("fat", "darwin/universal")
        file = self.file(path)
        self.assertEqual({one["arch"] for one in file["slices"]}, {"arm64", "x86_64"})
        archs = output("llvm-lipo-19", "-archs", path).split()
        self.assertEqual([one["arch"] for one in file["slices"]], archs)
        # `go version` reads one slice only.
        for one in file["slices"]:
            self.assertEqual(one["go"]["version"], output("go", "env", "GOVERSION").strip())
        self.assertNotIn("TN0708", self.codes(path))


class Others(Inspect):
    def objects(self):
        """One C object for each of two architectures."""
        if not shutil.which("clang-19"):
            self.skipTest("no clang-19")
        source = FILES.root / "x.c"
        source.write_text("int add(int a, int b) { return a + b; }\n")
        paths = []
        for arch in ("aarch64", "x86_64"):
            paths.append(FILES.root / f"{arch}.o")
            output("clang-19", f"--target={arch}-linux-gnu", "-c", source, "-o", paths[-1])
        return paths

    def test_archive_of_two_architectures(self):
        path = FILES.root / "mixed.a"
        output("llvm-ar-19", "rcs", path, *self.objects())
        file = self.file(path)
        self.assertEqual([one["arch"] for one in file["slices"]], ["aarch64", "x86_64"])
        self.assertIn("TN0707", self.codes(path))
        rows = [json.loads(line) for line in tenon("--symbols", "--json", path).stdout.splitlines()]
        self.assertEqual([(row["member"], row["name"]) for row in rows if row["name"] == "add"],
                         [("aarch64.o", "add"), ("x86_64.o", "add")])

    def test_stub(self):
        path = FILES.root / "libseed.tbd"
        path.write_text(STUB)
        slices = self.file(path)["slices"]
        self.assertEqual([one["arch"] for one in slices], ["x86_64", "arm64"])
        self.assertEqual({(one["name"], one["exports"]) for one in slices}, {("/usr/lib/libseed.1.dylib", 2)})

    def test_truncated(self):
        whole = FILES.go("darwin", goos="darwin").read_bytes()
        path = FILES.root / "cut"
        for size in (0, 3, 31, 200, 4096, len(whole) // 2):
            path.write_bytes(whole[:size])
            done = tenon("--json", path)
            self.assertIn(done.returncode, (0, 3))
            document = json.loads(done.stdout)
            if done.returncode == 3:
                self.assertTrue(document["findings"])
        # The commands themselves are cut: an error that names an offset.
        path.write_bytes(whole[:200])
        document = self.document(path, code=3)
        self.assertEqual(document["findings"][0]["code"], "TN0701")
        self.assertIn("offset", document["findings"][0]["message"])

    def test_folder(self):
        folder = FILES.root / "folder"
        (folder / "inner").mkdir(parents=True)
        shutil.copy(FILES.go("stripped", "-ldflags=-s -w"), folder / "b")
        shutil.copy(FILES.go("stripped", "-ldflags=-s -w"), folder / "inner/a")
        (folder / "notes.txt").write_text("text\n")
        (folder / "loop").symlink_to(folder)
        document = self.document(folder)
        self.assertEqual(sorted(file["path"] for file in document["data"]["files"]),
                         [str(folder / "b"), str(folder / "inner/a")])
        self.assertEqual(document["data"]["skipped"], 1)

    def test_names_with_control_characters(self):
        """A name in a file is not a command for the terminal."""
        source, made = FILES.root / "bad.c", FILES.root / "bad.o"
        if not shutil.which("clang-19"):
            self.skipTest("no clang-19")
        source.write_text('int f(void) __asm__("ev\\x1b[31mil");\nint f(void) { return 1; }\n')
        output("clang-19", "--target=x86_64-linux-gnu", "-c", source, "-o", made)
        for option in ("--symbols", "--sections", "--size"):
            text = tenon(option, made).stdout
            self.assertNotIn("\x1b", text)
            for line in tenon(option, "--json", made).stdout.splitlines():
                json.loads(line)
        self.assertIn("ev\\x1b[31mil", tenon("--symbols", made).stdout)

    def test_imports_have_library_and_weak_bit(self):
        rows = [json.loads(line) for line in
                tenon("--imports", "--json", FILES.tenon("mac", "darwin/arm64")).stdout.splitlines()]
        self.assertTrue(rows)
        self.assertTrue(all(row["library"].startswith("/") for row in rows))

    def test_sizes_add_up(self):
        path = FILES.go("plain")
        rows = [json.loads(line) for line in tenon("--size", "--json", path).stdout.splitlines()]
        self.assertEqual(sum(row["bytes"] for row in rows if "section" in row), path.stat().st_size)
        packages = {row["package"]: row["bytes"] for row in rows if "package" in row}
        self.assertGreater(packages["runtime"], packages["main"])

    def test_functions_of_c_have_the_sizes_of_nm(self):
        path = FILES.tenon("musl", "linux/arm64")
        rows = [json.loads(line) for line in tenon("--size", "--json", path).stdout.splitlines()]
        ours = {row["function"]: row["bytes"] for row in rows if "function" in row}
        of_c = sum(row["bytes"] for row in rows if row.get("package") == "(C and other code)" or row.get("language") == "C")
        self.assertLessEqual(sum(ours.values()), of_c)
        theirs = {}
        for line in output("llvm-nm-19", "-S", "--defined-only", path).splitlines():
            words = line.split()
            if len(words) == 4 and words[2] in "Tt":
                theirs.setdefault(words[3], []).append(int(words[1], 16))
        # Static functions of several files share a name; assembler code often states no size.
        checked = [name for name in ours if len(theirs.get(name, ())) == 1 and theirs[name][0] > 0]
        self.assertGreater(len(checked), 10)
        # Where functions overlap, one ends at the next.
        wrong = [name for name in checked if ours[name] > theirs[name][0]]
        self.assertEqual(wrong, [])
        self.assertGreater(sum(ours[name] == theirs[name][0] for name in checked), 0.9 * len(checked))
        self.assertFalse([name for name in ours if name.startswith(("main.", "runtime."))])

    def test_debug_information_names_the_source_of_each_function(self):
        """Of global functions too, for which a symbol table of ELF has no source."""
        place = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("first", "second"):
            (place / f"{name}.c").write_text(f"int {name}_one(int x) {{ return x + 1; }}\n"
                                             f"__attribute__((cold)) int {name}_two(int x) {{ return x * 2; }}\n")
        (place / "main.c").write_text("int main(void) { return 0; }\n")
        ways = [(compiler, f"-gdwarf-{version}", *more)
                for compiler in filter(None, (shutil.which("gcc"), shutil.which("clang-19")))
                for version in (2, 3, 4, 5) for more in ((), ("-ffunction-sections",), ("-gz=zlib", "-fPIE"))]
        self.assertTrue(ways)
        for compiler, *flags in ways:
            with self.subTest(compiler=compiler, flags=flags):
                subprocess.run([compiler, *flags, "-O1", "-o", "program", "main.c", "first.c", "second.c"], cwd=place, check=True,
                               capture_output=True)
                rows = [json.loads(line) for line in tenon("--size", "--json", str(place / "program")).stdout.splitlines()]
                sources = {row["function"]: row.get("source") for row in rows if "function" in row}
                for name in ("first_one", "first_two", "second_one", "second_two", "main"):
                    self.assertEqual(sources[name], name.split("_")[0] + ".c")

    def test_c_code_stands_below_its_package(self):
        place = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (place / "go.mod").write_text("module example.com/joint\n\ngo 1.20\n")
        (place / "main.go").write_text('package main\n\nimport "example.com/joint/below/c"\n\nfunc main() { c.Answer() }\n')
        below = place / "below/c"
        below.mkdir(parents=True)
        (below / "c.go").write_text('package c\n\n// int in_package(int);\nimport "C"\n\nfunc Answer() { C.in_package(1) }\n')
        (below / "code.c").write_text("int in_package(int x) { volatile int y = x; return y * 3; }\n")
        for flags in ((), ("-trimpath",), ("-buildmode=pie",), ("-ldflags=-compressdwarf=false",)):
            with self.subTest(flags=flags):
                subprocess.run(["go", "build", "-buildvcs=false", *flags, "-o", "program", "."], cwd=place, check=True, capture_output=True,
                               env={**os.environ, "CGO_ENABLED": "1", "GOFLAGS": ""})
                rows = [json.loads(line) for line in tenon("--size", "--json", str(place / "program")).stdout.splitlines()]
                function = next(row for row in rows if row.get("function") == "in_package")
                self.assertEqual((function["package"], function["source"]), ("example.com/joint/below/c", "code.c"))
                c = {row["package"]: row["bytes"] for row in rows if row.get("language") == "C"}
                self.assertGreaterEqual(c["example.com/joint/below/c"], function["bytes"])
                self.assertIn("runtime/cgo", c)
        text = tenon("--size", str(place / "program")).stdout
        self.assertIn("example.com/joint/below/c/code.c", text)
        # Between two programs it is a change of the package's module.
        (place / "program").rename(place / "before")
        (below / "code.c").write_text("int in_package(int x) { volatile int y = x; " + "y *= y; " * 500 + "return y * 3; }\n")
        subprocess.run(["go", "build", "-buildvcs=false", "-ldflags=-compressdwarf=false", "-o", "program", "."], cwd=place,
                       check=True, capture_output=True, env={**os.environ, "CGO_ENABLED": "1", "GOFLAGS": ""})
        rows = self.document("--diff", str(place / "before"), str(place / "program"), code=1)["data"]["differences"]
        largest = {row["what"]: row["text"].partition(": ")[0] for row in reversed(rows)}
        self.assertEqual((largest["module sizes"], largest["packages"]),
                         ("x86_64 example.com/joint", "x86_64 example.com/joint/below/c (C)"))

    def test_text_has_totals_and_as_many_rows_as_asked_for(self):
        path = FILES.go("plain")
        text = tenon("--size", "--top", "3", path).stdout
        self.assertRegex(text, r"by section: [\d.]+ [kM]B in all\n(    +[\d.]+ \w+ +[\d.]+ % .*\n){3}"
                               r" +[\d.]+ \w+ +[\d.]+ % +\d+ more; --top 0 lists all\n")
        shares = [float(share) for share in re.findall(r"([\d.]+) %", text.partition("code by package")[0])]
        self.assertAlmostEqual(sum(shares), 100, delta=0.3)
        self.assertEqual(tenon("--size", "--top", "many", path).returncode, 3)
        self.assertNotIn("more; --top", tenon("--size", path).stdout)

    def test_standard_input_is_a_file_too(self):
        path = FILES.go("plain")
        wanted = self.document(path)["data"]["files"][0]
        with open(path, "rb") as file:
            by_file = subprocess.run([TENON, "inspect", "--json", "-"], stdin=file, capture_output=True, timeout=60)
        by_pipe = subprocess.run([TENON, "inspect", "--json", "-"], input=path.read_bytes(), capture_output=True, timeout=60)
        for done in (by_file, by_pipe):
            self.assertEqual(done.returncode, 0, done.stderr)
            got = json.loads(done.stdout)["data"]["files"][0]
            self.assertEqual(got["slices"], wanted["slices"])
        named = tenon("nothing-here")
        self.assertIn("No such file or directory", named.stderr)

    def test_sections_are_those_of_readelf(self):
        path = FILES.go("plain")
        rows = [json.loads(line) for line in tenon("--sections", "--json", path).stdout.splitlines()]
        theirs = re.findall(r"^  \[ *[1-9]\d*\] (\S+)", output("readelf", "-SW", path), re.M)
        self.assertEqual([row["name"] for row in rows], theirs)

    def test_diff_names_the_cause_first(self):
        left, right = FILES.go("plain"), FILES.go("stripped", "-ldflags=-s -w")
        self.assertEqual(tenon("--diff", left, left).returncode, 0)
        document = self.document("--diff", left, right, code=1)
        rows = document["data"]["differences"]
        self.assertFalse(document["ok"])
        self.assertEqual(rows[0]["what"], "settings")
        self.assertIn(("-s -w"), [row["right"] for row in rows])
        self.assertEqual(rows[-1]["what"], "bytes")
        changes = [row for row in rows if row["what"] == "sections" and "more" not in row["text"]]
        amounts = [abs(int(row["left"].split()[0]) - int(row["right"].split()[0])) for row in changes]
        self.assertTrue(amounts)
        self.assertEqual(amounts, sorted(amounts, reverse=True))
        self.assertTrue(all({"what", "slice", "left", "right", "text"} == set(row) for row in rows))

    def test_abi_claims_nothing_false(self):
        for path in (FILES.tenon("mac", "darwin/arm64"), FILES.tenon("gnu", "linux/arm64:gnu2.28")):
            text = tenon("--abi", path).stdout
            self.assertNotRegex(text.lower(), "frame.pointer|fno-exceptions|asyncpreempt|fvisibility")
            rows = [json.loads(line) for line in tenon("--abi", "--json", path).stdout.splitlines()]
            self.assertTrue(all({"slice", "check", "state", "value", "source"} == set(row) for row in rows))
            self.assertNotIn("warning", [row["state"] for row in rows])

    def x18(self, triple, source):
        """The row of a program of one assembly file."""
        path = FILES.root / f"x18-{triple}.o"
        done = subprocess.run(["clang-19", f"--target={triple}", "-c", "-x", "assembler", "-", "-o", str(path)],
                              input=source, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [json.loads(line) for line in output(TENON, "inspect", "--abi", "--json", path).splitlines()]
        return next(row for row in rows if row["check"] == "x18")

    def test_x18(self):
        if not shutil.which("clang-19"):
            self.skipTest("no clang-19")
        # Two writes that are reached, one constant that looks like a write, one read.
        code = (".text\n.globl {0}one\n{0}one:\n mov x18, x0\n ldr x18, [x1]\n mov x0, x18\n ret\n"
                " .word 0xd2800032\n.globl {0}two\n{0}two:\n add x0, x18, #1\n ret\n")
        row = self.x18("arm64-apple-macos12", code.format("_"))
        self.assertEqual((row["state"], row["functions"]), ("warning", [{"name": "_one", "count": 2}]))
        self.assertIn("1 that may be data: _one 1", row["value"])
        data = ".text\n.globl _f\n_f:\n ret\n{}.word 0xd2800032\n{}"
        self.assertEqual(self.x18("arm64-apple-macos12", data.format("", ""))["state"], "unknown")
        # Go's build id is text between functions.
        build_id = ' .ascii "\\377 Go build ID: \\""\n .word 0xd2800032\n .ascii "\\"\\n \\377"\n'
        text = ".text\n.globl _g\n_g:\n" + build_id + ".globl _f\n_f:\n ret\n"
        self.assertEqual(self.x18("arm64-apple-macos12", text)["state"], "ok")
        # Marked as data, it is none: LC_DATA_IN_CODE, or $d in ELF.
        marked = data.format(".data_region\n", ".end_data_region\n")
        self.assertEqual(self.x18("arm64-apple-macos12", marked)["state"], "ok")
        row = self.x18("aarch64-linux-gnu", ".type one,@function\n" + code.format(""))
        self.assertEqual((row["state"], row["functions"]), ("info", [{"name": "one", "count": 2}]))
        self.assertNotIn("may be data", row["value"])

    def test_go_never_writes_x18(self):
        for system, state in (("darwin", "ok"), ("linux", "info")):
            path = FILES.go("x18-" + system, "-ldflags=-s -w", goos=system)
            rows = map(json.loads, tenon("--abi", "--json", path).stdout.splitlines())
            row = next(row for row in rows if row["check"] == "x18")
            self.assertEqual((row["state"], row["value"].split(" instr")[0].split()[:2]), (state, ["none", "of"]))

    def test_a_huge_command_count(self):
        """Counts in headers are claims: the answer is an error, at once."""
        data = bytearray(FILES.go("darwin", goos="darwin").read_bytes()[:8192])
        struct.pack_into("<II", data, 16, 0xFFFFFFFF, 0xFFFFFFFF)
        path = FILES.root / "claims"
        path.write_bytes(data)
        self.assertEqual(tenon(path).returncode, 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
