"""One version everywhere: CMakeLists.txt has it, all others take it from there or agree."""
import os
import re
import subprocess
import tomllib
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.search(r"^project\(tenon VERSION ([0-9]+\.[0-9]+\.[0-9]+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]
TENON = os.environ.get("TENON", "")


class Versions(unittest.TestCase):
    def test_the_python_package_reads_it(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        self.assertIn("version", project["project"]["dynamic"])
        reader = project["tool"]["scikit-build"]["metadata"]["version"]
        found = re.search(reader["regex"], (ROOT / reader["input"]).read_text())
        self.assertEqual(found["value"], VERSION)

    def test_the_changelog_has_a_section_for_it(self):
        headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
        self.assertEqual(headings[:2], ["Unreleased", VERSION])
        self.assertEqual(len(headings), len(set(headings)))

    def test_pages_name_this_release(self):
        count = 0
        for path in [ROOT / "README.md", ROOT / "README.zh.md", *(ROOT / "docs").rglob("*.md")]:
            for found in re.findall(r"(?:tenon@v|rev: v)([0-9][0-9.]*)", path.read_text(encoding="utf-8")):
                self.assertEqual(found, VERSION, path)
                count += 1
        self.assertGreaterEqual(count, 3)

    @unittest.skipUnless(TENON, "no tenon")
    def test_the_program_says_it(self):
        said = subprocess.run([TENON, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
        self.assertTrue(said.startswith(f"tenon {VERSION}"), said)


if __name__ == "__main__":
    unittest.main()
