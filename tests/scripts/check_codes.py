"""Every code of the catalogue is said by something, or is retired and said by nothing."""
import os
import re
import tomllib
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
SRC = ROOT / "src"

# A comparison asks for a code that something else has to make.
ASKED = re.compile(r"([=!]= *|case +)Code::(\w+)")
NAMED = re.compile(r"\bCode::(\w+)")


def tables():
    for folder in ("diag/catalog", "diagnose/causes"):
        for path in sorted((SRC / folder).glob("*.toml")):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            for kind in ("code", "cause"):
                yield from ((path.name, table) for table in data.get(kind, []))


def said():
    out = set()
    for path in SRC.rglob("*"):
        if path.suffix not in (".cpp", ".h"):
            continue
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        out |= set(NAMED.findall(ASKED.sub("", text)))
    return out


def silent_and_undead(entries, said_names):
    """Codes that nothing says, and retired ones that something says."""
    entries = list(entries)
    silent, undead = [], []
    # The row of a cause says its code without a line of C++, also where it shares that with a finding.
    rows = {table["code"] for _, table in entries if table.get("when")}
    for name, table in entries:
        enumerator = re.sub(r"[/-]", "_", table["slug"])
        says = enumerator in said_names or table["code"] in rows
        if table.get("retired"):
            undead += [f"{name}: {table['code']}"] if says else []
        elif not says:
            silent.append(f"{name}: {table['code']} {table['slug']}")
    return silent, undead


class Codes(unittest.TestCase):
    def test_every_code_is_said_or_retired(self):
        silent, undead = silent_and_undead(tables(), said())
        self.assertEqual(silent, [])
        self.assertEqual(undead, [])

    def test_the_check_itself(self):
        entries = [("a.toml", {"code": "TN0001", "slug": "a/b-c"}),
                   ("a.toml", {"code": "TN0002", "slug": "a/d", "retired": "since 1.0"})]
        self.assertEqual(silent_and_undead(entries, {"a_b_c"}), ([], []))
        row = ("b.toml", {"code": "TN0001", "slug": "a/b-c", "when": [{}]})
        self.assertEqual(silent_and_undead([*entries, row], set()), ([], []))
        self.assertEqual(silent_and_undead(entries, {"a_d"}), (["a.toml: TN0001 a/b-c"],
                                                              ["a.toml: TN0002"]))
        self.assertEqual(NAMED.findall(ASKED.sub("", "if (x == Code::a) y(Code::b);")), ["b"])


if __name__ == "__main__":
    unittest.main()
