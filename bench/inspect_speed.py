#!/usr/bin/env python3
"""What tenon inspect costs beside other readers, all in one run on the same files.

usage: inspect_speed.py [--tenon PATH] [--runs N] [--cache FOLDER] [--no-lief]

Files: the 139 MB Mach-O of the npm package @cloudflare/workerd-darwin-arm64 (fetched once into the
cache folder by `npm pack`), a small Go program and a folder of 1000 programs, both built here. Times
are medians of N runs in turn after one uncounted run, process start included. Memory is from one run
under time(1): a child of this program would begin with the pages of Python. Bars: summary of the large file <= 10 ms and <= 16 MB; all symbols
<= 1/10 of llvm-nm's user time and <= 1/3 of its memory; a small file <= 5 ms.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

PACKAGE, VERSION, MEMBER = "@cloudflare/workerd-darwin-arm64", "1.20261023.1", "package/bin/workerd"
LIEF = "1.0.0"
READ = "import lief, sys; lief.MachO.parse(sys.argv[1]).at(0).header"


def large_file(cache):
    path = cache / f"workerd-{VERSION}"
    if path.is_file():
        return path
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        subprocess.run(["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            with package.extractfile(MEMBER) as source, open(f"{folder}/out", "wb") as target:
                shutil.copyfileobj(source, target)
        os.rename(f"{folder}/out", path)
    return path


def small_files(folder):
    (folder / "main.go").write_text('package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("x") }\n')
    (folder / "go.mod").write_text("module example.com/small\n\ngo 1.21\n")
    small = folder / "small"
    subprocess.run(["go", "build", "-o", str(small), "."], cwd=folder, check=True,
                   env={**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "arm64"})
    many = folder / "many"
    many.mkdir()
    # 1000 names of 40 files: as many openings as 1000 files, and less room.
    for i in range(1000):
        if i < 40:
            shutil.copy(small, many / f"p{i}")
        else:
            os.link(many / f"p{i % 40}", many / f"p{i}")
    return small, many


def lief_python(cache):
    python = cache / f"lief-{LIEF}/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", f"lief=={LIEF}"], check=True)
    return str(python)


class Run:
    """Times of one process from wait4, its memory from time(1)."""

    def __init__(self, argv):
        self.argv, self.rows, self.memory = argv, [], self.peak(argv)

    @staticmethod
    def peak(argv):
        with tempfile.NamedTemporaryFile("r") as out:
            subprocess.run(["/usr/bin/time", "-o", out.name, "-f", "%M", *argv], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            return int(out.read().split()[-1]) / 1024

    def once(self, count=True):
        with open(os.devnull, "w") as null:
            start = time.perf_counter()
            child = subprocess.Popen(self.argv, stdout=null, stderr=null)
            _, _, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - start
        child.returncode = 0
        if count:
            self.rows.append((wall, usage.ru_utime, usage.ru_stime))

    def medians(self):
        return [*(statistics.median(column) for column in zip(*self.rows)), self.memory]

    def least(self):
        return min(row[0] for row in self.rows)


def measure(runs, rounds):
    for run in runs.values():
        run.once(count=False)
    for i in range(rounds):
        for name, run in runs.items():
            # What takes a second needs no twenty runs.
            if i < 3 or run.medians()[0] < 0.5:
                run.once()


def table(title, runs):
    print(f"\n{title}\n\n| tool | wall ms, median (least) | user ms | system ms | peak MB |\n|---|---|---|---|---|")
    for name, run in runs.items():
        wall, user, system, memory = run.medians()
        print(f"| {name} | {wall * 1e3:.1f} ({run.least() * 1e3:.1f}) | {user * 1e3:.1f} | {system * 1e3:.1f} | "
              f"{memory:.1f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "build/release/tenon"))
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--cache", default=os.path.expanduser("~/.cache/tenon-bench"))
    parser.add_argument("--no-lief", action="store_true")
    options = parser.parse_args()
    tenon, cache = os.path.abspath(options.tenon), Path(options.cache)
    cache.mkdir(parents=True, exist_ok=True)
    if not os.path.exists("/usr/bin/time"):
        sys.exit("inspect_speed: /usr/bin/time is needed to measure memory")
    large = str(large_file(cache))
    with tempfile.TemporaryDirectory(prefix="tenon-bench-") as folder:
        small, many = map(str, small_files(Path(folder)))
        tools = {
            "large": {
                "tenon inspect": [tenon, "inspect", large],
                "llvm-readobj --file-headers": ["llvm-readobj-19", "--file-headers", large],
                "llvm-objdump --macho --private-headers": ["llvm-objdump-19", "--macho", "--private-headers", large],
                "go version -m": ["go", "version", "-m", large]},
            "symbols": {
                "tenon inspect --symbols": [tenon, "inspect", "--symbols", large],
                "tenon inspect --symbols --json": [tenon, "inspect", "--symbols", "--json", large],
                "llvm-nm": ["llvm-nm-19", large],
                "go tool nm": ["go", "tool", "nm", large]},
            "small": {
                "tenon inspect": [tenon, "inspect", small],
                "llvm-readobj --file-headers": ["llvm-readobj-19", "--file-headers", small],
                "readelf -h": ["readelf", "-h", small],
                "go version -m": ["go", "version", "-m", small]},
            "folder": {
                "tenon inspect": [tenon, "inspect", many],
                "tenon inspect --json": [tenon, "inspect", "--json", many],
                "llvm-readobj --file-headers": ["llvm-readobj-19", "--file-headers", *map(str, Path(many).iterdir())],
                "go version -m": ["go", "version", "-m", many]},
        }
        if not options.no_lief:
            tools["large"][f"LIEF {LIEF}, Python"] = [lief_python(cache), "-c", READ, large]
        titles = {"large": f"Summary of {os.path.getsize(large) / 1e6:.0f} MB (workerd {VERSION})",
                  "symbols": "All symbols of it, to /dev/null",
                  "small": f"Start-up: a Go program of {os.path.getsize(small) / 1e6:.1f} MB",
                  "folder": "A folder of 1000 programs"}
        done = {}
        for group, commands in tools.items():
            done[group] = {name: Run(argv) for name, argv in commands.items()
                           if shutil.which(argv[0])}
            measure(done[group], options.runs)
            table(titles[group], done[group])
    bars(done)


def bars(done):
    wall, _, _, memory = done["large"]["tenon inspect"].medians()
    _, user, _, peak = done["symbols"]["tenon inspect --symbols"].medians()
    _, their_user, _, their_peak = done["symbols"]["llvm-nm"].medians()
    start = done["small"]["tenon inspect"].medians()[0]
    print("\n| bar | measured | met |\n|---|---|---|")
    for name, value, bar, unit in (("summary of the large file, wall", wall * 1e3, 10, "ms"),
                                   ("summary of the large file, memory", memory, 16, "MB"),
                                   ("all symbols, user time", user * 1e3, their_user * 1e2, "ms"),
                                   ("all symbols, memory", peak, their_peak / 3, "MB"),
                                   ("small file, wall", start * 1e3, 5, "ms")):
        print(f"| {name} <= {bar:.1f} {unit} | {value:.1f} {unit} | {'yes' if value <= bar else 'no'} |")


if __name__ == "__main__":
    main()
