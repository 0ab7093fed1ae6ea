#!/usr/bin/env python3
"""A build with nothing to do: `tenon build` and the `go build` that it runs, in turns.

usage: warm_build.py [--tenon PATH] [--rounds N] [--targets LIST] [--module MODULE@VERSION] [--markdown]

The program is a small one with C of its own; with --module a command that imports that module.

Both have the environment of the plan's go step, so the same CC and the same caches; go build writes to
a file of its own. Each round runs the two in an order that changes. Figures: medians in milliseconds,
their ratio (bar: 1.05), and the median of the ratios of single rounds. Exit code 1 when a ratio of
medians is over the bar.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wrapper_cost import GO_MAIN

BAR = 1.05
TARGETS = ("darwin/arm64,darwin/amd64,linux/amd64,linux/arm64,linux/amd64:gnu2.28,linux/arm64:gnu2.28,"
           "windows/amd64,windows/arm64,linux/386,linux/arm/v7,linux/riscv64")


def milliseconds(argv, cwd, env):
    start = time.perf_counter()
    subprocess.run(argv, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def go_step(tenon, target, cwd):
    """The command and the environment of `go build`, as the plan has them."""
    out = subprocess.run([tenon, "build", ".", "--target", target, "--dry-run", "--json"], cwd=cwd, check=True,
                         capture_output=True, text=True).stdout
    step = [s for s in json.loads(out)["data"]["plan"][0]["steps"] if s["kind"] == "go"][0]
    env = dict(os.environ)
    for setting in step["environment"]:
        name, equals, value = setting.partition("=")
        if equals:
            env[name] = value
        else:
            env.pop(name, None)
    return step["argv"], env


def measure(tenon, target, cwd, rounds):
    ours = [tenon, "build", ".", "--target", target, "-q"]
    argv, env = go_step(tenon, target, cwd)
    theirs = list(argv)
    folder = Path(cwd) / "plain" / target.replace("/", "-").replace(":", "-")
    folder.mkdir(parents=True, exist_ok=True)
    theirs[theirs.index("-o") + 1] = f"{folder}/"
    for _ in range(2):  # the first makes it warm
        milliseconds(ours, cwd, None)
        milliseconds(theirs, cwd, env)
    times = []
    for number in range(rounds):
        if number % 2 == 0:
            a = milliseconds(ours, cwd, None)
            b = milliseconds(theirs, cwd, env)
        else:
            b = milliseconds(theirs, cwd, env)
            a = milliseconds(ours, cwd, None)
        times.append((a, b))
    return times


def write_program(folder, module):
    Path(folder, "go.mod").write_text("module example.com/warm\n\ngo 1.21\n")
    if not module:
        Path(folder, "main.go").write_text(GO_MAIN)
        return
    name, _, _ = module.partition("@")
    Path(folder, "main.go").write_text(f'package main\n\nimport (\n\t"net/http"\n\n\t_ "{name}"\n)\n\n'
                                       'func main() { _ = http.ListenAndServe(":0", nil) }\n')
    subprocess.run(["go", "get", module], cwd=folder, check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--targets", default=TARGETS)
    parser.add_argument("--module", help="MODULE@VERSION of a library that the program imports")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    tenon = shutil.which(options.tenon) or options.tenon
    tenon = os.path.abspath(tenon)
    form = "| {:22} | {:>9} | {:>9} | {:>5} | {:>12} |" if options.markdown else "{:22} {:>9} {:>9} {:>6} {:>12}"
    print(form.format("target", "tenon ms", "go ms", "ratio", "round ratio"))
    if options.markdown:
        print("|---|---|---|---|---|")
    over = False
    with tempfile.TemporaryDirectory() as folder:
        write_program(folder, options.module)
        for target in options.targets.split(","):
            times = measure(tenon, target, folder, options.rounds)
            a, b = (statistics.median(column) for column in zip(*times))
            rounds = statistics.median(x / y for x, y in times)
            over = over or a / b > BAR
            print(form.format(target, f"{a:.1f}", f"{b:.1f}", f"{a / b:.3f}", f"{rounds:.3f}"), flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
