#!/usr/bin/env python3
"""What was installed from the wheel builds a program for macOS that includes CoreFoundation, with tenon's own headers.

TENON names the installed program. It is run without the variables and tools of a checkout: what it needs has to have come with it.
Part `wheel` of scripts/nightly.sh makes the wheel, which takes long.
"""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = Path(os.environ["TENON"]).resolve()
SOURCE = """package main

/*
#cgo LDFLAGS: -framework CoreFoundation
#include <CoreFoundation/CoreFoundation.h>
static long length(void) { return CFStringGetLength(CFSTR("tenon")); }
*/
import "C"

func main() { println(C.length()) }
"""


class Wheel(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-wheel-"))
        self.addCleanup(shutil.rmtree, self.top, True)
        (self.top / "go.mod").write_text("module example.com/p\n\ngo 1.21\n")
        (self.top / "main.go").write_text(SOURCE)

    def test_a_program_with_core_foundation(self):
        go = Path(shutil.which("go")).parent
        environment = {"HOME": str(self.top / "home"), "PATH": f"{TENON.parent}:{go}:/usr/bin:/bin"}
        done = subprocess.run([TENON, "build", ".", "--target", "darwin/arm64", "--json"], cwd=self.top, env=environment,
                              capture_output=True, text=True, timeout=900, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("tenon's", json.dumps(json.loads(done.stdout)["data"]))
        program = self.top / "dist/darwin-arm64/p"
        self.assertEqual(program.read_bytes()[:4], b"\xcf\xfa\xed\xfe")
        said = subprocess.run([TENON, "inspect", "--json", program], env=environment, capture_output=True, text=True,
                              timeout=60, check=True).stdout
        needed = json.loads(said)["data"]["files"][0]["slices"][0]["needed"]
        self.assertTrue(any("CoreFoundation" in one for one in needed), needed)


if __name__ == "__main__":
    unittest.main()
