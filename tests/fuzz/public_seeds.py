#!/usr/bin/env python3
"""Fetches public collections of hostile and unusual files as seeds for long fuzz campaigns.

usage: public_seeds.py FOLDER NAME...

They are the test data of other readers of objects, signatures and property lists, by package name and
version through the ordinary clients (go, cargo, pip), kept in tenon's cache of test files and never
committed. FOLDER/NAME gets the files for each target. A client or a network that is missing only makes
the collection smaller. Archives inside of packages stay packed: some hold malware.
"""
import ast
import base64
import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from public_files import package, run  # noqa: E402

PACKAGES = (
    ("go", "github.com/blacktop/go-macho@v1.1.296"),
    ("go", "github.com/blakesmith/ar@v0.0.0-20190502131153-809d4375e1fb"),
    ("go", "github.com/saferwall/pe@v1.6.5"),
    ("go", "github.com/sassoftware/relic/v8@v8.2.0"),
    ("go", "howett.net/plist@v1.0.1"),
    ("crate", "apple-codesign@0.29.0"),
    ("crate", "pelite@0.10.0"),
    ("crate", "plist@1.10.3"),
    ("sdist", "arpy==2.4.0"),
    ("sdist", "biplist==1.0.3"),
    ("sdist", "delocate==0.13.0"),
    ("sdist", "macholib==1.16.4"),
    ("sdist", "pyelftools==0.33"),
)
GO_FOLDERS = ("debug", "internal/xcoff", "cmd/internal/archive", "cmd/internal/buildid", "crypto/x509", "encoding/pem")
PACKED = (".7z", ".zip", ".gz", ".bz2", ".xz", ".rs", ".go", ".py", ".c", ".h", ".md", ".rst", ".toml", ".lock")
MAX_SEED = 1 << 20  # as make_seeds.py
FEEDS = {
    "macho": ("macho", "codesign", "fixups", "sign", "verify", "kind", "inspect", "gobin"),
    "elf": ("elf", "kind", "inspect", "gobin"),
    "ar": ("ar", "kind", "inspect"),
    "pe": ("pe", "kind", "inspect", "gobin"),
    "plist": ("plist", "entitlements"),
    "certificate": ("x509", "cms"),
    "other": ("kind", "inspect"),
}
MACHO = {b"\xfe\xed\xfa\xce", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
         b"\xca\xfe\xba\xbf"}
COFF_MACHINES = {b"\x64\x86", b"\x4c\x01", b"\x64\xaa", b"\xc4\x01"}


def kind_of(data):
    if data[:4] in MACHO:
        return "macho"
    if data[:4] == b"\x7fELF":
        return "elf"
    if data[:8] in (b"!<arch>\n", b"!<thin>\n"):
        return "ar"
    if data[:2] == b"MZ" or data[:2] in COFF_MACHINES:
        return "pe"
    if data[:6] == b"bplist" or b"<plist" in data[:1000]:
        return "plist"
    if data[:11] == b"-----BEGIN " or data[:2] == b"\x30\x82":
        return "certificate"
    return "other"


def go_fuzz_inputs(text):
    """The byte strings of a corpus file of `go test -fuzz`."""
    for literal in re.findall(r'^(?:\[\]byte|string)\((".*")\)$', text, re.MULTILINE):
        try:
            yield ast.literal_eval("b" + literal)
        except (ValueError, SyntaxError):  # an escape that only Go has
            continue


def contents(path):
    """What a file of a collection holds: itself, or the inputs that its text spells."""
    data = path.read_bytes()
    if data.startswith(b"go test fuzz v1\n"):
        yield from go_fuzz_inputs(data.decode("utf-8", "replace"))
    elif path.suffix == ".base64":
        yield base64.b64decode(data)
    else:
        yield data


def files_below(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.endswith(PACKED):
            yield path


def collections():
    go = shutil.which("go")
    root = run(go, "env", "GOROOT").stdout.strip() if go else ""
    for name in GO_FOLDERS if root else ():
        for testdata in sorted(Path(root, "src", name).rglob("testdata")):
            yield f"go/{name}", testdata
    for kind, name in PACKAGES:
        folder = package(kind, name)
        if folder is None:
            print(f"not there: {kind} {name}")
        else:
            yield f"{kind} {name}", folder


def main():
    target, wanted = Path(sys.argv[1]), sys.argv[2:]
    for name in wanted:
        shutil.rmtree(target / name, ignore_errors=True)
        (target / name).mkdir(parents=True)
    seen, found = set(), {}
    for origin, folder in collections():
        for path in files_below(folder):
            for data in contents(path):
                digest = hashlib.sha256(data).hexdigest()
                if not data or digest in seen:
                    continue
                seen.add(digest)
                found[origin] = found.get(origin, 0) + 1
                for name in set(FEEDS[kind_of(data)]) & set(wanted):
                    (target / name / digest[:32]).write_bytes(data[:MAX_SEED])
    for origin, number in sorted(found.items()):
        print(f"{number} files of {origin}")
    for name in wanted:
        print(f"public seeds for {name}: {len(os.listdir(target / name))}")


if __name__ == "__main__":
    main()
