#!/usr/bin/env python3
"""What real projects bring: code with @available, headers outside of the module, libraries and
plugins for several targets, names of outputs, and what a build says when it cannot go on.

TENON names the program. Facts about outputs are held against LLVM's readers, readelf, a C compiler
of the machine and qemu. Nothing here needs a network.
"""
import json
import os
import shutil
import signal
import subprocess
import unittest
import zlib
from pathlib import Path

from test_core import TENON, Project, codes, gate
from test_shapes import LIBRARY, TINY, output_of, tool, zig_folder

AVAILABLE = """package main

/*
static int newer(void) {
  if (__builtin_available(macOS 14.0, *)) return 1;
  return 0;
}
*/
import "C"

func main() { println(C.newer()) }
"""


def texts(document):
    return json.dumps(document["findings"])


def native(target="linux/amd64"):
    return {"x86_64": "linux/amd64", "aarch64": "linux/arm64"}.get(os.uname().machine) == target


def everything_in(path):
    """The bytes of a file, with the sections that Go compressed unpacked by Python's zlib."""
    data = Path(path).read_bytes()
    parts = [data]
    at = data.find(b"ZLIB")
    while at >= 0:
        try:
            parts.append(zlib.decompressobj().decompress(data[at + 12:]))
        except zlib.error:
            pass
        at = data.find(b"ZLIB", at + 4)
    return b"".join(parts)


class Paths(unittest.TestCase):
    def test_available_names_no_folder_of_zig(self):
        """zig's own helper for @available brings debug information that names where zig stands."""
        with Project({"main.go": AVAILABLE}) as project:
            code, document = project.build("--target", "darwin/arm64")
            self.assertEqual(code, 0, document["findings"])
            output = document["data"]["outputs"][0]
            self.assertEqual(gate(output)["host-paths"]["state"], "ok")
            symbols = output_of("llvm-nm-19", output["path"])
            self.assertIn("_isPlatformVersionAtLeast", symbols, "the helper is not in the program")
            content = everything_in(output["path"])
            self.assertIn(b"/_/example.com/app", content, "no debug information was found at all")
            self.assertNotIn(str(zig_folder()).encode(), content)

    @unittest.skipUnless(shutil.which("clang-19") and shutil.which("ld64.lld-19"), "no clang and lld")
    def test_available_with_clang(self):
        """A clang on Linux has no run-time library for macOS: tenon brings the helper."""
        with Project({"main.go": AVAILABLE}) as project:
            code, document = project.build("--target", "darwin/arm64", "--engine", "clang")
            self.assertEqual(code, 0, document["findings"])
            output = document["data"]["outputs"][0]
            self.assertEqual({row["state"] for row in output["gate"]}, {"ok"}, output["gate"])
            undefined = output_of("llvm-nm-19", "-u", output["path"])
            self.assertIn("__availability_version_check", undefined)
            self.assertNotIn("_isPlatformVersionAtLeast", undefined)

    def test_folders_of_headers_are_taken_out(self):
        header = "#include <assert.h>\nstatic inline int one(int n) { assert(n < 9); return __FILE__[0] == '/' ? n : 0; }\n"
        main = "package main\n\n// #include <deep/one.h>\nimport \"C\"\n\nfunc main() { println(C.one(3)) }\n"
        with Project({"main.go": main, "../home/lib/include/deep/one.h": header}) as project:
            home = project.root / "home"
            # Go and zig keep their caches; only the home folder is another.
            env = {"HOME": str(home), "CGO_CFLAGS": f"-g -O2 -I{home}/lib/include",
                   "GOCACHE": output_of("go", "env", "GOCACHE").strip(),
                   "ZIG_GLOBAL_CACHE_DIR": os.environ.get("ZIG_GLOBAL_CACHE_DIR",
                                                          os.path.expanduser("~/.cache/zig"))}
            code, document = project.build("--target", "darwin/arm64,linux/amd64", env=env)
            self.assertEqual(code, 0, document["findings"])
            for output in document["data"]["outputs"]:
                content = everything_in(output["path"])
                self.assertNotIn(str(home).encode(), content, output["target"])
                self.assertIn(b"/include/deep", content)
            if native():
                self.assertEqual(output_of(document["data"]["outputs"][1]["path"]), "3\n")


class Outputs(unittest.TestCase):
    def test_shared_libraries_have_names_that_linkers_find(self):
        with Project({"main.go": LIBRARY, "use/use.c": "#include <libapp.h>\n"
                      "int main(void) { return Twice(21) == 42 ? 0 : 1; }\n"}) as project:
            targets = "linux/amd64:gnu2.17,darwin/arm64"
            code, document = project.build("--target", targets, "-buildmode=c-shared")
            self.assertEqual(code, 0, document["findings"])
            self.assertEqual([str(Path(o["path"]).relative_to(project.path / "dist"))
                              for o in document["data"]["outputs"]],
                             ["linux-amd64-gnu2.17/libapp.so", "darwin-arm64/libapp.dylib"])
            for target, slug in (("linux/amd64:gnu2.17", "linux-amd64-gnu2.17"), ("darwin/arm64", "darwin-arm64")):
                done = subprocess.run([TENON, "cc", "--target", target, "use.c", f"-I../dist/{slug}",
                                       f"-L../dist/{slug}", "-lapp", "-o", "use"],
                                      cwd=project.path / "use", capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                if native(target.split(":")[0]):
                    env = {**os.environ, "LD_LIBRARY_PATH": str(project.path / "dist" / slug)}
                    self.assertEqual(subprocess.run([project.path / "use/use"], env=env).returncode, 0)

    def test_pattern(self):
        with Project({"main.go": TINY, "two/main.go": TINY}) as project:
            targets = ("--target", "linux/arm64,linux/amd64,darwin/universal")
            done = project.run("build", "./...", *targets, "--json", "-o", "bin/{os}/{name}_{arch}{ext}")
            self.assertEqual(done.returncode, 0, done.stdout)
            made = sorted(str(p.relative_to(project.path / "bin")) for p in (project.path / "bin").rglob("*_*"))
            self.assertEqual(made, sorted(f"{os}/{name}_{arch}" for name in ("app", "two") for os, arch in
                                          (("linux", "arm64"), ("linux", "amd64"), ("darwin", "universal"))))
            self.assertIn("EM_AARCH64", output_of("llvm-readobj-19", "--file-headers",
                                                  project.path / "bin/linux/two_arm64"))
            code, document = project.build(*targets, "-buildmode=c-archive", "-o", "lib/lib{name}-{target}{ext}")
            self.assertEqual(code, 0, document["findings"])
            self.assertTrue((project.path / "lib/libapp-linux-arm64-musl.a").is_file())
            code, document = project.build(*targets, "-o", "bin/{os}")
            self.assertEqual((code, codes(document)), (3, ["TN0101"]))
            self.assertIn("linux/arm64:musl and linux/amd64:musl", texts(document))
            code, document = project.build(*targets, "-o", "bin/{archs}")
            self.assertIn("did you mean {arch}?", texts(document))


class Targets(unittest.TestCase):
    def test_wrong_targets_name_right_ones(self):
        with Project({"main.go": TINY}) as project:
            for wrong, right in (("darwin", "darwin/arm64"), ("linux", "linux/amd64"),
                                 ("linux/arm64:gnu2.99", "linux/arm64:gnu2.42")):
                code, document = project.build("--target", wrong)
                self.assertEqual(code, 3)
                self.assertIn(f"did you mean {right}?", texts(document))
            done = project.run("build", ".", "--target", "linux/arm64:gnu", "--dry-run")
            self.assertIn("linux/arm64:gnu means linux/arm64:gnu2.28", done.stderr)


class Plugins(unittest.TestCase):
    PLUGIN = ("package main\n\n// static int f(void) { return 42; }\nimport \"C\"\n\n"
              "func Answer() int { return int(C.f()) }\n\nfunc main() {}\n")
    HOST = ("package main\n\n// static int f(void) { return 0; }\nimport \"C\"\nimport (\n\t\"os\"\n\t\"plugin\"\n)\n\n"
            "func main() {\n\t_ = C.f()\n\tp, err := plugin.Open(os.Args[1])\n\tif err != nil {\n\t\tpanic(err)\n\t}\n"
            "\tanswer, err := p.Lookup(\"Answer\")\n\tif err != nil {\n\t\tpanic(err)\n\t}\n"
            "\tprintln(answer.(func() int)())\n}\n")

    def test_what_can_never_be_loaded_is_refused(self):
        with Project({"plug/main.go": self.PLUGIN, "host/main.go": self.HOST}) as project:
            done = project.run("build", "./plug", "--target", "linux/amd64", "-buildmode=plugin", "--json")
            document = json.loads(done.stdout)
            self.assertEqual((done.returncode, codes(document)), (1, ["TN0620"]))
            self.assertIn("linux/amd64:gnu2.28", texts(document))
            for _ in range(2):  # the second time nothing is built
                done = project.run("build", "./host", "--target", "linux/amd64", "--json")
                document = json.loads(done.stdout)
                self.assertEqual((done.returncode, codes(document)), (0, ["TN0621"]))
            # What the fix names works.
            target = ("--target", "linux/amd64:gnu2.28", "--json")
            for args in (("./plug", "-buildmode=plugin"), ("./host",)):
                done = project.run("build", *args, *target)
                self.assertEqual(done.returncode, 0, done.stdout)
            if native() and Path("/lib64/ld-linux-x86-64.so.2").exists():
                folder = project.path / "dist/linux-amd64-gnu2.28"
                self.assertEqual(output_of(folder / "host", folder / "plug.so"), "42\n")


class Failures(unittest.TestCase):
    def test_all_missing_headers_are_named(self):
        one = "package {0}\n\n// #include <{1}>\nimport \"C\"\n"
        main = "package main\n\nimport (\n" + "".join(f"\t_ \"example.com/app/{n}\"\n" for n in "abc") + ")\n\nfunc main() {}\n"
        with Project({"main.go": main, "a/a.go": one.format("a", "Accelerate/Accelerate.h"),
                      "b/b.go": one.format("b", "sodium.h"),
                      "c/c.go": "package c\n\n// int c(void);\nimport \"C\"\n\nvar X = C.c()\n",
                      "c/c.cc": "#include <gone.hpp>\nextern \"C\" int c() { return 1; }\n"}) as project:
            code, document = project.build("--target", "darwin/arm64")
            self.assertEqual(code, 1)
            self.assertEqual(sorted(codes(document)), ["TN0401", "TN0402", "TN0402"])
            for header in ("Accelerate/Accelerate.h", "sodium.h", "gone.hpp"):
                self.assertEqual(sum(header in f["message"] for f in document["findings"]), 1, header)

    def test_a_refused_flag_is_said_once(self):
        main = ("package main\n\n// #cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-all\n"
                "// extern int nope(void);\n// static int f(int n) { return n ? nope() : 0; }\n"
                "import \"C\"\n\nfunc main() { println(C.f(0)) }\n")
        with Project({"main.go": main}) as project:
            done = project.run("build", ".", "--target", "linux/amd64")
            self.assertEqual((done.stdout + done.stderr).count("error[TN0309]"), 1, done.stdout + done.stderr)

    def test_what_ran_when_a_time_limit_ended_it(self):
        with Project({"main.go": TINY, "slow.c": "int slow(void) { return 1; }\n"}) as project:
            real = zig_folder() / "zig"
            zig = tool(project.root / "bin/zig", f"case \"$*\" in *slow.c*) sleep 1000;; esac\nexec '{real}' \"$@\"\n")
            (zig.parent / "lib").symlink_to(real.parent / "lib")
            process = subprocess.Popen([TENON, "build", ".", "--target", "linux/arm64", "--json"], cwd=project.path,
                                       env={**os.environ, "TENON_ZIG": str(zig)}, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True)
            # Until the line of progress names it; a line every ten seconds where there is no terminal.
            lines = []
            for line in process.stderr:
                lines.append(line)
                if "compiling slow.c" in line:
                    break
            process.send_signal(signal.SIGTERM)
            out = process.communicate(timeout=60)[0]
            self.assertEqual(process.returncode, 130, "".join(lines))
            document = json.loads(out)
            self.assertEqual(codes(document), ["TN0104"])
            message = document["findings"][0]["message"]
            self.assertRegex(message, r"zig 0\.\d+\.\d+ was compiling slow\.c of example\.com/app \(\d+ s\)")
            self.assertRegex("".join(lines), r"linux/arm64:musl: \d+ of \d+ packages, compiling slow\.c")


class Smoke(unittest.TestCase):
    @unittest.skipUnless(shutil.which("qemu-aarch64-static"), "no qemu-user")
    def test_race_under_qemu_is_not_blamed_on_a_missing_emulator(self):
        if native("linux/arm64"):
            self.skipTest("this machine runs arm64")
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "linux/arm64", "-race", "--smoke")
            self.assertEqual((code, codes(document)), (0, ["TN0613"]))
            self.assertNotIn("qemu-user-static", texts(document))
            self.assertIn("arm64 machine", texts(document))


if __name__ == "__main__":
    unittest.main(verbosity=2)
