#!/usr/bin/env python3
"""Copies headers of libraries that macOS ships and that are not Apple's: SQLite, libpcap, expat, bzip2,
ncurses, libxml2, curl. They come from the Debian packages of this machine; nothing of them is committed.

usage: third_party_headers.py FOLDER

FOLDER/include gets the headers, FOLDER/licenses the terms of each, and FOLDER/THIRD-PARTY says which
version is there, and which library was left out and why. A library whose headers do not compile for macOS,
or whose package is not installed, is left out; so is all without zig. PAM and libffi are not here: Debian's
Linux-PAM has other numbers than macOS's OpenPAM, and its ffitarget.h is for one processor; tenon has
declarations of its own for both.
"""
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

INCLUDE = Path("/usr/include")
MULTIARCH = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
TARGETS = ("aarch64-macos", "x86_64-macos")

# Package, where its files lie below /usr/include, and the files.
LIBRARIES = {
    "sqlite3": ("libsqlite3-dev", "", ["sqlite3.h", "sqlite3ext.h"]),
    "pcap": ("libpcap0.8-dev", "", ["pcap.h", "pcap-bpf.h", "pcap-namedb.h", "pcap/*.h"]),
    "expat": ("libexpat1-dev", "", ["expat.h", "expat_external.h"]),
    "bz2": ("libbz2-dev", "", ["bzlib.h"]),
    "ncurses": ("libncurses-dev", "",
                ["curses.h", "ncurses.h", "ncurses_dll.h", "panel.h", "form.h", "menu.h", "eti.h", "term.h",
                 "termcap.h", "unctrl.h"]),
    "xml2": ("libxml2-dev", "libxml2", ["libxml/*.h"]),
    "curl": ("libcurl4-openssl-dev", MULTIARCH, ["curl/*.h"]),
}
# Not to be included alone, or not for macOS.
INTERNAL = {"sqlite3ext.h", "curl/stdcheaders.h", "curl/typecheck-gcc.h", "pcap/nflog.h", "pcap/can_socketcan.h",
            "pcap/compiler-tests.h", "pcap/funcattrs.h"}

# macOS's ncurses has the binary interface 5: no extended colors, the first mouse interface, no functions
# that take a SCREEN. Debian's libxml2 is built with ICU, whose headers it would include.
CURSES = [(r"#define NCURSES_MOUSE_VERSION\s+\d+", "#define NCURSES_MOUSE_VERSION 1"),
          (r"#if 1(\n#undef NCURSES_EXT_COLORS)", r"#if 0\1"),
          (r"#if 1(\n\s+int\s+_color;)", r"#if 0\1"),
          (r"#define NCURSES_SP_FUNCS\s+[1-9]\d*", "#define NCURSES_SP_FUNCS 0")]
EDITS = {
    "curses.h": CURSES,
    "ncurses.h": CURSES,
    "term.h": CURSES[-1:],
    "libxml/xmlversion.h": [(r"#define LIBXML_ICU_ENABLED", "/* not LIBXML_ICU_ENABLED */")],
}


def package_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Abbrev}|${Version}", package], capture_output=True,
                          text=True)
    return done.stdout.split("|")[1] if done.returncode == 0 and done.stdout.startswith("ii ") else None


def find_zig():
    tools = Path(os.environ.get("TENON_TOOLS", Path(__file__).resolve().parents[1] / ".tools"))
    named = os.environ.get("TENON_ZIG") or str(tools / "bin/zig")
    return shutil.which(named) or shutil.which("zig")


def copy(library, into):
    """The names that were copied."""
    _, source, patterns = LIBRARIES[library]
    names = []
    for pattern in patterns:
        for path in sorted((INCLUDE / source).glob(pattern)):
            name = str(path.relative_to(INCLUDE / source))
            text = path.read_text(encoding="utf-8", errors="replace")
            for old, new in EDITS.get(name, []):
                text, count = re.subn(old, new, text)
                if count == 0:
                    raise SystemExit(f"third_party_headers: {path} does not match {old}: adapt EDITS")
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).write_text(text, encoding="utf-8")
            names.append(name)
    return names


def compile_error(zig, names, *folders):
    """The first message of a compile of all headers of a library; None when it is well."""
    search = [word for folder in folders for word in ("-idirafter", folder)]
    with tempfile.TemporaryDirectory(prefix="tenon-headers-") as folder:
        text = "".join(f"#include <{name}>\n" for name in names if name not in INTERNAL)
        for target in TARGETS:
            for suffix, command in ((".c", "cc"), (".cc", "c++")):
                source = Path(folder) / f"all{suffix}"
                source.write_text(text)
                done = subprocess.run([zig, command, "-target", target, "-c", "-o", os.devnull, source, *search],
                                      capture_output=True, text=True)
                if done.returncode != 0:
                    lines = [line for line in done.stderr.splitlines() if "error" in line] or ["no message"]
                    return f"{target}: {lines[0]}"
    return None


def take(library, zig, folder, own):
    """A line for THIRD-PARTY."""
    package = LIBRARIES[library][0]
    version = package_version(package) if shutil.which("dpkg-query") else None
    if version is None:
        return f"{library}: left out: the Debian package {package} is not installed"
    with tempfile.TemporaryDirectory(prefix="tenon-headers-") as scratch:
        names = copy(library, Path(scratch))
        error = compile_error(zig, names, scratch, folder / "include", own)
        if error:
            return f"{library}: left out: {package} {version} does not compile for macOS: {error}"
        shutil.copytree(scratch, folder / "include", dirs_exist_ok=True)
    (folder / "licenses").mkdir(exist_ok=True)
    shutil.copyfile(f"/usr/share/doc/{package}/copyright", folder / "licenses" / library)
    return f"{library}: {len(names)} headers of {package} {version}"


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(__file__).resolve().parents[1] / "share/macos-headers/system"
    zig = find_zig()
    lines = [take(library, zig, folder, own) if zig else f"{library}: left out: no zig to try it with"
             for library in LIBRARIES]
    for line in lines:
        if "left out" in line:
            print(f"third_party_headers: {line}")
    (folder / "THIRD-PARTY").write_text("".join(f"{line}\n" for line in lines))


main()
