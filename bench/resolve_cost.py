#!/usr/bin/env python3
"""What a decision of `tenon resolve` costs: many names in one run against one name, with process start.

usage: resolve_cost.py [--tenon FILE] [--names N] [--runs N]
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def median_ms(command, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={})
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "build/release/tenon"))
    parser.add_argument("--names", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        etc = Path(name, "etc")
        etc.mkdir()
        (etc / "resolv.conf").write_text("nameserver 192.0.2.1\nsearch corp.example lab.example\noptions ndots:2\n")
        (etc / "nsswitch.conf").write_text("hosts: files mdns4_minimal [NOTFOUND=return] myhostname dns\n")
        command = [arguments.tenon, "resolve", "--json", "--root", name, "--hostname", "box", "--cgo", "1", "--go", "1.26"]
        one = median_ms([*command, "host.example"], arguments.runs)
        many = median_ms([*command, *(f"host{n}.example" for n in range(arguments.names))], arguments.runs)
    print(f"1 name {one:.1f} ms, {arguments.names} names {many:.1f} ms: {arguments.names} decisions, with plans and JSON, {many - one:.1f} ms")


if __name__ == "__main__":
    main()
