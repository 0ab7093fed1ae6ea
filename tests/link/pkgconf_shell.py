#!/usr/bin/env python3
"""Runs the shell tests of pkgconf 1.8.1 (those for kyua and atf-sh) with another program as `pkgconf`.

    pkgconf_shell.py PROGRAM [--source DIR] [--only NAME]

The tests come from Debian's source package of pkgconf; none of them is kept here. The few functions of atf-sh that
they use are defined below. pkgconf 1.8 ends a line of flags with a blank and pkgconf 3 does not: blanks at the ends of
lines are not compared.

Exit code 0 when no case fails but those in pkgconf_shell_known.txt, and none of these passes; 77 without the tests.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = "1.8.1"
SUITE = "bookworm"
PRELUDE = """
atf_get_srcdir() { echo "$CASE_FOLDER"; }
atf_test_case() { :; }
atf_add_test_case() { :; }
atf_skip() { exit 0; }
atf_fail() { echo "$@" >&2; exit 1; }
atf_check() { python3 "$CASE_CHECK" --atf-check "$@" || exit 1; }
"""


def without_blanks(text):
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def unescaped(text):
    """As atf-sh does it: what is no escape keeps its backslash."""
    known = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}
    return re.sub(r"\\[nt\\]", lambda found: known[found[0]], text)


def matches(rule, text):
    kind, _, value = rule.partition(":")
    if kind == "ignore":
        return True
    if kind == "empty":
        return text == ""
    if kind == "inline":
        return without_blanks(unescaped(value)) == without_blanks(text)
    if kind == "match":
        return re.search(value, text, re.M) is not None
    raise SystemExit(f"atf_check: {rule} is not known here")


def atf_check(args):
    rules = {"-s": "exit:0", "-o": "empty", "-e": "empty"}
    while args and args[0] in rules:
        rules[args[0]] = args[1]
        args = args[2:]
    done = subprocess.run(args, capture_output=True, check=False)
    out, err = (stream.decode(errors="surrogateescape") for stream in (done.stdout, done.stderr))
    kind, _, value = rules["-s"].partition(":")
    good = kind == "ignore" or (kind in ("exit", "eq") and done.returncode == int(value or 0))
    if good and matches(rules["-o"], out) and matches(rules["-e"], err):
        return 0
    print(f"{shlex.join(args)}: exit code {done.returncode}, wanted {rules}; out {out!r}; err {err!r}")
    return 1


def fetch():
    """The directory of the sources; None when they cannot be had."""
    cache = Path(os.environ.get("TENON_CACHE") or Path.home() / ".cache" / "tenon") / "test-files" / "pkgconf"
    folder = cache / f"pkgconf-{VERSION}"
    if folder.is_dir():
        return folder
    if shutil.which("apt-get") is None:
        return None
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        place = Path(name)
        for part in ("lists/partial", "cache/archives/partial"):
            (place / part).mkdir(parents=True)
        sources = place / "sources.list"
        key = "/usr/share/keyrings/debian-archive-keyring.gpg"
        sources.write_text(f"deb-src [signed-by={key}] http://deb.debian.org/debian {SUITE} main\n")
        apt = ["apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null", "-o",
               f"Dir::State::lists={place}/lists", "-o", f"Dir::Cache={place}/cache"]
        for command in (["update"], ["source", "--download-only", "pkgconf"]):
            done = subprocess.run(apt + command, cwd=place, capture_output=True, text=True, timeout=600, check=False)
        archive = place / f"pkgconf_{VERSION}.orig.tar.xz"
        if not archive.is_file():
            print("pkgconf_shell: cannot fetch the tests:", done.stderr.strip()[-200:], file=sys.stderr)
            return None
        shutil.unpack_archive(archive, place, filter="data")
        os.replace(place / f"pkgconf-{VERSION}", folder)
    return folder


def known_failures():
    out = {}
    for line in (HERE / "pkgconf_shell_known.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, why = line.partition(" ")
            out[name] = why.strip()
    return out


def cases_of(script):
    """The names that the script gives to tests_init."""
    listed = re.search(r"^tests_init((?:.*\\\n)*.*)", script.read_text(), re.M)
    return listed[1].replace("\\\n", " ").split() if listed else []


def run_case(script, case, folder, environment):
    text = PRELUDE + script.read_text().replace("#!/usr/bin/env atf-sh", "") + f"\n{case}_body\n"
    with tempfile.TemporaryDirectory(dir=folder) as place:
        done = subprocess.run(["sh", "-c", text], cwd=place, env=environment, capture_output=True, text=True, timeout=120,
                              errors="surrogateescape", check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or "failed"


def prepare(program, source, folder):
    """A folder with the tests, and the program under the name that they use."""
    tests = folder / "tests"
    shutil.copytree(source / "tests", tests, symlinks=True)
    tool = folder / "pkgconf"
    tool.write_text("#!/bin/sh\nexec " + shlex.join(program) + ' "$@"\n')
    tool.chmod(0o755)
    asked = subprocess.run([tool, "--variable=pc_path", "pkg-config"], capture_output=True, text=True, check=True)
    text = (tests / "test_env.sh.in").read_text()
    for name, value in (("abs_top_srcdir", str(folder)), ("prefix", "/usr"), ("exec_prefix", "/usr"),
                        ("datarootdir", "/usr/share"), ("PKG_DEFAULT_PATH", asked.stdout.strip())):
        text = text.replace(f"@{name}@", value)
    (tests / "test_env.sh").write_text(text)
    return tests


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--source", type=Path)
    parser.add_argument("--only")
    options = parser.parse_args()
    source = options.source or fetch()
    if source is None:
        return 77
    known = known_failures()
    failed, passed = {}, []
    with tempfile.TemporaryDirectory(prefix="pkgconf-shell-") as name:
        folder = Path(name).resolve()
        tests = prepare(shlex.split(options.program), source, folder)
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith(("PKG_CONFIG", "LC_", "LANG"))}
        environment |= {"CASE_FOLDER": str(tests), "CASE_CHECK": __file__, "LC_ALL": "C"}
        listed = re.findall(r"name='(\w+)'", (tests / "Kyuafile.in").read_text())
        for script in (tests / f"{one}.sh" for one in listed):
            for case in cases_of(script):
                full = f"{script.stem}/{case}"
                if options.only and options.only not in full:
                    continue
                if why := run_case(script, case, folder, environment):
                    failed[full] = why
                else:
                    passed.append(full)
    for name, why in failed.items():
        print(f"{'known' if name in known else 'FAIL'}: {name}: {why}")
    print(f"{len(passed)} of {len(passed) + len(failed)} cases of pkgconf {VERSION}")
    surprises = sorted(set(known) & set(passed))
    for name in surprises:
        print(f"passes, but stands in pkgconf_shell_known.txt: {name}")
    return 1 if surprises or set(failed) - set(known) else 0


if __name__ == "__main__":
    sys.exit(atf_check(sys.argv[2:]) if sys.argv[1:2] == ["--atf-check"] else main())
