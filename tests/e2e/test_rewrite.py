#!/usr/bin/env python3
"""tenon rewrite as users and scripts call it. Public sources and javac's judgement: tests/rewrite/run.py."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
OLD = b"\xef\xbb\xbfpackage a;\r\n\r\nimport org.apache.log4j.Logger;\r\n\r\nclass A {\t// caf\xe9\r\n  Logger l = Logger.getLogger(A.class);\r\n" \
      b"  void m(Object o) { l.fatal(o); }\r\n}\r\n"
NEW = b"\xef\xbb\xbfpackage a;\r\n\r\nimport org.slf4j.Logger;\r\nimport org.slf4j.LoggerFactory;\r\n\r\nclass A {\t// caf\xe9\r\n" \
      b"  Logger l = LoggerFactory.getLogger(A.class);\r\n  void m(Object o) { l.error(String.valueOf(o)); }\r\n}\r\n"


class Rewrite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([TENON, "rewrite", "--list", "--json"], capture_output=True, check=True)
        if not json.loads(done.stdout)["data"]["parser"]:
            raise unittest.SkipTest("built without the parser")

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-rewrite-")).resolve()
        self.root = self.top / "src"
        self.root.mkdir()
        self.file = self.root / "A.java"
        self.file.write_bytes(OLD)

    def tearDown(self):
        shutil.rmtree(self.top)

    def run_tenon(self, *words, rules=True):
        env = {**os.environ, "XDG_STATE_HOME": str(self.top / "state"), "GIT_CONFIG_GLOBAL": "/dev/null"}
        pack = ("--rules", "log4j-slf4j") if rules else ()
        done = subprocess.run([TENON, "rewrite", *pack, *words, "--json"], cwd=self.top, env=env, capture_output=True, timeout=120,
                              check=False)
        return done.returncode, json.loads(done.stdout)

    def codes(self, document):
        return {finding["code"] for finding in document["findings"]}

    def test_dry_run_apply_second_run_and_undo(self):
        self.file.chmod(0o640)
        code, document = self.run_tenon("src")
        self.assertEqual((code, document["data"]["changed"], document["data"]["applied"]), (1, 1, False))
        self.assertEqual(self.file.read_bytes(), OLD)
        code, document = self.run_tenon("src", "--apply")
        self.assertEqual((code, document["data"]["written"]), (0, 1))
        self.assertEqual(self.file.read_bytes(), NEW)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o640)
        code, document = self.run_tenon("src", "--apply")
        self.assertEqual((code, document["data"]["changed"]), (0, 0))
        code, document = self.run_tenon("--undo", rules=False)
        self.assertEqual((code, self.file.read_bytes()), (0, OLD))
        self.assertEqual(self.run_tenon("--undo", rules=False)[1]["data"]["undone"], [])

    def test_the_diff_is_one_that_patch_takes(self):
        if shutil.which("patch") is None:
            self.skipTest("no patch")
        # With tabs and line ends of Windows; what a terminal must not get is escaped.
        self.file.write_bytes(OLD.replace(b"\xe9", b"e").replace(b"\xef\xbb\xbf", b""))
        env = {**os.environ, "XDG_STATE_HOME": str(self.top / "state")}
        done = subprocess.run([TENON, "rewrite", "--rules", "log4j-slf4j", "src"], cwd=self.top, env=env, capture_output=True, check=False)
        subprocess.run(["patch", "--binary", "-p1"], cwd=self.top, input=done.stdout, check=True, capture_output=True)
        self.assertEqual(self.file.read_bytes(), NEW.replace(b"\xe9", b"e").replace(b"\xef\xbb\xbf", b""))

    def test_nothing_of_the_kind_is_no_success(self):
        (self.top / "empty").mkdir()
        code, document = self.run_tenon("empty")
        self.assertEqual((code, self.codes(document)), (1, {"TN3006"}))
        self.file.write_text("class A {}\n")
        code, document = self.run_tenon("src")
        self.assertEqual((code, document["data"]["looked_at"], document["data"]["sites"]), (0, 1, 0))

    def test_what_could_not_be_read_is_told(self):
        (self.root / "B.java").write_bytes(OLD)
        code, document = self.run_tenon("src", "missing")
        self.assertEqual(code, 2)
        self.assertFalse(document["ok"])

    def test_links_are_not_followed(self):
        outside = self.top / "Outside.java"
        outside.write_bytes(OLD)
        (self.root / "L.java").symlink_to(outside)
        (self.root / "folder").symlink_to(self.top)
        code, document = self.run_tenon("src", "--apply")
        self.assertEqual((code, document["data"]["looked_at"]), (0, 1))
        self.assertEqual(outside.read_bytes(), OLD)
        code, document = self.run_tenon("src/L.java", "--apply")
        self.assertEqual((code, self.codes(document), outside.read_bytes()), (1, {"TN3005"}, OLD))

    def test_a_work_tree_with_changes_is_not_written(self):
        if shutil.which("git") is None:
            self.skipTest("no git")

        def git(*words):
            subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e", *words], cwd=self.root, check=True, capture_output=True)

        git("init", "-q")
        git("add", ".")
        git("commit", "-q", "-m", "m")
        self.file.write_bytes(OLD + b"// mine\r\n")
        code, document = self.run_tenon("src", "--apply")
        self.assertEqual((code, self.codes(document)), (1, {"TN3004"}))
        code, document = self.run_tenon("src", "--apply", "--allow-dirty")
        self.assertEqual((code, self.file.read_bytes()), (0, NEW + b"// mine\r\n"))

    def test_undo_keeps_later_edits(self):
        self.run_tenon("src", "--apply")
        self.file.write_bytes(NEW + b"// later\r\n")
        code, _ = self.run_tenon("--undo", rules=False)
        self.assertEqual((code, self.file.read_bytes()), (0, OLD + b"// later\r\n"))

    def test_a_check_that_fails_keeps_the_files(self):
        script = self.top / "check.sh"
        script.write_text("#!/bin/sh\n! grep -q slf4j A.java\n")
        script.chmod(0o755)
        code, document = self.run_tenon("src", "--apply", "--check", str(script))
        self.assertEqual((code, document["data"]["check"]["state"], self.file.read_bytes()), (1, "no", OLD))
        script.write_text("#!/bin/sh\nexit 0\n")
        code, document = self.run_tenon("src", "--check", str(script))
        self.assertEqual((code, document["data"]["check"]["state"]), (1, "yes"))
        script.write_text("#!/bin/sh\nexit 1\n")
        code, document = self.run_tenon("src", "--check", str(script))
        self.assertEqual(document["data"]["check"]["state"], "unknown")
        self.assertIn("TN3007", self.codes(document))

    def test_usage(self):
        for words in ((), ("--rules", "nosuch", "src"), ("--rules", "log4j-slf4j"), ("--rules", "log4j-slf4j", "src", "--apply", "--dry-run")):
            with self.subTest(words):
                self.assertEqual(self.run_tenon(*words, rules=False)[0], 3)


if __name__ == "__main__":
    unittest.main()
