#!/usr/bin/env python3
"""`tenon bench` beside hyperfine, benchstat, SciPy and wrk: the same programs, texts, samples and server in one run.

  medians of five programs by hyperfine and by tenon, within 1 %
  intervals of go test's output by benchstat and by tenon
  1,000,000 samples with 2,000 resamples: time and memory, with scipy.stats.bootstrap as anchor
  a server that stalls for a second: late requests by tenon's fixed rate and by wrk

usage: bench_peers.py [--tenon FILE] [--hyperfine FILE] [--benchstat FILE] [--python FILE] [--wrk FILE]

A peer that is missing is left out. hyperfine: `cargo install hyperfine --version 1.19.0`; benchstat:
`go install golang.org/x/perf/cmd/benchstat@latest`; the Python is one with SciPy (scripts/setup.sh --all).
"""
import argparse
import http.client
import http.server
import json
import random
import re
import shutil
import socketserver
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PROGRAMS = {
    "sleep 50 ms": ["sleep", "0.05"],
    "sleep 120 ms": ["sleep", "0.12"],
    "python, a sum": [sys.executable, "-c", "sum(range(400_000))"],
    "gzip of 1 MB": ["gzip", "-kc", "DATA"],
    "sha512sum of 16 MB": ["sha512sum", "BIG"],
}


def measured(argv, **more):
    """Wall time, processor time and peak memory of a child, by time(1): a child of ours would have our own peak."""
    done = subprocess.run(["/usr/bin/time", "-f", "%e %U %S %M", *map(str, argv)], capture_output=True, text=True, **more)
    wall, user, system, peak = map(float, done.stderr.split()[-4:])
    return {"wall": wall, "cpu": user + system, "mb": peak / 1024}


def hyperfine_medians(options, work):
    (work / "data").write_bytes(random.Random(1).randbytes(1 << 20))
    (work / "big").write_bytes(bytes(16 << 20))
    print("| program | hyperfine, median | tenon, median | difference |\n|---|---|---|---|")
    for name, argv in PROGRAMS.items():
        argv = [{"DATA": str(work / "data"), "BIG": str(work / "big")}.get(word, word) for word in argv]
        argv[0] = shutil.which(argv[0])
        rows = []
        # In turn, since the machine is not the same from minute to minute.
        for _ in range(5):
            subprocess.run([options.hyperfine, "-N", "--warmup", "2", "--runs", "20", "--export-json", work / "h.json",
                            "--output", "pipe", " ".join(map(repr, argv))], check=True, capture_output=True)
            theirs = json.loads((work / "h.json").read_text())["results"][0]["times"]
            done = subprocess.run([options.tenon, "bench", argv[0], argv[0], "--runs", "10", "--cpu", "none",
                                   "--output", work / "t.json", "--", *argv[1:]], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            series = json.loads((work / "t.json").read_text())["series"][0]
            ours = [float(x) / 1e9 for x in (series["a"] + " " + series["b"]).split()]
            rows.append((statistics.median(theirs), statistics.median(ours)))
        theirs, ours = (statistics.median(column) for column in zip(*rows))
        print(f"| {name} | {theirs * 1e3:.2f} ms | {ours * 1e3:.2f} ms | {100 * (ours / theirs - 1):+.2f} % |", flush=True)


def benchstat_table(options, work):
    noise = random.Random(2)
    for side, factor in (("old", 1.0), ("new", 1.04)):
        lines = ["pkg: example.com/x"]
        for _ in range(120):
            for name, base in (("Encode", 1200), ("Decode", 5400), ("Open", 88_000)):
                value = base * (factor if name != "Open" else 1) * noise.lognormvariate(0, 0.05)
                lines.append(f"Benchmark{name}-2 1000 {value:.1f} ns/op")
        (work / f"{side}.txt").write_text("\n".join(lines) + "\n")
    theirs = subprocess.run([options.benchstat, "-format", "csv", work / "old.txt", work / "new.txt"],
                            capture_output=True, text=True, check=True).stdout
    ours = json.loads(subprocess.run([options.tenon, "bench", "--go-bench", "x", work / "old.txt", work / "new.txt", "--json"],
                                     capture_output=True, text=True).stdout)["data"]["rows"]
    print("\n| benchmark | benchstat | tenon, median and 95 % interval |\n|---|---|---|")
    for row in ours:
        name = row["group"].split(".")[-1].removeprefix("com/x.")
        change = re.search(rf"^{re.escape(name)},.*$", theirs, re.M)
        said = change[0].split(",")[-2:] if change else ["?"]
        print(f"| {name} | {' '.join(said)} | {100 * (row['ratio'] - 1):+.2f} % ({100 * (row['low'] - 1):+.2f} to "
              f"{100 * (row['high'] - 1):+.2f} %) |")


SCIPY = """
import sys, numpy as np
from scipy import stats
a, b = (np.loadtxt(path) for path in sys.argv[1:3])
rng = np.random.default_rng(1)
for q in (0.5, 0.9, 0.99):
    stats.bootstrap((a, b), lambda x, y, axis=-1: np.log(np.quantile(y, q, axis=axis) / np.quantile(x, q, axis=axis)),
                    paired=True, n_resamples=int(sys.argv[3]), batch=1, method="percentile", rng=rng)
"""


def cost(options, work):
    noise = random.Random(3)
    for side in "ab":
        (work / side).write_text("\n".join(str(int(1e6 * noise.lognormvariate(0, 0.5))) for _ in range(500_000)))
    runs = [measured([options.tenon, "bench", "--samples", work / "a", work / "b"]) for _ in range(5)]
    ours = min(runs, key=lambda run: run["wall"])
    print("\n| 1,000,000 samples, p50, p90 and p99 | wall s | processor s | MB |\n|---|---|---|---|")
    print(f"| tenon, 2,000 resamples | {ours['wall']:.2f} | {ours['cpu']:.2f} | {ours['mb']:.0f} |")
    if options.python:
        theirs = measured([options.python, "-c", SCIPY, work / "a", work / "b", "20"])
        print(f"| scipy.stats.bootstrap, 20 resamples | {theirs['wall']:.2f} | {theirs['cpu']:.2f} | {theirs['mb']:.0f} |")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        with self.server.gate:
            self.server.seen += 1
            if self.server.seen == 100:
                time.sleep(1)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.gate, self.seen = threading.Lock(), 0
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


def stall(options, work):
    print("\n| a server that stalls 1 s | requests later than 50 ms |\n|---|---|")
    subprocess.run([options.tenon, "bench", "--http", Server().url, Server().url, "--rate", "100", "--duration", "5s",
                    "--output", work / "h.json"], check=True, capture_output=True)
    series = json.loads((work / "h.json").read_text())["series"][0]
    late = sum(float(x) > 50e6 for x in series["a"].split())
    print(f"| tenon, 100 requests a second | {late} |")
    server, late = Server(), 0
    connection = http.client.HTTPConnection(*server.server_address)
    end = time.monotonic() + 5
    while time.monotonic() < end:
        began = time.monotonic()
        connection.request("GET", "/")
        connection.getresponse().read()
        late += time.monotonic() - began > 0.05
    print(f"| a closed loop with one connection | {late} |")
    if not options.wrk:
        return
    # wrk 4 fills in what its closed loop did not send, at the rate that the loop had.
    script = work / "late.lua"
    script.write_text("done = function(s, l, r)\n  local n = 0\n  for p = 1, #l do\n    local v, c = l(p)\n"
                      "    if v > 50000 then n = n + (c or 1) end\n  end\n  print('late', n, 'of', s.requests)\nend\n")
    out = subprocess.run([options.wrk, "-t1", "-c1", "-d5s", "-s", script, Server().url], capture_output=True, text=True).stdout
    said = re.search(r"^late.*$", out, re.M)
    print(f"| wrk, one connection, with those that it fills in | {said[0] if said else out.strip()[-200:]} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default="build/release/tenon")
    for name in ("hyperfine", "benchstat", "wrk"):
        parser.add_argument(f"--{name}", default=shutil.which(name))
    parser.add_argument("--python")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenon-peers-") as folder:
        work = Path(folder)
        if options.hyperfine:
            hyperfine_medians(options, work)
        if options.benchstat:
            benchstat_table(options, work)
        cost(options, work)
        stall(options, work)


if __name__ == "__main__":
    main()
