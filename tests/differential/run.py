#!/usr/bin/env python3
"""Holds `tenon inspect` against independent readers on packages that are fetched by name and version,
and on Go programs that are built here with known settings.

usage: run.py [--all] [--tenon PATH] [--cache FOLDER] [--only GLOB] [--report FILE] [--no-lief]

Without --all the fast set: small packages and programs of one Go. Packages are fetched once into the
cache (TENON_CACHE, else tenon-differential in the user's cache) and skipped with a word when that is
not possible. A difference fails unless justified.txt says why it is right. Exit codes: 0 no
unexplained difference; 1 differences; 77 nothing could be compared.
"""
import argparse
import fnmatch
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import built  # noqa: E402
import corpus  # noqa: E402
import elf_tools  # noqa: E402
import macho_tools  # noqa: E402
import other_tools  # noqa: E402
import ours  # noqa: E402
import pe_tools  # noqa: E402

NEEDED_TOOLS = ("llvm-readobj-19", "llvm-objdump-19", "llvm-nm-19", "llvm-ar-19", "llvm-lipo-19", "readelf", "go")


class Item:
    """A file to compare: where it is, how it is called in justified.txt, and what is known of it."""

    def __init__(self, path, name, truth=None):
        self.path, self.name, self.truth = Path(path), name, truth


class Results:
    def __init__(self, justified):
        self.counts, self.bad, self.excused, self.used = Counter(), [], [], Counter()
        self.kinds, self.justified, self.notes = Counter(), justified, []

    def take(self, tool, item, field, left, right):
        self.counts[(tool, field)] += 1
        if same(left, right):
            return
        for rule in self.justified:
            if rule["tool"] == tool and rule["field"] == field and fnmatch.fnmatch(item.name, rule["files"]):
                self.used[rule["line"]] += 1
                self.excused.append((tool, field))
                return
        self.bad.append((tool, item.name, field, difference(left, right)))


def same(left, right):
    if isinstance(left, Counter) and isinstance(right, Counter):
        return +left == +right
    return left == right


def difference(left, right):
    """Only what is on one side, a few of each."""
    if isinstance(left, set) and isinstance(right, set):
        left, right = Counter(left), Counter(right)
    if isinstance(left, list) and isinstance(right, list) and len(left) + len(right) > 8:
        first = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
        return f"{len(left)} against {len(right)} rows, from row {first}: {left[first:first + 3]} against {right[first:first + 3]}"
    if isinstance(left, Counter) and isinstance(right, Counter):
        more, less = left - right, right - left
        return f"only tenon {sum(more.values())}: {list(more)[:3]}; only the other {sum(less.values())}: {list(less)[:3]}"
    if isinstance(left, dict) and isinstance(right, dict):
        keys = [key for key in {**left, **right} if left.get(key) != right.get(key)]
        return "; ".join(f"{key}: {left.get(key)!r} against {right.get(key)!r}" for key in keys[:3])
    return f"{left!r} against {right!r}"


def rules(path):
    out = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            tool, files, field, why = (word.strip() for word in line.split("|", 3))
            out.append({"tool": tool, "files": files, "field": field, "why": why, "line": number})
    return out


def readers(kind, path):
    """[(tool, fields)] for one thin file."""
    if kind == "elf":
        yield "readelf", elf_tools.readelf(path)
        yield "llvm-readobj", elf_tools.llvm(path)
    elif kind == "mach-o":
        yield "llvm-objdump", macho_tools.objdump(path)
        yield "llvm-readobj", macho_tools.readobj(path)
    elif kind in ("pe", "coff-object"):
        yield "llvm-readobj", pe_tools.readobj(path)
    yield "llvm-nm", {"letters": other_tools.nm(path)}


def derived(fields):
    """The same facts as other tools order them."""
    return {**fields, "needed_set": sorted(fields["needed"]),
            "section_sizes": [(name, size, offset) for name, _, size, offset in fields["sections"]]}


def compare(item, tenon, lief, results, folder):
    slices = ours.slices(tenon, item.path)
    kind = slices[0][1]["kind"] if slices else "archive"
    found = []
    if kind == "archive":
        members = [name for _, fields in slices for name in fields["members"]]
        found.append(("llvm-ar", {"members": sorted(members)}, {"members": sorted(other_tools.archive_members(item.path))}))
        letters = sum((fields["letters"] for _, fields in slices), Counter())
        found.append(("llvm-nm", {"letters": letters}, {"letters": other_tools.nm(item.path, archive=True)}))
    else:
        parts = [(slices[0][0] if slices else "", item.path)]
        if kind == "universal":
            parts = other_tools.thin(item.path, folder)
            found.append(("llvm-lipo", {"slices": [arch for arch, _ in slices]}, {"slices": [arch for arch, _ in parts]}))
        for (_, fields), (_, path) in zip(slices, parts):
            found += [(tool, derived(fields), other) for tool, other in
                      readers("mach-o" if kind == "universal" else kind, path)]
        found += [("LIEF", derived(fields), other) for (_, fields), other in zip(slices, lief or [])]
        found.append(("go version -m", slices[0][1], other_tools.go_version(item.path)))
    if item.truth:
        found.append(("built", slices[0][1], item.truth))
    results.kinds[kind] += 1
    for tool, left, right in found:
        for field, value in right.items():
            mine = left.get(field)
            if tool == "built" and field == "linker":
                value, mine = said_linker(value, mine)
            if tool == "built" and field == "dwarf":
                mine = bool(mine)
            results.take(tool, item, field, mine, value)


def said_linker(wanted, mine):
    """The truth is a name without a version."""
    if wanted and mine and (mine == wanted or mine.startswith(wanted + " ")):
        return wanted, wanted
    return wanted, mine


def gather(options, tenon, results):
    items, skipped = [], []
    jobs = [("package", entry) for entry in corpus.entries(HERE / "corpus.txt") if options.all or entry["set"] == "fast"]
    jobs += [("program", spec) for spec in built.specs(options.all)]

    def work(job):
        sort, one = job
        name = corpus.label(one) if sort == "package" else one.name
        if options.only and not fnmatch.fnmatch(name, options.only):
            return [], None
        try:
            if sort == "program":
                path, truth = built.build(one, options.cache, tenon)
                return [Item(path, "built/" + one.name, truth)], None
            found = corpus.fetch(one, options.cache)
            base = options.cache / "packages" / name / "files"
            if not found:
                return [], f"{name}: no file of the package matches"
            return [Item(path, f"{name}/{path.relative_to(base)}") for path in found], None
        except corpus.Offline as error:
            return [], f"{name}: {error}"
        except (OSError, RuntimeError) as error:
            return [], f"{name}: {error}"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for job, (found, problem) in zip(jobs, pool.map(work, jobs)):
            items += found
            if problem:
                skipped.append(problem)
    try:
        items += [Item(path, "fixups/" + name) for name, path in built.fixups(options.cache)]
    except (corpus.Offline, OSError, subprocess.CalledProcessError) as error:
        skipped.append(f"fixups: {error}")
    return items, skipped


MAGICS = (b"\x7fELF", b"MZ", b"!<arch>", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def readable(item):
    """Patterns also match text: linker scripts, configuration."""
    with item.path.open("rb") as file:
        return file.read(8).startswith(MAGICS)


def table(results):
    rows = ["| tool | field | compared | justified |", "|---|---|---|---|"]
    excused = Counter(results.excused)
    for (tool, field), count in sorted(results.counts.items()):
        rows.append(f"| {tool} | {field} | {count} | {excused[(tool, field)] or ''} |")
    return "\n".join(rows)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--tenon", default=os.environ.get("TENON", "build/gcc/tenon"))
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    parser.add_argument("--cache", default=os.environ.get("TENON_CACHE") or f"{home}/tenon-differential")
    parser.add_argument("--only", help="packages and programs by name")
    parser.add_argument("--report", help="file for the table of counts")
    parser.add_argument("--no-lief", action="store_true")
    options = parser.parse_args()
    options.cache = Path(options.cache)
    options.cache.mkdir(parents=True, exist_ok=True)
    return options


def own_copy(options):
    """A build beside must not take the program away."""
    place = options.cache / "tenon-under-test"
    shutil.copy(options.tenon, place)
    return str(place)


def main():
    options, started = parse(), time.monotonic()
    missing = [tool for tool in NEEDED_TOOLS if not shutil.which(tool)]
    if missing:
        print(f"differential: skipped, no {', '.join(missing)}")
        return 77
    tenon = own_copy(options)
    results = Results(rules(HERE / "justified.txt"))
    items, skipped = gather(options, tenon, results)
    items = [item for item in items if readable(item)]
    lief, failed = {}, {}
    python = None if options.no_lief else other_tools.lief_python(options.cache) if options.all else None
    if python and items:
        lief, failed = other_tools.lief_facts(python, [item.path for item in items])
    with tempfile.TemporaryDirectory(prefix="tenon-differential-") as folder:
        def work(item):
            place = tempfile.mkdtemp(dir=folder)
            try:
                compare(item, tenon, lief.get(str(item.path)), results, place)
            except Exception as error:  # a tool that fails on one file must not hide the others
                results.bad.append(("(run)", item.name, type(error).__name__, str(error)[:300]))
            shutil.rmtree(place)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(work, items))
    return say(options, results, items, skipped, failed, time.monotonic() - started)


def say(options, results, items, skipped, failed, seconds):
    for tool, name, field, text in sorted(results.bad):
        print(f"DIFFERS {tool} | {name} | {field} | {text}")
    for line in skipped:
        print(f"skipped {line}")
    for path, error in failed.items():
        print(f"LIEF did not read {path}: {error}")
    if options.all and not options.only:
        for rule in results.justified:
            if rule["line"] not in results.used:
                print(f"justified.txt:{rule['line']}: explains nothing any more")
    total = sum(results.counts.values())
    if options.report:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(results.kinds.items()))
        Path(options.report).write_text(f"{len(items)} files: {kinds}. {total} comparisons, {len(results.excused)} justified, "
                                        f"{len(results.bad)} unexplained; {len(skipped)} skipped.\n\n{table(results)}\n")
    print(f"differential: {len(items)} files, {total} comparisons, {len(results.excused)} justified differences, "
          f"{len(results.bad)} unexplained, {len(skipped)} packages or programs skipped, {seconds:.0f} s")
    if not items:
        print("differential: skipped, nothing could be fetched or built here")
        return 77
    return 1 if results.bad else 0


if __name__ == "__main__":
    sys.exit(main())
