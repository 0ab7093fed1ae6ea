#!/usr/bin/env python3
"""What tenon watch costs: a build with and without it, in turn, and its own processor time while it looks.

usage: watch_cost.py [--tenon PATH] [--runs N]

The delays from the limit of silence to the verdict are printed by tests/e2e/test_watch.py, which stages the stalls.
"""
import argparse
import os
import pty
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

GO_MAIN = """package main

// static int add(int a, int b) { return a + b; }
import "C"
import "fmt"

func main() { fmt.Println(C.add(1, 2)) }
"""


def seconds(argv, **kwargs):
    """Wall and processor time of a command with all that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pair(ours, theirs, runs):
    """Medians of both, run in turn, for wall and processor time."""
    ours(), theirs()
    a, b = [], []
    for i in range(runs):
        for run, list_of in ((ours, a), (theirs, b)) if i % 2 else ((theirs, b), (ours, a)):
            list_of.append(run())
    return [tuple(statistics.median(one[kind] for one in runs) for runs in (a, b)) for kind in (0, 1)]


def told(ours, theirs):
    within = ours - theirs <= max(0.03 * theirs, 0.02)
    return f"{ours * 1000:.0f} ms with, {theirs * 1000:.0f} ms without ({'' if within else 'NOT '}within 3 % or 20 ms)"


def own_cost(tenon, argv, terminal):
    """Processor seconds of tenon itself in ten seconds of a silent command."""
    with subprocess.Popen([tenon, "watch", "--silence", "2", "-q" if not terminal else "-v", "--", *argv],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=terminal if terminal else subprocess.DEVNULL,
                          env={**os.environ, "TERM": "xterm", "CI": ""}) as process:
        time.sleep(10)
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        process.terminate()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "tenon"))
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    options.tenon = shutil.which(options.tenon) or options.tenon
    options.tenon = os.path.abspath(options.tenon)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "go.mod").write_text("module m\n\ngo 1.21\n")
        main_go = Path(folder) / "main.go"
        main_go.write_text(GO_MAIN)
        count = 0

        def changed(argv):
            nonlocal count
            count += 1
            main_go.write_text(GO_MAIN + f"\nvar _ = {count}\n")
            return seconds(argv, cwd=folder)

        build = ["go", "build", "-o", "program", "."]
        watched = [options.tenon, "watch", "--", *build]
        for name, run in (("warm build, nothing changed", lambda argv: seconds(argv, cwd=folder)),
                          ("build of a changed cgo package", changed)):
            wall, processor = pair(lambda: run(watched), lambda: run(build), options.runs)
            print(f"{name}: wall {told(*wall)}; processor {told(*processor)}", flush=True)
    flood = ["sh", "-c", "head -c 1000000000 /dev/zero"]
    (ours, theirs), _ = pair(lambda: seconds([options.tenon, "watch", "--", *flood]), lambda: seconds(flood), 3)
    print(f"a gigabyte of output: {ours:.2f} s with, {theirs:.2f} s without")
    _, slave = pty.openpty()
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"10 s of a silent command: {own_cost(options.tenon, ['sleep', '60'], None):.2f} s of a processor; "
          f"with a status line {own_cost(options.tenon, ['sleep', '60'], slave):.2f} s")


if __name__ == "__main__":
    main()
