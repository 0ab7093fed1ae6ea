#!/usr/bin/env python3
"""Every target that tenon builds for: one program with C in a file of its own, built, gated and run.

TENON names the program. The list of targets is tenon's own (`tenon docs targets`); what a file is, is
held against readelf, and what it computes against what C and Go must agree on. musl programs run
under qemu-user; those for glibc do where a C library of the target is installed, and are checked
without running elsewhere. TENON_TARGETS limits the list. Nothing here needs a network.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")

MAIN = """package main

// #include "sum.h"
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

func main() {
	list := []C.int{1, 2, 39}
	one := uint16(1)
	order := "big"
	if *(*byte)(unsafe.Pointer(&one)) == 1 {
		order = "little"
	}
	fmt.Println(runtime.GOARCH, order, 8*C.sizeof_long, C.sum(&list[0], 3), C.GoString(C.root(3)))
}
"""
HEADER = "int sum(const int *list, int count);\nconst char *root(int of);\n"
SOURCE = """#include <math.h>
#include <stdio.h>
#include "sum.h"

int sum(const int *list, int count) {
  int total = 0;
  for (int i = 0; i < count; i++) total += list[i];
  return total;
}

const char *root(int of) {
  static char text[32];
  snprintf(text, sizeof text, "%.3f", sqrt(of - 1.0));
  return text;
}
"""
# Bits, byte order and machine as readelf prints them.
FILES = {
    "amd64": (64, "little", "X86-64"), "arm64": (64, "little", "AArch64"), "386": (32, "little", "80386"),
    "arm": (32, "little", "ARM"), "riscv64": (64, "little", "RISC-V"), "ppc64le": (64, "little", "PowerPC64"),
    "s390x": (64, "big", "S/390"), "loong64": (64, "little", "LoongArch"),
    "mips64le": (64, "little", "MIPS"), "mipsle": (32, "little", "MIPS"),
}


def linux_targets():
    """Names of rows, with the oldest glibc of each."""
    page = subprocess.run([TENON, "docs", "targets"], capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^\| `(linux/[^`]+)`[^|]*\| ([^|]*) \|.*`GOARCH=(\w+)`", page, re.M)
    wanted = os.environ.get("TENON_TARGETS", "").split()
    return [row for row in rows if not wanted or row[0] in wanted]


class Targets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tenon-targets-"))
        for name, text in (("go.mod", "module example.com/app\n\ngo 1.21\n"), ("main.go", MAIN),
                           ("sum.h", HEADER), ("sum.c", SOURCE)):
            (cls.folder / name).write_text(text)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def build(self, target):
        out = self.folder / target.replace("/", "-").replace(":", "-")
        done = subprocess.run([TENON, "build", ".", "--target", target, "--smoke", "--json", "--out", out],
                              cwd=self.folder, capture_output=True, text=True, timeout=1200)
        document = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return next(path for path in out.rglob("app") if path.is_file()), document

    def check_file(self, path, goarch):
        bits, order, machine = FILES[goarch]
        header = subprocess.run(["readelf", "-hl", path], capture_output=True, text=True).stdout
        self.assertIn(f"ELF{bits}", header)
        self.assertIn(f"{order} endian", header)
        self.assertRegex(header, rf"Machine: .*{re.escape(machine)}")
        return header

    def test_musl_programs_run(self):
        for target, libcs, goarch in linux_targets():
            if "musl" not in libcs:
                continue
            with self.subTest(target):
                path, document = self.build(target + ":musl")
                self.assertNotIn("INTERP", self.check_file(path, goarch))
                bits, order, _ = FILES[goarch]
                output = self.run_here(path, goarch)
                if output is not None:
                    self.assertEqual(document["data"]["outputs"][0]["smoke"]["state"], "ok")
                    self.assertEqual(output.split(), [goarch, order, str(bits), "42", "1.414"])

    def run_here(self, path, goarch):
        own = {"x86_64": ("amd64", "386"), "aarch64": ("arm64",)}.get(os.uname().machine, ())
        names = {"amd64": "x86_64", "arm64": "aarch64", "386": "i386", "loong64": "loongarch64",
                 "mips64le": "mips64el", "mipsle": "mipsel"}
        qemu = shutil.which(f"qemu-{names.get(goarch, goarch)}-static")
        if goarch not in own and qemu is None:
            return None
        argv = [path] if goarch in own else [qemu, path]
        return subprocess.run(argv, capture_output=True, text=True, timeout=120).stdout

    def test_glibc_programs_name_the_loader_of_the_target(self):
        loaders = self.loaders()
        for target, libcs, goarch in linux_targets():
            if "glibc" not in libcs:
                continue
            with self.subTest(target):
                path, _ = self.build(target + ":gnu")
                self.assertIn(loaders[target], self.check_file(path, goarch))

    def loaders(self):
        # The psABI supplements and glibc's shlib-versions.
        return {"linux/amd64": "/lib64/ld-linux-x86-64.so.2", "linux/arm64": "/lib/ld-linux-aarch64.so.1",
                "linux/386": "/lib/ld-linux.so.2", "linux/arm/v7": "/lib/ld-linux-armhf.so.3",
                "linux/arm/v6": "/lib/ld-linux-armhf.so.3", "linux/arm/v5": "/lib/ld-linux.so.3",
                "linux/riscv64": "/lib/ld-linux-riscv64-lp64d.so.1", "linux/ppc64le": "/lib64/ld64.so.2",
                "linux/s390x": "/lib/ld64.so.1", "linux/mips64le": "/lib64/ld.so.1",
                "linux/loong64": "/lib64/ld-linux-loongarch-lp64d.so.1"}

    def test_freebsd_programs_are_those_of_freebsd(self):
        """Nothing here runs them. What they are is held against readelf and Go's own reader."""
        wanted = os.environ.get("TENON_TARGETS", "").split()
        for goarch in ("amd64", "arm64"):
            if wanted and f"freebsd/{goarch}" not in wanted:
                continue
            with self.subTest(goarch):
                path, document = self.build(f"freebsd/{goarch}")
                rows = document["data"]["outputs"][0]["gate"]
                self.assertEqual({row["state"] for row in rows}, {"ok"}, rows)
                self.assertIn("[Requesting program interpreter: /libexec/ld-elf.so.1]",
                              self.check_file(path, goarch))
                dynamic = subprocess.run(["readelf", "-d", path], capture_output=True, text=True).stdout
                needed = set(re.findall(r"NEEDED.*\[(.*)\]", dynamic))
                self.assertEqual(needed - {"libm.so.5"}, {"libc.so.7", "libthr.so.3"})
                notes = subprocess.run(["readelf", "-n", path], capture_output=True, text=True).stdout
                # __FreeBSD_version 1400xxx, little-endian.
                self.assertRegex(notes, r"FreeBSD\s+0x00000004\s+NT_VERSION[^\n]*\n\s+description data: \S\S 5[ef] 15 00")
                info = subprocess.run(["go", "version", "-m", path], capture_output=True, text=True).stdout
                self.assertIn("GOOS=freebsd", info)
                self.assertEqual(document["data"]["outputs"][0]["smoke"]["state"], "unknown")

    def test_arm_is_built_for_its_version(self):
        if not any(row[0] == "linux/arm/v6" for row in linux_targets()):
            self.skipTest("not in TENON_TARGETS")
        path, _ = self.build("linux/arm/v6")
        attributes = subprocess.run(["readelf", "-A", path], capture_output=True, text=True).stdout
        self.assertIn("v6", attributes)
        self.assertNotIn("Tag_CPU_arch: v7", attributes)
        info = subprocess.run(["go", "version", "-m", path], capture_output=True, text=True).stdout
        self.assertIn("GOARM=6", info)

    def test_the_page_is_that_of_the_program(self):
        source = os.environ.get("TENON_SOURCE")
        if not source:
            self.skipTest("TENON_SOURCE is not set")
        page = subprocess.run([TENON, "docs", "targets"], capture_output=True, text=True).stdout
        self.assertEqual((Path(source) / "docs/targets.md").read_text(), page)


if __name__ == "__main__":
    unittest.main()
