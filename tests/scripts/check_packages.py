#!/usr/bin/env python3
"""Every package name that a fix of tenon can have exists: Debian 12's in the package lists of this machine,
when it has them; with --contents also each header and .pc file in the package that the table names.

usage: check_packages.py [--contents]
"""
import glob
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
INSTALLERS = {"apt-get": "debian", "dnf": "fedora", "apk": "alpine", "brew": "brew"}
VERBS = {"install", "add"}


def table():
    """Rows of src/platform/packages.cpp."""
    text = (SOURCE / "src/platform/packages.cpp").read_text()
    row = re.compile(r'^ +\{("[^\n]*")\},?$', re.M)
    fields = ("library", "headers", "pc", "debian", "fedora", "alpine", "brew")
    for found in row.finditer(text):
        values = re.findall(r'"([^"]*)"', found[1])
        if len(values) == len(fields):
            yield dict(zip(fields, values))


def runtime_table():
    """(soname, Debian's package) of src/platform/runtime_packages.cpp."""
    text = (SOURCE / "src/platform/runtime_packages.cpp").read_text()
    return re.findall(r'^ +\{"(lib[^"]*\.so\.[^"]*)", "([^"]*)", "[^"]*", "[^"]*"\}', text, re.M)


def in_commands():
    """(system, package) of each command of a cause."""
    for path in sorted((SOURCE / "src/diagnose/causes").glob("*.toml")):
        for cause in tomllib.loads(path.read_text())["cause"]:
            for command in cause.get("commands", []):
                words = [w for w in command if w != "sudo"]
                if words[0] in INSTALLERS and len(words) > 1 and words[1] in VERBS:
                    for word in words[2:]:
                        if "{" not in word and not word.startswith("-"):
                            yield INSTALLERS[words[0]], word


def cross_compilers():
    """{compilerpackage}: gcc-TRIPLE of the platforms that Debian has a compiler for."""
    text = (SOURCE / "src/platform/platforms.cpp").read_text()
    for triple in set(re.findall(r'\.cross = "([a-z0-9_]+-linux-gnu[a-z0-9]*)"', text)):
        # That of the lists read here, whose compiler is gcc, and one that came with Debian 13.
        if triple not in ("x86_64-linux-gnu", "loongarch64-linux-gnu"):
            yield "gcc-" + triple.replace("_", "-")


def cat(path):
    return subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", path], capture_output=True, text=True, check=True).stdout


def debian_lists(kind):
    return [p for p in glob.glob("/var/lib/apt/lists/*") if "bookworm" in p and kind in p]


def names_exist():
    lists = debian_lists("_main_binary-amd64_Packages")
    if not lists or not os.path.exists("/usr/lib/apt/apt-helper"):
        print("no package lists of Debian 12 here")
        return None
    known = set()
    for path in lists:
        known.update(re.findall(r"^Package: (\S+)", cat(path), re.M))
    if len(known) < 10000:
        print("the package lists of Debian 12 are not complete")
        return None
    wanted = {name: "packages.cpp" for row in table() for name in row["debian"].split()}
    wanted.update({name: "runtime_packages.cpp" for _, name in runtime_table() if name})
    wanted.update({name: "a cause" for system, name in in_commands() if system == "debian"})
    wanted.update({name: "a cross compiler" for name in cross_compilers()})
    assert len(wanted) > 100, "the table was not read"
    bad = {name: where for name, where in wanted.items() if name not in known}
    for name, where in sorted(bad.items()):
        print(f"{name} ({where}): no package of Debian 12")
    print(f"{len(wanted) - len(bad)} of {len(wanted)} names are packages of Debian 12")
    return not bad


def contents_agree():
    """Whether some package of the row has the row's headers and .pc files."""
    lists = debian_lists("main_Contents-amd64") + debian_lists("main_Contents-all")
    if not lists:
        print("no Contents of Debian 12 here: apt-file update")
        return None
    holders = {}
    for path in lists:
        for line in cat(path).splitlines():
            file, _, packages = line.rpartition(" ")
            file = file.rstrip()
            if "usr/include/" in file or file.endswith(".pc"):
                holders.setdefault(file.rsplit("/", 1)[-1], []).append((file, packages))
    bad = 0
    for row in table():
        package = row["debian"].split()[0] if row["debian"] else ""
        names = [h for h in row["headers"].split() if not h.endswith("/")] + [p + ".pc" for p in row["pc"].split()]
        found = [n for n in names if any(n in f and f"/{package}" in "/" + p.replace(",", "/") for f, p in holders.get(n.rsplit("/", 1)[-1], []))]
        if package and names and not found:
            bad += 1
            print(f"{package} holds none of {' '.join(names)}")
    print(f"{bad} rows disagree with the Contents of Debian 12")
    return bad == 0


def main():
    results = [names_exist()]
    if "--contents" in sys.argv:
        results.append(contents_agree())
    if all(r is None for r in results):
        return 77
    return 0 if all(r is not False for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
