#!/usr/bin/env python3
"""Reports how long functions and files of src/ are; fails on what is far too long.

usage: check_sizes.py [--strict] [ROOT]

Always a failure: a function of more than 120 lines, a file of more than 700. With --strict the
aims for medians and percentiles are bars too. Tables (constexpr arrays) and raw strings are data,
not code: their lines do not count for a file.
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
try:
    import lizard
except ImportError:
    tools = Path(os.environ.get("TENON_TOOLS", ROOT / ".tools"))
    python = tools / "venv/bin/python"
    if not python.exists() or Path(sys.prefix) == tools / "venv":
        sys.exit("check_sizes: lizard is missing; run scripts/setup.sh")
    os.execv(python, [str(python), *sys.argv])

FUNCTION_MAX, FILE_MAX = 120, 700
TABLE = re.compile(r"^(?:(?:static|inline|extern)\s+)*(?:constexpr|const)\b[^;{}()]*=\s*\{", re.M)
RAW_STRING = re.compile(r'R"([^(\s]*)\(.*?\)\1"', re.S)


def matching_brace(text, opening):
    depth, i = 0, opening
    while i < len(text):
        c = text[i]
        if c in "\"'":
            i += 1
            while i < len(text) and text[i] != c:
                i += 2 if text[i] == "\\" else 1
        elif text.startswith("//", i):
            i = text.find("\n", i)
            if i < 0:
                break
        elif c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return opening


def code_lines(text):
    """Lines of the file without those of tables and raw strings."""
    text = RAW_STRING.sub('""', text)
    lines = len(text.splitlines())
    end = 0
    for match in TABLE.finditer(text):
        if match.start() >= end:
            end = matching_brace(text, match.end() - 1)
            lines -= text.count("\n", match.end(), end)
    return lines


def rank(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def main():
    arguments = [a for a in sys.argv[1:] if a != "--strict"]
    strict = "--strict" in sys.argv[1:]
    root = Path(arguments[0]) if arguments else ROOT
    paths = sorted(p for p in (root / "src").rglob("*") if p.suffix in (".h", ".cpp"))
    functions, files = [], []
    for path in paths:
        name = path.relative_to(root).as_posix()
        files.append((code_lines(path.read_text(encoding="utf-8")), name))
        for f in lizard.analyze_file(str(path)).function_list:
            functions.append((f.length, f.cyclomatic_complexity, f"{name}:{f.start_line} {f.name}"))
    lengths = [f[0] for f in functions]
    sizes = [f[0] for f in files]
    branches = [f[1] for f in functions]
    figures = [
        ("function lines, median", rank(lengths, 0.5), 8),
        ("function lines, p90", rank(lengths, 0.9), 35),
        ("function lines, p99", rank(lengths, 0.99), 80),
        ("function lines, longest", max(lengths, default=0), FUNCTION_MAX),
        ("function branches, p90", rank(branches, 0.9), 7),
        ("file lines, median", rank(sizes, 0.5), 200),
        ("file lines, p90", rank(sizes, 0.9), 400),
        ("file lines, longest", max(sizes, default=0), FILE_MAX),
    ]
    print(f"{len(files)} files, {sum(sizes)} lines without tables, {len(functions)} functions")
    for what, value, aim in figures:
        print(f"  {what:<26}{value:>6}   aim {aim:>4}{'' if value <= aim else '   over'}")
    bad = [f"{what}: function of {n} lines" for n, _, what in functions if n > FUNCTION_MAX]
    bad += [f"{name}: {n} lines" for n, name in files if n > FILE_MAX]
    if strict:
        bad += [f"{what} is {value}, aim {aim}" for what, value, aim in figures if value > aim]
    for line in bad:
        print("too long:", line)
    if not bad:
        longest = sorted(functions, reverse=True)[:3]
        print("  longest:", "; ".join(f"{n} {what}" for n, _, what in longest))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
