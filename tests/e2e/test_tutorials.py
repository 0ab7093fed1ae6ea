#!/usr/bin/env python3
"""The tutorial that needs neither a network nor a C library is run to the letter; scripts/nightly.sh runs all of them."""
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/tutorials"))
import run as tutorials  # noqa: E402


class Tutorials(unittest.TestCase):
    def test_what_counts_as_run(self):
        page = ("*Not run by us: needs a Mac.*\n\n```sh\na\n```\n\ntext\n\n```sh\nb\n# exit code 3\n```\n\n```text\nx ... z\n...\nend\n```\n"
                "\n```sh\nc\n```\n\nother\n\n```text\nnot of c\n```\n")
        blocks = tutorials.blocks_of(page)
        self.assertEqual([(one.run, one.exit_code, one.wanted) for one in blocks],
                         [(False, 0, None), (True, 3, "x ... z\n...\nend\n"), (True, 0, None)])
        wanted = tutorials.pattern(blocks[1].wanted)
        for text, right in (("x y z\nend\n", True), ("x  z\n1\n2\nend\n", True), ("x y z\nend\nmore\n", False), ("y z\nend\n", False)):
            self.assertEqual(bool(wanted.match(text)), right, text)

    def test_each_page_runs_something_and_shows_what_it_prints(self):
        for path in (ROOT / "docs/tutorials").glob("*.md"):
            if ".zh." in path.name:
                continue
            blocks = tutorials.blocks_of(path.read_text())
            self.assertGreaterEqual(sum(one.run for one in blocks), 5, path)
            self.assertGreaterEqual(sum(one.wanted is not None for one in blocks), 4, path)
            self.assertNotIn("...\n", [one.wanted for one in blocks], f"{path}: an output that anything fits")

    def test_go_build_hangs(self):
        done = subprocess.run([sys.executable, str(ROOT / "tests/tutorials/run.py"), "go-build-hangs"], capture_output=True, text=True,
                              timeout=300, check=False)
        if done.returncode == 77:
            self.skipTest(done.stdout.strip())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
