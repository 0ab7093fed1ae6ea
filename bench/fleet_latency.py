#!/usr/bin/env python3
"""How long an action waits for its worker, and how many small ones a local fleet does in a second.

usage: fleet_latency.py --tenon PATH [--runs N]

An action is `tenon build` of a program without C, with everything it needs in Go's cache, which is the smallest that a worker
takes. Serial: N runs of one cell, one after the other, nothing from the cache of results. Together: 8 N cells at once, for two
workers. Printed: the wait from queue to worker, and what the worker itself adds (fetch and upload), p50 and p99 of the serial
runs; actions a second; and the share of the processor time that the workers themselves take, without their builds.
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def cpu(pid):
    """Seconds of the process itself."""
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def of(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", required=True)
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    tenon = os.path.abspath(options.tenon)
    place = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="tenon-latency-"))
    place.chmod(0o755)
    for name in ("GOCACHE", "GOMODCACHE"):
        os.environ[name] = subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()

    def run(*arguments):
        done = subprocess.run([tenon, *arguments, "--folder", str(place / "fleet"), "--json"], capture_output=True, text=True,
                              check=True)
        return json.loads(done.stdout)["data"]

    def matrix(count):
        for i in range(count):
            folder = place / f"m{i}"
            folder.mkdir(exist_ok=True)
            (folder / "go.mod").write_text("module example.com/m\n\ngo 1.21\n")
            (folder / "main.go").write_text(f"package main\n\nfunc main() {{ println({i}) }}\n")
        path = place / f"matrix{count}.json"
        path.write_text(json.dumps({"modules": [{"dir": f"m{i}"} for i in range(count)], "targets": ["linux/amd64"]}))
        return str(path)

    port = free_port()
    up = run("fleet", "up", "--port", str(port))
    workers = [next(row["process"] for row in up["components"] if row["name"] == "worker")]
    second = subprocess.Popen([tenon, "worker", "--join", f"127.0.0.1:{port}", "--folder", str(place / "second")],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers.append(second.pid)
    try:
        one, many = matrix(1), matrix(8 * options.runs)
        out = ("--no-cache", "--out", str(place / "out"))
        run("fleet", "run", one, *out)
        start = time.monotonic()
        cells = [run("fleet", "run", one, *out)["cells"][0] for _ in range(options.runs)]
        serial = options.runs / (time.monotonic() - start)
        before, start = sum(map(cpu, workers)), time.monotonic()
        together = run("fleet", "run", many, *out)["cells"]
        took = time.monotonic() - start
        share = (sum(map(cpu, workers)) - before) / took / os.cpu_count()
    finally:
        second.terminate()
        second.wait(60)
        run("fleet", "down")
        shutil.rmtree(place, ignore_errors=True)
    for name, values in (("queued", [cell["times"]["queued_ms"] for cell in cells]),
                         ("worker", [cell["times"]["fetch_ms"] + cell["times"]["upload_ms"] for cell in cells]),
                         ("build", [cell["times"]["execute_ms"] for cell in cells])):
        print(f"{name}: p50 {of(values, 0.5)} ms, p99 {of(values, 0.99)} ms")
    built = sum(cell["state"] == "built" for cell in together)
    print(f"serial {serial:.1f}/s, together {len(together) / took:.1f}/s ({built} of {len(together)} built), workers "
          f"{100 * share:.1f} % of the processors")
    return 0 if built == len(together) else 1


if __name__ == "__main__":
    sys.exit(main())
