#!/usr/bin/env python3
"""The installed library: cmake --install, find_package(tenon), and a program that reads files.

TENON_SOURCE names the checkout. TENON_LIBRARY_BUILD names a build folder to keep, so that a second
run compiles only what changed. Ends with 77, skipped, where cmake or a compiler is missing.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))


def cmake(*argv):
    done = subprocess.run(["cmake", *map(str, argv)], capture_output=True, text=True, timeout=850)
    if done.returncode != 0:
        raise AssertionError(f"cmake {argv}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


class Library(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="tenon-library-"))
        self.addCleanup(shutil.rmtree, self.root)
        kept = os.environ.get("TENON_LIBRARY_BUILD")
        self.build = Path(kept) if kept else self.root / "build"

    def install(self):
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        # Speed of the compiler counts here, not that of its output.
        cmake("-S", SOURCE, "-B", self.build, *generator, "-DTENON_LIBRARY=ON", "-DTENON_TESTS=OFF",
              "-DTENON_DOCS=OFF", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
        cmake("--build", self.build, "--target", "tenon_library", "--parallel", os.cpu_count() or 1)
        prefix = self.root / "prefix"
        cmake("--install", self.build, "--prefix", prefix, "--component", "library")
        return prefix

    def test_example_with_find_package(self):
        prefix = self.install()
        installed = sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file())
        self.assertTrue(any(name.endswith("libtenon.a") for name in installed), installed)
        self.assertTrue(any(name.endswith("tenonConfig.cmake") for name in installed), installed)
        # Layers that print or change something are no part of it.
        for layer in ("cli", "report", "rules", "action", "probe"):
            self.assertFalse([name for name in installed if f"include/tenon/{layer}/" in name])
        # An include that only the checkout could satisfy.
        for header in prefix.rglob("*.h"):
            for line in header.read_text().splitlines():
                self.assertFalse(line.startswith('#include "'), f"{header}: {line}")
        example = self.root / "example"
        # Outside of the checkout: nothing of it may be found by chance.
        shutil.copytree(SOURCE / "examples/inspect", self.root / "source")
        cmake("-S", self.root / "source", "-B", example, f"-DCMAKE_PREFIX_PATH={prefix}")
        cmake("--build", example)
        program = next(example.rglob("needs"))
        done = subprocess.run([str(program), str(program)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("executable", done.stdout)
        self.assertIn("needs libc", done.stdout)
        # Without headers of the libraries that only tenon itself is made with.
        bad = subprocess.run([str(program), str(self.root / "source/main.cpp")], capture_output=True,
                             text=True, timeout=60)
        self.assertEqual(bad.returncode, 1)
        self.assertTrue(bad.stderr)


if __name__ == "__main__":
    if not shutil.which("cmake") or not (shutil.which("c++") or shutil.which("g++")):
        print("skipped: no cmake or no C++ compiler")
        sys.exit(77)
    unittest.main(verbosity=2)
