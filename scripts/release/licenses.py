#!/usr/bin/env python3
"""Prints the license texts of what a release holds beside tenon's own code; every one of them has to be there.

    licenses.py CRATES ZIG_FOLDER HEADERS GRAMMARS
"""
import sys
from pathlib import Path


def main(crates, zig, headers, grammars):
    crates, zig, headers, grammars = Path(crates), Path(zig), Path(headers), Path(grammars)
    texts = {
        "OpenSSL": crates / "openssl-src/openssl/LICENSE.txt",
        "zlib": crates / "libz-sys/src/zlib/LICENSE",
        "curl (Linux)": crates / "curl-sys/curl/COPYING",
        "zstd": crates / "zstd-sys/zstd/LICENSE",
        "liblzma of XZ Utils": crates / "liblzma-sys/xz/COPYING.0BSD",
        "bzip2": crates / "bzip2-sys/bzip2-1.0.8/LICENSE",
        "libarchive": crates / "libarchive2-sys/libarchive/COPYING",
        "tree-sitter": grammars / "tree-sitter/LICENSE",
        # The crate of the grammar of Java brings no text; it is of the same makers, under the same terms.
        "tree-sitter-go, tree-sitter-java": grammars / "tree-sitter-go/LICENSE",
        "tree-sitter-c": grammars / "tree-sitter-c/LICENSE",
        "musl (Linux)": zig / "lib/libc/musl/COPYRIGHT",
        "libc++": zig / "lib/libcxx/LICENSE.TXT",
        "libc++abi": zig / "lib/libcxxabi/LICENSE.TXT",
        "libunwind": zig / "lib/libunwind/LICENSE.TXT",
        "zig (compiler-rt)": zig / "LICENSE",
    }
    for package, name in (("libfmt-dev", "fmt"), ("libcli11-dev", "CLI11"), ("nlohmann-json3-dev", "JSON for Modern C++")):
        texts[f"{name}, as Debian states it"] = Path(f"/usr/share/doc/{package}/copyright")
    for path in sorted((headers / "licenses").iterdir()):
        texts[f"headers of {path.name}, as Debian states it"] = path
    print("tenon is under the Apache License 2.0. Its program holds parts of others, under these terms.\n")
    print("The headers of macOS frameworks that it carries were made from the crates objc2-* and endpoint-sec-sys, which bring no text")
    print("of their licenses: Zlib OR Apache-2.0 OR MIT (objc2-*, by the objc2 contributors), MIT (objc2-foundation) and MIT OR")
    print("Apache-2.0 (endpoint-sec-sys). The SBOM has them one by one.")
    for name, path in texts.items():
        print(f"\n{'=' * 100}\n{name}\n{'=' * 100}\n")
        print(path.read_text(errors="replace").rstrip())


if __name__ == "__main__":
    main(*sys.argv[1:5])
