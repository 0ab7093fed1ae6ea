#!/usr/bin/env python3
"""One call of a C compiler: alone, behind ccache and behind `tenon cc --native`; as a miss, as a hit, with nothing to keep.

usage: cached_call.py [--tenon PATH] [--rounds N] [--source FILE] [--markdown]

The calls take turns. Each cell: median of the wall time and median of the processor time (user and system, of the call and
all that it starts), in milliseconds. Small: a source of one function. Middle: one that the compiler is busy with for about a
second. With --source also that file, compiled once and then found (sqlite3-binding.c of go-sqlite3 in the module cache is
the usual one). Nothing to keep: a call with -E, which is only passed on. A machine with other work needs `chrt -f 50` before
the command. ccache is left out where there is none.
"""
import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path


class Bench:
    def __init__(self, options):
        self.tenon = os.path.abspath(shutil.which(options.tenon) or options.tenon)
        self.gcc = shutil.which("gcc")
        self.rounds, self.markdown = options.rounds, options.markdown
        self.ways = {"gcc": [self.gcc], "tenon": [self.tenon, "cc", "--native"]}
        if ccache := shutil.which("ccache"):
            self.ways["ccache"] = [ccache, self.gcc]
        self.top = Path(tempfile.mkdtemp(prefix="tenon-bench-"))
        self.env = {**os.environ, "TENON_CACHE": str(self.top / "cache"), "CCACHE_DIR": str(self.top / "ccache")}
        for name in ("CCACHE_BASEDIR", "CCACHE_NOHASHDIR"):
            self.env.pop(name, None)
        self.count = 0
        os.chdir(self.top)

    def source(self, name, text):
        path = self.top / name
        path.write_text(text)
        # A file as new as its compile is not kept.
        os.utime(path, (time.time() - 60,) * 2)
        return path

    def call(self, way, source, mode, flags=()):
        if mode == "miss":
            # Another text each time; ccache finds the object of another -D that the text does not use.
            self.count += 1
            source = self.source("miss.c", f"{source.read_text()}int n{self.count};\n")
        what = ["-E", "-o", "x.i"] if mode == "-E" else ["-c", "-o", "x.o"]
        argv = [*self.ways[way], "-O2", "-g", *flags, *what, str(source)]
        # As in go's new work directory: to free the pages of an old object is no part of a call.
        Path(what[-1]).unlink(missing_ok=True)
        quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
        start = time.perf_counter()
        child = os.posix_spawn(argv[0], argv, self.env, file_actions=quiet)
        _, status, used = os.wait4(child, 0)
        wall = time.perf_counter() - start
        if status:
            raise RuntimeError(f"{' '.join(argv)}: failed")
        return wall * 1000, (used.ru_utime + used.ru_stime) * 1000

    def medians(self, ways, source, mode, rounds, flags=()):
        times = {way: [] for way in ways}
        for number in range(rounds):
            for way in ways if number % 2 else reversed(ways):
                times[way].append(self.call(way, source, mode, flags))
        return {way: [statistics.median(column) for column in zip(*all_times)] for way, all_times in times.items()}

    def row(self, *cells):
        print("| " + " | ".join(cells) + " |" if self.markdown else "  ".join(f"{c:>22}" for c in cells), flush=True)

    def measure(self, name, source, mode, rounds, plain=True, flags=()):
        ways = list(self.ways) if plain else [way for way in self.ways if way != "gcc"]
        if mode == "hit":
            for way in ways[plain:] * 2:
                self.call(way, source, mode, flags)
        got = self.medians(ways, source, mode, rounds, flags)
        cells = [f"{got[way][0]:.1f}, {got[way][1]:.1f}" if way in got else "-" for way in self.ways]
        more = [got["tenon"][i] - got["gcc"][i] for i in range(2)] if plain else None
        self.row(name, *cells, f"{more[0]:+.1f}, {more[1]:+.1f}" if plain else "-")

    def run(self, big):
        function = "int f{0}(int x) {{ for (int i = 0; i < x; ++i) x ^= i * {0}; return x; }}\n"
        small = self.source("small.c", "#include <stdio.h>\n" + function.format(0))
        middle = self.source("middle.c", "#include <stdio.h>\n" + "".join(function.format(i) for i in range(200)))
        self.row("call", *(f"{way}: ms, CPU ms" for way in self.ways), "tenon - gcc")
        if self.markdown:
            self.row(*["---"] * (len(self.ways) + 2))
        self.measure("small, -E", small, "-E", self.rounds)
        self.measure("small, miss", small, "miss", self.rounds)
        self.measure("small, hit", small, "hit", self.rounds)
        self.measure("middle, miss", middle, "miss", max(self.rounds // 5, 3))
        self.measure("middle, hit", middle, "hit", self.rounds, plain=False)
        if big:
            source = Path(big).resolve()
            self.measure(f"{source.name}, hit", source, "hit", self.rounds, plain=False, flags=["-I", str(source.parent)])
            size = (self.top / "x.o").stat().st_size
            self.row(f"{source.stat().st_size / 1e6:.1f} MB to {size / 1e6:.1f} MB")
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
