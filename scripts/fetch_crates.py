#!/usr/bin/env python3
"""Fetches crates by name and version into one directory, each in a directory of its own name.

    fetch_crates.py LIST DIR

LIST has a line for each crate: name, version and the SHA-256 of the package, with blanks between. cargo fetches;
what it brings is held against LIST before DIR is put in place. Nothing happens when DIR has it all already.
Exit code 0, 1 when a crate could not be had or is another one, 77 when there is no cargo that can.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST = (1, 70)  # reads the index crate by crate; older ones clone all of it
TIME_LIMIT = 600


def wanted(path):
    rows = [line.split() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: (version, digest) for name, version, digest in rows}


def has(folder, name, digest):
    try:
        return json.loads((folder / name / ".cargo-checksum.json").read_text())["package"] == digest
    except (OSError, ValueError, KeyError):
        return False


def cargo():
    found = shutil.which("cargo")
    if found is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout.split()
    number = tuple(int(part) for part in said[1].split(".")[:2]) if len(said) > 1 else (0, 0)
    return found if number >= OLDEST else None


def main(list_file, folder):
    crates = wanted(Path(list_file))
    folder = Path(folder)
    if all(has(folder, name, digest) for name, (_, digest) in crates.items()):
        print(f"fetch_crates: all {len(crates)} are here")
        return 0
    program = cargo()
    if program is None:
        print("fetch_crates: no cargo of 1.70 or later", file=sys.stderr)
        return 77
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".crates-") as place:
        place = Path(place)
        lines = ["[package]", 'name = "crates"', 'version = "0.0.0"', 'edition = "2021"', "[lib]", 'path = "lib.rs"',
                 "[dependencies]", *(f'{name} = "={version}"' for name, (version, _) in crates.items())]
        (place / "Cargo.toml").write_text("\n".join(lines) + "\n")
        (place / "lib.rs").write_text("")
        done = subprocess.run([program, "vendor", "-q", "new"], cwd=place, capture_output=True, text=True, check=False,
                              timeout=TIME_LIMIT, env={**os.environ, "CARGO_TERM_COLOR": "never"})
        if done.returncode != 0:
            print(f"fetch_crates: cargo vendor failed:\n{done.stderr}", file=sys.stderr)
            return 1
        wrong = [name for name, (_, digest) in crates.items() if not has(place / "new", name, digest)]
        if wrong:
            print(f"fetch_crates: not the packages of {list_file}: {' '.join(wrong)}", file=sys.stderr)
            return 1
        for other in (place / "new").iterdir():  # what they depend on is not read
            if other.name not in crates:
                shutil.rmtree(other)
        if folder.exists():
            folder.rename(place / "old")
        (place / "new").rename(folder)
    print(f"fetch_crates: {len(crates)} crates in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) == 3 else 3)
