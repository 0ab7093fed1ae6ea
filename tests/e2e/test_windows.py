#!/usr/bin/env python3
"""Programs for Windows: built with C, gated, read by LLVM and run under wine.

TENON names the program. What a file is, is held against llvm-readobj; what it does, against wine where
one is installed: Debian's wine64 is enough. wine 8 lacks bcryptprimitives.dll, from which Go takes
random numbers; a stand-in of three lines is built for it. Nothing here needs a network.
"""
import atexit
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
READOBJ = shutil.which("llvm-readobj-19") or shutil.which("llvm-readobj")
MACHINES = {"amd64": "IMAGE_FILE_MACHINE_AMD64", "arm64": "IMAGE_FILE_MACHINE_ARM64"}
MODULE = "module example.com/app\n\ngo 1.21\n"

RANDOM = """#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
  return RtlGenRandom(data, (ULONG)size);
}
"""

HELLO = """package main

// #include <stdio.h>
// static void hello(void) { puts("hello"); fflush(stdout); }
import "C"

func main() { C.hello() }
"""


class Wine:
    """A prefix of its own, made at the first use."""

    def __init__(self):
        found = [shutil.which("wine64"), shutil.which("wine"), "/usr/lib/wine/wine64"]
        self.program = next((one for one in found if one and Path(one).exists()), None)
        self.prefix = None

    def environment(self):
        if self.prefix is None:
            self.prefix = Path(tempfile.mkdtemp(prefix="tenon-wine-"))
            atexit.register(self.remove)
            self.run_in(["cmd", "/c", "exit"])
            (self.prefix / "random.c").write_text(RANDOM)
            subprocess.run([TENON, "cc", "--target", "windows/amd64", "-shared", "-o",
                            self.prefix / "drive_c/windows/system32/bcryptprimitives.dll",
                            self.prefix / "random.c", "-ladvapi32"], check=True)
        return self.settings()

    def settings(self):
        return {**os.environ, "WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all"}

    def run_in(self, argv, **options):
        return subprocess.run([self.program, *map(str, argv)], env=self.settings(), capture_output=True,
                              text=True, timeout=300, **options)

    def run(self, *argv, **options):
        self.environment()
        return self.run_in(argv, **options)

    def remove(self):
        server = next((one for one in ("/usr/lib/wine/wineserver64", shutil.which("wineserver"))
                       if one and Path(one).exists()), None)
        if server:
            subprocess.run([server, "-k"], env=self.settings(), capture_output=True, timeout=60)
        shutil.rmtree(self.prefix, ignore_errors=True)


WINE = Wine()


class Windows(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tenon-windows-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.write("go.mod", MODULE)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def build(self, *arguments, target="windows/amd64", code=0, folder="."):
        """The first output of the report, and the whole of it."""
        done = subprocess.run([TENON, "build", ".", "--target", target, "--json", *arguments],
                              cwd=self.folder / folder, capture_output=True, text=True, timeout=1200)
        document = json.loads(done.stdout)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return document["data"]["outputs"][0], document

    def rows(self, output):
        return {row["check"]: row for row in output["gate"]}

    def readobj(self, path, *options):
        if READOBJ is None:
            self.skipTest("llvm-readobj is not installed")
        return subprocess.run([READOBJ, *options, path], capture_output=True, text=True, check=True).stdout

    def run_it(self, path, *arguments):
        """What the program prints, or None without wine."""
        if WINE.program is None:
            return None
        done = WINE.run(path, *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_a_program_with_c_for_both_processors(self):
        self.write("main.go", """package main

// #include <math.h>
// #include <windows.h>
// static double root(double x) { return sqrt(x); }
// static DWORD own(void) { return GetCurrentProcessId(); }
import "C"

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	fmt.Println(runtime.GOOS, runtime.GOARCH, float64(C.root(2)), int(C.own()) == os.Getpid())
}
""")
        for goarch, machine in MACHINES.items():
            with self.subTest(goarch):
                output, _ = self.build(target=f"windows/{goarch}")
                path = self.folder / output["path"]
                self.assertEqual(path.name, "app.exe")
                self.assertEqual({row["state"] for row in output["gate"]}, {"ok"})
                header = self.readobj(path, "--file-headers")
                for fact in (f"Machine: {machine} ", "Magic: 0x20B", "IMAGE_SUBSYSTEM_WINDOWS_CUI",
                             "DYNAMIC_BASE", "HIGH_ENTROPY_VA", "NX_COMPAT"):
                    self.assertIn(fact, header)
                imports = self.readobj(path, "--coff-imports")
                dlls = {line.split()[1] for line in imports.splitlines() if line.startswith("  Name: ")}
                self.assertEqual(set(self.rows(output)["libraries"]["value"].split(", ")), dlls)
                self.assertIn("KERNEL32.dll", dlls)
                if goarch == "amd64" and WINE.program:
                    self.assertEqual(self.run_it(path), "windows amd64 1.4142135623730951 true\n")

    def test_two_builds_in_different_directories_are_the_same_bytes(self):
        for goarch in MACHINES:
            made = []
            for name in ("one", "two/deeper"):
                for file, text in (("go.mod", MODULE), ("main.go", HELLO)):
                    self.write(f"{name}/{file}", text)
                output, _ = self.build(target=f"windows/{goarch}", folder=name)
                self.assertEqual(self.rows(output)["stamps"]["state"], "ok")
                made.append((self.folder / name / output["path"]).read_bytes())
            self.assertEqual(made[0], made[1])
        facts = self.readobj(self.folder / "one" / output["path"], "--file-headers", "--coff-debug-directory")
        stamps = {line.split("(")[-1] for line in facts.splitlines() if "TimeDateStamp" in line}
        self.assertEqual(len(stamps), 1, facts)
        self.assertIn("Type: Repro", facts)

    def test_the_c_compiler_leaves_no_pdb_file(self):
        self.write("a.c", "int main(void) { return 0; }\n")
        made = []
        for name in ("one", "two"):
            (self.folder / name).mkdir()
            output = self.folder / name / "a.exe"
            subprocess.run([TENON, "cc", "--target", "windows/amd64", "-g", "-o", output, "a.c"],
                           cwd=self.folder, check=True)
            self.assertEqual([file.name for file in output.parent.iterdir()], ["a.exe"])
            made.append(output.read_bytes())
        self.assertEqual(made[0], made[1])


if __name__ == "__main__":
    unittest.main()
