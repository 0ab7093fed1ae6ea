#!/usr/bin/env python3
"""tenon as users and scripts call it: real builds of a tiny cgo program, and what bad input gives.

TENON names the program. Facts about outputs are held against `go version -m`, readelf and LLVM's
readers. Nothing here needs a network.
"""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
MAIN = """package main

/*
static int add(int a, int b) { return a + b; }
extern int goTwice(int);
static int viaGo(int x) { return goTwice(x); }
*/
import "C"

import (
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"os/user"
)

//export goTwice
func goTwice(x C.int) C.int { return x * 2 }

func main() {
	u, _ := user.Current()
	_, err := x509.ParseCertificate(nil)
	fmt.Println("sum", C.add(40, 2), C.viaGo(4), u != nil, err != nil, net.IPv4len, os.Args[1:])
}
"""


class Project:
    """A Go module in a folder of its own, gone at the end."""

    def __init__(self, files, name="app"):
        self.root = Path(tempfile.mkdtemp(prefix="tenon test's \"dir\" ") if name == "odd" else
                         tempfile.mkdtemp(prefix="tenon-e2e-"))
        self.path = self.root / name
        for path, text in {"go.mod": f"module example.com/{name}\n\ngo 1.21\n", **files}.items():
            target = self.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def files(self):
        return sorted(str(p.relative_to(self.path)) for p in self.path.rglob("*"))

    def run(self, *args, env=None, unset=(), **kwargs):
        full = {**os.environ, "GOPROXY": "off", "GOFLAGS": "-mod=mod", **(env or {})}
        for name in unset:
            full.pop(name, None)
        return subprocess.run([TENON, *args], cwd=self.path, env=full, capture_output=True, text=True,
                              timeout=900, **kwargs)

    def build(self, *args, **kwargs):
        done = self.run("build", ".", "--json", *args, **kwargs)
        try:
            return done.returncode, json.loads(done.stdout)
        except json.JSONDecodeError:
            raise AssertionError(f"no JSON: {done.stdout!r} {done.stderr[-2000:]!r}") from None


def codes(document):
    return [finding["code"] for finding in document["findings"]]


def gate(output):
    return {row["check"]: row for row in output["gate"]}


class Contract(unittest.TestCase):
    def test_version_envelope(self):
        done = subprocess.run([TENON, "--version", "--json"], capture_output=True, text=True)
        document = json.loads(done.stdout)
        self.assertEqual(list(document), ["schema", "tool", "version", "command", "ok", "findings", "data"])
        self.assertEqual((done.returncode, document["schema"], document["tool"]), (0, 1, "tenon"))
        self.assertIn("zig", [e["engine"] for e in document["data"]["engines"]])

    def test_every_code_has_a_page(self):
        listing = subprocess.run([TENON, "explain", "--list"], capture_output=True, text=True).stdout
        names = [line.split()[0] for line in listing.splitlines()]
        self.assertGreater(len(names), 40)
        for name in names:
            page = subprocess.run([TENON, "explain", name], capture_output=True, text=True)
            self.assertEqual(page.returncode, 0, name)
            self.assertIn("## How to fix it", page.stdout)

    def test_unknown_words(self):
        done = subprocess.run([TENON, "biuld"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("build", done.stderr)
        done = subprocess.run([TENON, "build", ".", "--target", "darwin/arm46"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("darwin/arm64", done.stderr)
        done = subprocess.run([TENON, "build", ".", "--targt", "x"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("--target", done.stderr)

    def test_pages_are_those_of_the_program(self):
        source = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
        for page in ("flags", "stubs", "rules"):
            made = subprocess.run([TENON, "docs", page], capture_output=True, text=True).stdout
            self.assertEqual((source / "docs" / f"{page}.md").read_text(), made, f"run: tenon docs {page}")
        keys = subprocess.run([TENON, "docs", "inspect"], capture_output=True, text=True).stdout
        self.assertIn(keys, (source / "docs" / "inspect.md").read_text(), "run: tenon docs inspect")


class Build(unittest.TestCase):
    def check_output(self, output, kind):
        self.assertTrue(output["built"])
        data = Path(output["path"]).read_bytes()
        self.assertEqual(output["sha256"], hashlib.sha256(data).hexdigest())
        for row in output["gate"]:
            self.assertEqual(row["state"], "ok", row)
        about = subprocess.run(["go", "version", "-m", output["path"]], capture_output=True, text=True).stdout
        self.assertIn("CGO_ENABLED=1", about)
        text = subprocess.run(["llvm-readobj-19", "--file-headers", output["path"]],
                              capture_output=True, text=True).stdout
        self.assertIn(kind, text)

    def test_all_targets(self):
        targets = {"darwin/arm64": "Arch: aarch64", "darwin/amd64": "Arch: x86_64",
                   "linux/arm64:musl": "EM_AARCH64", "linux/amd64:musl": "EM_X86_64",
                   "linux/arm64:gnu2.17": "EM_AARCH64"}
        with Project({"main.go": MAIN}) as project:
            before = project.files()
            code, document = project.build("--target", ",".join(targets), "--smoke", "--out",
                                           str(project.root / "out"), "--", "a b")
            self.assertEqual((code, document["ok"]), (0, True), document["findings"])
            outputs = {output["target"]: output for output in document["data"]["outputs"]}
            self.assertEqual(list(outputs), list(targets))
            for target, kind in targets.items():
                self.check_output(outputs[target], kind)
            self.assertIn("sum 42 8 true true 4 [a b]", outputs["linux/arm64:musl"]["smoke"]["output"])
            self.assertEqual(project.files(), before, "stray files in the project")
            self.check_macho(outputs["darwin/arm64"])
            self.check_elf(outputs)
            again = project.build("--target", ",".join(targets), "--out", str(project.root / "out"))[1]
            self.assertEqual([o["sha256"] for o in again["data"]["outputs"]],
                             [o["sha256"] for o in document["data"]["outputs"]])

    def check_macho(self, output):
        text = subprocess.run(["llvm-objdump-19", "--macho", "--private-headers", output["path"]],
                              capture_output=True, text=True).stdout
        for word in ("LC_UUID", "LC_CODE_SIGNATURE", "minos", "READ_ONLY" if "READ_ONLY" in text else "0x10"):
            self.assertIn(word, text)
        self.assertIn("/usr/lib/libSystem.B.dylib", text)
        names = subprocess.run(["llvm-objdump-19", "--macho", "--exports-trie", output["path"]],
                               capture_output=True, text=True).stdout
        self.assertIn("_goTwice", names)
        self.assertIn("/usr/lib/libresolv.9.dylib", gate(output)["libraries"]["value"])

    def check_elf(self, outputs):
        static = subprocess.run(["readelf", "-ld", outputs["linux/arm64:musl"]["path"]],
                                capture_output=True, text=True).stdout
        self.assertNotIn("INTERP", static)
        self.assertNotIn("NEEDED", static)
        needs = subprocess.run(["readelf", "-V", outputs["linux/arm64:gnu2.17"]["path"]],
                               capture_output=True, text=True).stdout
        self.assertIn("GLIBC_2.17", needs)

    def test_universal_and_libraries(self):
        with Project({"main.go": MAIN}) as project:
            code, document = project.build("--target", "darwin/universal", "-o", str(project.root / "fat"),
                                           "--identifier", "com.example.app")
            self.assertEqual(code, 0, document["findings"])
            archs = subprocess.run(["llvm-lipo-19", "-archs", str(project.root / "fat")],
                                   capture_output=True, text=True).stdout.split()
            self.assertEqual(sorted(archs), ["arm64", "x86_64"])
            self.assertEqual((project.root / "fat").read_bytes().count(b"com.example.app\0"), 2)
            for mode in ("c-shared", "c-archive", "pie"):
                code, document = project.build("--target", "darwin/arm64,linux/arm64:gnu2.17",
                                               f"-buildmode={mode}", "--out", str(project.root / mode))
                self.assertEqual(code, 0, document["findings"])

    def test_engine_clang(self):
        if not shutil.which("ld64.lld-19"):
            self.skipTest("no ld64.lld-19")
        with Project({"main.go": MAIN}) as project:
            code, document = project.build("--target", "darwin/arm64", "--engine", "clang", "-ldflags", "-s -w")
            self.assertEqual(code, 0, document["findings"])
            self.check_output(document["data"]["outputs"][0], "Arch: aarch64")

    def test_odd_paths_and_flags(self):
        source = "package main\n\n// int value(void);\nimport \"C\"\n\nfunc main() { println(C.value()) }\n"
        with Project({"main.go": source, "v.c": "#include <string.h>\nint value(void) { return (int)strlen(X); }\n"},
                     name="odd") as project:
            code, document = project.build("--target", "linux/arm64", "--smoke", "--out",
                                           str(project.root / "o ü"), env={"CGO_CFLAGS": "'-DX=\"a b\"'"})
            self.assertEqual(code, 0, document["findings"])
            self.assertEqual(document["data"]["outputs"][0]["smoke"]["output"], "3")

    def test_assertions_stay(self):
        source = "package main\n\n// int value(void);\nimport \"C\"\n\nfunc main() { println(C.value()) }\n"
        text = "#ifdef NDEBUG\n#error NDEBUG\n#endif\nint value(void) { return 7; }\n"
        with Project({"main.go": source, "v.c": text}) as project:
            code, document = project.build("--target", "linux/arm64", "--smoke")
            self.assertEqual(code, 0, document["findings"])


class BadInput(unittest.TestCase):
    CGO = "package main\n\n{}\nimport \"C\"\n\nfunc main() {{}}\n"

    def expect(self, preamble, code, *args, files=None, target="darwin/arm64", **kwargs):
        with Project({"main.go": self.CGO.format(preamble), **(files or {})}) as project:
            before = project.files()
            status, document = project.build("--target", target, "--out", str(project.root / "out"), *args,
                                             **kwargs)
            self.assertIn(code, codes(document), document["findings"])
            self.assertEqual(project.files(), before, "stray files")
            errors = [f for f in document["findings"] if f["severity"] == "error"]
            self.assertEqual((status, document["ok"]), (1, False) if errors else (0, True))
            return next(f for f in document["findings"] if f["code"] == code)

    def test_what_go_refuses_waits_for_no_c_library(self):
        odd = ["nope", "od d", "a;b", "x$y", "q'q", "con", "n\nl", "\u00fc"]  # module.CheckImportPath
        files = {f"{name}/main.go": self.CGO.format("") for name in odd[1:]}
        with Project({"main.go": self.CGO.format(""), **files}) as project:
            cache = project.root / "empty cache"
            for name in odd:
                started = time.monotonic()
                done = project.run("build", f"./{name}", "--target", "linux/arm64:gnu2.28", "--out",
                                   str(project.root / "out"), env={"TENON_CACHE": str(cache)})
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(name.replace("\n", "\\n"), done.stdout + done.stderr)
                self.assertNotIn("C library", done.stderr)
                self.assertFalse((cache / "warm").exists())
                self.assertLess(time.monotonic() - started, 20, name)

    def test_framework_header(self):
        finding = self.expect("// #include <Accelerate/Accelerate.h>", "TN0401")
        self.assertIn("Accelerate/Accelerate.h", finding["message"])
        self.assertTrue(any("--sdk" in fix["text"] for fix in finding["fixes"]))

    def test_other_header(self):
        self.expect("// #include <nosuchlib/x.h>", "TN2006", target="linux/arm64")

    def test_unknown_library(self):
        self.expect("// #cgo LDFLAGS: -lnosuchlib\n// static int x;", "TN0403")

    def test_unknown_symbol(self):
        text = "extern int nowhere_at_all(void);\nint f(void) { return nowhere_at_all(); }\n"
        finding = self.expect("// int f(void);", "TN0404", files={"f.c": text})
        self.assertIn("_nowhere_at_all", finding["message"])
        self.expect("// int f(void);", "TN0405", "--flat-lookup", files={"f.c": text})

    def test_home_of_a_symbol(self):
        text = ("typedef const void *T;\nextern void IOObjectRelease(int);\nint compressBound(int);\n"
                "int f(void) { IOObjectRelease(1); return compressBound(2); }\n")
        with Project({"main.go": self.CGO.format("// #cgo LDFLAGS: -framework IOKit -lz -lm -ldl\n// int f(void);"),
                      "f.c": text}) as project:
            code, document = project.build("--target", "darwin/arm64")
            self.assertEqual(code, 0, document["findings"])
            homes = {s["symbol"]: s["library"] for s in document["data"]["outputs"][0]["stubs"]}
            self.assertTrue(homes["_IOObjectRelease"].endswith("IOKit.framework/Versions/A/IOKit"))
            self.assertEqual(homes["_compressBound"], "/usr/lib/libz.1.dylib")

    def test_broken_c_and_go(self):
        self.expect("// int f(void);", "TN0604", files={"f.c": "int f(void) { return oops; }\n"})
        with Project({"main.go": "package main\n\nfunc main() { oops() }\n"}) as project:
            self.assertIn("TN2701", codes(project.build("--target", "linux/arm64")[1]))

    def test_cgo_off(self):
        finding = self.expect("// static int x;", "TN0201", env={"CGO_ENABLED": "0"})
        self.assertIn("example.com/app", finding["message"])
        self.expect("// static int x;", "TN0202", env={"CGO_ENABLED": "true"}, target="linux/arm64")

    def test_no_tools(self):
        with tempfile.TemporaryDirectory() as empty:
            self.expect("// static int x;", "TN0301", env={"PATH": empty})
            os.symlink(shutil.which("go"), f"{empty}/go")
            self.expect("// static int x;", "TN0304", env={"TENON_ZIG": "/nonexistent/zig"})

    def test_no_main_and_no_module(self):
        with Project({"lib.go": "package lib\n"}) as project:
            self.assertIn("TN0602", codes(project.build("--target", "linux/arm64")[1]))
        with Project({"main.go": "package main\n\nfunc main() {}\n"}) as project:
            (project.path / "go.mod").unlink()
            self.assertIn("TN0601", codes(project.build("--target", "linux/arm64", env={"GOFLAGS": ""})[1]))

    def test_unwritable_output_keeps_the_old(self):
        with Project({"main.go": self.CGO.format("// static int x;")}) as project:
            (project.root / "file").write_text("old")
            code, document = project.build("--target", "linux/arm64", "--out", str(project.root / "file"))
            self.assertEqual((code, codes(document)), (1, ["TN0102"]))
            self.assertEqual((project.root / "file").read_text(), "old")

    def test_host_folders_stay_out(self):
        self.expect("// #cgo CFLAGS: -I/usr/include\n// #cgo LDFLAGS: -L/usr/lib\n// #include <stdio.h>",
                    "TN0611", target="linux/arm64")

    def test_a_cached_package_names_its_host_folder_again(self):
        c = self.CGO.format("// #cgo CFLAGS: -I/usr/include -mthreads\n// #include <stdio.h>")
        with Project({"main.go": c}) as project:
            for where in ("first", "second", "first"):
                _, document = project.build("--target", "linux/arm64", "--out", str(project.root / where),
                                            "-ldflags", f"-X main.place={where}",
                                            env={"CGO_CFLAGS": "-O2 -g -I/usr/local/include"})
                named = sorted(one["message"].split()[2].strip(":") for one in document["findings"]
                               if one["code"] == "TN0611")
                self.assertEqual(len(named), 2, document["findings"])
    def test_two_at_once(self):
        with Project({"main.go": self.CGO.format("// static int x;")}) as project:
            command = [TENON, "build", ".", "--target", "linux/arm64", "--json"]
            both = [subprocess.Popen(command, cwd=project.path, stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
            sums = [json.loads(p.communicate(timeout=600)[0])["data"]["outputs"][0]["sha256"] for p in both]
            self.assertEqual([p.returncode for p in both], [0, 0])
            self.assertEqual(sums[0], sums[1])

    def test_interrupt(self):
        slow = "".join(f"int f{i}(int a){{int s=0;for(int i=0;i<a;i++)s+=a*i^{i};return s;}}\n"
                       for i in range(60000))
        with Project({"main.go": self.CGO.format("// int f1(int);"), "slow.c": slow}) as project:
            temporary = project.root / "tmp"
            temporary.mkdir()
            process = subprocess.Popen([TENON, "build", ".", "--target", "linux/arm64", "--out",
                                        str(project.root / "out")], cwd=project.path,
                                       env={**os.environ, "TMPDIR": str(temporary)},
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline and not list(temporary.rglob("*.go")):
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out = process.communicate(timeout=60)[0]
            self.assertEqual(process.returncode, 130, out)
            self.assertFalse((project.root / "out").exists())
            self.assertEqual(list(temporary.iterdir()), [])


class Wrapper(unittest.TestCase):
    def test_as_cc_of_go(self):
        wrapper = subprocess.run([TENON, "cc", "--target", "darwin/arm64", "--print-wrapper"],
                                 capture_output=True, text=True, check=True).stdout.strip()
        with Project({"main.go": MAIN}) as project:
            for cc in (wrapper, f"'{TENON}' cc --target darwin/arm64"):
                done = subprocess.run(["go", "build", "-o", str(project.root / "x"), "."], cwd=project.path,
                                      env={**os.environ, "CC": cc, "GOOS": "darwin", "GOARCH": "arm64",
                                           "CGO_ENABLED": "1"}, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr[-3000:])
                kind = subprocess.run(["llvm-readobj-19", "--file-headers", str(project.root / "x")],
                                      capture_output=True, text=True).stdout
                self.assertIn("Arch: aarch64", kind)

    def test_queries(self):
        def ask(*args, text=""):
            return subprocess.run([TENON, "cc", "--target", "darwin/arm64", *args], input=text,
                                  capture_output=True, text=True)

        self.assertRegex(ask("-###", "-x", "c", "-c", "-").stdout, r"version \d")
        for program in ("strip", "dsymutil"):
            self.assertRegex(ask("--print-prog-name", program).stdout.strip(), program)

    def test_zig_by_a_link_in_another_folder(self):
        """zig's library lies beside the real program: PATH was right, --zig and TENON_ZIG looked beside the link."""
        zig = shutil.which("zig")
        if zig is None:
            self.skipTest("no zig")
        with tempfile.TemporaryDirectory() as folder:
            link, source, out = (Path(folder, name) for name in ("zig", "x.c", "x"))
            link.symlink_to(os.path.realpath(zig))
            source.write_text("int main(void) { return 0; }\n")
            for args, env in ((["--zig", str(link)], {}), ([], {"TENON_ZIG": str(link)})):
                done = subprocess.run([TENON, "cc", "--target", "darwin/arm64", "--engine", "zig", *args, source, "-o",
                                       out], env={**os.environ, **env}, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                out.unlink()

    def test_kept_tools_follow_path(self):
        """What was found in PATH is kept between builds: a program that comes or goes is seen all the same."""
        with Project({"m.go": 'package main\nimport "C"\nfunc main() {}\n'}) as project:
            tools, cache = project.root / "tools", project.root / "cache"
            tools.mkdir()
            env = {"PATH": f"{tools}:{os.environ['PATH']}", "TENON_CACHE": "", "XDG_CACHE_HOME": str(cache)}

            def strip_of_the_plan():
                shutil.rmtree(cache / "tenon/cc", ignore_errors=True)
                self.assertEqual(project.run("build", "--dry-run", "--target", "linux/amd64", env=env).returncode, 0)
                options = next((cache / "tenon/cc").glob("*/options")).read_text()
                return [word for word in re.split(r"[\0\s]", options) if "llvm-strip" in word]

            before = strip_of_the_plan()
            self.assertEqual(strip_of_the_plan(), before)
            newest = tools / "llvm-strip-23"
            newest.write_text("#!/bin/sh\n")
            newest.chmod(0o755)
            self.assertIn(str(newest), " ".join(strip_of_the_plan()))
            newest.unlink()
            self.assertEqual(strip_of_the_plan(), before)

    def test_output_beside_a_pipe(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([TENON, "cc", "--target", "darwin/arm64", "-x", "c", "-c", "-", "-o", "o.o"],
                                  input="int f(void) { return 1; }\n", cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(os.listdir(folder), ["o.o"])


if __name__ == "__main__":
    unittest.main()
