#!/usr/bin/env python3
"""Runs clang-tidy over src/: first what changed of late, then the rest, until the time is over.

usage: lint.py [--all] [--seconds N] [--build FOLDER] [--record FILE] [FILE...]

--all has no time limit. --record writes a table: each file, its seconds, its findings. The order of
the rest moves on from commit to commit, so that short runs see every file in time. Exit codes: 0 no
finding in what was looked at; 1 findings.
"""
import argparse
import os
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


def all_files():
    # Of the files that stand in for each other CMake compiles one: only that has a command line.
    return sorted(str(p.relative_to(ROOT)) for p in (ROOT / "src").rglob("*.cpp")
                  if not p.stem.endswith("_darwin"))


def compiled(build, names):
    text = (build / "compile_commands.json").read_text(encoding="utf-8")
    return [name for name in names if f'/{name}"' in text]


def lint(name, build, end):
    started = time.monotonic()
    if started > end:
        return None
    try:
        done = subprocess.run([TIDY, "-p", str(build), "--quiet", name], cwd=ROOT, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              timeout=FILE_LIMIT)
        findings = done.stdout if done.returncode else ""
    except subprocess.TimeoutExpired:
        findings = f"{name}: error: {TIDY} did not end within {FILE_LIMIT} s\n"
    if findings:
        print(findings, flush=True)
    return name, time.monotonic() - started, findings.count(": error: ")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--build", type=Path, default=ROOT / "build/clang")
    parser.add_argument("--record", type=Path)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()

    every = compiled(options.build, all_files())
    count = int((git("rev-list", "--count", "HEAD") or ["0"])[0])
    start = count * 17 % max(1, len(every))
    first = [name for name in changed_files() if name in every]
    names = options.files or list(dict.fromkeys(first + every[start:] + every[:start]))
    end = float("inf") if options.all or options.files else time.monotonic() + options.seconds
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda name: lint(name, options.build, end), names))
    seen = [result for result in results if result is not None]
    bad = [result for result in seen if result[2]]
    if options.record:
        rows = "".join(f"| `{name}` | {seconds:.1f} | {findings} |\n"
                       for name, seconds, findings in sorted(seen))
        options.record.write_text(f"| file | seconds | findings |\n|---|---|---|\n{rows}")
    print(f"clang-tidy: {len(seen)} of {len(names)} files looked at, {len(bad)} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
