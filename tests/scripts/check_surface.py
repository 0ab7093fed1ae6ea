"""Help, manual page and completions: there, complete and in agreement with one another."""
import os
import re
import resource
import shutil
import subprocess
import tempfile
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

    def completed(self, *words):
        """What bash offers for the last word."""
        program = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tenon 2> /dev/null; '
                   'printf "%s\\n" "${COMPREPLY[@]}"')
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "lib").mkdir()
            (Path(folder) / "lib file").write_text("")
            (Path(folder) / "script").write_text(run("completion", "bash"))
            done = subprocess.run(["bash", "-c", program, "bash", "./script", *words], cwd=folder, capture_output=True,
                                  text=True, timeout=30)
        return set(done.stdout.split("\n")) - {""}

    @unittest.skipUnless(shutil.which("bash"), "no bash")
    def test_bash_offers_files_values_and_options(self):
        self.assertEqual(self.completed("tenon", "inspect", "li"), {"lib", "lib file"})
        self.assertEqual(self.completed("tenon", "build", "--out", "li"), {"lib"})
        self.assertEqual(self.completed("tenon", "build", "--engine", "zi"), {"zig"})
        self.assertEqual(self.completed("tenon", "build", "--engine", "=", "zi"), {"zig"})
        self.assertEqual(self.completed("tenon", "explain", "--format", "sar"), {"sarif"})
        self.assertIn("linux/arm64,darwin/arm64", self.completed("tenon", "build", "--target", "linux/arm64,dar"))
        self.assertEqual(self.completed("tenon", "verify", "--require", "runtime,no"),
                         {"runtime,no-get-task-allow", "runtime,not-expired"})
        self.assertEqual(self.completed("tenon", "doctor", "--save", "sar"), {"sarif="})
        self.assertEqual(self.completed("tenon", "inspect", "--siz"), {"--size"})
        self.assertEqual(self.completed("tenon", "cc", "--js"), set())
        self.assertIn("TN0101", self.completed("tenon", "explain", "TN010"))
        self.assertEqual(self.completed("tenon", "completion", "f"), {"fish"})

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish_offers_files_and_values(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "lib").mkdir()
            (Path(folder) / "libfile").write_text("")
            (Path(folder) / "script").write_text(run("completion", "fish"))
            for line, wanted in (("tenon inspect li", {"lib/", "libfile"}), ("tenon build --out li", {"lib/"}),
                                 ("tenon build --engine zi", {"zig"}), ("tenon docs ta", {"targets"})):
                done = subprocess.run(["fish", "-c", f"source script; complete -C '{line}'"], cwd=folder,
                                      env={**os.environ, "HOME": folder, "PATH": os.path.dirname(TENON) + ":" + os.environ["PATH"]},
                                      capture_output=True, text=True, timeout=30)
                self.assertEqual({row.split("\t")[0] for row in done.stdout.splitlines()}, wanted, line)

    def test_options_may_stand_before_the_command(self):
        self.assertRegex(run("-v", "--version"), r"^tenon \d")
        self.assertIn('"command": "inspect"', run("--json", "inspect", TENON))

    def test_help_fits_the_terminal(self):
        for columns in (60, 80, 200):
            done = subprocess.run([TENON, "sign", "--help"], env={**os.environ, "COLUMNS": str(columns)},
                                  capture_output=True, text=True, timeout=30)
            lines = done.stdout.partition("Usage:")[2].splitlines()
            self.assertLessEqual(max(map(len, lines)), min(columns, 100))
            self.assertGreater(max(map(len, lines)), min(columns, 100) - 15)

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
