#!/usr/bin/env python3
"""One trouble has one code and one fix, whoever is asked: `tenon build`, `tenon explain LOG` on logs
of tenon's own wrapper, of gcc and of clang, and `tenon explain` on what a build of tenon printed.

Eight modules of one file, each with one trouble; the logs are printed by the compilers themselves.
"""
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
TARGET = "linux/amd64"
C_CALL = 'import "C"\n\nfunc main() { C.f() }\n'
BODY = "// static int f(void) { return 1; }\n"

# name -> (source below "package main", code, what a command of the fix must hold; None: there is none)
TROUBLES = {
    "missing header": ('// #include <sodium.h>\nimport "C"\n\nfunc main() { C.sodium_init() }\n',
                       "TN2006", "sodium"),
    "missing library": ("// #cgo LDFLAGS: -lsodium\n" + BODY + C_CALL, "TN2007", "sodium"),
    "undefined C function": ('// int g(void);\nimport "C"\n\nfunc main() { C.g() }\n', "TN0408", "{{.CgoPkgConfig}}{{end}}"),
    "missing .pc": ("// #cgo pkg-config: nosuchlib\n" + BODY + C_CALL, "TN0608", "nosuchlib"),
    "#error": ("// #error no luck today\n" + C_CALL, "TN0604", None),
    "flag that loads code": ("// #cgo CFLAGS: -fplugin=x.so\n" + BODY + C_CALL, "TN2313", None),
    "undefined Go name": (BODY + 'import "C"\n\nfunc main() { C.f(); missing() }\n', "TN2701", None),
    "undeclared C name": ("// static int f(void) { return missing; }\n" + C_CALL, "TN0604", None),
}


def run(*words, cwd, env=None, **kwargs):
    full = {**os.environ, "GOPROXY": "off", "GOFLAGS": "-mod=mod", "CGO_ENABLED": "1", **(env or {})}
    for name in ("GOOS", "GOARCH"):
        full.pop(name, None)
    return subprocess.run(words, cwd=cwd, env=full, capture_output=True, text=True, timeout=900,
                          check=False, **kwargs)


class OneDiagnoser(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.root = Path(tempfile.mkdtemp(prefix="tenon-diagnosers-"))
        cls.addClassCleanup(shutil.rmtree, cls.root)
        for name, (source, _, _) in TROUBLES.items():
            folder = cls.folder(name)
            folder.mkdir()
            (folder / "go.mod").write_text("module example.com/p\n\ngo 1.21\n")
            (folder / "main.go").write_text("package main\n\n" + source)

    @classmethod
    def folder(cls, name):
        return cls.root / name.replace(" ", "-").strip("#.")

    def explained(self, name, log):
        # Of this machine, as the build is: commands of other systems are left out.
        done = run(TENON, "explain", "-", "--json", "--no-project", "--host", "here", cwd=self.folder(name), input=log)
        candidates = json.loads(done.stdout)["data"]["candidates"]
        self.assertTrue(candidates, f"{name}: unknown\n{log}")
        return candidates[0]

    def built(self, name):
        done = run(TENON, "build", ".", "--target", TARGET, "--json", cwd=self.folder(name))
        self.assertEqual(done.returncode, 1, done.stderr)
        return json.loads(done.stdout)["findings"][0]

    def expect(self, name, code, fix, commands):
        want = TROUBLES[name]
        self.assertEqual(code, want[1], name)
        self.assertTrue(fix, name)
        text = "\n".join(commands)
        if want[2] is None:
            self.assertEqual(commands, [], name)
        else:
            self.assertIn(want[2], text, name)
        self.assertNotIn(".*", text + fix)
        return code, fix, commands

    def answer_of_build(self, name):
        finding = self.built(name)
        fix = finding["fixes"][0]
        commands = [shlex.join(argv) for argv in fix["commands"]]
        return self.expect(name, finding["code"], fix["text"], commands)

    def answer_of_log(self, name, log):
        best = self.explained(name, log)
        return self.expect(name, best["code"], best["fix_text"], best["fix"])

    def go_build(self, name, cc):
        done = run("go", "build", "-o", os.devnull, ".", cwd=self.folder(name), env={"CC": cc})
        self.assertNotEqual(done.returncode, 0, name)
        return done.stderr

    def test_build_and_explain_agree(self):
        wrapper = run(TENON, "cc", "--target", TARGET, "--print-wrapper", cwd=self.root).stdout.strip()
        compilers = [wrapper, *filter(shutil.which, ("gcc", "clang-19"))]
        for name in TROUBLES:
            with self.subTest(name):
                want = self.answer_of_build(name)
                for compiler in compilers:
                    log = self.go_build(name, compiler)
                    self.assertEqual(self.answer_of_log(name, log), want, f"{name}, {compiler}\n{log}")

    def test_a_finding_of_tenon_is_the_answer(self):
        for name in TROUBLES:
            with self.subTest(name):
                want = self.answer_of_build(name)
                printed = run(TENON, "build", ".", "--target", TARGET, cwd=self.folder(name))
                log = printed.stdout + printed.stderr
                self.assertEqual(self.answer_of_log(name, log), want, log)
                line = next(i for i, text in enumerate(log.splitlines(), 1) if text.startswith("error[TN"))
                self.assertEqual(self.explained(name, log)["evidence"], [line])

    def test_explain_runs_tenon(self):
        name = "missing header"
        done = run(TENON, "explain", "--json", "--", TENON, "build", ".", "--target", TARGET,
                   cwd=self.folder(name))
        self.assertEqual(done.returncode, 1)
        document = json.loads(done.stdout)
        best = document["data"]["candidates"][0]
        self.assertEqual((best["code"], best["fix_text"], best["fix"]), self.answer_of_build(name))
        self.assertIn("error[TN2006]", done.stderr)

    def test_quotes_are_no_sign_of_macos(self):
        log = "# example.com/p\n./main.go:3:11: fatal error: 'sodium.h' file not found\n"
        self.assertEqual(self.explained("missing header", log)["cause"], "linux/dev-headers-missing")
        done = run(TENON, "explain", "-", "--json", "--no-project", "--host", "here", cwd=self.root, input=log)
        for candidate in json.loads(done.stdout)["data"]["candidates"]:
            self.assertFalse(any("homebrew" in command for command in candidate["fix"]))


if __name__ == "__main__":
    unittest.main()
