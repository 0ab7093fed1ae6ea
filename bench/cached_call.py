#!/usr/bin/env python3
"""One call of a C compiler: alone, and behind `tenon cc --native` as a miss, as a hit, and with nothing to keep.

usage: cached_call.py [--tenon PATH] [--rounds N] [--source FILE] [--markdown]

The calls take turns; medians in milliseconds. Small: a source of one function. Middle: one that the compiler is busy with
for about a second. With --source also that file, compiled once and then found (sqlite3.c is the usual one). Nothing to
keep: a call with -E, which tenon only passes on.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Bench:
    def __init__(self, options):
        self.tenon = os.path.abspath(shutil.which(options.tenon) or options.tenon)
        self.rounds, self.markdown = options.rounds, options.markdown
        self.top = Path(tempfile.mkdtemp(prefix="tenon-bench-"))
        self.env = {**os.environ, "TENON_CACHE": str(self.top / "cache")}
        self.count = 0

    def source(self, name, text):
        path = self.top / name
        path.write_text(text)
        # A file as new as its compile is not kept.
        os.utime(path, (time.time() - 60,) * 2)
        return path

    def call(self, way, source, mode):
        argv = {"gcc": ["gcc"], "tenon": [self.tenon, "cc", "--native"]}[way]
        self.count += 1
        # Another define makes another key: a miss each time.
        define = f"-DTENON_BENCH_N={self.count if mode == 'miss' else 0}"
        what = ["-E", "-o", self.top / "x.i"] if mode == "-E" else ["-c", "-o", self.top / "x.o"]
        start = time.perf_counter()
        subprocess.run([*argv, "-O2", "-g", define, *what, source], check=True, env=self.env, stderr=subprocess.DEVNULL)
        return (time.perf_counter() - start) * 1000

    def medians(self, source, mode, rounds):
        times = {"gcc": [], "tenon": []}
        for number in range(rounds):
            for way in ("gcc", "tenon") if number % 2 else ("tenon", "gcc"):
                times[way].append(self.call(way, source, mode))
        return [statistics.median(times[way]) for way in ("gcc", "tenon")]

    def row(self, *cells):
        print("| " + " | ".join(cells) + " |" if self.markdown else "  ".join(f"{c:>22}" for c in cells), flush=True)

    def run(self, big):
        function = "int f{0}(int x) {{ for (int i = 0; i < x; ++i) x ^= i * {0}; return x; }}\n"
        small = self.source("small.c", "#include <stdio.h>\n" + function.format(0))
        middle = self.source("middle.c", "#include <stdio.h>\n" + "".join(function.format(i) for i in range(200)))
        self.row("call", "gcc, ms", "behind tenon, ms", "difference")
        if self.markdown:
            self.row(*["---"] * 4)
        cells = [("small, -E", small, "-E", self.rounds), ("small, miss", small, "miss", self.rounds),
                 ("small, hit", small, "hit", self.rounds), ("middle, miss", middle, "miss", self.rounds),
                 ("middle, hit", middle, "hit", self.rounds)]
        for name, source, mode, rounds in cells:
            if mode == "hit":
                self.call("tenon", source, mode)
            plain, ours = self.medians(source, mode, rounds)
            self.row(name, f"{plain:.1f}", f"{ours:.1f}", f"{ours - plain:+.1f} ms, {100 * (ours / plain - 1):+.1f} %")
        if big:
            source = Path(big).resolve()
            for _ in range(2):
                self.call("tenon", source, "hit")
            times = [self.call("tenon", source, "hit") for _ in range(self.rounds)]
            size = (self.top / "x.o").stat().st_size
            self.row(f"{Path(big).name}, hit", "-", f"{statistics.median(times):.1f}",
                     f"{source.stat().st_size / 1e6:.1f} MB to {size / 1e6:.1f} MB")
        shutil.rmtree(self.top, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--source")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    Bench(options).run(options.source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
