#!/usr/bin/env python3
"""The installed library: cmake --install, find_package(tenon), and a program for each header.

TENON_SOURCE names the checkout. TENON_LIBRARY_BUILD names a build with TENON_LIBRARY=ON to install
from; without it the test makes its own. Ends with 77, skipped, where cmake or a compiler is missing.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
PUBLIC = ("explain", "inspect", "verify")
EXAMPLES = ("needs", "signed", "why")


def cmake(*argv):
    done = subprocess.run(["cmake", *map(str, argv)], capture_output=True, text=True, timeout=850)
    if done.returncode != 0:
        raise AssertionError(f"cmake {argv}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


class Library(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="tenon-library-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.made = os.environ.get("TENON_LIBRARY_BUILD")
        self.build = Path(self.made) if self.made else self.root / "build"

    def make(self):
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        # Speed of the compiler counts here, not that of its output.
        cmake("-S", SOURCE, "-B", self.build, *generator, "-DTENON_LIBRARY=ON", "-DTENON_TESTS=OFF",
              "-DTENON_DOCS=OFF", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
        cmake("--build", self.build, "--target", "tenon_library", "--parallel", os.cpu_count() or 1)

    def install(self):
        if not self.made:
            self.make()
        prefix = self.root / "prefix"
        cmake("--install", self.build, "--prefix", prefix, "--component", "library")
        return prefix

    def run_example(self, name, *argv, **more):
        return subprocess.run([self.programs[name], *map(str, argv)], capture_output=True, text=True,
                              timeout=60, **more)

    def test_examples_with_find_package(self):
        prefix = self.install()
        installed = sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file())
        self.assertTrue(any(name.endswith("libtenon.a") for name in installed), installed)
        self.assertTrue(any(name.endswith("tenonConfig.cmake") for name in installed), installed)
        headers = [name for name in installed if name.endswith(".h")]
        self.assertEqual(headers, [f"include/tenon/{name}.h" for name in PUBLIC])
        # Outside of the checkout: nothing of it may be found by chance.
        shutil.copytree(SOURCE / "examples/library", self.root / "source")
        example = self.root / "example"
        cmake("-S", self.root / "source", "-B", example, f"-DCMAKE_PREFIX_PATH={prefix}")
        cmake("--build", example)
        self.programs = {name: str(example / name) for name in EXAMPLES}
        self.check_headers(prefix)
        self.check_needs()
        self.check_signed()
        self.check_why()

    def check_headers(self, prefix):
        """Each header by itself, in both standards, with the warnings that users may have on."""
        compilers = [name for name in ("g++", "clang++-19", "clang++") if shutil.which(name)]
        for compiler in compilers:
            for standard in ("c++20", "c++23"):
                for header in PUBLIC:
                    source = f"#include <tenon/{header}.h>\n#include <tenon/{header}.h>\nint main() {{}}\n"
                    done = subprocess.run(
                        [compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
                         "-Wshadow", "-Werror", f"-I{prefix}/include", "-fsyntax-only", "-x", "c++", "-"],
                        input=source, capture_output=True, text=True, timeout=120)
                    self.assertEqual(done.returncode, 0, f"{compiler} {standard} {header}\n{done.stderr}")

    def check_needs(self):
        """An example itself: the libraries are those that readelf lists."""
        program = self.programs["needs"]
        done = self.run_example("needs", program)
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = subprocess.run(["readelf", "-d", program], capture_output=True, text=True).stdout
        needed = [line.split("[")[1].rstrip("]") for line in listed.splitlines() if "(NEEDED)" in line]
        found = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  needs ")]
        self.assertEqual(found, needed)
        self.assertTrue(needed)
        done = self.run_example("needs", self.root / "absent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("not found", done.stderr)

    def check_signed(self):
        """A Mach-O file of 8 kB that is not signed, then files that have no signature at all."""
        plain = self.root / "plain"
        plain.write_bytes(macho_without_signature())
        done = self.run_example("signed", plain)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("arm64: unsigned", done.stdout)
        other = self.run_example("signed", self.programs["signed"])
        self.assertEqual(other.returncode, 1)
        self.assertTrue(other.stderr)
        self.assertEqual(self.run_example("signed", self.root / "missing").returncode, 1)

    def check_why(self):
        log = "# example.com/p\nmain.go:4:10: fatal error: vips/vips.h: No such file or directory\n"
        done = self.run_example("why", input=log)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"^TN\d{4} .*vips/vips\.h")
        self.assertIn("line 2: ", done.stdout)
        self.assertEqual(self.run_example("why", input="all is well\n").returncode, 2)


def macho_without_signature():
    """An arm64 executable with the least that a reader asks for: __TEXT, __LINKEDIT, a version."""
    def segment(name, address, size, offset, length, protection):
        return struct.pack("<II16sQQQQiiII", 0x19, 72, name, address, size, offset, length,
                           protection, protection, 0, 0)
    base = 0x100000000
    commands = [segment(b"__TEXT", base, 0x4000, 0, 0x4000, 5),
                segment(b"__LINKEDIT", base + 0x4000, 0x4000, 0x4000, 0, 1),
                struct.pack("<IIIIII", 0x32, 24, 1, 12 << 16, 12 << 16, 0)]
    body = b"".join(commands)
    header = struct.pack("<IiiIIIII", 0xFEEDFACF, 0x0100000C, 0, 2, len(commands), len(body), 0x85, 0)
    return (header + body).ljust(0x4000, b"\0")


if __name__ == "__main__":
    if not shutil.which("cmake") or not (shutil.which("c++") or shutil.which("g++")):
        print("skipped: no cmake or no C++ compiler")
        sys.exit(77)
    unittest.main(verbosity=2)
