#!/usr/bin/env python3
"""What tenon verify and sign cost beside rcodesign and `openssl dgst -sha256`, in one run on the same files.

usage: signing_speed.py [--tenon PATH] [--rcodesign PATH] [--runs N] FILE...

FILE: large signed Mach-O files. Figures are medians of N runs in turn: user and system time and peak
memory of the process, by wait4. rcodesign (crate apple-codesign) is left out where it is not found.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def measured(command):
    """(user s, system s, wall s, peak MB)"""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return usage.ru_utime, usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024


def row(name, figures):
    columns = [statistics.median(column) for column in zip(*figures)]
    print(f"| {name} | {columns[0]:.2f} | {columns[1]:.2f} | {columns[2]:.2f} | {columns[3]:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default=os.environ.get("TENON", "tenon"))
    parser.add_argument("--rcodesign", default=shutil.which("rcodesign"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    tools = [("tenon", [options.tenon])]
    if shutil.which("taskset"):
        tools.append(("tenon on one core", ["taskset", "-c", "0", options.tenon]))
    if options.rcodesign:
        tools.append(("rcodesign", [options.rcodesign]))
    for path in options.files:
        print(f"\n{path.name}, {path.stat().st_size / 1e6:.0f} MB\n")
        print("| tool | user s | system s | wall s | peak MB |\n|---|---|---|---|---|")
        digest = []  # as often as each of the others, in turn with them
        for verb in ("verify", "sign"):
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / path.name
                shutil.copy(path, copy)
                figures = {name: [] for name, _ in tools}
                for _ in range(options.runs + 1):
                    for name, tool in tools:
                        figures[name].append(measured([*tool, verb, str(copy)]))
                    digest.append(measured(["openssl", "dgst", "-sha256", str(copy)]))
            for name, _ in tools:
                row(f"{name} {verb}", figures[name][1:])
        row("openssl dgst -sha256", digest[1:])


if __name__ == "__main__":
    main()
