"""scripts/check_layers.py finds what it is for: a wrong include, a forbidden header, a cycle."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/check_layers.py"


def check(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, "src", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, str(SCRIPT), folder], capture_output=True, text=True)
    return done.returncode, done.stdout


class Layers(unittest.TestCase):
    def test_clean(self):
        code, _ = check({"base/a.h": "#include <vector>\n", "diag/b.h": '#include "base/a.h"\n'})
        self.assertEqual(code, 0)

    def test_upward(self):
        code, out = check({"base/a.h": '\n#include "diag/b.h"\n', "diag/b.h": ""})
        self.assertEqual(code, 1)
        self.assertIn("src/base/a.h:2: includes diag/b.h", out)

    def test_missing(self):
        self.assertEqual(check({"base/a.h": '#include "base/none.h"\n'})[0], 1)

    def test_outside(self):
        for folder, header, code in [
            ("inspect", "regex", 1),
            ("inspect", "nlohmann/json.hpp", 1),
            ("diag/render", "nlohmann/json.hpp", 0),
            ("diag", "CLI/CLI.hpp", 1),
            ("cli", "CLI/CLI.hpp", 0),
            ("host", "openssl/sha.h", 1),
        ]:
            with self.subTest(folder=folder, header=header):
                self.assertEqual(check({f"{folder}/a.cpp": f"#include <{header}>\n"})[0], code)

    def test_effects(self):
        for name, target, code in [
            ("watch/a.h", "host/b.h", 1),
            ("watch/run/a.h", "host/b.h", 0),
            ("machine/probe/a.h", "host/b.h", 0),
            ("machine/doctor/a.h", "machine/probe/b.h", 1),
            ("watch/a.h", "watch/run/b.h", 1),
            ("cli/a.h", "watch/run/b.h", 0),
            ("machine/run/a.h", "watch/run/b.h", 1),
        ]:
            with self.subTest(name=name, target=target):
                self.assertEqual(check({name: f'#include "{target}"\n', target: ""})[0], code)

    def test_cycle(self):
        code, out = check({"base/a.h": '#include "base/b.h"\n', "base/b.h": '#include "base/a.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn("cycle: base/a.h -> base/b.h -> base/a.h", out)

    def test_depth(self):
        self.assertEqual(check({"base/x/y/a.h": ""})[0], 1)


if __name__ == "__main__":
    unittest.main()
