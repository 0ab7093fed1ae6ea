#!/usr/bin/env python3
"""What a warm `tenon doctor` takes in a module with C: wall time, and processor time with that of the programs it starts.

usage: doctor_cost.py [--tenon PATH] [--runs N]
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "tenon"))
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    tenon = os.path.abspath(shutil.which(options.tenon) or options.tenon)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "go.mod").write_text("module m\n\ngo 1.21\n")
        (Path(folder) / "m.go").write_text("package main\n\n// int one(void) { return 1; }\nimport \"C\"\n\n"
                                           "func main() { println(C.one()) }\n")
        walls, processors = [], []
        for _ in range(options.runs + 1):
            before, start = processor_time(), time.perf_counter()
            done = subprocess.run([tenon, "doctor"], cwd=folder, capture_output=True, text=True, check=False)
            walls.append(time.perf_counter() - start)
            processors.append(processor_time() - before)
            if "cgo check passed" not in done.stdout:
                raise SystemExit(f"the cgo check did not pass:\n{done.stdout}{done.stderr}")
    walls, processors = walls[1:], processors[1:]
    print(f"load {os.getloadavg()[0]:.1f}: {statistics.median(walls):.2f} s (from {min(walls):.2f} to {max(walls):.2f}), "
          f"processor {statistics.median(processors):.2f} s")


if __name__ == "__main__":
    main()
