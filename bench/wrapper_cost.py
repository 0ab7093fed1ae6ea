#!/usr/bin/env python3
"""What tenon costs over calling the compiler directly, both in the same run.

usage: wrapper_cost.py [--tenon PATH] [--runs N] [--markdown]

Figures: one compile (bar: 3 ms more), one macOS link of a Go program (bar: 150 ms more), a warm
`tenon build` against `go build` with the same compiler (bar: 1.05 times). Medians of interleaved
runs; the direct command is the one that the wrapper itself ends in.
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

GO_MAIN = """package main

// static int add(int a, int b) { return a + b; }
import "C"

import (
	"fmt"
	"net/http"
	"os/user"
)

func main() {
	u, _ := user.Current()
	fmt.Println(C.add(1, 2), u != nil, http.StatusOK)
}
"""


def seconds(argv, **kwargs):
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    return time.perf_counter() - start


def pair(ours, theirs, runs):
    """Medians of two callables run in turn, after one uncounted run of each."""
    ours(), theirs()
    a, b = [], []
    for _ in range(runs):
        a.append(ours())
        b.append(theirs())
    return statistics.median(a), statistics.median(b)


def final_command(wrapper, args, cwd):
    """The command that the wrapper replaces itself with, from a trace of its exec calls."""
    out = subprocess.run(["strace", "-f", "-qq", "-v", "-s", "100000", "-e", "trace=execve", wrapper, *args],
                         cwd=cwd, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True).stderr
    calls = [line for line in out.splitlines() if "execve(" in line and line.rstrip().endswith("= 0")]
    text = calls[1][calls[1].index("[") : calls[1].index("], [") + 1]
    return json.loads(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "build/release/tenon"))
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    tenon = os.path.abspath(options.tenon)
    if not shutil.which("strace"):
        sys.exit("wrapper_cost: strace is needed to find the compiler's own command")
    folder = tempfile.mkdtemp(prefix="tenon-bench-")
    rows = []
    try:
        cc = subprocess.run([tenon, "cc", "--target", "darwin/arm64", "--print-wrapper"], check=True,
                            capture_output=True, text=True).stdout.strip()
        with open(f"{folder}/one.c", "w") as file:
            file.write("int f(int a) { return a + 1; }\n")
        compile_args = ["-O2", "-g", "-c", f"{folder}/one.c", "-o", f"{folder}/one.o"]
        direct = final_command(cc, compile_args, folder)
        a, b = pair(lambda: seconds([cc, *compile_args]), lambda: seconds(direct), options.runs * 3)
        rows.append(("compile of a small C file", a, b, f"{(a - b) * 1e3:+.1f} ms", "+3 ms"))

        project = f"{folder}/project"
        os.mkdir(project)
        with open(f"{project}/main.go", "w") as file:
            file.write(GO_MAIN)
        with open(f"{project}/go.mod", "w") as file:
            file.write("module example.com/bench\n\ngo 1.21\n")
        env = dict(os.environ, GOOS="darwin", GOARCH="arm64", CGO_ENABLED="1", CC=cc)
        work = subprocess.run(["go", "build", "-work", "-x", "-ldflags=-v -tmpdir=" + folder, "-o",
                               f"{folder}/out", "."], cwd=project, env=env, stderr=subprocess.PIPE,
                              text=True, check=True).stderr
        line = next(l for l in work.splitlines() if "host link:" in l)
        link = [w.strip('"') for w in line[line.index("host link:") + 10 :].split()]
        link_args = link[1:]
        direct_link = final_command(link[0], link_args, project)
        a, b = pair(lambda: seconds([link[0], *link_args], cwd=project),
                    lambda: seconds(direct_link, cwd=project), options.runs)
        rows.append(("link of a Go program for macOS", a, b, f"{(a - b) * 1e3:+.0f} ms", "+150 ms"))

        build = [tenon, "build", ".", "--target", "darwin/arm64", "-q", "--out", f"{folder}/dist"]
        plan = subprocess.run([*build, "--dry-run", "--json"], cwd=project, check=True,
                              capture_output=True, text=True).stdout
        command = json.loads(plan)["data"]["plan"][0]["command"]
        plain = ["sh", "-c", f"exec {command.replace(' build ', ' build -o ' + folder + '/plain ', 1)}"]
        a, b = pair(lambda: seconds(build, cwd=project), lambda: seconds(plain, cwd=project), options.runs)
        rows.append(("warm build, nothing changed", a, b, f"x {a / b:.2f}", "x 1.05"))
    finally:
        shutil.rmtree(folder)
    print("| what | tenon | direct | difference | bar |\n|---|---|---|---|---|")
    for what, a, b, difference, bar in rows:
        print(f"| {what} | {a * 1e3:.1f} ms | {b * 1e3:.1f} ms | {difference} | {bar} |")


if __name__ == "__main__":
    main()
