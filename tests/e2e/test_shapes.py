#!/usr/bin/env python3
"""Shapes of projects, machines and calls: SDK, pkg-config, C++, several mains, build modes, odd
settings, full disks, hanging tools, the wrapper as make and configure call it.

TENON names the program. Facts about outputs are held against go, LLVM's readers, readelf, and a run
under qemu. Nothing here needs a network.
"""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from test_core import TENON, Project, codes

CALL = "package main\n\n{}\nimport \"C\"\n\nfunc main() {{ println({}) }}\n"
TINY = CALL.format("// static int one(void) { return 1; }", "C.one()")
LIBRARY = ("package main\n\nimport \"C\"\n\n//export Twice\nfunc Twice(x C.int) C.int { return 2 * x }\n\n"
           "func main() {}\n")


def output_of(*argv, **kwargs):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, timeout=300, **kwargs)
    return done.stdout + done.stderr


def run_arm64(path):
    return output_of("qemu-aarch64-static", path).strip()


def minos(path):
    return re.findall(r"minos ([0-9.]+)", output_of("llvm-objdump-19", "--macho", "--private-headers", path))


def zig_folder():
    documents = json.loads(subprocess.run([TENON, "--version", "--json"], capture_output=True, text=True).stdout)
    path = next(e["path"] for e in documents["data"]["engines"] if e["engine"] == "zig")
    return Path(path).resolve().parent


def tool(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


class Sdk(unittest.TestCase):
    """A folder with the shape of Apple's SDK 26.4, whose stubs name arm64e but not arm64."""
    AUDIO = CALL.format("// #cgo LDFLAGS: -framework CoreAudio\n// #include <CoreAudio/CoreAudio.h>",
                        "C.AudioObjectCount(1)")

    def sdk(self, root, platform="macosx"):
        zig = zig_folder() / "lib/libc"
        headers = next(p for p in (zig / "include/any-macos-any", zig / "include/any-darwin-any") if p.is_dir())
        sdk = root / "s d k"
        framework = sdk / "System/Library/Frameworks/CoreAudio.framework"
        (framework / "Headers").mkdir(parents=True)
        (sdk / "usr/lib").mkdir(parents=True)
        (sdk / "usr/include").symlink_to(headers)
        name = "macOS" if platform == "macosx" else "iOS"
        (sdk / "SDKSettings.json").write_text(json.dumps({
            "CanonicalName": platform + "26.4", "DisplayName": name + " 26.4", "Version": "26.4",
            "MaximumDeploymentTarget": "26.4.99", "DefaultDeploymentTarget": "26.4"}))
        system = (zig / "darwin/libSystem.tbd").read_text()
        system = re.sub(r"arm64-(macos|maccatalyst), *", "", system)
        self.assertNotIn("arm64-macos", system)
        (sdk / "usr/lib/libSystem.tbd").write_text(system)
        (framework / "Headers/CoreAudio.h").write_text("unsigned AudioObjectCount(unsigned id);\n")
        (framework / "CoreAudio.tbd").write_text(
            "--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos, arm64e-macos ]\n"
            "install-name: '/System/Library/Frameworks/CoreAudio.framework/Versions/A/CoreAudio'\n"
            "exports:\n  - targets: [ x86_64-macos, arm64e-macos ]\n    symbols: [ _AudioObjectCount ]\n...\n")
        return sdk

    def check(self, project, engine, *args, env=None):
        out = project.root / ("out-" + engine)
        code, document = project.build("--target", "darwin/arm64", "--engine", engine, "--out", str(out), *args,
                                       env=env)
        self.assertEqual(code, 0, document["findings"])
        binds = output_of("llvm-objdump-19", "--macho", "--bind", "--lazy-bind", out / "darwin-arm64/app")
        self.assertRegex(binds, r"CoreAudio +_AudioObjectCount")
        return (out / "darwin-arm64/app").read_bytes()

    def test_framework(self):
        with Project({"main.go": self.AUDIO}) as project:
            sdk = self.sdk(project.root)
            self.check(project, "zig", "--sdk", str(sdk))
            self.check(project, "zig", env={"SDKROOT": str(sdk)})
            code, document = project.build("--target", "darwin/arm64", "--no-macos-headers", unset=("SDKROOT",))
            self.assertEqual((code, codes(document)), (1, ["TN0401"]))
            self.assertIn("CoreAudio/CoreAudio.h", document["findings"][0]["message"])
            self.assertIn("framework CoreAudio", document["findings"][0]["message"])

    def test_paths_of_the_sdk_stay_out(self):
        if not shutil.which("ld64.lld-19"):
            self.skipTest("no ld64.lld-19")
        # Debug information must name neither an SDK in the home folder nor one named by "..".
        with Project({"main.go": self.AUDIO}) as project:
            sdk = self.sdk(project.root)
            (project.path / "sub").mkdir()
            for engine in ("clang", "zig"):
                image = self.check(project, engine, "--sdk", f"sub/../../{sdk.name}")
                self.assertNotIn(str(sdk).encode(), image)
                self.assertNotIn(b"/../../" + sdk.name.encode(), image)

    def test_not_an_sdk(self):
        with Project({"main.go": TINY, "file": ""}) as project:
            for path in ("/nonexistent", str(project.path / "file"), str(project.path)):
                for args, env in ((["--sdk", path], {}), ([], {"SDKROOT": path})):
                    code, document = project.build("--target", "darwin/arm64", *args, env=env)
                    self.assertEqual((code, codes(document)), (3, ["TN0406"]))
            phone = self.sdk(project.root, "iphoneos")
            code, document = project.build("--target", "darwin/arm64", "--sdk", str(phone))
            self.assertEqual((code, codes(document)), (3, ["TN0406"]), "an SDK of iOS")

    def test_sdkroot_is_nothing_to_linux(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "linux/arm64", env={"SDKROOT": "/nonexistent"})
            self.assertEqual(code, 0, document["findings"])


class PkgConfig(unittest.TestCase):
    SOURCE = CALL.format("// #cgo pkg-config: foo\n// #include <foo.h>\n"
                         "// static int number(void) { return foo() + FOO; }",
                         "C.number()")

    def sysroot(self, root, value):
        (root / "usr/lib/pkgconfig").mkdir(parents=True)
        (root / "usr/include/foo").mkdir(parents=True)
        (root / "usr/include/foo/foo.h").write_text("int foo(void);\n")
        (root / "usr/lib/pkgconfig/foo.pc").write_text(
            "Name: foo\nDescription: foo\nVersion: 1\nLibs: -L/usr/lib -lfoo\n"
            f"Cflags: -I/usr/include/foo -DFOO={value}\n")
        (root / "foo.c").write_text("int foo(void) { return 41; }\n")
        subprocess.run([TENON, "cc", "--target", "linux/arm64", "-g0", "-c", "foo.c", "-o", "foo.o"], cwd=root, check=True)
        subprocess.run(["llvm-ar-19", "rcs", "usr/lib/libfoo.a", "foo.o"], cwd=root, check=True)
        return root

    def test_isolated_and_sysroot(self):
        with Project({"main.go": self.SOURCE}) as project:
            host = self.sysroot(project.root / "host", 666)
            target = self.sysroot(project.root / "target", 7)
            leak = {"PKG_CONFIG_PATH": str(host / "usr/lib/pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(host)}
            code, document = project.build("--target", "linux/arm64", env=leak)
            self.assertEqual((code, sorted(codes(document))), (1, ["TN0608", "TN0610"]))
            done = project.run("build", ".", "--target", "linux/arm64", "--sysroot", str(target), "-o", "x", env=leak)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(run_arm64(project.path / "x"), "48")
            self.assertNotIn("unable to open library directory", done.stderr)

    def test_darwin_does_not_see_the_sysroot_of_linux(self):
        with Project({"main.go": self.SOURCE}) as project:
            target = self.sysroot(project.root / "target", 7)
            code, document = project.build("--target", "darwin/arm64", "--sysroot", str(target))
            self.assertEqual((code, codes(document)), (3, ["TN0101"]))
            code, document = project.build("--target", "darwin/arm64,linux/arm64", "--sysroot", str(target))
            self.assertEqual((code, codes(document)), (1, ["TN0608"]), "only macOS lacks it")


class Cxx(unittest.TestCase):
    FILES = {"main.go": CALL.format("// int check(int);", "C.check(3)"), "c.cpp": """#include <iostream>
#include <stdexcept>
#include <string>
extern "C" int check(int n) {
  try {
    throw std::runtime_error("thrown " + std::to_string(n));
  } catch (const std::exception& e) {
    std::cout << "caught " << e.what() << std::endl;
  }
  return n;
}
"""}

    def test_exceptions(self):
        with Project(self.FILES) as project:
            code, document = project.build("--target", "linux/arm64,darwin/arm64", "--smoke")
            self.assertEqual(code, 0, document["findings"])
            first, second = document["data"]["outputs"]
            self.assertEqual(run_arm64(first["path"]), "caught thrown 3\n3")
            # The C++ library is inside.
            self.assertNotRegex(output_of("llvm-nm-19", second["path"]), r" U __Z")

    def test_engine_clang(self):
        if not shutil.which("ld64.lld-19"):
            self.skipTest("no ld64.lld-19")
        with Project(self.FILES) as project:
            code, document = project.build("--target", "darwin/arm64", "--engine", "clang")
            self.assertEqual(code, 0, document["findings"])
            path = document["data"]["outputs"][0]["path"]
            self.assertIn("/usr/lib/libc++.1.dylib", output_of("llvm-objdump-19", "--macho", "--dylibs-used", path))


class Packages(unittest.TestCase):
    FILES = {"lib/lib.go": "package lib\n\nvar Tags = a + b\n",
             **{f"lib/{t}{no}.go": f"//go:build {'!' * no}{t}\n\npackage lib\n\nconst {t} = \"{'-' if no else t}\"\n"
                for t in "ab" for no in (0, 1)},
             **{f"cmd/{name}/main.go": "package main\n\n// static int one(void) { return 1; }\nimport \"C\"\n"
                "import \"example.com/app/lib\"\n\nvar Version = \"none\"\n\n"
                "func main() { println(C.one(), Version, lib.Tags) }\n" for name in ("one", "two")}}

    def build(self, project, *args, **kwargs):
        done = project.run("build", *args, "--json", "--target", "linux/arm64", **kwargs)
        return done.returncode, json.loads(done.stdout)

    def test_all_and_one_gone(self):
        with Project(self.FILES) as project:
            out = project.path / "dist/linux-arm64-musl"
            code, document = self.build(project, "./...")
            self.assertEqual(code, 0, document["findings"])
            self.assertEqual(sorted(os.listdir(out)), ["one", "two"])
            self.assertEqual(self.build(project, "./lib")[1]["findings"][0]["code"], "TN0602")
            self.build(project, "./...")
            shutil.rmtree(project.path / "cmd/two")
            code, document = self.build(project, "./...")
            self.assertEqual([Path(o["path"]).name for o in document["data"]["outputs"]], ["one"],
                             "a program of a package that is gone was reported as built")

    def test_output(self):
        with Project(self.FILES) as project:
            self.assertEqual(self.build(project, "./cmd/one", "-o", "a/file")[0], 0)
            self.assertEqual(run_arm64(project.path / "a/file"), "1 none --")
            (project.path / "folder").mkdir()
            self.assertEqual(self.build(project, "./...", "-o", "folder")[0], 0)
            self.assertEqual(sorted(os.listdir(project.path / "folder")), ["one", "two"])
            # As go build: a slash at the end names a folder, several programs do not fit into a file.
            code, document = self.build(project, "./...", "-o", "new/")
            self.assertEqual(code, 0, document["findings"])
            self.assertEqual(sorted(os.listdir(project.path / "new")), ["one", "two"])
            code, document = self.build(project, "./...", "-o", "single")
            self.assertNotEqual(code, 0, "two programs went into one file")

    def test_flags(self):
        with Project(self.FILES) as project:
            def run(*args, goflags=""):
                code, document = self.build(project, "./cmd/one", "-o", "x", *args, env={"GOFLAGS": goflags})
                self.assertEqual(code, 0, document["findings"])
                return run_arm64(project.path / "x")

            self.assertEqual(run("-tags", "a,b", "-ldflags", "-X 'main.Version=v 1'"), "1 v 1 ab")
            self.assertEqual(run("-tags=b", goflags="\"-ldflags=-X 'main.Version=of env' -s\""), "1 of env -b")
            self.assertNotIn(".symtab", output_of("readelf", "-SW", project.path / "x"), "-s was not heeded")
            self.assertEqual(run("-ldflags=-X main.Version=line", goflags="-tags=a -ldflags=-s"), "1 line a-")
            self.assertIn(".symtab", output_of("readelf", "-SW", project.path / "x"))
            self.assertNotIn("INTERP", output_of("readelf", "-lW", project.path / "x"))


class Modes(unittest.TestCase):
    def test_mode_of_goflags(self):
        with Project({"main.go": LIBRARY}) as project:
            code, document = project.build("--target", "linux/arm64:gnu2.17",
                                           env={"GOFLAGS": "-buildmode=c-shared"})
            self.assertEqual(code, 0, document["findings"])
            path = project.path / "dist/linux-arm64-gnu2.17"
            self.assertIn(" Twice", output_of("llvm-nm-19", "-D", "--defined-only", path / "libapp.so"))
            # What another mode left in tenon's folder is no output of this build.
            project.build("--target", "linux/arm64:gnu2.17", env={"GOFLAGS": "-buildmode=c-archive"})
            code, document = project.build("--target", "linux/arm64:gnu2.17", env={"GOFLAGS": ""})
            self.assertEqual([Path(o["path"]).name for o in document["data"]["outputs"]], ["app"])
            self.assertIn("EXEC", output_of("readelf", "-h", path / "app"))

    def test_pie_runs(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "linux/arm64", "-buildmode=pie", "-o", "x")
            self.assertEqual(code, 0, document["findings"])
            self.assertIn("DYN", output_of("readelf", "-h", project.path / "x"))
            self.assertEqual(run_arm64(project.path / "x"), "1")

    def test_library_of_every_mac(self):
        with Project({"main.go": LIBRARY}) as project:
            for target in ("darwin/arm64", "darwin/amd64", "darwin/universal"):
                name = target.replace("/", "-") + ".dylib"
                code, document = project.build("--target", target, "-buildmode=c-shared", "-o", name)
                with self.subTest(target):
                    self.assertEqual(code, 0, document["findings"])
                    path = project.path / name
                    self.assertIn("T _Twice", output_of("llvm-nm-19", path))
                    # What go build -o NAME records, which a program linked with it looks for.
                    names = re.findall(r"LC_ID_DYLIB\s+cmdsize \d+\s+name (\S+)",
                                       output_of("llvm-objdump-19", "--macho", "--private-headers", path))
                    self.assertEqual(set(names), {name})

    def test_header_beside_the_library(self):
        with Project({"main.go": LIBRARY}) as project:
            (project.path / "folder").mkdir()
            for output, header in (("v1.2/libx.so", "v1.2/libx.h"), ("v1.2/plain", "v1.2/plain.h"),
                                   ("folder", "folder/app.h")):
                code, document = project.build("--target", "linux/arm64", "-buildmode=c-shared", "-o", output)
                self.assertEqual(code, 0, document["findings"])
                self.assertIn("Twice", (project.path / header).read_text())
            self.assertEqual(sorted(project.path.glob("*.h")), [], "a header outside its folder")

    def test_c_archive_links(self):
        use = "#include <stdio.h>\n#include \"lib.h\"\nint main(void) { printf(\"%d\\n\", Twice(21)); return 0; }\n"
        with Project({"main.go": LIBRARY, "use/use.c": use}) as project:
            for target, kind in (("darwin/arm64", "Arch: aarch64"), ("linux/amd64:gnu2.17", "EM_X86_64")):
                code, document = project.build("--target", target, "-buildmode=c-archive", "-o", "use/lib.a")
                self.assertEqual(code, 0, document["findings"])
                done = subprocess.run([TENON, "cc", "--target", target, "use.c", "lib.a", "-o", "use"],
                                      cwd=project.path / "use", capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(kind, output_of("llvm-readobj-19", "--file-headers", project.path / "use/use"))
            if os.uname().machine == "x86_64":
                self.assertEqual(output_of(project.path / "use/use"), "42\n")

    def test_c_shared_is_used_by_a_c_program(self):
        use = "#include <stdio.h>\n#include \"libx.h\"\nint main(void) { printf(\"%d\\n\", Twice(21)); return 0; }\n"
        with Project({"main.go": LIBRARY, "use/use.c": use}) as project:
            folder = project.path / "use"
            for target, run in (("linux/amd64:gnu2.17", []),
                                ("linux/arm64:gnu2.28", ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"])):
                code, document = project.build("--target", target, "-buildmode=c-shared", "-o", "use/libx.so")
                self.assertEqual(code, 0, document["findings"])
                done = subprocess.run([TENON, "cc", "--target", target, "use.c", "-L.", "-lx", "-Wl,-rpath,$ORIGIN",
                                       "-o", "use"], cwd=folder, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("libx.so", output_of("readelf", "-d", folder / "use"))
                if run and not (shutil.which(run[0]) and Path(run[2]).exists()):
                    continue
                if run or os.uname().machine == "x86_64":
                    self.assertEqual(output_of(*run, folder / "use"), "42\n", target)

    def test_race(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "darwin/arm64,linux/arm64,linux/amd64", "-race")
            self.assertEqual(code, 0, document["findings"])
            for output in document["data"]["outputs"]:
                self.assertIn("-race=true", output_of("go", "version", "-m", output["path"]))
            if os.uname().machine == "x86_64":
                self.assertEqual(output_of(document["data"]["outputs"][2]["path"]), "1\n")


class Smoke(unittest.TestCase):
    def test_silent_program(self):
        with Project({"main.go": "package main\n\n// static int x;\nimport \"C\"\n\nfunc main() {}\n"}) as project:
            code, document = project.build("--target", "linux/arm64", "--smoke")
            self.assertEqual((code, document["data"]["outputs"][0]["smoke"]["state"]), (0, "ok"))

    def test_library_is_not_run(self):
        with Project({"main.go": LIBRARY}) as project:
            code, document = project.build("--target", "linux/arm64", "-buildmode=c-archive", "--smoke")
            self.assertEqual(document["data"]["outputs"][0]["smoke"]["state"], "unknown", code)

    def test_failing_program(self):
        source = "package main\n\n// static int x;\nimport \"C\"\nimport \"os\"\n\nfunc main() { os.Exit(7) }\n"
        with Project({"main.go": source}) as project:
            code, document = project.build("--target", "linux/arm64", "--smoke")
            self.assertEqual((code, codes(document)), (1, ["TN0612"]))
            self.assertIn("7", document["findings"][0]["message"])


class OddNames(unittest.TestCase):
    def test_quotes_and_unicode(self):
        source = CALL.format("// #cgo CFLAGS: -DX=\"a b\"\n// #include <string.h>\n// #define TEXT2(a) #a\n"
                             "// #define TEXT(a) TEXT2(a)\n"
                             "// static int number(void) { return (int)(strlen(TEXT(X)) * 1000 + strlen(Y)); }", "C.number()")
        with Project({"main.go": source}, name="odd") as project:
            out = project.root / "o \"ut\" ü'$x"
            # A double quote behind a blank is more than zig's reader of dependency files takes.
            temporary = Path(tempfile.mkdtemp(prefix="tenon t'm ü "))
            self.addCleanup(shutil.rmtree, temporary)
            env = {"CGO_CFLAGS": "'-DY=\"é  f\"'", "TMPDIR": str(temporary)}
            code, document = project.build("--target", "linux/arm64,darwin/arm64", "--out", str(out), env=env)
            self.assertEqual(code, 0, document["findings"])
            self.assertEqual(run_arm64(out / "linux-arm64-musl/odd"), "3005")
            self.assertEqual(list(temporary.iterdir()), [])

    def test_empty_out(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "linux/arm64", "--out", "", "--dry-run")
            self.assertEqual((code, codes(document)), (3, ["TN0101"]), "outputs would go to the root folder")


class Machine(unittest.TestCase):
    def test_full_and_read_only_disks(self):
        with Project({"main.go": TINY}) as project:
            disk = project.root / "disk"
            disk.mkdir()
            for options, code in (("size=1m", "TN0103"), ("size=1m,ro", "TN0102")):
                if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)],
                                  capture_output=True).returncode != 0:
                    self.skipTest("no tmpfs may be mounted here")
                try:
                    status, document = project.build("--target", "linux/arm64", "--out", str(disk))
                    left = [p for p in disk.rglob("*") if p.is_file()]
                finally:
                    subprocess.run(["umount", str(disk)], check=True)
                self.assertEqual((status, codes(document), left), (1, [code], []))

    def test_unusable_temporary_folder_is_named(self):
        with Project({"main.go": TINY}) as project:
            project.build("--target", "linux/arm64")
            code, document = project.build("--target", "linux/arm64", env={"TMPDIR": "/nonexistent/tmp"})
            self.assertEqual((code, codes(document)), (1, ["TN0107"]))
            self.assertIn("/nonexistent/tmp", json.dumps(document["findings"]))

    def test_odd_tools(self):
        with Project({"main.go": TINY, "text": "no program\n"}) as project:
            text = str(project.path / "text")
            old = tool(project.root / "old/zig", "echo 0.13.0\n")
            go = tool(project.root / "go119/go", "echo go version go1.19 linux/amd64\n")
            for env, code in (({"TENON_ZIG": text}, "TN0304"), ({"TENON_ZIG": str(old)}, "TN0305"),
                              ({"PATH": f"{go.parent}:/usr/bin:/bin"}, "TN0302")):
                status, document = project.build("--target", "linux/arm64", env=env)
                self.assertEqual((status, codes(document)), (1, [code]))

    def interrupted(self, project, **env):
        process = subprocess.Popen([TENON, "build", ".", "--target", "linux/arm64", "--json"], cwd=project.path,
                                   env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True)
        marker = project.root / "started"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not marker.exists():
            time.sleep(0.05)
        self.assertTrue(marker.exists())
        process.send_signal(signal.SIGINT)
        out = process.communicate(timeout=60)[0]
        child = int(marker.read_text())
        with self.assertRaises(ProcessLookupError, msg="the tool still runs"):
            os.kill(child, 0)
        return process.returncode, json.loads(out)

    def test_interrupt_of_hanging_tools(self):
        with Project({"main.go": TINY}) as project:
            hang = f"echo $$ > '{project.root}/started'\nexec sleep 1000\n"
            zig = tool(project.root / "zig", f"[ \"$1\" = version ] && {{ echo 0.15.2; exit; }}\n{hang}")
            cache = project.root / "tmp"
            cache.mkdir()
            code, document = self.interrupted(project, TENON_ZIG=str(zig), TMPDIR=str(cache))
            self.assertEqual((code, codes(document)), (130, ["TN0104"]))
            self.assertNotIn("failed to build", document["findings"][0]["message"])
            self.assertEqual(list(cache.iterdir()), [])
            (project.root / "started").unlink()
            go = tool(project.root / "bin/go", hang)
            code, document = self.interrupted(project, PATH=f"{go.parent}:/usr/bin:/bin")
            self.assertEqual((code, codes(document)), (130, ["TN0104"]))

    def test_time_limit_leaves_nothing(self):
        with Project({"main.go": TINY, "slow.c": "int slow(void) { return 1; }\n"}) as project:
            temporary = project.root / "tmp"
            temporary.mkdir()
            real = zig_folder() / "zig"
            zig = tool(project.root / "bin/zig", f"case \"$*\" in *slow.c*) sleep 1000;; esac\nexec '{real}' \"$@\"\n")
            (zig.parent / "lib").symlink_to(real.parent / "lib")
            code, document = project.build("--target", "linux/arm64", "--timeout", "8s",
                                           env={"TENON_ZIG": str(zig), "TMPDIR": str(temporary)})
            self.assertEqual((code, codes(document)), (1, ["TN0615"]))
            self.assertEqual([str(p) for p in temporary.iterdir()], [])


class Settings(unittest.TestCase):
    def test_environment_of_another_build(self):
        env = {"GOOS": "windows", "GOARCH": "386", "CC": "/bin/false", "CXX": "/bin/false", "AR": "/bin/false",
               "CPATH": "/usr/include", "LIBRARY_PATH": "/usr/lib"}
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "linux/arm64,darwin/arm64", env=env)
            self.assertEqual(code, 0, document["findings"])
            self.assertEqual(run_arm64(document["data"]["outputs"][0]["path"]), "1")
            kind = output_of("llvm-readobj-19", "--file-headers", document["data"]["outputs"][1]["path"])
            self.assertIn("Arch: aarch64", kind)

    def test_cgo_off_in_go_env(self):
        with Project({"main.go": TINY}) as project:
            settings = project.root / "goenv"
            settings.write_text("CGO_ENABLED=0\n")
            code, document = project.build("--target", "linux/arm64", env={"GOENV": str(settings)},
                                           unset=("CGO_ENABLED",))
            self.assertEqual((code, codes(document)), (1, ["TN0201"]))
            self.assertIn(str(settings), document["findings"][0]["message"])
            commands = document["findings"][0]["fixes"][0]["commands"]
            self.assertEqual(commands, [["go", "env", "-u", "CGO_ENABLED"]], "env -u reaches no file")

    def test_module_problems_have_a_code(self):
        with Project({"main.go": TINY, "go.mod": "module example.com/app\n\ngo 1.99\n"}) as project:
            code, document = project.build("--target", "linux/arm64", env={"GOTOOLCHAIN": "local"})
            self.assertEqual(code, 1)
            self.assertNotEqual(codes(document), ["TN0607"], "go.mod asks for a newer Go")
        missing = "package main\n\nimport \"C\"\nimport _ \"example.org/nosuch\"\n\nfunc main() {}\n"
        with Project({"main.go": missing, "go.mod": "module example.com/app\n\ngo 1.21\n\n"
                      "require example.org/nosuch v1.0.0\n"}) as project:
            # Project.run sets GOPROXY=off.
            self.assertEqual(codes(project.build("--target", "linux/arm64")[1]), ["TN2988"])

    def test_date_macro(self):
        # gcc and clang compile it; only zig makes an error of it.
        files = {"main.go": CALL.format("// const char *when(void);", "C.GoString(C.when())"),
                 "when.c": "const char *when(void) { return __DATE__; }\n"}
        with Project(files) as project:
            code, document = project.build("--target", "linux/arm64")
            self.assertEqual(code, 0, document["findings"])


class Options(unittest.TestCase):
    def test_minimum(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "darwin/arm64", "--min", "11.0")
            self.assertEqual((code, codes(document)), (0, ["TN0504"]))
            self.assertEqual(minos(document["data"]["outputs"][0]["path"]), ["12.0"])
            document = project.build("--target", "darwin/arm64", env={"MACOSX_DEPLOYMENT_TARGET": "13.5"})[1]
            self.assertEqual(minos(document["data"]["outputs"][0]["path"]), ["13.5"])
            code, document = project.build("--target", "darwin/arm64:14.0,darwin/arm64:13.0")
            if code == 0:
                found = sorted(minos(output["path"])[0] for output in document["data"]["outputs"])
                self.assertEqual(found, ["13.0", "14.0"], "a target was dropped without a word")

    def test_target_twice(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "linux/arm64", "--target", "linux/amd64", "--dry-run")
            if code != 3:
                self.assertEqual([p["target"] for p in document["data"]["plan"]],
                                 ["linux/arm64:musl", "linux/amd64:musl"])

    def test_reproducible(self):
        with Project({"main.go": TINY}) as project:
            code, document = project.build("--target", "darwin/arm64", "--check-reproducible")
            self.assertEqual((code, document["data"]["outputs"][0]["reproducible"]), (0, True))
        files = {"main.go": CALL.format("// const char *when(void);", "C.GoString(C.when())"),
                 "when.c": "const char *when(void) { return __TIME__; }\n"}
        with Project(files) as project:
            code, document = project.build("--target", "linux/arm64", "--check-reproducible",
                                           env={"CGO_CFLAGS": "-Wno-error=date-time"})
            self.assertEqual((code, codes(document)), (1, ["TN0516"]))
            self.assertFalse(document["data"]["outputs"][0]["reproducible"])

    def test_dry_run_runs_nothing(self):
        with Project({"main.go": TINY}) as project:
            before = project.files()
            code, document = project.build("--target", "linux/arm64,darwin/universal", "--dry-run")
            self.assertEqual((code, project.files()), (0, before))
            plan = {p["target"]: p["command"] for p in document["data"]["plan"]}
            self.assertEqual(list(plan), ["linux/arm64:musl", "darwin/arm64", "darwin/amd64"])
            steps = document["data"]["plan"][2]["steps"]
            self.assertEqual([step["kind"] for step in steps if step["kind"] != "warm"], ["wrapper", "go"])
            words = shlex.split(plan["darwin/amd64"])
            words[words.index("-o") + 1] = "x"
            done = subprocess.run(words, cwd=project.path, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("x86_64", output_of("llvm-readobj-19", "--file-headers", project.path / "x"))

    def test_one_document_always(self):
        for args, code in (("build --json", 3), ("build . --target x --json", 3), ("build --json --bogus", 3),
                           ("explain TN9999 --json", 3), ("biuld --json", 3), ("explain TN0401 --json", 0),
                           ("explain --list --json", 0), ("--version --json", 0)):
            with self.subTest(args):
                done = subprocess.run([TENON, *args.split()], capture_output=True, text=True)
                self.assertEqual(done.returncode, code)
                self.assertEqual(json.loads(done.stdout)["ok"], code == 0)

    def test_help(self):
        for name in ("build", "cc", "c++", "explain", "completion"):
            done = subprocess.run([TENON, name, "--help"], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Usage: tenon " + name, done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)

    def test_no_color(self):
        def on_terminal(**env):
            clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
            return subprocess.run(["script", "-qec", f"'{TENON}' build . --target x", "/dev/null"], text=True,
                                  env={**clean, "TERM": "xterm", **env}, capture_output=True).stdout

        if not shutil.which("script"):
            self.skipTest("no script(1)")
        self.assertRegex(on_terminal(), "\x1b\\[[0-9;]*m")
        self.assertNotRegex(on_terminal(NO_COLOR="1"), "\x1b\\[[0-9;]*m")


class Compiler(unittest.TestCase):
    """tenon cc as make, configure and response files use it."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tenon-cc-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "a.c").write_text("#include <stdio.h>\n#include \"h.h\"\n"
                                         "int main(void) { printf(\"%d\\n\", H); return 0; }\n")
        (self.folder / "h.h").write_text("#ifndef H\n#define H 3\n#endif\n")

    def cc(self, *args, text="", target="linux/arm64"):
        return subprocess.run([TENON, "cc", "--target", target, *args], cwd=self.folder, input=text,
                              capture_output=True, text=True)

    def made(self, *args, **kwargs):
        before = set(os.listdir(self.folder))
        done = self.cc(*args, **kwargs)
        self.assertEqual(done.returncode, 0, done.stderr)
        return sorted(set(os.listdir(self.folder)) - before), done.stdout

    def test_jobs(self):
        for target, kind in (("linux/arm64", "elf64-littleaarch64"), ("darwin/arm64", "Mach-O arm64")):
            self.assertEqual(self.made("-c", "a.c", target=target)[0], ["a.o"])
            self.assertIn(kind, output_of("llvm-readobj-19", "--file-headers", self.folder / "a.o"))
            self.assertEqual(self.made("-S", "a.c", target=target)[0], ["a.s"])
            self.assertEqual(self.made("-MMD", "-MF", "x.d", "-c", "a.c", "-o", "x.o", target=target)[0],
                             ["x.d", "x.o"])
            self.assertEqual((self.folder / "x.d").read_text().split(), ["x.o:", "a.c", "h.h"])
            self.assertIn("int main", self.made("-E", "a.c", target=target)[1])
            for name in ("a.o", "a.s", "x.d", "x.o"):
                (self.folder / name).unlink()

    def test_response_file_and_link(self):
        (self.folder / "args").write_text("-DH=40 \"a.c\"\n-o 'a b'\n")
        self.assertEqual(self.made("@args")[0], ["a b"])
        self.assertEqual(run_arm64(self.folder / "a b"), "40")

    def test_standard_input_and_output(self):
        text = "int q(void) { return 1; }\n"
        self.assertEqual(self.made("-x", "c", "-c", "-", "-o", "q.o", text=text)[0], ["q.o"])
        for target in ("linux/arm64", "darwin/arm64"):
            new, out = self.made("-x", "c", "-S", "-", "-o", "-", text=text, target=target)
            self.assertEqual(new, [])
            self.assertIn("ret", out)

    def test_probes(self):
        self.assertRegex(self.made("-dumpversion")[1], r"\A\d+(\.\d+)*\n\Z")
        self.assertEqual(self.made("-dumpmachine")[1], "aarch64-linux-musl\n")
        self.assertIn("clang", self.made("--version")[1])
        self.assertEqual(self.made("-fsyntax-only", "a.c")[0], [])
        self.assertIn("__aarch64__", self.made("-E", "-dM", "-x", "c", "-", text="")[1])
        done = self.cc("-c", "missing.c")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("missing.c", done.stderr)


if __name__ == "__main__":
    unittest.main()
