"""Help, manual page and completions: there, complete and in agreement with one another."""
import os
import re
import resource
import shutil
import subprocess
import unittest
from pathlib import Path

TENON = os.environ["TENON"]


def run(*arguments, code=0):
    done = subprocess.run([TENON, *arguments], capture_output=True, text=True, timeout=30)
    if done.returncode != code:
        raise AssertionError(f"tenon {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return done.stdout


def listed_commands():
    """Names in the commands section of the overview."""
    section = re.search(r"^commands:?\n((?:[ \t]+.*\n)+)", run("--help"), re.I | re.M)
    return re.findall(r"^  (\w[\w+-]*)", section.group(1), re.M) if section else []


class Surface(unittest.TestCase):
    def test_version(self):
        self.assertRegex(run("--version"), r"^tenon \d+\.\d+\.\d+")

    def test_commands_are_listed(self):
        self.assertIn("build", listed_commands())
        self.assertIn("cc", listed_commands())

    def test_each_command_has_help(self):
        for command in listed_commands():
            with self.subTest(command=command):
                text = run(command, "--help")
                self.assertIn(f"tenon {command}", text)
                too_long = [line for line in text.splitlines() if len(line) > 100]
                self.assertEqual(too_long, [])

    def test_manual_page(self):
        page = run("man")
        self.assertRegex(page, r"(?m)^\.TH TENON 1")
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION"):
            self.assertRegex(page, rf'(?m)^\.SH "?{section}')
        for command in listed_commands():
            self.assertIn(command, page.replace("\\-", "-"))

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc")
    def test_manual_page_is_well_formed(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=run("man"),
                              capture_output=True, text=True)
        self.assertEqual(done.stdout + done.stderr, "")

    def test_completions(self):
        for shell in ("bash", "zsh", "fish"):
            script = run("completion", shell)
            for command in listed_commands():
                self.assertIn(command, script, shell)
            if shell != "fish" and shutil.which(shell):
                done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def test_unknown_command(self):
        run("bild", code=3)

    @unittest.skipIf(re.search(rb"__[at]san_init", Path(TENON).read_bytes()), "a sanitizer's memory")
    def test_too_little_memory_is_an_error_with_a_page(self):
        def little_memory():
            resource.setrlimit(resource.RLIMIT_AS, (40 << 20, 40 << 20))

        for flags in ([], ["--json"]):
            done = subprocess.run([TENON, "explain", "-", *flags], input=b"x" * (80 << 20),
                                  capture_output=True, timeout=60, preexec_fn=little_memory)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(b"TN0", done.stdout if flags else done.stderr)
            self.assertIn(b"not enough memory", done.stdout if flags else done.stderr)


if __name__ == "__main__":
    unittest.main()
