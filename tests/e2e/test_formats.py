#!/usr/bin/env python3
"""The forms of findings that every command has: SARIF against its schema, GitHub's annotations, JUnit, and what they
say beside the JSON of the same call."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import public_files  # noqa: E402
from small_macho import program  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

TENON = os.environ.get("TENON", "tenon")
LEVELS = {"error": "error", "warning": "warning", "note": "note"}
ANNOTATIONS = {"error": "error", "warning": "warning", "note": "notice"}


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.top = Path(folder.name)
        (cls.top / "text a%b").write_text("text\n")
        (cls.top / "unsigned").write_bytes(program())
        (cls.top / "state").mkdir()
        schema = public_files.file_of("npm", "@microsoft/jest-sarif@1.0.0-beta.0", "sarif-2.1.0-rtm.5.json")
        cls.schema = json.loads(schema.read_text()) if schema and jsonschema else None

    def run_tenon(self, *args, form=None):
        words = [TENON, *args, *(["--json"] if form is None else ["--format", form])]
        environment = {**os.environ, "HOME": str(self.top), "GOFLAGS": "-mod=odd"}
        return subprocess.run(words, cwd=self.top, env=environment, capture_output=True, text=True, timeout=120,
                              check=False)

    def check(self, *args):
        """All forms have the exit code of --json and its findings, each with code and severity."""
        plain = self.run_tenon(*args)
        report = json.loads(plain.stdout)
        wanted = [(one["code"], one["severity"]) for one in report["findings"]]
        if not report["ok"] and "error" not in {severity for _, severity in wanted}:
            wanted.append(("unknown/not-ok", "error"))

        done = self.run_tenon(*args, form="sarif")
        self.assertEqual(done.returncode, plain.returncode, done.stdout)
        sarif = json.loads(done.stdout)
        if self.schema is not None:
            jsonschema.validate(sarif, self.schema)
        results = sarif["runs"][0]["results"]
        rules = [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]]
        self.assertEqual([(one["ruleId"], one["level"]) for one in results],
                         [(code, LEVELS[severity]) for code, severity in wanted])
        self.assertEqual([rules[one["ruleIndex"]] for one in results], [one["ruleId"] for one in results])
        self.assertEqual(len(rules), len(set(rules)))

        done = self.run_tenon(*args, form="github")
        self.assertEqual(done.returncode, plain.returncode)
        lines = done.stdout.splitlines()
        self.assertEqual([re.match(r"::(\w+) ", line)[1] for line in lines],
                         [ANNOTATIONS[severity] for _, severity in wanted])
        for line, (code, _) in zip(lines, wanted):
            if code.startswith("TN"):
                self.assertIn(f"title={code} ", line)

        done = self.run_tenon(*args, form="junit")
        self.assertEqual(done.returncode, plain.returncode)
        suite = xml.fromstring(done.stdout).find("testsuite")
        self.assertEqual(suite.get("name"), "tenon " + args[0])
        cases = suite.findall("testcase")
        self.assertEqual(int(suite.get("tests")), len(cases))
        self.assertEqual(len(cases), max(1, len(wanted)))
        saved = {name: self.top / f"state/saved {name}" for name in ("sarif", "github", "junit")}
        saves = [word for name, path in saved.items() for word in ("--save", f"{name}={path}")]
        text = self.run_tenon(*args, *saves, form="text")
        self.assertEqual(text.returncode, plain.returncode, text.stderr)
        for name, path in saved.items():
            self.assertEqual(path.read_text(), self.run_tenon(*args, form=name).stdout, name)

        failures = [case.find("failure").get("type") for case in cases if case.find("failure") is not None]
        self.assertEqual(failures, [code for code, severity in wanted if severity == "error"])
        self.assertEqual(int(suite.get("failures")), len(failures))
        return wanted

    def test_every_command(self):
        for args in (("verify", "unsigned"), ("verify", "text a%b"), ("inspect", "unsigned"), ("inspect", "missing"),
                     ("load", "text a%b"), ("sign", "missing"), ("notarize", "--lint", "unsigned"),
                     ("staple", "text a%b"), ("doctor", "--no-probe"), ("bench", "missing", "missing"),
                     ("build", "missing", "--target", "darwin/arm64"), ("resolve", "localhost."), ("cache", "odd")):
            with self.subTest(args=args):
                wanted = self.check(*args)
                if args[0] in ("verify", "sign", "bench", "build", "cache"):
                    self.assertTrue(wanted, "this call has something to say")

    def test_a_place_is_a_file_with_a_line(self):
        done = self.run_tenon("verify", "text a%b", form="sarif")
        place = json.loads(done.stdout)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "text%20a%25b")

    def test_saved_while_a_command_passes_through(self):
        save = self.top / "state/command.github"
        script = "echo undefined: C.zot >&2; echo 'x.c:3:10: fatal error: zot.h: No such file or directory' >&2; exit 7"
        words = [TENON, "explain", "--no-project", "--save", f"github={save}", "--", "sh", "-c", script]
        done = subprocess.run(words, cwd=self.top, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 7)
        self.assertIn("zot.h", save.read_text())
        self.assertTrue(save.read_text().startswith("::error "), save.read_text())
        words[-1] = "true"
        done = subprocess.run(words, cwd=self.top, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((done.returncode, done.stdout, save.read_text()), (0, "", ""))

    def test_what_cannot_be_saved(self):
        for bad in ("yaml=x", "sarif", "sarif=", "=x"):
            done = self.run_tenon("verify", "unsigned", "--save", bad, form="text")
            self.assertEqual(done.returncode, 3, bad)
            self.assertIn("--save is sarif=FILE, github=FILE or junit=FILE", done.stderr + done.stdout)
        done = self.run_tenon("doctor", "--no-probe", "--fail-on", "never", "--save", "sarif=text a%b/no/file", form="text")
        self.assertEqual(done.returncode, 2)
        self.assertIn("text a%b/no/file", done.stderr)

    def test_what_is_no_form(self):
        for args in (("verify", "unsigned"), ("doctor",), ("explain", "-")):
            done = self.run_tenon(*args, form="yaml")
            self.assertEqual(done.returncode, 3)
            self.assertIn("--format is text, json, sarif, github or junit", done.stderr + done.stdout)
        done = self.run_tenon("inspect", "--symbols", "unsigned", form="sarif")
        self.assertEqual(done.returncode, 3)
        self.assertIn("a list has no findings", done.stdout)
        self.assertEqual(json.loads(self.run_tenon("verify", "unsigned", form="json").stdout)["command"], "verify")


if __name__ == "__main__":
    unittest.main()
