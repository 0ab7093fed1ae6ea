#!/usr/bin/env python3
"""tenon explain --fix: what it leaves behind, and how it stops. What it fixes is in tests/staged."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
NO_CC = 'cgo: C compiler "nocc" not found: exec: "nocc": executable file not found in $PATH'
NO_HEADER = "./m.go:3:11: fatal error: zlib.h: No such file or directory\ncompilation terminated."
MODULE = "module example.com/p\n\ngo 1.21\n"
UNUSED = MODULE + "\nrequire example.com/q v1.0.0\n\nreplace example.com/q => ./q\n"
MAIN = "package main\n\nfunc main() {}\n"


@unittest.skipUnless(shutil.which("go"), "needs go")
class Loop(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="fix-loop-"))
        self.addCleanup(shutil.rmtree, self.top, True)
        for name in ("home", "bin", "p", "p/q"):
            (self.top / name).mkdir()
        self.project, self.count = self.top / "p", self.top / "count"
        for name, text in (("go.mod", MODULE), ("main.go", MAIN), ("q/go.mod", MODULE.replace("/p", "/q"))):
            (self.project / name).write_text(text)
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("GO", "CGO_", "CC", "XDG_", "TENON_"))}
        self.env = {**keep, "HOME": str(self.top / "home"), "PATH": f"{self.top}/bin:{os.environ['PATH']}",
                    "GOENV": f"{self.top}/home/goenv", "GOTOOLCHAIN": "local", "GOFLAGS": ""}
        self.program("apt-file", "exit 1")  # nothing has the file

    def program(self, name, text):
        path = self.top / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    def apt_get(self, text):
        """What its index has is asked, too, and it has nothing."""
        self.program("apt-get", f'test "$1" != indextargets || exit 0\n{text}')

    def command(self, text):
        """It counts its runs; `text` decides how one ends."""
        return self.program("command", f"echo run >>{self.count}\n{text}")

    def runs(self):
        return self.count.read_text().count("run")

    def tenon(self, *words, **env):
        return subprocess.run([TENON, *words], cwd=self.project, env={**self.env, **env}, capture_output=True,
                              text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)

    def fix(self, *words, **env):
        done = self.tenon("explain", "--json", "--fix", *words, **env)
        return done, json.loads(done.stdout)["data"]["loop"]

    def test_dry_run_runs_once_and_shows_the_fix(self):
        command = self.command(f"echo '{NO_CC}' >&2; exit 3")
        done = self.tenon("explain", "--fix", "--dry-run", "--", command, CC="nocc")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(self.runs(), 1)
        self.assertIn("would try\n  unset CC\n", done.stderr)
        self.assertNotIn("trying", done.stderr)

    def test_dry_run_installs_and_edits_nothing(self):
        self.apt_get(f"echo apt >>{self.top}/apt")
        (self.project / "go.mod").write_text(UNUSED)
        command = self.command("echo 'go: updates to go.mod needed' >&2; exit 1")
        self.tenon("explain", "--fix", "--unsafe-fixes", "--dry-run", "--", command)
        command = self.command(f"echo '{NO_HEADER}' >&2; exit 1")
        self.tenon("explain", "--fix", "--unsafe-fixes", "--dry-run", "--", command)
        self.assertEqual(self.runs(), 2)
        self.assertFalse((self.top / "apt").exists())
        self.assertEqual((self.project / "go.mod").read_text(), UNUSED)

    def interrupted(self, *words, until, **env):
        """Ctrl-C of a terminal, which the whole process group gets, once the file is there."""
        child = subprocess.Popen([TENON, "explain", "--json", "--fix", *words], cwd=self.project,
                                 env={**self.env, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 start_new_session=True, stdin=subprocess.DEVNULL)
        limit = time.monotonic() + 60
        while not until.exists() and time.monotonic() < limit:
            time.sleep(0.02)
        self.assertTrue(until.exists(), "it never came so far")
        os.killpg(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=30)
        return child.returncode, json.loads(out)["data"]["loop"], err

    def test_ctrl_c_in_the_first_run_ends_the_loop(self):
        mark = self.top / "mark"
        command = self.command(f"echo '{NO_CC}' >&2; touch {mark}; exec sleep 60")
        code, loop, _ = self.interrupted("--", command, until=mark, CC="nocc")
        self.assertEqual((code, self.runs(), loop["rounds"], loop["script"]), (130, 1, [], None))

    def test_ctrl_c_in_the_run_after_a_fix_ends_the_loop(self):
        mark = self.top / "mark"
        command = self.command(f'test -n "$CC" || {{ touch {mark}; exec sleep 60; }}\necho \'{NO_CC}\' >&2; exit 1')
        code, loop, _ = self.interrupted("--", command, until=mark, CC="nocc")
        self.assertEqual((code, self.runs(), len(loop["rounds"]), loop["passed"]), (130, 2, 1, False))

    def test_ctrl_c_while_a_fix_installs_ends_the_loop(self):
        mark = self.top / "mark"
        self.program("dpkg-query", "exit 1")
        self.apt_get(f"touch {mark}; exec sleep 60")
        self.program("sudo", 'shift; exec "$@"')
        command = self.command(f"echo '{NO_HEADER}' >&2; exit 1")
        code, loop, _ = self.interrupted("--unsafe-fixes", "--", command, until=mark)
        self.assertEqual((code, self.runs(), len(loop["rounds"]), loop["passed"]), (130, 1, 1, False))

    def test_what_was_installed_can_be_removed(self):
        self.program("dpkg-query", "exit 1")
        self.program("sudo", 'shift; exec "$@"')
        self.apt_get(f'echo "$@" >>{self.top}/apt')
        command = self.command(f"grep -q install {self.top}/apt 2>/dev/null || {{ echo '{NO_HEADER}' >&2; exit 1; }}")
        done, loop = self.fix("--unsafe-fixes", "--", command)
        self.assertEqual(done.returncode, 0, done.stderr)
        undo = loop["rounds"][0]["fix"]["undo"]
        self.assertEqual(undo[undo.index("apt-get"):], ["apt-get", "remove", "-y", "zlib1g-dev"])
        self.tenon("doctor", "--undo", "--unsafe-fixes")
        self.assertEqual((self.top / "apt").read_text().splitlines()[-1], "remove -y zlib1g-dev")

    def test_what_is_there_is_neither_installed_nor_removed(self):
        self.program("dpkg-query", "echo installed")
        self.apt_get(f"echo apt >>{self.top}/apt")
        command = self.command(f"echo '{NO_HEADER}' >&2; exit 1")
        done, loop = self.fix("--unsafe-fixes", "--", command)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("install", json.dumps(loop["rounds"]))
        self.assertFalse(any(one["fix"]["undo"] for one in loop["rounds"]))
        self.assertFalse((self.top / "apt").exists())

    def test_go_mod_is_as_before_where_its_edit_does_not_help(self):
        (self.project / "go.mod").write_text(UNUSED)
        command = self.command("echo 'go: updates to go.mod needed' >&2; exit 1")
        done, loop = self.fix("--unsafe-fixes", "--", command)
        tidy = [one["result"] for one in loop["rounds"] if ["go", "mod", "tidy"] in one["fix"]["commands"]]
        self.assertEqual((done.returncode, tidy), (1, ["no effect"]), done.stderr)
        self.assertEqual((self.project / "go.mod").read_text(), UNUSED)
        self.assertFalse((self.project / "go.sum").exists())

    def test_an_edit_of_go_mod_that_helps_can_be_undone(self):
        (self.project / "go.mod").write_text(UNUSED)
        command = self.command("! grep -q require go.mod || { echo 'go: updates to go.mod needed' >&2; exit 1; }")
        done, loop = self.fix("--unsafe-fixes", "--", command)
        self.assertEqual((done.returncode, loop["files_changed"]), (0, True), done.stderr)
        self.assertNotIn("require", (self.project / "go.mod").read_text())
        self.tenon("doctor", "--undo")
        self.assertEqual((self.project / "go.mod").read_text(), UNUSED)

    def test_go_mod_is_not_edited_without_unsafe_fixes(self):
        (self.project / "go.mod").write_text(UNUSED)
        command = self.command("echo 'go: updates to go.mod needed' >&2; exit 1")
        self.fix("--", command)
        self.assertEqual((self.project / "go.mod").read_text(), UNUSED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
