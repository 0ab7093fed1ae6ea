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
import struct
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

LIBRARY = """package main

import "C"

//export Answer
func Answer() C.int { return 42 }

func main() {}
"""

MANIFEST = b"<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'></assembly>"


def manifest_object(machine):
    """The object that a resource compiler makes of a manifest (type 24, name 1, English): the sections
    .rsrc$01 with the directory and .rsrc$02 with the data, by the layout of the PE specification."""
    def directory(number, where):
        return struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, number, where)
    below = 0x80000000
    tree = directory(24, below | 24) + directory(1, below | 48) + directory(0x409, 72)  # type, name, language
    tree += struct.pack("<IIII", 0, len(MANIFEST), 0, 0)  # the data, whose address is relocated
    data = MANIFEST + b"\0" * (-len(MANIFEST) % 8)
    kind = 3 if machine == 0x8664 else 2  # ADDR32NB of either processor
    relocation = struct.pack("<IIH", 72, 1, kind)
    start = 20 + 2 * 40
    flags = 0x40000040  # readable, initialized
    at_relocation = start + len(tree)
    at_data = at_relocation + len(relocation)
    sections = struct.pack("<8sIIIIIIHHI", b".rsrc$01", 0, 0, len(tree), start, at_relocation, 0, 1, 0, flags)
    sections += struct.pack("<8sIIIIIIHHI", b".rsrc$02", 0, 0, len(data), at_data, 0, 0, 0, 0, flags)
    symbols = struct.pack("<8sIhHBB", b".rsrc$01", 0, 1, 0, 3, 0) + struct.pack("<8sIhHBB", b"$R000000", 0, 2, 0, 3, 0)
    header = struct.pack("<HHIIIHH", machine, 2, 0, at_data + len(data), 2, 0, 0)
    return header + sections + tree + relocation + data + symbols + struct.pack("<I", 4)


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

    def test_a_cxx_program_needs_no_dll_of_cxx(self):
        self.write("main.go", 'package main\n\n// int sum(void);\nimport "C"\n\nfunc main() { println(C.sum()) }\n')
        self.write("sum.cc", """#include <map>
#include <stdexcept>
#include <string>
extern "C" int sum(void) {
  std::map<std::string, int> numbers{{"a", 40}, {"b", 1}};
  try { throw std::runtime_error("one more"); } catch (const std::exception &) { numbers["c"] = 1; }
  int out = 0;
  for (const auto &[name, value] : numbers) out += value;
  return out;
}
""")
        for goarch, machine in MACHINES.items():
            with self.subTest(goarch):
                output, _ = self.build(target=f"windows/{goarch}")
                path = self.folder / output["path"]
                self.assertIn(f"Machine: {machine} ", self.readobj(path, "--file-headers"))
                imports = self.readobj(path, "--coff-imports")
                for dll in ("libstdc++", "libc++", "libgcc", "libunwind", "libwinpthread"):
                    self.assertNotIn(dll, imports)
                if goarch == "amd64" and WINE.program:
                    done = WINE.run(path)
                    self.assertEqual((done.returncode, done.stderr.strip()), (0, "42"))

    def test_a_dll_is_used_by_a_c_program(self):
        self.write("main.go", LIBRARY)
        self.write("c/use.c", '#include <stdio.h>\n#include "app.h"\n'
                              'int main(void) { printf("%d\\n", (int)Answer()); return 0; }\n')
        for goarch in MACHINES:
            with self.subTest(goarch):
                target = f"windows/{goarch}"
                output, _ = self.build("-buildmode=c-shared", target=target)
                path = self.folder / output["path"]
                self.assertEqual(path.name, "app.dll")
                exports = self.readobj(path, "--coff-exports")
                self.assertIn("Name: Answer\n", exports)
                self.assertIn("IMAGE_FILE_DLL", self.readobj(path, "--file-headers"))
                program = path.parent / "use.exe"
                subprocess.run([TENON, "cc", "--target", target, f"-I{path.parent}", self.folder / "c/use.c",
                                path, "-o", program], check=True, timeout=600)
                self.assertIn("Name: app.dll", self.readobj(program, "--coff-imports"))
                if goarch == "amd64" and WINE.program:
                    self.assertEqual(self.run_it(program), "42\n")

    def test_an_archive_is_linked_into_a_c_program(self):
        self.write("main.go", LIBRARY)
        self.write("c/use.c", '#include <stdio.h>\n#include "app.h"\n'
                              'int main(void) { printf("%d\\n", (int)Answer()); return 0; }\n')
        for goarch, machine in MACHINES.items():
            with self.subTest(goarch):
                target = f"windows/{goarch}"
                output, _ = self.build("-buildmode=c-archive", target=target)
                path = self.folder / output["path"]
                self.assertEqual(path.name, "app.a")
                program = path.parent / "use.exe"
                subprocess.run([TENON, "cc", "--target", target, f"-I{path.parent}", self.folder / "c/use.c",
                                path, "-o", program], check=True, timeout=600)
                self.assertIn(f"Machine: {machine} ", self.readobj(program, "--file-headers"))
                if goarch == "amd64" and WINE.program:
                    self.assertEqual(self.run_it(program), "42\n")

    def test_resources_and_no_console(self):
        self.write("main.go", HELLO)
        for goarch, machine in (("amd64", 0x8664), ("arm64", 0xAA64)):
            with self.subTest(goarch):
                (self.folder / f"manifest_windows_{goarch}.syso").write_bytes(manifest_object(machine))
                output, _ = self.build("-ldflags=-H windowsgui", target=f"windows/{goarch}")
                path = self.folder / output["path"]
                self.assertEqual({row["state"] for row in output["gate"]}, {"ok"})
                self.assertIn("IMAGE_SUBSYSTEM_WINDOWS_GUI", self.readobj(path, "--file-headers"))
                resources = self.readobj(path, "--coff-resources")
                self.assertIn("Type: MANIFEST (ID 24)", resources)
                self.assertIn(MANIFEST, path.read_bytes())

    def test_import_libraries_in_two_directories_are_the_same_bytes(self):
        self.write("a.c", "__declspec(dllexport) int answer(void) { return 42; }\n")
        for goarch in MACHINES:
            made = []
            for name in ("one", "two/deeper"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(self.folder / "a.c", self.folder / name)
                subprocess.run([TENON, "cc", "--target", f"windows/{goarch}", "-shared", "-o", "a.dll", "a.c",
                                "-Wl,--out-implib,liba.dll.a"], cwd=self.folder / name, check=True, timeout=600)
                libraries = sorted([*(self.folder / name).glob("*.lib"), *(self.folder / name).glob("*.dll.a")])
                self.assertTrue(libraries, os.listdir(self.folder / name))
                made.append([(one.name, one.read_bytes()) for one in [*libraries, self.folder / name / "a.dll"]])
            self.assertEqual(made[0], made[1])

    def test_headers_of_windows_are_found_by_any_spelling(self):
        self.write("main.go", """package main

// #include <Windows.h>
// #include <Psapi.h>
// #include <ShlObj.h>
// #include <Sys/Stat.h>
// #include "Own.h"
// static DWORD own(void) { return OWN + (GetCurrentProcessId() ? 1 : 0); }
import "C"

func main() { println(C.own()) }
""")
        self.write("Own.h", "#define OWN 41\n")
        for goarch in MACHINES:
            output, _ = self.build(target=f"windows/{goarch}")
            self.assertEqual({row["state"] for row in output["gate"]}, {"ok"})
        self.write("c/a.c", "#include <WinSock2.h>\nint main(void) { return 0; }\n")
        subprocess.run([TENON, "cc", "--target", "windows/amd64", "a.c", "-o", "a.exe"], cwd=self.folder / "c",
                       check=True, timeout=600)

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
