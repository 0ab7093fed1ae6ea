#!/usr/bin/env python3
"""A Go program with a library of a sysroot: `tenon build` as the .pc file says, and by symbols. cmd/go does not put
what pkg-config answers into the keys of its cache, so builds that differ only in that must not share their objects."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
ZIG, GO = shutil.which("zig"), shutil.which("go")
READELF = shutil.which("readelf") or shutil.which("llvm-readelf-19")
QEMU = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
TRIPLE = "aarch64-linux-gnu"
TARGET = "linux/arm64:gnu2.36"
PROGRAM = """package main

// #cgo pkg-config: pick
// int pick(void);
import "C"

func main() { println(C.pick()) }
"""


def run(*words, env=None, cwd=None, code=0):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, cwd=cwd,
                          env={**os.environ, **(env or {})})
    if done.returncode != code:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Closure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory(prefix="tenon-closure-")
        root = Path(cls.keep.name)
        cls.sysroot, cls.project = root / "sys", root / "project"
        cls.env = {"GOCACHE": str(root / "gocache"), "GOFLAGS": "", "GOWORK": "off"}
        cls.env.update({name: "" for name in ("PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR")})
        lib = cls.sysroot / "usr/lib" / TRIPLE
        (lib / "pkgconfig").mkdir(parents=True)
        cls.project.mkdir()
        for name, value in (("archived", 1), ("shared", 2)):
            (root / f"{name}.c").write_text(f"int pick(void) {{ return {value}; }}\n")
        target = f"{TRIPLE}.2.36"
        run(ZIG, "cc", "-g0", "-target", target, "-fPIC", "-c", root / "archived.c", "-o", root / "archived.o")
        run(ZIG, "ar", "rcs", lib / "libpick.a", root / "archived.o")
        run(ZIG, "cc", "-target", target, "-shared", "-Wl,-soname,libpick.so.1", root / "shared.c",
            "-o", lib / "libpick.so")
        shutil.copy(lib / "libpick.so", lib / "libpick.so.1")
        (lib / "pkgconfig/pick.pc").write_text(f"Name: pick\nDescription: a choice\nVersion: 1\n"
                                               f"Libs: -L/usr/lib/{TRIPLE} -lpick\n")
        (cls.project / "go.mod").write_text("module example.com/pick\n\ngo 1.21\n")
        (cls.project / "main.go").write_text(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def build(self, *words, code=0, env=None):
        out = Path(tempfile.mkdtemp(dir=self.keep.name))
        done = run(TENON, "build", ".", "--target", TARGET, "--sysroot", self.sysroot, "--out", out, *words,
                   env={**self.env, **(env or {})}, cwd=self.project, code=code)
        return done, next((path for path in out.rglob("*") if path.is_file()), None)

    def needs(self, program):
        shown = run(READELF, "-d", program).stdout
        return "libpick.so.1" in shown

    def test_each_way_gets_its_own_objects(self):
        for words, shared in (((), True), (("--closure", "hybrid"), False), ((), True),
                              (("--closure", "hybrid"), False)):
            _, program = self.build(*words)
            self.assertEqual(self.needs(program), shared, words)
            if QEMU:
                done = subprocess.run([QEMU, "-L", str(self.sysroot), str(program)], capture_output=True, text=True)
                # The sysroot of this test has no loader: only what holds its libraries could start without.
                self.assertTrue(done.returncode != 0 or done.stderr.strip() in ("1", "2"), done)

    @staticmethod
    def compiler(done):
        return next(line for line in (done.stdout + done.stderr).splitlines() if "/cc/" in line)

    def test_another_sysroot_state_builds_again(self):
        record = self.sysroot / ".tenon-sysroot"
        first, _ = self.build("--dry-run")
        record.write_text("name\tdebian:12/arm64\n")
        try:
            second, _ = self.build("--dry-run")
        finally:
            record.unlink()
        self.assertNotEqual(self.compiler(first), self.compiler(second))
        # Without a record, the modules are the state.
        module = self.sysroot / f"usr/lib/{TRIPLE}/pkgconfig/pick.pc"
        text = module.read_text()
        module.write_text(text.replace("-lpick", "-lpick -lm"))
        try:
            third, _ = self.build("--dry-run")
        finally:
            module.write_text(text)
        again, _ = self.build("--dry-run")
        self.assertNotEqual(self.compiler(first), self.compiler(third))
        self.assertEqual(self.compiler(first), self.compiler(again))

    def test_the_users_program_is_kept(self):
        stub = self.project / "my-pkg-config"
        stub.write_text("#!/bin/sh\necho asked >&2\nexit 1\n")
        stub.chmod(0o755)
        done, _ = self.build(code=1, env={"PKG_CONFIG": str(stub)})
        self.assertIn("my-pkg-config", done.stdout + done.stderr)

    def test_usage(self):
        self.build("--closure", "none", code=3)
        run(TENON, "build", ".", "--target", "linux/arm64", "--closure", "hybrid", cwd=self.project, code=3)


if __name__ == "__main__":
    if not (ZIG and GO and READELF):
        print("needs zig, go and readelf")
        sys.exit(77)
    unittest.main(verbosity=2)
