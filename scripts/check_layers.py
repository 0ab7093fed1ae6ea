#!/usr/bin/env python3
"""Fails when a file of src/ includes what its layer must not see, or when includes form a cycle.

usage: check_layers.py [ROOT]
"""
import re
import sys
from pathlib import Path

# layer -> the layers beside itself that it may include
MAY = {
    "base": set(),
    "model": {"base"},
    "format": {"base"},
    "identity": {"base", "model", "format"},
    "host": {"base"},
    "probe": {"base", "model", "format", "host"},
    "engine": {"base", "model", "format"},
    "signing": {"base", "model", "format", "engine", "identity"},
    "rules": {"base", "model"},
    "action": {"base", "model", "format", "host", "engine", "identity", "signing"},
    "report": {"base", "model"},
    "cli": {"base", "model", "format", "host", "probe", "engine", "rules", "action", "report",
            "identity", "signing"},
}

# outside header -> where it may stand, and why
OUTSIDE = [
    (re.compile(r"regex$"), None, "std::regex overflows the stack on long lines; use base/template.h"),
    (re.compile(r"nlohmann/"), "report/", "JSON has one door, report/json.cpp"),
    (re.compile(r"CLI/"), "cli/", "only the command line parses the command line"),
    (re.compile(r"toml\+\+/|toml\.hpp$"), "cli/", "configuration is read by the command line"),
    (re.compile(r"(openssl|CommonCrypto)/"), ("base/digest_", "identity/"),
     "hashing has one front, base/digest.h; certificates and CMS are read by identity"),
    (re.compile(r"doctest/"), None, "tests live under tests/"),
]
GENERATED = {"rules/topics.inc", "cli/commands.inc"}  # made by CMake from file names
MAX_DEPTH = 2  # src/LAYER/SUBJECT/file

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def outside_problem(name, target):
    for pattern, place, why in OUTSIDE:
        if pattern.match(target) and (place is None or not name.startswith(place)):
            return why
    return None


def include_problem(src, name, quote, target):
    own = name.split("/")[0]
    layer = target.split("/")[0]
    if quote == "<" and (layer not in MAY or "/" not in target):
        return outside_problem(name, target)
    if ".." in target.split("/"):
        return "includes are written from src/"
    if target in GENERATED:
        return None
    if not (src / target).is_file():
        return "no such file under src/"
    if layer != own and layer not in MAY[own]:
        return f"{own} may include only {', '.join(sorted(MAY[own])) or 'itself'}"
    return outside_problem(name, target)


def find_cycle(graph):
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for following in sorted(graph.get(node, ())):
            if cycle := visit(following):
                return cycle
        done.add(path.pop())
        return None

    return next((cycle for node in sorted(graph) if (cycle := visit(node))), None)


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    src = root / "src"
    problems, graph = [], {}
    files = sorted(p for p in src.rglob("*") if p.suffix in (".h", ".cpp", ".inc"))
    for path in files:
        name = path.relative_to(src).as_posix()
        parts = name.split("/")
        if parts[0] not in MAY:
            problems.append(f"src/{name}: {parts[0]} is no layer")
            continue
        if len(parts) - 1 > MAX_DEPTH:
            problems.append(f"src/{name}: deeper than src/LAYER/SUBJECT/")
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            quote, target = match.groups()
            if why := include_problem(src, name, quote, target):
                line = text.count("\n", 0, match.start(1)) + 1
                problems.append(f"src/{name}:{line}: includes {target}: {why}")
            if (src / target).is_file():
                graph.setdefault(name, set()).add(target)
    if cycle := find_cycle(graph):
        problems.append("cycle: " + " -> ".join(cycle))
    print("\n".join(problems + [f"{len(files)} files, {len(problems)} layer problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
