#!/usr/bin/env python3
"""Prints what a file of a release holds, as CycloneDX 1.5: name, version, license and checksum of each part.

    sbom.py TARGET FILE CRATES HEADERS EPOCH

Libraries come from crates (crates.list), header-only ones from Debian's packages, the C and C++ runtime from zig, and the
headers for macOS that the program carries from what HEADERS says.
"""
import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

HERE = Path(__file__).resolve().parent
# crate -> library, license of the library (not of the crate's Rust code), targets that have it.
LIBRARIES = {
    "openssl-src": ("openssl", "Apache-2.0", "linux darwin"),
    "libz-sys": ("zlib", "Zlib", "linux darwin"),
    "curl-sys": ("curl", "curl", "linux"),
    "zstd-sys": ("zstd", "BSD-3-Clause", "linux darwin"),
    "liblzma-sys": ("xz", "0BSD", "linux darwin"),
    "bzip2-sys": ("bzip2", "bzip2-1.0.6", "linux darwin"),
    "libarchive2-sys": ("libarchive", "BSD-2-Clause", "linux darwin"),
}
# Where a library says its version, for crates whose number does not.
VERSIONS = {
    "libz-sys": ("src/zlib/zlib.h", r'ZLIB_VERSION "([^"]+)"'),
    "liblzma-sys": ("xz/src/liblzma/api/lzma/version.h", None),
    "libarchive2-sys": ("libarchive/libarchive/archive.h", r'ARCHIVE_VERSION_ONLY_STRING "([^"]+)"'),
}
HEADERS = {"libfmt-dev": ("fmt", "MIT"), "libcli11-dev": ("CLI11", "BSD-3-Clause"), "nlohmann-json3-dev": ("nlohmann-json", "MIT")}
RUNTIME = {"linux": [("musl", "MIT")], "darwin": []}
RUNTIME_ALL = [("libc++", "Apache-2.0 WITH LLVM-exception"), ("compiler-rt", "MIT")]


def version_of(crate, number, crates):
    if "+" in number:
        return re.sub(r"^(curl-|zstd\.)", "", number.split("+", 1)[1])
    path, pattern = VERSIONS[crate]
    text = (crates / crate / path).read_text(errors="replace")
    if pattern is None:
        return ".".join(re.search(rf"LZMA_VERSION_{part} (\d+)", text)[1] for part in ("MAJOR", "MINOR", "PATCH"))
    return re.search(pattern, text)[1]


def component(name, version, license_text, **more):
    key = "expression" if " " in license_text else "license"
    value = license_text if key == "expression" else {"id": license_text}
    return {"type": "library", "name": name, "version": version, "licenses": [{key: value}], **more}


def from_crates(system, crates):
    for line in (HERE / "crates.list").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        crate, number, digest = line.split()
        name, license_text, systems = LIBRARIES[crate]
        if system not in systems.split():
            continue
        purl = f"pkg:cargo/{crate}@{number.replace('+', '%2B')}"
        yield component(name, version_of(crate, number, crates), license_text, purl=purl,
                        hashes=[{"alg": "SHA-256", "content": digest}])


def from_grammars():
    """The parser of source code and its grammars, all of them MIT."""
    for line in (HERE.parent.parent / "share/rewrite/crates.list").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            crate, number, digest = line.split()
            yield component(crate, number, "MIT", purl=f"pkg:cargo/{crate}@{number}", hashes=[{"alg": "SHA-256", "content": digest}])


def from_debian():
    for package, (name, license_text) in HEADERS.items():
        version = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=True).stdout
        yield component(name, re.sub(r"^\d+:|[+-].*$", "", version), license_text,
                        purl=f"pkg:deb/debian/{package}@{version.replace('+', '%2B')}")


def from_zig(system):
    version = subprocess.run(["zig", "version"], capture_output=True, text=True, check=True).stdout.strip()
    for name, license_text in RUNTIME[system] + RUNTIME_ALL:
        yield component(name, f"zig-{version}", license_text, purl=f"pkg:pypi/ziglang@{version}")


def from_headers(headers):
    """The bindings that framework headers were made from, and the packages whose headers were copied."""
    rows = (line.split("\t")[1:4] for line in (headers / "sources.tsv").read_text().splitlines())
    for crate, number, license_text in sorted(set(map(tuple, rows))):
        yield component(crate, number, license_text, purl=f"pkg:cargo/{crate}@{number}")
    for line in (headers / "THIRD-PARTY").read_text().splitlines():
        if found := re.match(r"\w+: \d+ headers of (\S+) (\S+)", line):
            name, version = found.groups()
            yield {"type": "library", "name": name, "version": version, "purl": f"pkg:deb/debian/{name}@{version.replace('+', '%2B')}"}


def main(target, file, crates, headers, epoch):
    system = target.split("-")[0]
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    root = HERE.parent.parent
    version = re.search(r"project\(tenon VERSION ([0-9.]+)", (root / "CMakeLists.txt").read_text())[1]
    parts = [*from_crates(system, Path(crates)), *from_grammars(), *from_debian(), *from_zig(system), *from_headers(Path(headers))]
    program = {"type": "application", "bom-ref": "tenon", "name": "tenon", "version": version,
               "licenses": [{"license": {"id": "Apache-2.0"}}], "hashes": [{"alg": "SHA-256", "content": digest}]}
    for part in parts:
        part["bom-ref"] = f"{part['name']}@{part['version']}"
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'tenon {version} {target} {digest}')}",
        "metadata": {"timestamp": datetime.fromtimestamp(int(epoch), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                     "component": program},
        "components": parts,
        "dependencies": [{"ref": "tenon", "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:6])
