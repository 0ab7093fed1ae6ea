#!/usr/bin/env python3
"""Runs clang-tidy over src/: first what changed of late, then the rest, until the time is over.

usage: lint.py [--all] [--seconds N] [--build FOLDER] [--compiler] [--record FILE] [FILE...]

--compiler asks the compiler of the build folder instead of clang-tidy: its errors and warnings.
--all has no time limit. --record writes a table: each file, its seconds, its findings. The
order of the rest moves on from commit to commit, so that short runs see every file in time. Exit
codes: 0 no finding in what was looked at; 1 findings, or nothing looked at.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-19"
FILE_LIMIT = 300  # seconds


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else []


def changed_files():
    """Sources of the commits of the last day before the newest one, and what is not committed."""
    newest = git("log", "-1", "--format=%ct")
    since = int(newest[0]) - 86400 if newest else 0
    committed = git("log", f"--since={since}", "--name-only", "--format=", "--", "src")
    return [*git("diff", "--name-only", "HEAD", "--", "src"), *committed]


def commands(build):
    """Source below the root -> (folder, argv) of its compile."""
    rows = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for row in rows:
        path = Path(row["directory"], row["file"])
        if path.is_relative_to(ROOT):
            found[str(path.relative_to(ROOT))] = (row["directory"], shlex.split(row["command"]))
    return found


def precompile(found):
    """Makes the headers that the compiles of a build folder start with."""
    for name, (folder, argv) in found.items():
        if name.endswith(".hxx.cxx"):
            subprocess.run(argv, cwd=folder, check=True, timeout=FILE_LIMIT)


def check(name, argv, folder, end):
    """(name, seconds, findings), or None after the end. The first word of argv names the tool."""
    started = time.monotonic()
    if started > end:
        return None
    try:
        done = subprocess.run(argv, cwd=folder, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=FILE_LIMIT)
        said = [line for line in done.stdout.splitlines(True)
                if not re.match(r"(\d+ (warnings|errors)|Suppressed|Use -header)", line)]
        count = sum(bool(re.search(r": (fatal )?(error|warning): ", line)) for line in said)
        findings = "".join(said) if done.returncode or count else ""
        count = max(count, bool(findings))
    except subprocess.TimeoutExpired:
        findings, count = f"{name}: error: {argv[0]} did not end within {FILE_LIMIT} s\n", 1
    if findings:
        print(findings, flush=True)
    return name, time.monotonic() - started, count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--build", type=Path, default=ROOT / "build/clang")
    parser.add_argument("--compiler", action="store_true")
    parser.add_argument("--record", type=Path)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()

    found = commands(options.build.resolve())
    # Of the files that stand in for each other, only one has a command here.
    every = sorted(name for name in found if name.startswith("src/"))
    if options.compiler:
        precompile(found)

    def run(name):
        if name not in found:  # of another system
            return None
        folder, argv = found[name]
        if options.compiler:
            return check(name, argv, folder, end)
        return check(name, [TIDY, "-p", str(options.build), "--quiet", name], ROOT, end)

    count = int((git("rev-list", "--count", "HEAD") or ["0"])[0])
    start = count * 17 % max(1, len(every))
    first = [name for name in changed_files() if name in every]
    names = options.files or list(dict.fromkeys(first + every[start:] + every[:start]))
    end = float("inf") if options.all or options.files else time.monotonic() + options.seconds
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(run, names))
    seen = [result for result in results if result is not None]
    bad = [result for result in seen if result[2]]
    if options.record:
        rows = "".join(f"| `{name}` | {seconds:.1f} | {findings} |\n"
                       for name, seconds, findings in sorted(seen))
        options.record.write_text(f"| file | seconds | findings |\n|---|---|---|\n{rows}")
    tool = "compiler" if options.compiler else "clang-tidy"
    print(f"{tool}: {len(seen)} of {len(names)} files looked at, {len(bad)} with findings")
    return 1 if bad or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
