#!/usr/bin/env python3
"""tenon explain on files, pipes, folders and commands, in all its formats."""
import json
import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
LOG = """2024-01-31T12:00:00.1234567Z # github.com/mattn/go-sqlite3
2024-01-31T12:00:01.1234567Z cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH
2024-01-31T12:00:02.1234567Z make: *** [Makefile:3: build] Error 1
"""


def run(*args, **kwargs):
    return subprocess.run([TENON, *map(str, args)], capture_output=True, text=True, timeout=120,
                          check=False, **kwargs)


class Explain(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.log = Path(self.folder.name) / "build.log"
        self.log.write_text(LOG)

    def test_file_and_pipe(self):
        for done in (run("explain", self.log, "--json"), run("explain", "-", "--json", input=LOG)):
            self.assertEqual(done.returncode, 0)
            data = json.loads(done.stdout)["data"]
            best = data["candidates"][0]
            self.assertEqual((best["cause"], best["code"], best["evidence"]),
                             ("cc/not-installed", "TN2001", [2]))
            self.assertEqual(best["confidence"], "certain")
            self.assertTrue(best["fix"])
        text = run("explain", self.log).stdout
        self.assertIn("cc/not-installed", text)
        self.assertIn("line 2", text)
        self.assertIn("a consequence: make: ***", text)

    def test_unknown(self):
        self.log.write_text("all is well\n")
        done = run("explain", self.log, "--json")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(json.loads(done.stdout)["data"]["candidates"], [])
        self.assertEqual(run("explain", self.folder.name + "/nothing").returncode, 3)
        self.assertEqual(run("explain", self.log, "--format", "x").returncode, 3)

    def test_batch(self):
        (Path(self.folder.name) / "b.log").write_text("collect2: fatal error: ld terminated with signal 9\n")
        done = run("explain", "--batch", self.folder.name)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(r["file"], r["candidates"][0]["cause"]) for r in rows],
                         [("b.log", "resource/oom-linker"), ("build.log", "cc/not-installed")])

    def test_command(self):
        done = run("explain", "--", "sh", "-c", "echo out; cat \"$1\"; exit 7", "sh", self.log)
        self.assertEqual(done.returncode, 7)
        self.assertEqual(done.stdout, "out\n" + LOG)
        self.assertIn("cc/not-installed", done.stderr)
        done = run("explain", "--", "true")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_formats(self):
        sarif = json.loads(run("explain", self.log, "--format", "sarif").stdout)
        self.assertEqual(sarif["version"], "2.1.0")
        driver = sarif["runs"][0]["tool"]["driver"]
        result = sarif["runs"][0]["results"][0]
        self.assertEqual(driver["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        self.assertEqual(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2)
        self.assertIn(result["level"], ("error", "note", "warning", "none"))
        self.assertTrue(result["message"]["text"])
        github = run("explain", self.log, "--format", "github").stdout
        self.assertRegex(github, r"^::error title=TN2001 [^:]*::.+\n$")
        junit = xml.fromstring(run("explain", self.log, "--format", "junit").stdout)
        self.assertEqual(junit.find("testsuite").get("failures"), "1")

    def test_pages(self):
        listing = run("explain", "--list").stdout
        self.assertGreater(len(listing.splitlines()), 150)
        for word in ("cc/not-installed", "TN2001", "tn2001"):
            self.assertIn("What happens", run("explain", word).stdout)


if __name__ == "__main__":
    unittest.main()
