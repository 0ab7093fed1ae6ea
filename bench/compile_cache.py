#!/usr/bin/env python3
"""C compiles that are made again: the machine's compiler alone, behind ccache, behind tenon, and go's cache program.

usage: compile_cache.py [--tenon PATH] [--module MODULE@VERSION] [--ways gcc,ccache,sccache,tenon,prog]
                        [--std-warm] [--markdown]

A command that imports MODULE is built with an empty GOCACHE for each row, so that cmd/go compiles everything; what the
compiler caches have learned stays from row to row. Wall seconds, processor seconds, and of each cache the C calls that
were found, of those that it counted. The processor seconds of sccache's server are not in them. With --std-warm the
standard library that the command needs is built first, with the same flags, and not counted; "cold" is as without it.
"""
import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MAIN = 'package main\n\nimport (\n\t_ "{}"\n\t_ "net"\n)\n\nfunc main() {{}}\n'


class Bench:
    def __init__(self, options):
        self.tenon = os.path.abspath(shutil.which(options.tenon) or options.tenon)
        self.module, self.markdown, self.std_warm = options.module, options.markdown, options.std_warm
        self.top = Path(tempfile.mkdtemp(prefix="tenon-bench-"))
        self.bin = self.top / "bin"
        self.bin.mkdir()
        (self.bin / "tenon").symlink_to(self.tenon)

    def project(self, name):
        folder = self.top / name / "m"
        folder.mkdir(parents=True)
        (folder / "go.mod").write_text("module example.com/m\n\ngo 1.21\n")
        (folder / "main.go").write_text(MAIN.format(self.module.partition("@")[0]))
        subprocess.run(["go", "get", self.module], cwd=folder, check=True, capture_output=True)
        return folder

    def build(self, way, folder, args, std_warm):
        env = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "GOFLAGS": "-mod=mod", "CGO_ENABLED": "1",
               "GOCACHE": str(self.top / "gocache"), "TENON_CACHE": str(self.top / "cache"),
               "CCACHE_DIR": str(self.top / "ccache"), "SCCACHE_DIR": str(self.top / "sccache"),
               "SCCACHE_SERVER_PORT": "14226", "CC": "gcc", "CXX": "g++"}
        env |= {"sccache": {"CC": "sccache gcc", "CXX": "sccache g++"},
                "ccache": {"CC": "ccache gcc", "CXX": "ccache g++"},
                "tenon": {"CC": "tenon cc --native", "CXX": "tenon c++ --native"},
                # github.com/bradfitz/go-tool-cache/cmd/go-cacher, on PATH.
               "go-cacher": {"GOCACHEPROG": f"go-cacher --cache-dir={self.top / 'go-cacher'}"},
               "prog": {"GOCACHEPROG": "tenon cache prog"}}.get(way, {})
        subprocess.run(["go", "clean", "-cache"], env=env, check=True, capture_output=True)
        shutil.rmtree(self.top / "gocache", ignore_errors=True)
        if std_warm:
            names = subprocess.run(["go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "."], cwd=folder,
                                   env=env, check=True, capture_output=True, text=True).stdout.split()
            subprocess.run(["go", "build", *args, *names], cwd=folder, env=env, check=True, capture_output=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = self.found(way, env)
        start = time.perf_counter()
        subprocess.run(["go", "build", *args, "-o", self.top / "out", "."], cwd=folder, env=env, check=True,
                       capture_output=True)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        now = self.found(way, env)
        return (wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                tuple(b - a for a, b in zip(found, now)))

    def found(self, way, env):
        if way in ("tenon", "prog"):
            done = subprocess.run([self.tenon, "cache", "stats", "--json"], env=env, capture_output=True, check=True)
            data = json.loads(done.stdout)["data"]
            # Questions of cgo and links make no object.
            return (data["hits"], data["misses"], sum(count for reason, count in data["uncacheable"].items()
                                                      if reason not in ("no object", "compile failed")))
        if way == "ccache":
            text = subprocess.run(["ccache", "--print-stats"], env=env, capture_output=True, text=True, check=True).stdout
            count = dict(re.findall(r"(\w+)\t(\d+)", text))
            hits = int(count.get("direct_cache_hit", 0)) + int(count.get("preprocessed_cache_hit", 0))
            return (hits, int(count.get("cache_miss", 0)), 0)
        if way == "sccache":
            text = subprocess.run(["sccache", "--show-stats", "--stats-format=json"], env=env, capture_output=True,
                                  check=True).stdout
            stats = json.loads(text)["stats"]
            return (sum(stats["cache_hits"]["counts"].values()), sum(stats["cache_misses"]["counts"].values()),
                    stats["requests_not_cacheable"])
        return (0, 0, 0)

    def row(self, *cells):
        line = "| " + " | ".join(cells) + " |" if self.markdown else "  ".join(f"{c:>22}" for c in cells)
        print(line, flush=True)

    def run(self, ways):
        one, other = self.project("one"), self.project("elsewhere/other")
        rows = [("cold", one, []), ("again", one, []), ("-gcflags=all=-N", one, ["-gcflags=all=-N"]),
                ("-trimpath", one, ["-trimpath"]), ("another checkout", other, [])]
        self.row("build", *[f"{way}: s, CPU s, found" for way in ways])
        if self.markdown:
            self.row(*["---"] * (len(ways) + 1))
        for name, folder, args in rows:
            cells = []
            for way in ways:
                wall, cpu, (hits, misses, other_calls) = self.build(way, folder, args, self.std_warm and name != "cold")
                cells.append(f"{wall:.1f}, {cpu:.1f}, {hits}/{hits + misses + other_calls}")
            self.row(name, *cells)
        if "sccache" in ways:
            subprocess.run(["sccache", "--stop-server"], env={**os.environ, "SCCACHE_SERVER_PORT": "14226"},
                           capture_output=True, check=False)
        shutil.rmtree(self.top, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--module", default="github.com/mattn/go-sqlite3@v1.14.28")
    parser.add_argument("--ways", default="gcc,ccache,sccache,tenon,prog")
    parser.add_argument("--std-warm", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    Bench(options).run(options.ways.split(","))
    return 0


if __name__ == "__main__":
    sys.exit(main())
