#!/usr/bin/env python3
"""Fails when a file of src/ includes what its room must not see, when includes form a cycle, when
a file has a door of its own to the machine or to the terminal, or an #if inside a function.

A room is a folder of src/. In a room everything is pure but its folder run/ (and machine/probe/):
only these, and cli, may include host or a run/ folder.

usage: check_layers.py [ROOT]
"""
import re
import sys
from pathlib import Path

# room -> the rooms beside itself that it may include
NOUNS = {"base", "format", "diag", "platform"}
MAY = {
    "base": set(),
    "host": {"base"},
    "format": {"base"},
    "diag": {"base"},
    "platform": {"base"},
    "codesign": NOUNS,
    "inspect": NOUNS | {"codesign"},
    "machine": NOUNS,
    "diagnose": NOUNS | {"machine"},
    "resolve": NOUNS | {"codesign", "inspect", "machine"},
    "loader": NOUNS | {"codesign"},
    "notarize": NOUNS | {"codesign"},
    "watch": NOUNS | {"machine", "diagnose"},
    "cache": NOUNS,
    "link": NOUNS | {"machine"},
    "bench": NOUNS | {"machine"},
    "rewrite": NOUNS | {"machine"},
    "trace": NOUNS | {"codesign", "inspect", "machine", "resolve"},
    "wire": {"base"},
    "fleet": NOUNS | {"wire", "cache"},
    "crossbuild": NOUNS | {"codesign", "inspect", "machine", "diagnose", "cache", "loader"},
}
MAY["cli"] = {*MAY, "host"}

# Folders that may ask or change the machine.
EFFECTS = re.compile(r"^(host|cli)/|^[a-z]+/run/|^machine/probe/")

# outside header -> where it may stand, and why
OUTSIDE = [
    (re.compile(r"regex$"), None, "std::regex overflows the stack on long lines; use base/template.h"),
    (re.compile(r"nlohmann/"), "diag/render/", "JSON has one door, diag/render/json.cpp"),
    (re.compile(r"CLI/"), "cli/", "only the command line parses the command line"),
    (re.compile(r"toml\+\+/|toml\.hpp$"), "format/toml/", "TOML has one door, format/toml/toml.h"),
    (re.compile(r"(openssl|CommonCrypto)/"), ("base/digest_", "codesign/cms/"),
     "hashing has one front, base/digest.h; certificates and CMS are read by codesign/cms"),
    (re.compile(r"archive(_entry)?\.h$"), "crossbuild/run/archive_libarchive.cpp",
     "packages have one reader"),
    (re.compile(r"grpc|google/|build/(bazel|buildgrid)/"), "wire/run/link_grpc",
     "the net of a fleet has one door, wire/run/link.h"),
    (re.compile(r"(tenon_)?bpf/"), "trace/run/live_bpf.cpp", "programs in the kernel have one door, trace/run/live.h"),
    (re.compile(r"tree_sitter/"), "format/tree/", "source code has one parser, format/tree/tree.h"),
    (re.compile(r"curl/"), "notarize/run/", "HTTP has one door, notarize/run/transport_curl.cpp"),
    (re.compile(r"doctest/"), None, "tests live under tests/"),
    (re.compile(r"(unistd|fcntl|spawn|dirent|poll|signal|pwd|netdb|dlfcn)\.h$|csignal$|fstream$"
                r"|filesystem$|sys/|mach-o/|mach/|libproc\.h$"), ("host/", "cli/term.cpp"),
     "the machine has one door, host/"),
    (re.compile(r"(iostream|ostream|print|syncstream)$"), None, "cli prints, through cli/term.h"),
]

# C and C++ that writes to a stream of the process. What the compiler wrapper answers for the
# compiler goes through host as well.
PRINTS = re.compile(r"(?<![\w.>])(?:std::)?(?:printf|fprintf|puts|putchar|fputs|fwrite|perror|vfprintf)"
                    r"\s*\(")
PRINTERS = ("cli/", "host/")

# What makes, replaces or opens a file for writing. host/replacement.cpp is the one way; beside it
# stand the calls that it is made of, a device that is written through, a log that is added to, a
# lock, and a name that moves within one folder.
WRITES = re.compile(r"\b(?:mkstemps?|mkostemps?|renameat2?|linkat|creat|truncate|ftruncate|freopen|tmpfile"
                    r"|rename|copy_file)(?=\s*\()|\b(?:o?fstream|O_CREAT|O_TRUNC|O_WRONLY|O_RDWR|O_TMPFILE)\b")
WRITERS = {"host/replacement.cpp": {"O_RDWR", "O_CREAT", "renameat", "ftruncate"},
           "host/os_linux.cpp": {"O_RDWR", "O_TMPFILE", "linkat"},
           "host/files_posix.cpp": {"O_WRONLY", "O_RDWR", "O_CREAT", "rename"},
           # Inside of a private directory, where no link and no other writer is.
           "host/staged_file.cpp": {"O_WRONLY", "O_CREAT", "rename"},
           "host/stream_file_posix.cpp": {"O_WRONLY"},  # appends to what a Replacement has put there
           "host/service_posix.cpp": {"O_WRONLY"},  # the log of a program that stays
           "host/relay_posix.cpp": {"O_RDWR"},  # a terminal of our own for a command
           "host/owners_linux.cpp": {"O_WRONLY"}}  # flags of other processes
OPENS_TO_WRITE = re.compile(r"\bfopen\s*\([^;]*?\"[^\"]*[wa+][^\"]*\"\s*\)")

# An error that becomes an empty list has no place where a file is judged.
SEARCHES = re.compile(r"\bsearch_folder(?=\s*\()")
JUDGES = ("cli/", "codesign/", "inspect/")

# The public headers of include/tenon are made by these files and used by no other.
FACE = re.compile(r"/api\.(h|cpp)$")
GENERATED = {"diag/codes.inc", "diag/catalog.inc", "diagnose/rows/builtin.inc",
             "cli/commands.inc"}  # by scripts/make_*.py and CMake
MAX_DEPTH = 2  # src/ROOM/FOLDER/file

CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef)\b", re.M)
NOT_CODE = re.compile(r'R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\''
                      r"|//[^\n]*|/\*.*?\*/", re.S)
# What stands before the brace of a function's body or of a block in one.
BODY = re.compile(r"(?:\)|\bconst|\bnoexcept|\boverride|\belse|\bdo|\btry|->[^;{}()=]+)\s*$")
RAW_STRING = re.compile(r'R"([^(\s]*)\(.*?\)\1"', re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def outside_problem(name, target):
    for pattern, place, why in OUTSIDE:
        if pattern.match(target) and (place is None or not name.startswith(place)):
            return why
    return None


def include_problem(src, name, quote, target):
    own = name.split("/")[0]
    room = target.split("/")[0]
    if quote == "<" and (room not in MAY or "/" not in target):
        return outside_problem(name, target)
    if ".." in target.split("/"):
        return "includes are written from src/"
    if target in GENERATED:
        return None
    if room == "tenon":
        return None if FACE.search(name) else "public headers are for users; only api.cpp knows them"
    if not (src / target).is_file():
        return "no such file under src/"
    effects = EFFECTS.match(target)
    if effects and not EFFECTS.match(name):
        return "only run/ folders and machine/probe/ touch the machine"
    if room != own and room not in MAY[own] and not (room == "host" and effects):
        return f"{own} may include only {', '.join(sorted(MAY[own])) or 'itself'}"
    return outside_problem(name, target)


def without_text(text):
    """The code with comments and literals blanked, line by line as long as before."""
    return NOT_CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def conditions_in_functions(code):
    """Lines with an #if inside of a function."""
    inside, stack, lines = 0, [], []
    starts = {m.start() for m in CONDITION.finditer(code)}
    start = 0
    for i, c in enumerate(code):
        if i in starts and inside > 0:
            lines.append(code.count("\n", 0, i) + 1)
        if c == "{":
            body = inside > 0 or BODY.search(code[max(start, i - 200):i]) is not None
            stack.append(body)
            inside += body
        elif c == "}" and stack:
            inside -= stack.pop()
        if c in "{};":
            start = i + 1
    return lines


def door_problems(name, text):
    code = without_text(text)
    for line in conditions_in_functions(code):
        yield line, "#if inside a function: a platform has a file of its own, chosen by CMake"
    writes = [m for m in WRITES.finditer(code) if m[0] not in WRITERS.get(name, ())]
    fopens = [m for m in OPENS_TO_WRITE.finditer(text) if code.startswith("fopen", m.start())]
    for match in writes + fopens:
        yield code.count("\n", 0, match.start()) + 1, "files are written by host/replacement.cpp only"
    for match in SEARCHES.finditer(code) if name.startswith(JUDGES) else ():
        yield code.count("\n", 0, match.start()) + 1, "what cannot be listed is told: list_folder()"
    if not name.startswith(PRINTERS):
        for match in PRINTS.finditer(code):
            yield code.count("\n", 0, match.start()) + 1, "cli prints, through cli/term.h"


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
            problems.append(f"src/{name}: {parts[0]} is not a room")
            continue
        if len(parts) - 1 > MAX_DEPTH:
            problems.append(f"src/{name}: deeper than src/ROOM/FOLDER/")
        text = path.read_text(encoding="utf-8")
        # C sources that tenon compiles stand in raw strings: their includes are not ours.
        for match in INCLUDE.finditer(RAW_STRING.sub(lambda m: "\n" * m[0].count("\n"), text)):
            quote, target = match.groups()
            if why := include_problem(src, name, quote, target):
                line = text.count("\n", 0, match.start(1)) + 1
                problems.append(f"src/{name}:{line}: includes {target}: {why}")
            if (src / target).is_file():
                graph.setdefault(name, set()).add(target)
        problems += [f"src/{name}:{line}: {why}" for line, why in door_problems(name, text)]
    if cycle := find_cycle(graph):
        problems.append("cycle: " + " -> ".join(cycle))
    print("\n".join(problems + [f"{len(files)} files, {len(problems)} layer problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
