#!/usr/bin/env python3
"""What tenon prints of names and texts that somebody else wrote.

File names, names in archives and symbol tables, logs and recorded machines hold what terminals and
CI runners act on. None of it may come out of any command in any format as it went in, and a command
that is printed for copying names exactly the file that it is about, or says NAME.
"""
import io
import json
import os
import re
import shlex
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")

# Names that a file system takes. The second list can be given to a shell as they are.
HOSTILE = [
    b"a\n::error file=x::pwn",
    b"a\n0 errors",
    b"\x1b]0;title\x07",
    b"a\x1b[31mred",
    b"cr\rover",
    b"bell\x07",
    "rtl\u202efdp".encode(),
    "iso\u2066x\u2069".encode(),
    "marks\u200e\u200f\u061c".encode(),
    "line\u2028x\u2029y".encode(),
    b"c1\xc2\x9b31m",
    b"\xff\xfe-latin",
    b"::error::first",
    b"  ::warning::blanks",
    b"##[error]azure",
    b"x##vso[task.setvariable variable=a]b",
]
QUOTED = [
    b"-x",
    b"--",
    b"-rf$(touch PWN)",
    b"$(touch PWN)",
    b"`touch PWN`",
    b"a;touch PWN",
    b"a&touch PWN&",
    b"a|touch PWN",
    b"it's",
    b'say "x"',
    b"back\\slash",
    b"two words",
    b"*",
    b"~",
    b"${IFS}x",
    b"#x",
    b"!x",
    "\u00e4\u20ac".encode(),
]

SOME = HOSTILE[::3] + QUOTED[::5]

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\u0080-\u009f]")


def macho():
    """The header and the one load command of a program that is not signed."""
    header = struct.pack("<IiiIIIII", 0xFEEDFACF, 0x0100000C, 0, 2, 1, 72, 0, 0)
    segment = struct.pack("<II16sQQQQiiII", 0x19, 72, b"__TEXT", 0x100000000, 0x4000, 0, 0x4000,
                          5, 5, 0, 0)
    return (header + segment).ljust(0x4000, b"\0")


def archive(name):
    """A static library whose one member has the name, in the form of BSD."""
    body = name + b"\0" * (-len(name) % 8) + macho()
    head = b"#1/%-13d%-12d%-6d%-6d%-8o%-10d`\n" % (
        len(name) + -len(name) % 8, 0, 0, 0, 0o644, len(body))
    return b"!<arch>\n" + head + body


def run(*args, cwd=None, stdin=None):
    done = subprocess.run([TENON, *args], capture_output=True, timeout=120, check=False, cwd=cwd,
                          input=stdin,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(cwd or "/tmp")})
    return done


class Shown(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def make(self, name, data):
        path = os.fsencode(self.folder) + b"/" + name
        with open(path, "wb") as file:
            file.write(data)
        return path

    def harmless(self, done, allowed=()):
        """Nothing in either stream acts. `allowed`: beginnings of tenon's own workflow commands."""
        for stream in (done.stdout, done.stderr):
            text = stream.decode("utf-8")  # UTF-8, or this raises
            for line in text.split("\n"):
                start = line.lstrip()
                own = any(start.startswith(one) for one in allowed)
                self.assertFalse(start.startswith("::") and not own, line)
                self.assertNotIn("##[", line)
                self.assertNotIn("##vso[", line)
                for char in line:
                    self.assertTrue(char >= " " and char != "\x7f", ascii(line))
                self.assertIsNone(BIDI.search(line), ascii(line))
                self.assertNotEqual(line.strip(), "0 errors")
        return done

    def commands(self, done):
        """The commands that a text offers, and whether one says what NAME stands for."""
        lines = (done.stdout + done.stderr).decode().split("\n")
        return [line.strip()[2:] for line in lines if line.strip().startswith("$ ")], \
            any(line.strip().startswith("NAME: ") for line in lines)

    def words_given(self, command):
        """The arguments that a shell gives to tenon for the command, in a folder of its own."""
        with tempfile.TemporaryDirectory() as folder:
            stub = Path(folder) / "tenon"
            stub.write_text('#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done > words\n')
            stub.chmod(0o755)
            subprocess.run(["sh", "-c", command], cwd=folder, check=True, timeout=20,
                           env={"PATH": f"{folder}:/usr/bin:/bin"})
            self.assertEqual(sorted(os.listdir(folder)), ["tenon", "words"], command)
            return (Path(folder) / "words").read_bytes().split(b"\0")[:-1]


class Names(Shown):
    def test_commands_that_judge_files(self):
        for name in HOSTILE + QUOTED:
            with self.subTest(name=name):
                self.make(name, macho())
                here = b"./" + name
                for command in (["verify"], ["verify", "-v"], ["verify", "--for-distribution"],
                                ["inspect"], ["inspect", "--symbols"], ["inspect", "--sections"],
                                ["sign", "--dry-run"], ["sign"], ["verify", "--json"],
                                ["inspect", "--json"], ["sign", "--json"], ["explain"]):
                    self.harmless(run(*command, here, cwd=self.folder))
                    if name[:1] != b"-":
                        self.harmless(run(*command, name, cwd=self.folder))
                os.unlink(os.fsencode(self.folder) + b"/" + name)

    def test_files_that_are_text_gone_or_damaged(self):
        for name in SOME:
            with self.subTest(name=name):
                for data in (b"text\n", macho()[:40], None):
                    if data is not None:
                        self.make(name, data)
                    for command in (["verify"], ["inspect"], ["sign"], ["inspect", "--symbols"],
                                    ["inspect", "--diff", "x"], ["doctor", "--from"],
                                    ["explain", "--host"], ["explain", "--causes"],
                                    ["explain", "--project"], ["explain", "--batch"],
                                    ["sign", "--identity"], ["sign", "--entitlements"],
                                    ["explain", "--format"], ["verify", "--requirement"]):
                        self.harmless(run(*command, b"./" + name, cwd=self.folder))
                        self.harmless(run(*command, b"./" + name, "--json", cwd=self.folder))
                    if data is not None:
                        os.unlink(os.fsencode(self.folder) + b"/" + name)

    def test_folders_and_archives(self):
        for name in SOME:
            with self.subTest(name=name):
                inner = os.fsencode(self.folder) + b"/" + name + b".app/Contents/MacOS"
                os.makedirs(inner)
                with open(inner + b"/" + name, "wb") as file:
                    file.write(macho())
                for command in ("verify", "inspect", "sign"):
                    self.harmless(run(command, b"./" + name + b".app", cwd=self.folder))
                    self.harmless(run(command, "--json", b"./" + name + b".app", cwd=self.folder))
                self.make(b"lib.a", archive(name))
                for command in (["inspect"], ["inspect", "--symbols"], ["inspect", "--json"],
                                ["inspect", "--sections"], ["verify"], ["sign"]):
                    self.harmless(run(*command, "lib.a", cwd=self.folder))

    def test_arguments(self):
        for name in SOME:
            with self.subTest(name=name):
                for command in ([name], ["explain", name], ["build", "--target", name],
                                ["build", "--" + "x" + os.fsdecode(name)], ["docs", name],
                                ["completion", name], ["doctor", name], ["doctor", "--fail-on", name],
                                ["cc", "--target", name], ["watch", "--", b"./none-" + name],
                                ["explain", "--", b"./none-" + name], ["inspect", "--macos", name, "x"],
                                ["build", "--target", "linux/arm64", "--engine", name]):
                    command = [os.fsencode(word) for word in command]
                    self.harmless(run(*command, cwd=self.folder))

    def test_a_package_path(self):
        (self.folder / "go.mod").write_text("module example.com/m\n\ngo 1.21\n")
        for name in HOSTILE[:4] + QUOTED[:4]:
            with self.subTest(name=name):
                for options in ([], ["--json"], ["--dry-run"]):
                    self.harmless(run("build", "--target", "linux/arm64", *options, b"./" + name,
                                      cwd=self.folder))


class Commands(Shown):
    def test_a_command_names_exactly_that_file(self):
        for name in QUOTED:
            with self.subTest(name=name):
                self.make(name, macho())
                commands, placeholder = self.commands(run("verify", b"./" + name, cwd=self.folder))
                self.assertEqual(len(commands), 1)
                self.assertFalse(placeholder)
                given = self.words_given(commands[0])
                self.assertEqual(given, [b"sign", b"./" + name])
                self.assertEqual([os.fsencode(w) for w in shlex.split(commands[0])],
                                 [b"tenon", *given])

    def test_a_name_that_no_shell_can_be_given_is_shown_beside_NAME(self):
        for name in HOSTILE:
            with self.subTest(name=name):
                self.make(b"d" + name, macho())
                commands, placeholder = self.commands(run("verify", b"d" + name, cwd=self.folder))
                self.assertEqual(len(commands), 1)
                if not placeholder:  # harmless behind a letter
                    self.assertEqual(self.words_given(commands[0]), [b"sign", b"d" + name])
                    continue
                self.assertEqual(commands, ["tenon sign NAME"])

    def test_advice_for_a_mac(self):
        for name in QUOTED:
            with self.subTest(name=name):
                self.make(name, macho())
                done = run("verify", "--for-distribution", "--json", b"./" + name, cwd=self.folder)
                for command in json.loads(done.stdout)["data"]["distribution"][0]["commands"]:
                    self.assertEqual(os.fsencode(shlex.split(command)[-1]), b"./" + name)


# What a log may say, with a place for somebody's name.
LOGS = [
    "Package {} was not found in the pkg-config search path.",
    "Package '{}', required by 'y', not found",
    "# example.com/p\n./x.c:3:10: fatal error: {}.h: No such file or directory",
    "# example.com/p\n/usr/bin/ld: cannot find -l{}: No such file or directory",
    "p: invalid flag in #cgo LDFLAGS: {} (see https://go.dev/s/invalidflag)",
    'cgo: C compiler "{}" not found: exec: "{}": executable file not found in $PATH',
    "./p: error while loading shared libraries: {}: cannot open shared object file",
    "go: lookup {} on 127.0.0.1:53: no such host",
    "dial tcp: lookup {}: no such host",
    "# example.com/p\nld: library not found for -l{}",
    "# example.com/p\nundefined reference to `{}'",
    "ld: warning: directory not found for option '{}'\nld: building for macOS",
    "could not determine kind of name for C.{}",
    "error[TN0902]: {}: arm64 is not signed\n  fix: {}\n       $ {}",
]


class Logs(Shown):
    def check(self, text):
        log = self.make(b"build.log", text)
        self.harmless(run("explain", log, cwd=self.folder))
        done = self.harmless(run("explain", log, "--json", cwd=self.folder))
        answer = json.loads(done.stdout)
        for candidate in answer["data"]["candidates"]:
            for command in [*candidate["fix"], candidate["decide"] or "true"]:
                self.assertNotIn("\n", command)
                words = shlex.split(command)
                self.assertTrue(words, command)
                # A shell would start nothing else: outside of quotes there is no sign of its own.
                bare = re.sub(r"'[^']*'|\\'", "", command)
                self.assertIsNone(re.search(r"[;&|`$<>(){}\n]", bare), command)
        self.harmless(run("explain", log, "--format", "github", cwd=self.folder),
                      allowed=("::error title=", "::notice title=", "::error file=go.mod"))
        sarif = self.harmless(run("explain", log, "--format", "sarif", cwd=self.folder))
        json.loads(sarif.stdout)
        junit = self.harmless(run("explain", log, "--format", "junit", cwd=self.folder))
        xml.etree.ElementTree.parse(io.BytesIO(junit.stdout))
        self.harmless(run("explain", "-", cwd=self.folder, stdin=text))

    def test_names_in_a_log(self):
        values = [b"x;touch${IFS}PWN", b"$(touch\tPWN)", b"`touch PWN`", b"-oPWN", b"a'b", b'a"b',
                  b"x\x1b[31m", b"x\xe2\x80\xaey", b"\xff\xfe", b"::error::x", b"##[error]x", b"x\ry"]
        for log in LOGS:
            for value in values:
                with self.subTest(log=log, value=value):
                    self.check(log.encode().replace(b"{}", value) + b"\n")

    def test_the_name_of_the_log(self):
        text = b"Package openssl was not found in the pkg-config search path.\n"
        for name in SOME:
            with self.subTest(name=name):
                self.make(name, text)
                for form in ("text", "json", "sarif", "github", "junit"):
                    options = ["--json"] if form == "json" else ["--format", form]
                    self.harmless(run("explain", b"./" + name, *options, cwd=self.folder),
                                  allowed=("::error title=",))

    def test_what_decides_is_one_command(self):
        log = self.make(b"log", b"Package x;touch${IFS}PWN was not found in the pkg-config search path.\n")
        done = run("explain", log, "--json", cwd=self.folder)
        decides = json.loads(done.stdout)["data"]["candidates"][0]["decide"]
        self.assertEqual(shlex.split(decides), ["find", "/", "-name", "x;touch${IFS}PWN.pc"])


class Machines(Shown):
    def test_a_recorded_machine(self):
        recorded = self.folder / "host.json"
        run("doctor", "--no-probe", "--record", str(recorded), cwd=self.folder)
        facts = json.loads(recorded.read_text())
        for name in SOME:
            text = name.decode("utf-8", "replace")

            def changed(value):
                if isinstance(value, dict):
                    return {key: changed(each) for key, each in value.items()}
                if isinstance(value, list):
                    return [changed(each) for each in value]
                words = ("known", "absent", "unknown", "linux", "darwin", "amd64", "arm64")
                return value + text if isinstance(value, str) and value not in words else value

            recorded.write_text(json.dumps(changed(facts)))
            with self.subTest(name=name):
                for options in ([], ["-v"], ["--json"], ["--json", "--facts"]):
                    self.harmless(run("doctor", "--from", str(recorded), *options, cwd=self.folder))
                log = self.make(b"log", b"cgo: C compiler \"gcc\" not found: exec: \"gcc\": x\n")
                self.harmless(run("explain", log, "--host", str(recorded), cwd=self.folder))


class Once(Shown):
    def test_a_name_is_said_once(self):
        self.make(b"text", b"text\n")
        os.mkdir(self.folder / "empty")
        os.mkfifo(self.folder / "pipe")
        for command in (["verify"], ["sign"], ["inspect"], ["inspect", "--symbols"],
                        ["doctor", "--from"], ["sign", "--identity"], ["explain", "--project"]):
            for name in ("text", "missing", "empty", "pipe"):
                if name == "pipe" and command[0] in ("doctor", "inspect"):
                    continue  # read to its end: without a writer, a wait
                with self.subTest(command=command, name=name):
                    done = run(*command, name, *(["text"] if command[-1][0] == "-" else []),
                               cwd=self.folder)
                    for line in (done.stdout + done.stderr).decode().split("\n"):
                        named = re.findall(rf"(?<![\w/.-]){name}(?=/?:)", line)
                        self.assertLess(len(named), 2, line)
                        reasons = line.split(": ")
                        self.assertEqual(len(reasons), len(set(reasons)), line)


if __name__ == "__main__":
    unittest.main()
