#!/usr/bin/env python3
"""Runs pkgconf's own declarative tests (*.test) against a program that takes pkgconf's command line.

    pkgconf_cases.py PROGRAM [--source DIR] [--list] [--only NAME]

PROGRAM is one or more words, "tenon pkg-config". The tests are those of the source package of pkgconf on PyPI; they
are fetched by name and version, and none of them is kept here. pkgconf's runner calls its library in the process;
this one makes a command line of each test, and compares what is printed and the exit code.

Exit code 0 when no test fails but those in pkgconf_known.txt, and none of these passes; 77 when there are no tests.
"""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = ("pkgconf", "3.0.7.post0")
# WantedFlags -> options; those that are not here have the same name.
NAMES = {
    "cflags-only-i": "cflags-only-I", "libs-only-ldpath": "libs-only-L", "libs-only-libname": "libs-only-l",
    "dump-license": "license", "dump-license-file": "license-file", "dump-source": "source",
    "errors-on-stdout": "errors-to-stdout", "list": "list-all",
}
# Programs of pkgconf's source package that are other programs than pkgconf.
OTHER_TOOLS = {"bomtool", "pccritic", "spdxtool"}


class Case:
    def __init__(self, path):
        self.path = path
        self.name = f"{path.parent.name}/{path.stem}"
        self.fields = {}
        for line in path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            key, colon, value = line.partition(":")
            if colon and key.strip().isalnum():
                self.fields.setdefault(key.strip().lower(), []).append(value.strip())

    def one(self, key):
        return self.fields.get(key.lower(), [""])[-1]

    def all(self, key):
        return self.fields.get(key.lower(), [])

    def flags(self):
        return " ".join(self.all("WantedFlags")).split()


def substituted(text, fixtures, folder):
    return text.replace("%TEST_FIXTURES_DIR%", str(fixtures)).replace("%DIR_SEP%", ":").replace("%PWD%", str(folder))


def split_words(text):
    """As pkgconf's runner divides a query: like a shell."""
    return shlex.split(text, posix=True)


class Runner:
    def __init__(self, program, source):
        self.program = program
        self.fixtures = source / "tests"
        self.groups = source / "t"

    def skip_reason(self, case):
        if "unix" in case.one("SkipPlatforms"):
            return "not for this platform"
        if case.one("Tool") in OTHER_TOOLS:
            return "another program: " + case.one("Tool")
        return ""

    def environment(self, case, folder):
        out = {key: value for key, value in os.environ.items()
               if not key.startswith(("PKG_CONFIG", "LC_", "LANG")) and key not in ("DESTDIR",)}
        out["LC_ALL"] = "C.UTF-8" if case.one("RequireUtf8Locale") == "true" else "C"
        for entry in case.all("Environment"):
            key, _, value = entry.partition("=")
            out[key] = substituted(value, self.fixtures, folder)
        return out

    def setup(self, case, folder):
        for name in case.all("SetupMkdir"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for pair in case.all("SetupCopy"):
            source, target = substituted(pair, self.fixtures, folder).split(" ", 1)
            shutil.copyfile(self.fixtures / source, folder / target)
        for pair in case.all("SetupSymlink"):
            target, link = substituted(pair, self.fixtures, folder).split(" ", 1)
            (folder / link).unlink(missing_ok=True)
            (folder / link).symlink_to(target)

    def personality(self, case, folder):
        """The runner's own one: the search path of the test, and system directories of its own."""
        if case.one("WantPersonality"):
            return substituted(case.one("WantPersonality"), self.fixtures, folder)
        path = ":".join(str(self.fixtures / part) for entry in case.all("PackageSearchPath")
                        for part in entry.split(":") if part)
        file = folder / "test.personality"
        file.write_text(f"Triplet: test\nDefaultSearchPaths: {path}\n"
                        "SystemIncludePaths: /test/sysroot/include\nSystemLibraryPaths: /test/sysroot/lib\n")
        return str(file)

    def arguments(self, case, folder):
        out = [f"--personality={self.personality(case, folder)}"]
        # The runner prints errors unless a test silences them.
        if "silence-errors" not in case.flags():
            out.append("--print-errors")
        for flag in case.flags():
            out.append("--" + NAMES.get(flag.lower(), flag))
        for key, option in (("WantVariable", "variable"), ("WantEnvPrefix", "env"),
                            ("FragmentFilter", "fragment-filter"), ("AtLeastVersion", "atleast-version"),
                            ("ExactVersion", "exact-version"), ("MaxVersion", "max-version")):
            if case.one(key):
                out.append(f"--{option}={case.one(key)}")
        out += [f"--define-variable={value}" for value in case.all("DefineVariable")]
        out += ["--verbose"] * int(case.one("VerbosityLevel") or 0)
        query = substituted(case.one("Query"), self.fixtures, folder)
        return out + (["--", *split_words(query)] if query else [])

    def command(self, case, folder, place):
        if not case.one("Tool"):
            return [*self.program, *self.arguments(case, folder)]
        # A line of a shell, in which pkgconf's runner puts the directory of its programs in front.
        tool = place / "pkgconf"
        tool.write_text("#!/bin/sh\nexec " + shlex.join(self.program) + ' "$@"\n')
        tool.chmod(0o755)
        return ["sh", "-c", f"{tool} " + substituted(case.one("ToolArgs"), self.fixtures, folder)]

    def run(self, case):
        """What is wrong; empty when the test passes."""
        with tempfile.TemporaryDirectory(prefix="pkgconf-case-") as name:
            place = Path(name).resolve()
            folder = place / "work"
            folder.mkdir()
            self.setup(case, folder)
            argv = self.command(case, folder, place)
            done = subprocess.run(argv, cwd=folder, env=self.environment(case, folder), capture_output=True, timeout=60,
                                  check=False, stdin=subprocess.DEVNULL)
            return self.compare(case, done, folder)

    def compare(self, case, done, folder):
        out = done.stdout.decode(errors="surrogateescape")
        err = done.stderr.decode(errors="surrogateescape")
        # The library has no rule that sends what is wrong with files to standard output; the program has.
        if "validate" in case.flags():
            err += out
        problems = []
        if done.returncode != int(case.one("ExpectedExitCode") or 0):
            problems.append(f"exit code {done.returncode}, not {case.one('ExpectedExitCode') or 0}")
        expected = [substituted(text, self.fixtures, folder) for text in case.all("ExpectedStdout")]
        if case.one("ExpectedStdoutFile"):
            expected.append((case.path.parent / case.one("ExpectedStdoutFile")).read_text().removesuffix("\n"))
        for text in expected or [""]:
            problems += self.mismatch(case.one("MatchStdout"), text, out.removesuffix("\n"), "standard output")
        for text in case.all("ExpectedStderr") or [""]:
            problems += self.mismatch(case.one("MatchStderr"), text, err.removesuffix("\n"), "standard error")
        return "; ".join(problems)

    @staticmethod
    def mismatch(strategy, expected, actual, stream):
        strategy = strategy.lower()
        if strategy == "empty":
            return [f"{stream} is not empty: {actual!r}"] if actual else []
        if not expected or (strategy == "partial" and expected in actual) or expected == actual:
            return []
        return [f"{stream}: expected {expected!r}, got {actual!r}"]


def fetch():
    """The directory of the sources; None when they cannot be had."""
    cache = Path(os.environ.get("TENON_CACHE") or Path.home() / ".cache" / "tenon") / "test-files" / "pkgconf"
    folder = cache / "-".join(PACKAGE)
    inner = folder / "subprojects" / "pkgconf"
    if inner.is_dir():
        return inner
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as place:
        done = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", PACKAGE[0],
                               f"{PACKAGE[0]}=={PACKAGE[1]}", "-d", place],
                              capture_output=True, text=True, timeout=300, check=False)
        found = sorted(Path(place).glob("*.tar.gz"))
        if not found:
            print("pkgconf_cases: cannot fetch the tests:", done.stderr.strip()[-200:], file=sys.stderr)
            return None
        shutil.unpack_archive(found[0], place, filter="data")
        os.replace(Path(place) / found[0].name.removesuffix(".tar.gz"), folder)
    return inner


def known_failures():
    """Name -> why, of the tests that are meant to fail."""
    out = {}
    for line in (HERE / "pkgconf_known.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, why = line.partition(" ")
            out[name] = why.strip()
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--source", type=Path)
    parser.add_argument("--only")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    source = options.source or fetch()
    if source is None:
        return 77
    runner = Runner(shlex.split(options.program), source.resolve())
    known = known_failures()
    failed, passed, skipped = {}, [], {}
    plain = [0, 0]
    for path in sorted(runner.groups.glob("*/*.test")):
        case = Case(path)
        if options.only and options.only not in case.name:
            continue
        if why := runner.skip_reason(case):
            skipped[case.name] = why
            continue
        black_box = not any(case.all(key) for key in ("Tool", "SetupMkdir", "SetupCopy", "SetupSymlink",
                                                      "WantPersonality"))
        if why := runner.run(case):
            failed[case.name] = why
        else:
            passed.append(case.name)
        plain[0] += black_box and not why
        plain[1] += black_box
    for name, why in failed.items():
        print(f"{'known' if name in known else 'FAIL'}: {name}: {why}")
    if options.list:
        for name, why in skipped.items():
            print(f"skipped: {name}: {why}")
    print(f"{plain[0]} of {plain[1]} without tool, files or personality; "
          f"{len(passed)} of {len(passed) + len(failed)} in all; {len(skipped)} are not for pkgconf on this platform")
    surprises = sorted(set(known) & set(passed))
    for name in surprises:
        print(f"passes, but stands in pkgconf_known.txt: {name}")
    return 1 if surprises or set(failed) - set(known) else 0


if __name__ == "__main__":
    sys.exit(main())
