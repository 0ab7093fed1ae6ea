#!/usr/bin/env python3
"""Modules with C, built again and again with an empty GOCACHE: what the cache of compiles finds, and whether it is right.

usage: cache_modules.py [--tenon PATH] [--go PATH]... [--flags FLAGS] [--results FILE] [--markdown]
                        [MODULE@VERSION[=PACKAGE]]...

For each module a command that imports it is built cold, then with other flags of go's own compiler, with -trimpath, from
another checkout, for another user (another HOME and GOCACHE; the cache of compiles is the same), and with each --go. Each
build starts with a GOCACHE that holds go's standard library, made once for each set of flags, and nothing else. Cells: C
calls that were found, of all. "equal": in each row the program has the bytes of one that was built with --no-cache.
--flags takes the place of Go's "-O2 -g" for C and C++: with "-O0 -g" it takes a third of the time, and asks the same
questions of the cache. With --results each module's row is written down when it is done, and a second run with the same file
goes on after it. The last row is the sum of all modules.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MODULES = ("github.com/mattn/go-sqlite3@v1.14.28", "github.com/DataDog/zstd@v1.5.7", "github.com/chai2010/webp@v1.4.0",
           "github.com/supranational/blst@v0.3.17=github.com/supranational/blst/bindings/go",
           "github.com/tree-sitter/go-tree-sitter@v0.25.0", "github.com/yanyiwu/gojieba@v1.4.6",
           "github.com/bmatsuo/lmdb-go@v1.8.0=github.com/bmatsuo/lmdb-go/lmdb", "github.com/uber/h3-go/v4@v4.1.0",
           "github.com/golang-fips/openssl/v2@v2.0.3",
           "github.com/confluentinc/confluent-kafka-go/v2@v2.11.1=github.com/confluentinc/confluent-kafka-go/v2/kafka")


class Bench:
    def __init__(self, options):
        self.tenon = os.path.abspath(shutil.which(options.tenon) or options.tenon)
        self.gos, self.markdown, self.flags = options.go, options.markdown, options.flags
        self.results = Path(options.results) if options.results else None
        self.standard = {}  # GOCACHE with the standard library, by flags, go and cache or not
        self.top = Path(tempfile.mkdtemp(prefix="tenon-bench-"))
        (self.top / "bin").mkdir()
        (self.top / "bin/tenon").symlink_to(self.tenon)
        (self.top / "home").mkdir()

    def project(self, folder, module):
        name, _, package = module.partition("=")
        folder.mkdir(parents=True)
        (folder / "go.mod").write_text("module example.com/m\n\ngo 1.21\n")
        (folder / "main.go").write_text(f'package main\n\nimport (\n\t_ "{package or name.partition("@")[0]}"\n\t_ "net"\n'
                                        ")\n\nfunc main() {}\n")
        subprocess.run(["go", "get", name], cwd=folder, check=True, capture_output=True, env=self.env())

    def env(self, go=None, keep=True):
        cc = "--native" if keep else "--native --no-cache"
        path = f"{self.top / 'bin'}:{os.environ['PATH']}"
        flags = {"CGO_CFLAGS": self.flags, "CGO_CXXFLAGS": self.flags} if self.flags else {}
        return {**os.environ, **flags, "PATH": f"{Path(go).parent}:{path}" if go else path, "GOFLAGS": "-mod=mod",
                "CGO_ENABLED": "1", "GOTOOLCHAIN": "local", "GOCACHE": str(self.top / "gocache"),
                "TENON_CACHE": str(self.top / "cache"), "CC": f"tenon cc {cc}", "CXX": f"tenon c++ {cc}"}

    def standard_library(self, args, env):
        key = (*args, env["PATH"], env["CC"])
        if key not in self.standard:
            folder = self.top / f"standard/{len(self.standard)}"
            # Most of it has no C, and is the same with another CC.
            for (*other, path, _), there in self.standard.items():
                if tuple(other) == tuple(args) and path == env["PATH"]:
                    shutil.copytree(there, folder)
                    break
            source = self.top / "standard/net"
            source.mkdir(parents=True, exist_ok=True)
            (source / "go.mod").write_text("module example.com/net\n\ngo 1.21\n")
            (source / "main.go").write_text('package main\n\nimport _ "net"\n\nfunc main() {}\n')
            subprocess.run(["go", "build", *args, "-o", os.devnull, "."], cwd=source, check=True, capture_output=True,
                           env=env | {"GOCACHE": str(folder)})
            self.standard[key] = folder
        return self.standard[key]

    def build(self, folder, args, env):
        standard = self.standard_library(args, env)
        shutil.rmtree(self.top / "gocache", ignore_errors=True)
        shutil.copytree(standard, self.top / "gocache")
        out = self.top / "out"
        out.unlink(missing_ok=True)
        done = subprocess.run(["go", "build", *args, "-o", out, "."], cwd=folder, env=env, check=False,
                              capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "go build failed")
        return out.read_bytes()

    def counts(self, env):
        done = subprocess.run([self.tenon, "cache", "stats", "--json"], env=env, capture_output=True, check=True)
        data = json.loads(done.stdout)["data"]
        # Questions of cgo and links make no object.
        other = sum(count for reason, count in data["uncacheable"].items() if reason not in ("no object", "compile failed"))
        return data["hits"], data["misses"] + other

    def done(self):
        """The rows of an earlier run."""
        if self.results is None or not self.results.exists():
            return {}
        return {row["module"]: row["cells"] for row in map(json.loads, self.results.read_text().splitlines())}

    def keep(self, module, cells):
        if self.results is not None:
            with self.results.open("a") as file:
                file.write(json.dumps({"module": module, "cells": cells}) + "\n")

    @staticmethod
    def total(rows):
        cells = []
        for column in zip(*(cells[:-1] for cells in rows)):
            pairs = [[int(number) for number in cell.split("/")] for cell in column]
            found, all_calls = (sum(numbers) for numbers in zip(*pairs))
            cells.append(f"{found}/{all_calls} ({100 * found / all_calls:.1f} %)" if all_calls else "0/0")
        return [*cells, "yes" if all(cells[-1] == "yes" for cells in rows) else "NO"]

    def row(self, *cells):
        line = "| " + " | ".join(cells) + " |" if self.markdown else "  ".join(f"{c:>14}" for c in cells)
        print(line, flush=True)

    def measure(self, number, module):
        one, other = self.top / f"{number}/m", self.top / f"{number}/elsewhere/deep/m"
        self.project(one, module)
        shutil.copytree(one, other)
        home = {"HOME": str(self.top / "home"), "GOPATH": os.environ.get("GOPATH") or
                subprocess.run(["go", "env", "GOPATH"], capture_output=True, text=True, check=True).stdout.strip()}
        rows = [(one, [], None, {}), (one, [], None, {}), (one, ["-gcflags=all=-N"], None, {}),
                (one, ["-trimpath"], None, {}), (other, [], None, {}), (other, [], None, home),
                *[(one, [], go, {}) for go in self.gos]]
        cells, equal, plain = [], True, {}
        for folder, args, go, more in rows:
            env = self.env(go) | more
            self.standard_library(args, env)
            hits, misses = self.counts(env)
            kept = self.build(folder, args, env)
            now = self.counts(env)
            cells.append(f"{now[0] - hits}/{now[0] - hits + now[1] - misses}")
            call = (folder, *args, go)
            if call not in plain:
                plain[call] = self.build(folder, args, self.env(go, keep=False) | more)
            equal = equal and kept == plain[call]
        return [*cells, "yes" if equal else "NO"]

    def run(self, modules):
        self.row("module", "cold", "again", "-gcflags=-N", "-trimpath", "checkout", "user",
                 *[Path(go).parent.parent.name for go in self.gos], "equal")
        if self.markdown:
            self.row(*["---"] * (8 + len(self.gos)))
        failed, rows, done = 0, [], self.done()
        for number, module in enumerate(modules):
            name = module.partition("=")[0]
            cells = done.get(module)
            try:
                if cells is None:
                    cells = self.measure(number, module)
                    self.keep(module, cells)
                rows.append(cells)
            except (subprocess.CalledProcessError, RuntimeError) as error:
                text = getattr(error, "stderr", None) or str(error)
                cells = [(text.decode() if isinstance(text, bytes) else text).strip().splitlines()[-1][:200]]
            failed += cells[-1] != "yes"
            self.row(name, *cells)
        if rows:
            self.row("all", *self.total(rows))
        shutil.rmtree(self.top, ignore_errors=True)
        return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--go", action="append", default=[], help="another go program, by path")
    parser.add_argument("--flags", help="of the C and C++ compiler, instead of Go's -O2 -g")
    parser.add_argument("--results", help="a file of finished rows, to go on after them")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("modules", nargs="*", default=MODULES)
    options = parser.parse_args()
    return Bench(options).run(options.modules)


if __name__ == "__main__":
    sys.exit(main())
