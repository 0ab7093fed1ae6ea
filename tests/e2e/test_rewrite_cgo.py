#!/usr/bin/env python3
"""The pack cgo of tenon rewrite, from a log that fails to a build that passes. Each rule, and public modules: tests/rewrite/cgo.py."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
MODULE = "module example.com/m\n\ngo 1.22\n"
GAP = 'package main\n\n// #include <stdio.h>\n// static int answer(void) { return 42; }\n\nimport "C"\n\n' \
      "func main() { println(int(C.answer())) }\n"
EXPORT = 'package main\n\n/*\nextern int twice(int);\nint count = 21;\nint answer(void) { return twice(count); }\n*/\nimport "C"\n\n' \
         "//export twice\nfunc twice(n C.int) C.int { return 2 * n }\n\nfunc main() { println(int(C.answer())) }\n"


@unittest.skipUnless(shutil.which("go") and shutil.which("cc"), "needs go and a C compiler")
class Cgo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([TENON, "rewrite", "--list", "--json"], capture_output=True, check=True)
        if not json.loads(done.stdout)["data"]["parser"]:
            raise unittest.SkipTest("built without the parser")

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-rewrite-")).resolve()
        self.addCleanup(shutil.rmtree, self.top)
        self.env = {**os.environ, "XDG_STATE_HOME": str(self.top / "state"), "CGO_ENABLED": "1", "GOFLAGS": "", "LC_ALL": "C"}
        self.root = self.top / "m"
        self.write({"go.mod": MODULE})

    def write(self, files):
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def run_in(self, *argv):
        return subprocess.run(argv, cwd=self.root, env=self.env, capture_output=True, text=True, timeout=300, check=False)

    def tenon(self, *words):
        done = self.run_in(TENON, *words, "--json")
        return done.returncode, json.loads(done.stdout)

    def test_from_the_log_to_a_build_that_passes(self):
        cases = (({"main.go": GAP}, "TN2316", "cgo,preamble-gap,stdlib"), ({"main.go": EXPORT}, "TN2926", "cgo,export"))
        for files, code, rules in cases:
            with self.subTest(code):
                self.write(files)
                failed = self.run_in("go", "run", ".")
                self.assertNotEqual(failed.returncode, 0)
                (self.top / "log").write_text(failed.stderr)
                _, answer = self.tenon("explain", str(self.top / "log"))
                wanted = ["tenon", "rewrite", "--rules", rules, "."]
                self.assertIn(wanted, self.commands(answer))
                before = {path: path.read_bytes() for path in self.root.iterdir()}
                _, done = self.tenon("rewrite", "--rules", rules, ".", "--apply")
                self.assertEqual(done["data"]["sites"], 1)
                passed = self.run_in("go", "run", ".")
                self.assertEqual((passed.returncode, passed.stderr), (0, "42\n"))
                self.assertEqual(self.tenon("rewrite", "--rules", "cgo", ".")[1]["data"]["changed"], 0)
                self.tenon("rewrite", "--undo")
                self.assertEqual({path: path.read_bytes() for path in self.root.iterdir()}, before)

    def commands(self, value):
        """Every list of words in a document that begins with "tenon"."""
        if isinstance(value, dict):
            return [one for part in value.values() for one in self.commands(part)]
        if isinstance(value, list):
            own = [value] if value[:1] == ["tenon"] else []
            return own + [one for part in value for one in self.commands(part)]
        return []

    def test_fix_writes_it_and_the_command_passes(self):
        self.write({"main.go": GAP})
        done = self.run_in(TENON, "explain", "--json", "--fix", "--unsafe-fixes", "--", "go", "build", "-o", str(self.top / "out"), ".")
        loop = json.loads(done.stdout)["data"]["loop"]
        self.assertEqual(done.returncode, 0, loop)
        self.assertEqual((self.root / "main.go").read_text(), GAP.replace("}\n\nimport", "}\nimport"))

    def test_a_new_file_is_in_the_diff_and_not_over_another(self):
        self.write({"main.go": EXPORT})
        diff = self.run_in(TENON, "rewrite", "--rules", "cgo", ".").stdout
        self.assertIn("--- /dev/null\n+++ b/./cgo_main.c\n@@ -0,0 +1,5 @@\n+//go:build cgo\n", diff)
        self.write({"cgo_main.c": "int other;\n"})
        _, done = self.tenon("rewrite", "--rules", "cgo", ".")
        self.assertEqual((done["data"]["changed"], done["data"]["left"]), (0, 1))

    def test_rules_by_name(self):
        self.write({"main.go": GAP})
        for words, code in (("cgo,nosuch", 3), ("nosuch", 3), ("log4j-slf4j,fatal", 3), ("cgo,cgo/preamble-gap", 1), ("cgo,free", 0)):
            self.assertEqual(self.tenon("rewrite", "--rules", words, ".")[0], code, words)


if __name__ == "__main__":
    unittest.main()
