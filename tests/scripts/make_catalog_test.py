"""scripts/make_catalog.py makes C++ of good entries, and names file and line of bad ones."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/make_catalog.py"

CODE = """\
[[code]]
code = "TN0201"
slug = "cgo/off"
severity = "error"
title = "cgo is off"
message = "{value} turns it off"
page = '''
[[code]] of a page is text
'''
"""
CAUSE = """\
[[cause]]
code = "TN2001"
slug = "cc/missing"
title = "No compiler"
happens = "It is not there."
tell = "Look."
fix = "Install one."
prevent = "Keep it."
"""


def make(**files):
    """Files by name; gives the exit code, standard error and what was written."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, text in files.items():
            paths.append(Path(folder, f"{name}.toml"))
            paths[-1].write_text(text, encoding="utf-8")
        out = Path(folder, "out")
        done = subprocess.run([sys.executable, str(SCRIPT), str(out), *map(str, paths)],
                              capture_output=True, text=True)
        written = {path.name: path.read_text() for path in out.glob("*")} if out.is_dir() else {}
    return done.returncode, done.stderr.replace(f"{folder}/", ""), written


def area(*entries):
    return 'prefix = "TN02"\n\n' + "\n".join(entries)


class Catalog(unittest.TestCase):
    def refused(self, said, **files):
        code, err, written = make(**files)
        self.assertEqual(code, 1, err)
        self.assertIn(said, err)
        self.assertNotIn("Traceback", err)
        self.assertEqual(written, {})

    def test_entries(self):
        code, err, written = make(cgo=area(CODE), cc=CAUSE)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("cgo_off,  // TN0201", written["codes.inc"])
        self.assertIn("cc_missing,  // TN2001", written["codes.inc"])
        self.assertIn('.slug = "cgo/off"', written["catalog.inc"])
        self.assertIn(".cause = &cause_cc_missing", written["catalog.inc"])

    def test_one_entry_for_what_is_both(self):
        cause = CAUSE.replace("TN2001", "TN0201").replace("cc/missing", "cgo/off")
        code, err, written = make(cgo=area(CODE), cc=cause)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(written["codes.inc"].count("cgo_off"), 1)

    def test_rows_of_causes_are_for_their_reader(self):
        rows = CAUSE + 'hides = ["a/b"]\n[[cause.when]]\nevent = "killed"\n'
        self.assertEqual(make(cc=rows)[0], 0)

    def test_duplicate_code(self):
        second = CODE.replace("cgo/off", "cgo/on")
        self.refused("cgo.toml:13: code TN0201 is", cgo=area(CODE, second))

    def test_duplicate_code_in_another_file(self):
        cause = CAUSE.replace("TN2001", "TN0201")
        self.refused("cc.toml:1: code TN0201 is cgo/off at cgo.toml:3", cgo=area(CODE), cc=cause)

    def test_duplicate_slug(self):
        second = CODE.replace("TN0201", "TN0202")
        self.refused("cgo.toml:13: slug cgo/off is taken by TN0201 at cgo.toml:3",
                     cgo=area(CODE, second))

    def test_slugs_with_one_name_in_cpp(self):
        first = CODE.replace("cgo/off", "cgo/no-c")
        second = CODE.replace("TN0201", "TN0202").replace("cgo/off", "cgo-no/c")
        self.refused("slug cgo-no/c is taken by TN0201", cgo=area(first, second))

    def test_bad_slug(self):
        self.refused("slug 'cgo/of/f' is not", cgo=area(CODE.replace("cgo/off", "cgo/of/f")))

    def test_unknown_field(self):
        self.refused("cgo.toml:3: 'sevrity' is no field of it",
                     cgo=area(CODE.replace("severity", "sevrity")))

    def test_missing_field(self):
        self.refused("cgo.toml:3: 'message' is missing",
                     cgo=area("".join(line for line in CODE.splitlines(keepends=True)
                                      if not line.startswith("message"))))
        self.refused("cc.toml:1: 'prevent' is missing", cc=CAUSE.replace("prevent", "prevents"))

    def test_wrong_type(self):
        self.refused("cgo.toml:3: 'title' is not a string",
                     cgo=area(CODE.replace('"cgo is off"', "7")))

    def test_long_title(self):
        self.refused("cgo.toml:3: the title has more than 60", cgo=area(
            CODE.replace("cgo is off", "x" * 61)))
        self.assertEqual(make(cgo=area(CODE.replace("cgo is off", "x" * 60)))[0], 0)

    def test_words(self):
        self.refused("cgo.toml:3: severity 'fatal' is none of",
                     cgo=area(CODE.replace('"error"', '"fatal"')))
        for key in ("group", "explains_c"):
            self.refused(f"cgo.toml:3: {key} 'moon' is none of",
                         cgo=area(CODE.replace("title", f'{key} = "moon"\ntitle')))

    def test_fix(self):
        self.refused("cgo.toml:3: fixes: safety 'sure' is none of",
                     cgo=area(CODE + '[[code.fixes]]\nsafety = "sure"\ntext = "x"\n'))
        self.refused("cgo.toml:3: fixes: 'text' is missing",
                     cgo=area(CODE + '[[code.fixes]]\nsafety = "safe"\n'))

    def test_prefix(self):
        self.refused("cgo.toml:3: TN0301 has not the prefix",
                     cgo=area(CODE.replace("TN0201", "TN0301")))

    def test_rival(self):
        self.refused("cc.toml:1: rival 'cc/none' is no cause", cc=CAUSE + 'rivals = ["cc/none"]\n')

    def test_not_toml(self):
        self.refused("cgo.toml:2: ", cgo='[[code]]\ncode = "TN0201\n')

    def test_other_table(self):
        self.refused("cgo.toml:12: 'codes' is neither code nor cause",
                     cgo=area(CODE) + "[[codes]]\n")


if __name__ == "__main__":
    unittest.main()
