#!/usr/bin/env python3
"""Messages of GNU ld, GNU as and glibc in every language that their catalogues on this machine have.

TENON names the program. The catalogues (/usr/share/locale) are the source of what the tools print;
a machine without them has nothing to compare.
"""
import gettext
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
LOCALES = Path("/usr/share/locale")

# catalogue, message, how the tool fills it, the event and the name that it is
MESSAGES = [
    ("ld", "%P: cannot find %s: %E\n", {"%P": "/usr/bin/ld", "%s": "-lsodium", "%E": "x"},
     "library_missing", "sodium"),
    ("ld", "%X%P: %C: undefined reference to `%pT'\n", {"%X": "", "%P": "/usr/bin/ld", "%C": "a.c:3",
                                                        "%pT": "vips_init"}, "symbol_undefined", "vips_init"),
    ("ld", "%X%P: %C: multiple definition of `%pT'", {"%X": "", "%P": "/usr/bin/ld", "%C": "a.c:3",
                                                     "%pT": "twice"}, "symbol_duplicate", "twice"),
    ("ld", "%F%P: %pB: file not recognized: %E\n", {"%F": "", "%P": "/usr/bin/ld", "%pB": "a.o", "%E": "x"},
     "file_format", ""),
]


def catalogues(domain):
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{domain}.mo")):
        with open(path, "rb") as file:
            yield path.parts[4], gettext.GNUTranslations(file)


def logs():
    for domain, message, fills, event, name in MESSAGES:
        for language, texts in catalogues(domain):
            text = texts.gettext(message)
            if text == message:
                continue
            for key, value in fills.items():
                text = text.replace(key, value)
            yield f"{domain}-{event}-{language}", text, event, name
    for language, texts in catalogues("libc"):
        text = texts.gettext("error while loading shared libraries")
        if text != "error while loading shared libraries":
            yield f"libc-loader-{language}", f"./app: {text}: libfoo.so.1: x", "library_not_loaded", "libfoo.so.1"
        text = texts.gettext("No such file or directory")
        if text != "No such file or directory":
            yield f"libc-header-{language}", f"main.go:3:10: #: sodium.h: {text}", "header_missing", "sodium.h"


class Locales(unittest.TestCase):
    def test_every_language_of_the_catalogues(self):
        cases = {name: rest for name, *rest in logs()}
        if not cases:
            self.skipTest("no catalogues on this machine")
        with tempfile.TemporaryDirectory() as folder:
            for name, (text, _, _) in cases.items():
                Path(folder, name + ".log").write_text(text.strip() + "\n", encoding="utf-8")
            done = subprocess.run([TENON, "explain", "--batch", folder], capture_output=True, text=True)
        seen = {row["file"][:-4]: row["events"] for row in map(json.loads, done.stdout.splitlines())}
        wrong = []
        for name, (text, event, captured) in cases.items():
            found = [one for one in seen.get(name, []) if one["kind"] == event]
            names = [value for one in found for value in one["names"].values()]
            if not found or not any(captured in value for value in names):
                wrong.append((name, text.strip(), seen.get(name)))
        self.assertEqual(wrong, [], f"{len(wrong)} of {len(cases)}")


if __name__ == "__main__":
    unittest.main()
