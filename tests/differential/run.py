#!/usr/bin/env python3
"""Holds `tenon inspect` against llvm-readobj, llvm-nm, llvm-objdump, GNU readelf and `go version -m`.

usage: run.py [--all] [--page FILE] [FILE...]

TENON names the program. Without files, a corpus is fetched by package name and version, and Go
programs are built by several Go versions; --all takes all of it, else a part that costs seconds.
Every difference is an error unless justified.txt explains it. Ends with 77 when nothing could be
fetched or built.
"""
import argparse
import collections
import fnmatch
import json
import os
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
import readers  # noqa: E402
from public_files import package, run  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
# kind, name, platform, whether the short run takes it, most files
CORPUS = (
    ("npm", "@esbuild/darwin-arm64@0.28.2", "", False, 9),
    ("npm", "fsevents@2.3.3", "", True, 9),
    ("npm", "@swc/core-darwin-arm64@1.16.18", "", False, 9),
    ("npm", "@sentry/cli-darwin@3.8.0", "", False, 9),
    ("pip", "uv==0.13.9", "darwin", False, 9),
    ("pip", "numpy==2.4.6", "darwin", True, 8),
    ("pip", "cryptography==50.0.2", "darwin", False, 9),
    ("pip", "numpy==2.4.6", "manylinux", True, 8),
    ("pip", "lxml==6.1.3", "manylinux", False, 9),
    ("pip", "pydantic-core", "manylinux", False, 9),
    ("pip", "numpy==2.4.6", "musllinux", True, 6),
    ("pip", "cryptography==50.0.2", "musllinux", False, 9),
    ("pip", "numpy==2.4.6", "windows", True, 4),
    ("pip", "lxml==6.1.3", "windows", False, 4),
    ("deb", "libc6-dev-arm64-cross", "", True, 40),
    ("deb", "libgcc-12-dev-arm64-cross", "", False, 40),
    ("deb", "zlib1g-dev", "", True, 9),
)
GO_VERSIONS = ("1.21.13", "1.22.12", "1.24.11", "1.26.6", "1.27.3")
GO_TARGETS = (("darwin", "arm64"), ("darwin", "amd64"), ("linux", "amd64"), ("linux", "arm64"),
              ("windows", "amd64"))
GO_SOURCE = """package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	addresses, err := net.LookupHost("localhost")
	fmt.Println(addresses, err, os.Args)
}
"""
CGO_SOURCE = GO_SOURCE.replace('import (', '/*\n#include <stdlib.h>\n*/\nimport "C"\n\nimport (') \
    .replace("func main() {", "func main() {\n\tC.free(nil)")


class Judge:
    def __init__(self):
        self.counts = collections.Counter()
        self.differences = []
        self.justified = collections.Counter()
        self.rules = []
        for line in (HERE / "justified.txt").read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                field, pattern, _ = (part.strip() for part in line.split("|", 2))
                self.rules.append((field, pattern))

    def same(self, path, field, ours, theirs):
        self.counts[field] += 1
        if ours == theirs:
            return
        for rule in self.rules:
            if fnmatch.fnmatch(field, rule[0]) and fnmatch.fnmatch(str(path), rule[1]):
                self.justified[rule] += 1
                return
        self.differences.append((str(path), field, shorten(ours, theirs), shorten(theirs, ours)))


def shorten(value, other):
    if isinstance(value, list) and isinstance(other, list):
        extra = [v for v in value if v not in other] if len(value) < 20000 else value
        return f"{len(value)} items, alone here: {extra[:4]}"
    return value


def symbols_of(path, arch=None, elf=False):
    rows = readers.loads(run(TENON, "inspect", "--symbols", "--json", path).stdout)
    return sorted(((re.sub(r"@.*", "", r["name"]) if elf else r["name"], r.get("address")) for r in rows
                   if arch is None or r["slice"] == arch), key=str)


def sections_of(path, arch=None):
    rows = readers.loads(run(TENON, "inspect", "--sections", "--json", path).stdout)
    return [(r["name"], r["address"], r["size"]) for r in rows
            if arch is None or r["slice"] == arch]


def needed(slice_):
    return [(n["name"], n["weak"], n["reexport"]) for n in slice_["needed"]]


def compare_macho(judge, path, file):
    archs = readers.macho_slices(path)
    judge.same(path, "macho.slices", [s["arch"] for s in file["slices"]], archs)
    for slice_ in file["slices"]:
        arch = slice_["arch"]
        facts = readers.macho_facts(path, arch)
        judge.same(path, "macho.needed", needed(slice_), facts["needed"])
        for key in ("rpaths", "name", "interpreter"):
            judge.same(path, f"macho.{key}", slice_[key], facts[key])
        judge.same(path, "macho.uuid", slice_["uuid"], facts["uuid"])
        for key in ("minos", "sdk"):
            ours = slice_[key] and readers.version(slice_[key])
            judge.same(path, f"macho.{key}", ours, facts[key])
        judge.same(path, "macho.sections", sections_of(path, arch), facts["sections"])
        judge.same(path, "macho.symbols", symbols_of(path, arch), facts["symbols"])
        if slice_["type"] != "object":
            rows = readers.loads(run(TENON, "inspect", "--exports", "--json", path).stdout)
            ours = sorted({r["name"] for r in rows if r["slice"] == arch})
            judge.same(path, "macho.exports", ours, facts["exports"])


def compare_elf(judge, path, file):
    slice_ = file["slices"][0]
    facts = readers.elf_facts(path)
    if slice_["type"] != "object":
        judge.same(path, "elf.needed", needed(slice_), facts["needed"])
        for key in ("rpaths", "interpreter", "name", "glibc_floor"):
            judge.same(path, f"elf.{key}", slice_[key], facts[key])
        judge.same(path, "elf.relro", slice_["hardening"].get("relro"), facts["relro"])
    judge.same(path, "elf.uuid", slice_["uuid"], facts["uuid"])
    judge.same(path, "elf.sections", sections_of(path), facts["sections"])
    judge.same(path, "elf.symbols", symbols_of(path, elf=True), facts["symbols"])
    for what in ("imports", "exports"):
        rows = readers.loads(run(TENON, "inspect", f"--{what}", "--json", path).stdout)
        names = sorted(re.sub(r"@.*", "", r["name"]) for r in rows)
        if slice_["type"] != "object":
            judge.same(path, f"elf.{what}", names, facts[what])


def compare_pe(judge, path, file):
    facts = readers.pe_facts(path)
    slice_ = file["slices"][0]
    judge.same(path, "pe.needed", sorted(n[0].lower() for n in needed(slice_)),
               sorted(n[0].lower() for n in facts["needed"]))
    ours = [(name, size) for name, _, size in sections_of(path)]
    judge.same(path, "pe.sections", ours, facts["sections"])
    for what in ("imports", "exports", "symbols"):
        rows = readers.loads(run(TENON, "inspect", f"--{what}", "--json", path).stdout)
        names = sorted(r["name"] for r in rows if not r["name"].startswith("#"))
        judge.same(path, f"pe.{what}", names, facts[what])


def compare_go(judge, path, file):
    facts = readers.go_facts(path)
    go = file["slices"][0].get("go") if file["slices"] else None
    judge.same(path, "go.present", go is not None, facts is not None)
    if go is None or facts is None:
        return
    judge.same(path, "go.version", go["version"], facts["version"])
    judge.same(path, "go.path", go["path"], facts["path"])
    judge.same(path, "go.settings", go["settings"] or {}, facts["settings"])


def compare(judge, path, expected=None):
    kind = readers.kind_of(path)
    if kind is None:
        return False
    done = run(TENON, "inspect", "--json", path)
    files = json.loads(done.stdout)["data"]["files"] if done.stdout else []
    judge.same(path, "readable", bool(files), True)
    if not files:
        return True
    file = files[0]
    if kind == "mach-o":
        compare_macho(judge, path, file)
    elif kind == "elf":
        compare_elf(judge, path, file)
    elif kind == "pe":
        compare_pe(judge, path, file)
    else:
        judge.same(path, "archive.members", [m["name"] for m in file.get("members", [])],
                   readers.archive_members(path))
    if kind != "archive":
        compare_go(judge, path, file)
    for key, value in (expected or {}).items():
        slice_ = file["slices"][0]
        ours = slice_["go"][key] if key in ("cgo_used", "cgo_allowed") else slice_[key]
        judge.same(path, f"built.{key}", ours, value)
    return True


def fetched(everything):
    for kind, name, platform, short, most in CORPUS:
        if not (short or everything):
            continue
        folder = package(kind, name, platform or "darwin")
        if folder is None:
            print(f"not to be had: {kind} {name} {platform}")
            continue
        count = 0
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > 40 << 20:
                continue
            if count < most and readers.kind_of(path):
                count += 1
                yield path


def go_of(version):
    """The environment that makes `go` of this version run, or None."""
    local = Path(os.environ.get("TENON_TOOLS", "")) / ("go-" + ".".join(version.split(".")[:2]))
    if (local / "bin" / "go").is_file():
        return {**os.environ, "PATH": f"{local}/bin:{os.environ['PATH']}", "GOTOOLCHAIN": "local"}
    environment = {**os.environ, "GOTOOLCHAIN": f"go{version}", "GOFLAGS": ""}
    done = run("go", "version", env=environment)
    return environment if f"go{version}" in done.stdout else None


def go_build(work, source, environment, output, *flags, **settings):
    (work / "main.go").write_text(source)
    (work / "go.mod").write_text("module example.com/corpus\n\ngo 1.20\n")
    done = run("go", "build", "-trimpath", "-o", output, *flags, ".", cwd=work,
               env={**environment, "GOFLAGS": "-buildvcs=false", **settings})
    return done.returncode == 0


def built(work, everything):
    """Go programs whose making is known: path and what has to be found in it."""
    for version in GO_VERSIONS if everything else GO_VERSIONS[2:]:
        environment = go_of(version)
        if environment is None:
            print(f"not to be had: Go {version}")
            continue
        targets = GO_TARGETS if everything else GO_TARGETS[:1] + GO_TARGETS[3:]
        for goos, goarch in targets:
            out = work / f"go{version}-{goos}-{goarch}"
            settings = {"GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0"}
            expected = {"link_mode": "internal", "cgo_used": False, "cgo_allowed": False}
            if goos != "windows":
                expected["linker"] = "Go"
            if go_build(work, GO_SOURCE, environment, out, **settings):
                yield out, expected
            if go_build(work, GO_SOURCE, environment, Path(f"{out}-stripped"), "-ldflags=-s -w",
                        **settings):
                yield Path(f"{out}-stripped"), expected
        for mode in ("internal", "external"):
            out = work / f"go{version}-cgo-{mode}"
            used = {"link_mode": mode, "cgo_used": True, "cgo_allowed": True, "libc": "glibc"}
            if go_build(work, CGO_SOURCE, environment, out, f"-ldflags=-linkmode={mode}",
                        CGO_ENABLED="1", CC="gcc"):
                yield out, used


def page(judge, count):
    rows = [f"| {field} | {number} |" for field, number in sorted(judge.counts.items())]
    reasons = [line for line in (HERE / "justified.txt").read_text().splitlines()
               if line.strip() and not line.startswith("#")]
    return "\n".join(["# Held against other tools", "",
                      "Made by `tests/differential/run.py --all --page`. Field by field, `tenon inspect` against",
                      "llvm-objdump, llvm-nm and llvm-readobj 19, GNU readelf and `go version -m`, over public",
                      "packages and Go programs built by several versions; `built.*` against how they were built.",
                      "", f"{count} files. Differences that are not explained below: {len(judge.differences)}.", "",
                      "| field | comparisons |", "|---|---|", *rows, "",
                      "## Differences that are right", "", "| field | file | why |", "|---|---|---|",
                      *("| " + " | ".join(p.strip().replace("*", r"\*") for p in line.split("|", 2)) + " |"
                        for line in reasons), ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--page")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    judge = Judge()
    count = 0
    with tempfile.TemporaryDirectory() as work:
        if options.files:
            pairs = [(Path(f), None) for f in options.files]
        else:
            pairs = [(path, None) for path in fetched(options.all)]
            pairs += list(built(Path(work), options.all))
        for path, expected in pairs:
            count += compare(judge, path, expected)
    for path, field, ours, theirs in judge.differences[:60]:
        print(f"{field}: {path}\n  tenon  {ours}\n  other  {theirs}")
    print(f"{count} files, {sum(judge.counts.values())} comparisons, "
          f"{len(judge.differences)} differences, {sum(judge.justified.values())} justified")
    if options.page:
        Path(options.page).write_text(page(judge, count))
    if count == 0:
        return 77
    return 1 if judge.differences else 0


if __name__ == "__main__":
    sys.exit(main())
