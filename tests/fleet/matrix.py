#!/usr/bin/env python3
"""A matrix on a fleet of two workers, each cell held against the same command on this machine, with nothing from the cache of
compiles: bytes, and the rows of the gate.

usage: matrix.py --tenon PATH [--go PROGRAM]... [--targets T,T] [--modules N] [--overhead]

Four modules with C, three targets, and the Go in PATH beside each --go. The last line says how many cells are equal.
--overhead: what a fleet costs. One worker, and one local build for each cell; both begin with an empty GOCACHE, and take nothing
from the cache of compiles.
"""
import argparse
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OWN = """package main

/*
static int twice(int x) { return 2 * x; }
*/
import "C"

import "fmt"

func main() { fmt.Println(C.twice(21)) }
"""
# C of a few seconds each: what is judged are 24 cells, and not one compiler.
MODULES = {"own": None, "sitter": "github.com/tree-sitter/go-tree-sitter@v0.25.0",
           "lmdb": "github.com/bmatsuo/lmdb-go@v1.8.0=github.com/bmatsuo/lmdb-go/lmdb",
           "blst": "github.com/supranational/blst@v0.3.17=github.com/supranational/blst/bindings/go"}


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def project(folder, module):
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text(f"module example.com/{folder.name}\n\ngo 1.21\n")
    if module is None:
        (folder / "main.go").write_text(OWN)
        return
    name, _, package = module.partition("=")
    (folder / "main.go").write_text(f'package main\n\nimport _ "{package or name.partition("@")[0]}"\n\nfunc main() {{}}\n')
    subprocess.run(["go", "get", name], cwd=folder, check=True, capture_output=True, env={**os.environ, "GOFLAGS": "-mod=mod"})


class Campaign:
    def __init__(self, options):
        self.tenon = os.path.abspath(options.tenon)
        self.gos = [shutil.which("go"), *map(os.path.abspath, options.go)]
        self.targets = options.targets.split(",")
        self.place = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="tenon-matrix-"))
        self.place.chmod(0o755)
        self.folder = str(self.place / "fleet")
        self.modules = list(MODULES)[:options.modules]
        self.overhead = options.overhead

    def run(self, *arguments, cwd=None, env=None, code=0):
        done = subprocess.run([self.tenon, *arguments, "--json"], cwd=cwd, env=env, capture_output=True, text=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"tenon {' '.join(arguments)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return json.loads(done.stdout)

    def version(self, go):
        env = {**os.environ, "GOTOOLCHAIN": "local"}
        return subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True,
                              env=env).stdout.strip().removeprefix("go")

    def local(self, name, go):
        """By target: digest of the output and rows of the gate."""
        env = {**os.environ, "PATH": f"{Path(go).parent}:{os.environ['PATH']}", "GOTOOLCHAIN": "local", "GOENV": "off"}
        out = self.place / "local" / name / Path(go).parent.parent.name
        if self.overhead:
            env["GOCACHE"] = str(self.place / "go-build-local")
        rows = []
        for targets in self.targets if self.overhead else [",".join(self.targets)]:
            report = self.run("build", ".", "--target", targets, "--out", str(out), "--no-cache", "-buildvcs=false",
                              cwd=self.place / name, env=env)
            rows += report["data"]["outputs"]
        return {target: (sha256(row["path"]), row["gate"]) for target, row in zip(self.targets, rows, strict=True)}

    def campaign(self):
        for name in self.modules:
            project(self.place / name, MODULES[name])
        versions = {self.version(go): go for go in self.gos}
        matrix = self.place / "matrix.json"
        matrix.write_text(json.dumps({"modules": [{"dir": name} for name in self.modules], "targets": self.targets,
                                      "go": list(versions), "flags": ["--no-cache"] if self.overhead else []}))
        port = free_port()
        more = [word for go in self.gos[1:] for word in ("--go", go)]
        # Both workers have one build cache, and it is not that of this machine.
        env = {**os.environ, "GOCACHE": str(self.place / "go-build"), "GOMODCACHE": subprocess.run(
            ["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True).stdout.strip()}
        self.run("fleet", "up", "--folder", self.folder, "--port", str(port), *more, env=env)
        second = None if self.overhead else subprocess.Popen(
            [self.tenon, "worker", "--join", f"127.0.0.1:{port}", "--folder", str(self.place / "second"), *more],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        try:
            start = time.monotonic()
            cells = self.run("fleet", "run", str(matrix), "--folder", self.folder, "--out", str(self.place / "out"))
            fleet = time.monotonic() - start
        finally:
            if second:
                second.terminate()
                second.wait(120)
            self.run("fleet", "down", "--folder", self.folder)
        cells = cells["data"]["cells"]
        start = time.monotonic()
        local = {(name, version): self.local(name, go) for name in self.modules for version, go in versions.items()}
        alone = time.monotonic() - start
        equal = 0
        for cell in cells:
            digest, gate = local[cell["cell"].split()[0], cell["go"]][cell["target"]]
            same = [sha256(row["path"]) for row in cell["outputs"]] == [digest]
            rows = cell["report"]["data"]["outputs"][0]["gate"] == gate
            equal += same and rows
            if not same or not rows:
                print(f"{cell['cell']}: bytes {same}, gate {rows}")
        machines = {cell["worker"].split()[0] for cell in cells}
        print(f"{equal} of {len(cells)} cells equal to local builds, {len(machines)} workers, fleet {fleet:.0f} s, "
              f"local without cache {alone:.0f} s")
        return 0 if equal == len(cells) and cells else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", required=True)
    parser.add_argument("--go", action="append", default=[])
    parser.add_argument("--targets", default="linux/amd64,linux/arm64,darwin/arm64")
    parser.add_argument("--modules", type=int, default=len(MODULES))
    parser.add_argument("--overhead", action="store_true")
    campaign = Campaign(parser.parse_args())
    try:
        return campaign.campaign()
    finally:
        subprocess.run(["chmod", "-R", "u+w", campaign.place], check=False)
        shutil.rmtree(campaign.place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
