#!/usr/bin/env python3
"""tenon doctor on this machine: snapshots, hanging tools, fixes and the way back."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")


class Doctor(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.home = Path(self.folder.name).resolve() / "home"
        self.home.mkdir()
        self.goenv = self.home / "goenv"

    def run_doctor(self, *args, **changes):
        env = {**os.environ, "GOENV": str(self.goenv), "TENON_CACHE": str(self.home / "cache"),
               "XDG_CACHE_HOME": str(self.home / "xdg"),
               "XDG_STATE_HOME": str(self.home / "state"), **changes}
        for name in ("CC", "GOFLAGS", "CGO_ENABLED", "GOROOT", "GOOS", "GOARCH"):
            if name not in changes:
                env.pop(name, None)
        return subprocess.run([TENON, "doctor", *map(str, args)], capture_output=True, text=True, timeout=120,
                              check=False, env=env, cwd=self.home)

    def findings(self, *args, **changes):
        done = self.run_doctor("--json", *args, **changes)
        return {f["cause"]: f for f in json.loads(done.stdout)["findings"]}

    def test_snapshot_gives_the_same_findings_anywhere(self):
        self.goenv.write_text("GOFLAGS=-tags=netgo\nCGO_ENABLED=true\n")
        host = self.home / "host.json"
        self.assertEqual(self.run_doctor("--record", host, "--no-probe").returncode, 0)
        text = host.read_text()
        first = self.run_doctor("--from", host, "--json", "--facts")
        # Another machine: no PATH, no HOME, no settings.
        second = subprocess.run([TENON, "doctor", "--from", host, "--json", "--facts"], capture_output=True,
                                text=True, timeout=60, check=False, env={}, cwd="/")
        self.assertEqual(first.stdout, second.stdout)
        data = json.loads(first.stdout)
        causes = [f["cause"] for f in data["findings"]]
        self.assertIn("env/goflags-persisted", causes)
        self.assertIn("cgo/value-ignored", causes)
        for finding in data["findings"]:
            self.assertTrue(finding["evidence"] and finding["fixes"] and finding["code"])
        self.assertEqual(data["data"]["facts"], json.loads(text))

    def test_names_are_masked(self):
        host = self.home / "host.json"
        self.run_doctor("--record", host, "--no-probe", HOME=str(self.home), USER="zebrafish",
                        HTTPS_PROXY="http://name:secret@proxy.example:3128", TMPDIR="/tmp/zebrafish/x")
        text = host.read_text()
        for word in ("zebrafish", "secret", str(self.home)):
            self.assertNotIn(word, text)
        self.assertIn("proxy.example:3128", text)

    def test_decisions_agree_with_go(self):
        if shutil.which("go") is None:
            self.skipTest("no go")
        for changes in ({}, {"CGO_ENABLED": "0"}, {"GOARCH": "arm64", "GOOS": "linux"}, {"CGO_ENABLED": "maybe"},
                        {"CC": "/no/such/cc"}):
            env = {**os.environ, "GOENV": str(self.goenv), "GOTOOLCHAIN": "local"}
            for name in ("CC", "CGO_ENABLED", "GOOS", "GOARCH"):
                env.pop(name, None)
            env.update(changes)
            # `go env CGO_ENABLED` prints what was set; a file with import "C" shows what holds.
            (self.home / "go.mod").write_text("module m\n\ngo 1.18\n")
            (self.home / "c.go").write_text("package m\n\nimport \"C\"\n")
            listed = subprocess.run(["go", "list", "-e", "-f", "{{len .CgoFiles}}", "."], env=env, cwd=self.home,
                                    capture_output=True, text=True, timeout=60, check=False).stdout.strip()
            done = self.run_doctor("--json", "--no-probe", **changes)
            chosen = {d["name"]: d for d in json.loads(done.stdout)["data"]["decisions"]}
            self.assertEqual(chosen["CGO_ENABLED"]["value"], listed, changes)

    def test_programs_that_hang(self):
        tools = self.home / "bin"
        tools.mkdir()
        for name in ("go", "gcc", "clang", "cc", "zig", "pkg-config", "security", "xcode-select", "brew"):
            (tools / name).write_text("#!/bin/sh\ntrap '' INT TERM\nwhile :; do sleep 100; done\n")
            (tools / name).chmod(0o755)
        start = time.monotonic()
        done = self.run_doctor("--json", PATH=str(tools))
        self.assertLess(time.monotonic() - start, 20)  # a hang, not a measurement: bench has the figure
        self.assertEqual(done.returncode, 2, done.stdout)
        data = json.loads(done.stdout)
        compiler = next(g for g in data["data"]["groups"] if g["name"] == "C compiler")
        self.assertEqual(compiler["state"], "unknown")
        self.assertTrue(any("did not respond" in why for why in compiler["unknown"]))
        self.assertEqual([f for f in data["findings"] if f["severity"] == "error"], [])

    def test_what_was_declined_is_not_unknown(self):
        (self.home / "tmp").mkdir()
        done = self.run_doctor("--no-probe", "--json", TMPDIR=str(self.home / "tmp"), GOTOOLCHAIN="local")
        data = json.loads(done.stdout)
        compiler = next(g for g in data["data"]["groups"] if g["name"] == "C compiler")
        self.assertIn("cgo check declined", compiler["text"])
        self.assertEqual((done.returncode, compiler["unknown"]), (0, []), done.stdout)
        self.assertEqual(os.listdir(self.home / "tmp"), [])

    def test_a_cold_cache_gives_an_answer(self):
        done = self.run_doctor("--json", GOCACHE=str(self.home / "cold"), GOTOOLCHAIN="local")
        compiler = next(g for g in json.loads(done.stdout)["data"]["groups"] if g["name"] == "C compiler")
        self.assertIn("cgo check passed", compiler["text"], done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertFalse((self.home / "cold").exists())  # it builds into a cache of its own
        self.kept_program_is_believed_only_while_it_holds()

    def kept_program_is_believed_only_while_it_holds(self):
        program = self.home / "cache/doctor/program/probe"

        def probe(**changes):
            facts = json.loads(self.run_doctor("--json", "--facts", GOTOOLCHAIN="local", **changes).stdout)["data"]["facts"]
            return facts["compiler"]["probe"].get("value"), program.read_bytes()

        word, kept = probe()
        self.assertEqual((word, kept), probe())
        # Another compiler, which takes part in the link only: go alone would not build again.
        tools = self.home / "tools"
        tools.mkdir()
        linker = tools / "ld"
        linker.write_text(f"#!/bin/sh\nexec {shutil.which('ld')} \"$@\"\n")
        linker.chmod(0o755)
        path = f"{tools}:{os.environ['PATH']}"
        word, changed = probe(PATH=path)
        self.assertEqual(word, "works")
        self.assertNotEqual(changed, kept)
        # Something else under its name.
        program.write_text("#!/bin/sh\nexit 1\n")
        self.assertEqual(probe(PATH=path)[0], "works")
        # A go that can build no more.
        go = tools / "go"
        go.write_text("#!/bin/sh\ncase $1 in build) echo broken >&2; exit 1;; esac\n"
                      f"exec {shutil.which('go')} \"$@\"\n")
        go.chmod(0o755)
        self.assertEqual(probe(PATH=path)[0], "compile")

    def test_a_release_that_cannot_be_had_is_an_error(self):
        (self.home / "go.mod").write_text("module example.com/app\n\ngo 1.99\n")
        (self.home / "a.go").write_text("package app\n")
        for changes in ({"GOPROXY": "off"}, {"GOPROXY": "http://127.0.0.1:9"},
                        {"GOTOOLCHAIN": "go1.98.0+path", "GOPROXY": "https://proxy.example"}):
            done = self.run_doctor("--json", "--no-probe", **{"GOTOOLCHAIN": "auto", **changes})
            found = {f["cause"]: f["severity"] for f in json.loads(done.stdout)["findings"]}
            self.assertEqual(found.get("go/toolchain-out-of-reach"), "error", (changes, found))
            self.assertEqual(done.returncode, 1)
            if shutil.which("go"):
                env = {**os.environ, "GOENV": "off", "GOFLAGS": "", "GOTOOLCHAIN": "auto", **changes}
                built = subprocess.run(["go", "build", "./..."], env=env, cwd=self.home, capture_output=True,
                                       timeout=60, check=False)
                self.assertNotEqual(built.returncode, 0, changes)

    def test_nothing_on_path(self):
        (self.home / "empty").mkdir()
        found = self.findings(PATH=str(self.home / "empty"))
        self.assertEqual(sorted(found), ["cc/not-installed", "go/not-installed"])

    def test_fix_and_undo(self):
        before = "# mine\nGOFLAGS=-tags=netgo\nGOPROXY=https://example.com\nCGO_ENABLED=2\n"
        self.goenv.write_text(before)
        dry = self.run_doctor("--fix", "--dry-run", "--no-probe")
        self.assertEqual(dry.returncode, 1)
        self.assertIn("-GOFLAGS=-tags=netgo\n-CGO_ENABLED=2\n", dry.stdout)
        self.assertEqual(self.goenv.read_text(), before)
        done = self.run_doctor("--fix", "--no-probe")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.goenv.read_text(), "# mine\nGOPROXY=https://example.com\n")
        again = self.run_doctor("--fix", "--dry-run", "--no-probe")
        self.assertEqual((again.returncode, "nothing to change" in again.stdout), (0, True))
        self.assertEqual(self.run_doctor("--undo").returncode, 0)
        self.assertEqual(self.goenv.read_text(), before)
        self.assertIn("nothing to undo", self.run_doctor("--undo").stdout)

    def test_undo_keeps_what_was_written_after_fix(self):
        self.goenv.write_text("GOPROXY=https://example.com\nCGO_ENABLED=2\n")
        self.assertEqual(self.run_doctor("--fix", "--no-probe").returncode, 0)
        with self.goenv.open("a") as out:
            out.write("GOPRIVATE=example.com/mine\n")
        shutil.rmtree(self.home / "cache", ignore_errors=True)  # a cleaned cache is not the end of undo
        dry = self.run_doctor("--undo", "--dry-run")
        self.assertEqual(dry.returncode, 1, dry.stdout)
        self.assertNotIn("CGO", self.goenv.read_text())
        done = self.run_doctor("--undo")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("+GOPRIVATE=example.com/mine", done.stdout)
        self.assertEqual(sorted(self.goenv.read_text().splitlines()),
                         ["CGO_ENABLED=2", "GOPRIVATE=example.com/mine", "GOPROXY=https://example.com"])

    def test_undo_does_not_take_a_state_folder_that_it_cannot_look_at_for_nothing_to_undo(self):
        loop = self.home / "loop"
        loop.symlink_to(loop)
        done = self.run_doctor("--undo", "--json", XDG_STATE_HOME=str(loop))
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertNotIn("nothing to undo", done.stdout)
        self.assertIn(str(loop), done.stdout)

    def test_undo_of_a_line_that_was_changed_since_leaves_it_and_the_record(self):
        self.goenv.write_text("CGO_ENABLED=2\n")
        self.assertEqual(self.run_doctor("--fix", "--no-probe").returncode, 0)
        self.goenv.write_text("CGO_ENABLED=1\n")
        for _ in range(2):
            done = self.run_doctor("--undo", "--json")
            self.assertEqual(done.returncode, 2)
            one = json.loads(done.stdout)["data"]["undone"][0]
            self.assertEqual((one["not_restored"], one["kept"]), (["CGO_ENABLED=2"], ["+CGO_ENABLED=1"]))
            self.assertTrue(Path(one["record"]).is_file())
            self.assertEqual(self.goenv.read_text(), "CGO_ENABLED=1\n")

    def test_unsafe_fix_of_a_settings_file_is_undone(self):
        tools = self.home / "bin"
        tools.mkdir()
        for name in ("clang", "ld"):
            (tools / name).write_text("#!/bin/sh\nexit 0\n")
            (tools / name).chmod(0o755)
        changes = {"PATH": str(tools)}
        done = self.run_doctor("--unsafe-fixes", "--no-probe", **changes)
        self.assertIn("CC=clang", self.goenv.read_text(), done.stdout)
        self.assertEqual(self.run_doctor("--undo", **changes).returncode, 0)
        self.assertFalse(self.goenv.exists())

    def shell_fix(self, text, **changes):
        """--shell-files on a .bashrc, and what came of it."""
        rc = self.home / ".bashrc"
        rc.write_text(text)
        changes = {"HOME": str(self.home), "CGO_ENABLED": "0", **changes}
        done = self.run_doctor("--fix", "--shell-files", "--no-probe", **changes)
        after = rc.read_text()
        self.assertEqual(subprocess.run(["bash", "-n", rc], check=False).returncode,
                         subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode, after)
        if after != text:
            self.assertEqual(self.run_doctor("--undo", **changes).returncode, 0)
            self.assertEqual(rc.read_text(), text)
        return done, after

    def test_start_up_files_stay_files_that_the_shell_accepts(self):
        line = "export CGO_ENABLED=0"
        for text in (f"if [ -d /opt ]; then\n{line}\nfi\n", f"f() {{\n{line}\n}}\nf\n",
                     f"for i in 1; do\n{line}\ndone\n", f"case a in\na)\n{line}\n;;\nesac\n",
                     f"true &&\n{line}\n", f"if true\nthen\n\t{line}\nelse\n{line}\nfi", f"{{\n{line}\n}}\n"):
            done, after = self.shell_fix(text)
            self.assertNotEqual(after, text, done.stdout)
            self.assertEqual(after.count(": # " + line) > 0, True, after)
        self.assertEqual(self.shell_fix(line + "\n")[1], "# " + line + "\n")

    def test_lines_that_are_no_commands_are_left_alone_and_named(self):
        line = "export CGO_ENABLED=0"
        for text in (f"cat <<EOF\n{line}\nEOF\n", f"cat <<-'X Y'\n\t{line}\n\tX Y\n", f"a='\n{line}\n'\n",
                     f"{line} \\\n  GOOS=linux\n", f"{line}\nif true; then\n"):
            done, after = self.shell_fix(text)
            self.assertEqual(after, text)
            self.assertIn(f"left alone: {self.home}/.bashrc:", done.stdout)
            self.assertEqual(done.returncode, 2)

    def test_a_shell_that_hangs_is_not_waited_for(self):
        tools = self.home / "bin"
        tools.mkdir()
        (tools / "bash").write_text("#!/bin/sh\ntrap '' INT TERM\nsleep 100\n")
        (tools / "bash").chmod(0o755)
        start = time.monotonic()
        rc = self.home / ".bashrc"
        rc.write_text("export CGO_ENABLED=0\n")
        done = self.run_doctor("--fix", "--shell-files", "--no-probe", HOME=str(self.home), CGO_ENABLED="0",
                               SHELL=str(tools / "bash"))
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn("bash -n did not answer", done.stdout)
        self.assertEqual(rc.read_text(), "export CGO_ENABLED=0\n")

    def test_no_place_for_the_record_means_no_fix(self):
        self.goenv.write_text("CGO_ENABLED=2\n")
        for state in ("/proc/nowhere", str(self.goenv)):
            done = self.run_doctor("--fix", "--no-probe", XDG_STATE_HOME=state)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertEqual(self.goenv.read_text(), "CGO_ENABLED=2\n")

    def test_project(self):
        (self.home / "go.mod").write_text("module example.com/app\n\ngo 1.21\n")
        (self.home / "a.go").write_text("package app\n\n// #cgo pkg-config: vips\nimport \"C\"\n")
        (self.home / "b_windows.go").write_text("package app\n\nimport \"example.org/not/there\"\n")
        done = self.run_doctor("--json", "--facts", "--no-probe", CGO_ENABLED="0")
        data = json.loads(done.stdout)
        self.assertEqual(data["data"]["facts"]["project"]["cgo"]["value"],
                         [{"path": "example.com/app", "pc": ["vips"], "libraries": [], "folders": [], "fallback": False,
                           "frameworks": [], "cxx": False, "missing": [], "said": ""}])
        self.assertIn("cgo/disabled-needs-cgo", [f["cause"] for f in data["findings"]])
        self.assertEqual(done.returncode, 1)
        self.assertNotEqual(self.run_doctor("--no-probe", "--fail-on", "never", CGO_ENABLED="0").returncode, 1)

    def test_what_is_shown_is_what_is_recorded(self):
        self.goenv.write_text("CGO_ENABLED=yes\n")
        host = self.home / "host.json"
        changes = {"HOME": str(self.home), "USER": "zebrafish", "GOROOT": str(self.home / "go"),
                   "CGO_LDFLAGS": "-L/opt/homebrew/Cellar/vips/8.1/lib"}
        self.assertEqual(self.run_doctor("--record", host, "--no-probe", **changes).returncode, 0)
        here = json.loads(self.run_doctor("--json", "--no-probe", **changes).stdout)["findings"]
        there = json.loads(self.run_doctor("--json", "--from", host).stdout)["findings"]
        self.assertEqual(here, there)
        self.assertIn("goroot/relative-or-wrong-goroot", [f["cause"] for f in there])

    def test_secrets_stay_here(self):
        host = self.home / "host.json"
        self.run_doctor("--record", host, "--no-probe",
                        GOPROXY="https://anna:hunter2@proxy.example/x,https://t0k3n@other.example,direct",
                        GOFLAGS="-ldflags=-X=main.apiToken=s3cr3t",
                        ALL_PROXY="socks5://anna:hunter2@socks.example:1080",
                        PKG_CONFIG_PATH="/home/berta/pc:/Users/carl/pc")
        text = host.read_text()
        for word in ("anna", "hunter2", "t0k3n", "s3cr3t", "berta", "carl"):
            self.assertNotIn(word, text)
        for word in ("proxy.example/x", "other.example", "main.apiToken", "/home/user/pc"):
            self.assertIn(word, text)

    def test_old_and_new_snapshots(self):
        host = self.home / "host.json"
        self.run_doctor("--record", host, "--no-probe", CGO_ENABLED="maybe")
        full = json.loads(host.read_text())
        causes = [f["cause"] for f in json.loads(self.run_doctor("--json", "--from", host).stdout)["findings"]]
        full["of_another_release"] = {"state": "known"}
        full["system"]["of_another_release"] = 7
        for name in ("shell", "shell_goarch", "container", "threads_refused", "day", "shell_translated"):
            full["system"].pop(name, None)
        full["settings"].pop("shell_lines")
        full["settings"].pop("missing")
        for name in ("linker", "linker_kind", "linker_version", "other"):
            full["compiler"].pop(name)
        host.write_text(json.dumps(full))
        done = self.run_doctor("--json", "--from", host)
        self.assertEqual([f["cause"] for f in json.loads(done.stdout)["findings"]], causes)

    def test_start_up_files_only_when_asked(self):
        rc = self.home / ".zshrc"
        before = "alias x=y\nexport CGO_ENABLED=0\nif true; then\n  export GOROOT=/no/such\nfi\n"
        rc.write_text(before)
        rc.chmod(0o640)
        changes = {"HOME": str(self.home), "CGO_ENABLED": "0", "GOROOT": "/no/such"}
        found = self.findings("--no-probe", **changes)
        self.assertIn("~/.zshrc:2", [e["where"] for e in found["cgo/off-by-setting"]["evidence"]])
        self.assertIn("~/.zshrc:4", [e["where"] for e in found["goroot/relative-or-wrong-goroot"]["evidence"]])
        for args in (("--fix",), ("--fix", "--unsafe-fixes", "--dry-run")):
            done = self.run_doctor(*args, "--no-probe", **changes)
            self.assertIn("need --shell-files", done.stdout)
            self.assertEqual(rc.read_text(), before)
        dry = self.run_doctor("--fix", "--shell-files", "--dry-run", "--no-probe", **changes)
        self.assertEqual(dry.returncode, 1)
        self.assertIn("-export CGO_ENABLED=0\n+# export CGO_ENABLED=0\n", dry.stdout)
        self.assertEqual(rc.read_text(), before)
        self.assertEqual(self.run_doctor("--fix", "--shell-files", "--no-probe", **changes).returncode, 0)
        self.assertEqual(rc.read_text(), before.replace("export CGO", "# export CGO")
                         .replace("  export GOROOT", "  : # export GOROOT"))
        subprocess.run(["sh", "-n", rc], check=True)
        self.assertEqual(rc.stat().st_mode & 0o777, 0o640)
        self.assertEqual(self.run_doctor("--undo").returncode, 0)
        self.assertEqual(rc.read_text(), before)

    def test_programs_that_misbehave(self):
        tools = self.home / "bin"
        tools.mkdir()
        for body in ("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyy; done", "exec >&- 2>&-; /bin/sleep 100",
                     "/bin/sleep 30 & exit 0", "kill -9 $$", "printf '\\377\\000\\033[31m'"):
            for name in ("go", "gcc", "clang", "cc", "zig", "pkg-config", "ld", "aarch64-linux-gnu-gcc"):
                (tools / name).write_text("#!/bin/sh\n" + body + "\n")
                (tools / name).chmod(0o755)
            done = self.run_doctor("--json", PATH=str(tools))
            data = json.loads(done.stdout)
            self.assertNotIn("cc/not-installed", [f["cause"] for f in data["findings"]], body)
            self.assertEqual([f for f in data["findings"] if f["severity"] == "error"], [], body)

    def test_files_that_are_none(self):
        (self.home / ".bashrc").mkdir()
        for name in (".zshrc", "goenv", "pipe.go"):
            os.mkfifo(self.home / name)
        (self.home / "go.mod").write_text("module m\n")
        tools = self.home / "bin"
        tools.mkdir()
        os.mkfifo(tools / "gcc", 0o755)
        (tools / "go").mkdir()
        done = self.run_doctor("--json", HOME=str(self.home), PATH=str(tools))
        groups = {g["name"]: g for g in json.loads(done.stdout)["data"]["groups"]}
        self.assertTrue(any("goenv cannot be read" in why for why in groups["Go"]["unknown"]))

    def test_other_targets(self):
        (self.home / "go.mod").write_text("module example.com/app\n\ngo 1.21\n")
        (self.home / "a.go").write_text("package app\n\n// #cgo pkg-config: vips >= 8.10 zlib\n"
                                        "// #cgo darwin LDFLAGS: -framework Foundation\nimport \"C\"\n")
        (self.home / "go.work").write_text("go 1.21\n\nuse .\n")
        data = json.loads(self.run_doctor("--json", "--facts", "--no-probe").stdout)["data"]
        self.assertEqual(data["facts"]["project"]["cgo"]["value"][0]["pc"], ["vips", "zlib"])
        self.assertTrue(data["facts"]["project"]["work"]["value"].endswith("go.work"))
        targets = {t["target"]: t for t in data["targets"]}
        self.assertEqual(targets["darwin/arm64"]["packages"], ["example.com/app"])
        self.assertTrue(any("framework Foundation" in n for n in targets["darwin/arm64"]["needs"]))
        self.assertIn(targets["linux/arm64" if "linux/arm64" in targets else "linux/amd64"]["state"],
                      ("ready", "missing"))

    def test_last_line_counts_each_finding(self):
        host = self.home / "host.json"
        self.run_doctor("--record", host, "--no-probe", PATH="/usr/bin:/bin")
        facts = json.loads(host.read_text())
        facts["system"]["threads_refused"].update(state="known", value=True)
        facts["identities"]["list"] = {"state": "known", "source": "here", "value": [
            {"name": "Developer ID Application: Example", "not_after": "2020-01-31", "expired": True}]}
        host.write_text(json.dumps(facts))
        data = json.loads(self.run_doctor("--from", host, "--json").stdout)
        groups = {g["name"]: g["state"] for g in data["data"]["groups"]}
        self.assertEqual((groups["System"], groups["Identities"]), ("error", "warning"))
        self.assertNotIn(groups.get("Network"), ("error", "warning"))
        text = self.run_doctor("--from", host).stdout
        states = list(groups.values())
        self.assertIn(f"{states.count('error')} with errors, {states.count('warning')} with warnings", text)

    def test_identities_that_end(self):
        """A recorded Mac, judged by its own day; certificates whose days are not known are not in order."""
        host = self.home / "host.json"
        self.run_doctor("--record", host, "--no-probe", PATH="/usr/bin:/bin")
        facts = json.loads(host.read_text())
        facts["system"]["day"] = {"state": "known", "source": "clock", "value": "2026-11-30"}
        first, second = "Developer ID Certification Authority", "Developer ID Certification Authority G2"

        def judged(**identity):
            facts["identities"]["list"] = {"state": "known", "source": "here", "value": [
                {"name": "Developer ID Application: Example", "expired": False, **identity}]}
            host.write_text(json.dumps(facts))
            report = json.loads(self.run_doctor("--from", host, "--json").stdout)
            state = next((g["state"] for g in report["data"]["groups"] if g["name"] == "Identities"), None)
            return [(f["code"], f["subject"]) for f in report["findings"] if f["code"] in ("TN0805", "TN1009")], state

        name = "Developer ID Application: Example"
        self.assertEqual(judged(not_after="2030-01-01", issuer=second)[0], [])
        self.assertEqual(judged(not_after="2027-02-28", issuer=second), ([("TN0805", name)], "warning"))
        self.assertEqual(judged(not_after="2026-11-29", issuer=second), ([("TN1009", name)], "warning"))
        # Recorded before tenon read the issuer's own certificate.
        self.assertEqual(judged(not_after="2027-02-01", issuer=first),
                         ([("TN0805", name), ("TN0805", first)], "warning"))

    def test_bad_use(self):
        bad = self.home / "bad.json"
        for text in ("", "{", "[]", "{\"snapshot\": 99}", "[" * 10000):
            bad.write_text(text)
            done = self.run_doctor("--from", bad)
            self.assertEqual((done.returncode, done.stdout), (3, ""), text[:20])
            self.assertIn("TN0105", done.stderr)
        self.assertEqual(self.run_doctor("--from", self.home / "nothing").returncode, 3)
        self.assertEqual(self.run_doctor("--fail-on", "often").returncode, 3)
        self.assertEqual(self.run_doctor("--from", bad, "--fix").returncode, 3)
        self.assertEqual(self.run_doctor("--shell-files").returncode, 3)


if __name__ == "__main__":
    unittest.main()
