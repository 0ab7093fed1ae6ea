#!/usr/bin/env python3
"""scripts/copy_headers.py: what was copied and is gone goes, and nobody else's file."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/copy_headers.py"


class CopyHeaders(unittest.TestCase):
    def test_a_header_that_is_gone_from_the_sources_goes(self):
        with tempfile.TemporaryDirectory() as top:
            source, target, record = Path(top) / "from", Path(top) / "to", Path(top) / "list"
            for path in (source / "a/old.h", source / "b/new.h", target / "b/other.h"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(path.name)
            command = [sys.executable, SCRIPT, source, target, record]
            subprocess.run(command, check=True, timeout=60)
            self.assertEqual((target / "a/old.h").read_text(), "old.h")
            (source / "a/old.h").unlink()
            subprocess.run(command, check=True, timeout=60)
            found = sorted(str(path.relative_to(target)) for path in target.rglob("*"))
            self.assertEqual(found, ["b", "b/new.h", "b/other.h"])


if __name__ == "__main__":
    unittest.main()
