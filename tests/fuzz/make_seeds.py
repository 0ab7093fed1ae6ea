#!/usr/bin/env python3
"""Collects real objects as a start for the fuzz targets.

usage: make_seeds.py FOLDER NAME...

Fills FOLDER/NAME for each target: small C and Go files are compiled for macOS and Linux, text stubs
are written out. A tool that is missing only makes the collection smaller.
"""
import base64
import datetime
import hashlib
import os
import plistlib
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_SEED = 1 << 20  # larger inputs slow the fuzzer down more than they teach it

LOGS = (
    '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n',
    "ld: warning: ignoring file /go/pkg/mod/x/libx.a, building for macOS-arm64 but attempting to link "
    "with file built for macOS-x86_64\nUndefined symbols for architecture arm64:\n",
    "#12 3.4 /usr/bin/ld: cannot find -lpthread\ncollect2: error: ld returned 1 exit status\n",
    "dyld[1]: Library not loaded: @rpath/libx.dylib\n  Reason: tried: '/a' (no such file)\n",
    "x.go:3:5: could not determine kind of name for C.EPOLLIN\nlookup x.local on [::1]:53: refused\n",
)
ROWS = (
    '[[cause]]\nslug = "area/name"\nhides = ["cc/*"]\nneeds = { none = ["on:zig"] }\n[[cause.when]]\n'
    'event = "header_missing"\nwhere = { header = ["!libc_header", "ends:.h"] }\nconfidence = "certain"\n',
    '[[cause]]\nslug = "area/name"\n[[cause.when]]\nline = ["cannot find -l{name}"]\nleast = 1\n'
    'any = [["on:cross"], [{ all = ["GOOS=linux"] }]]\nalso = ["go build"]\ncaptures = { lib = "{name}" }\n'
    'weak_if = ["test:on_windows"]\n[[cause.sample]]\nlog = """cannot find -lx"""\n',
)
# A matrix, a directory and a tree of the Remote Execution API, and the name of a worker.
FLEET = [
    b'{"modules": [{"name": "app", "dir": "a/app", "packages": ["./x"], "flags": ["-race"]}], "targets": ["linux/arm64"],'
    b'"go": ["1.26.8"], "exclude": [{"module": "app", "go": "go1.2"}], "flags": [], "timeout_seconds": 9}',
    b"\x0a\x4a\x0a\x01a\x12\x45\x0a\x40" + b"0" * 64 + b"\x10\x07",
    b"\x0a\x4c\x0a\x4a\x0a\x01a\x12\x45\x0a\x40" + b"0" * 64 + b"\x10\x07\x12\x00",
    b"host-1 go=1.26.8 tenon=0.2.0 isolation=bubblewrap",
]

CACHE = (
    '#include "a.h"\n# include <b/c.h> /* x */\n#if __has_include_next("d.h")\n#endif\n#line 3 "/m/main.go"\n',
    "o: a.c \\\n b\\ c.h d$$e.h \\\n  f\\#.h\n",
    "tenon compile 2\nobject " + "a" * 64 + " 12\ntext " + "b" * 64 + " 3\nfile " + "c" * 64
    + " \x01/_/m\x010\x01/x.h\npresent /x/y.h\nin /x\nabsent p.h\nin /no\n",
    "hit\t1700000000\t42\tgcc\t\tab\tx.c\nuncached\t1700000001\t0\tzig\tflag\t\t-E\n",
    "compiler c\nenv CPATH=/x\nword -O2\nsource s\nfile " + "1" * 64 + " /x/a.h\nargv gcc\nat /w\nobject o\nolder\n"
    "compiler d\nword -O1\n",
    '{"ID":2,"Command":"put","ActionID":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",'
    '"OutputID":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","BodySize":3}',
    '"YWJj"', "tenon go 1\n" + "d" * 64 + " 3 1700000000\n",
    "-ffile-prefix-map=/w=/_/m\n-ffile-prefix-map=/tmp/go-build1/b001=/tmp/go-build\n-I\n/w\n-g\n-frandom-seed=x\n-o\n"
    "/tmp/go-build1/b001/_x001.o\n-c\na.c",
)
BENCH = (  # the first byte chooses the reader
    "0p99<=+5%, rss <= 10 %,size<=-2.5%", "0p99.9<=1%,", "0time<5%",
    "1pkg: x\nBenchmarkE-8 \t 1000\t 1234.5 ns/op\t 16 B/op\t 1 allocs/op\nBenchmarkE-8\nPASS\n",
    '2{"format":"tenon-bench","version":1,"kind":"runs","complete":true,"a":{"label":"a","size":3,"command":["a"]},'
    '"before":{"load_percent":12,"throttles":null},"series":[{"group":"","name":"time","unit":"ns","paired":true,'
    '"exact":false,"a":"1 2.5 3e2","b":"3 2 1"},{"name":"size","exact":true,"a":"10","b":"11"}],"snapshot":null}',
    "3http://[::1]:8080/a?b#c", "3https://x/",
    "4HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "4HTTP/1.1 100 C\r\n\r\nHTTP/1.0 404 N\r\n\r\nrest",
    "4HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n",
    "51 2 3.5 1e-7\n9007199254740993",
)
PKGCONF = (  # files m0, m1, ... of modules
    "prefix=/usr\nName: a\nDescription: d\nVersion: 1.2~rc1\nRequires: m1 >= 1, m2\nRequires.private: m3\n"
    "Libs: -L${prefix}/lib -la -Wl,--start-group -lx -lq -Wl,--end-group\nCflags: -I ${prefix}/i -DA=\\\"b\\\"\n\0"
    "Name: b\nDescription: d\nVersion: 2\nLibs: -framework Cocoa -lm\nLibs.private: -pthread\n\0"
    "x=${x}/y\nName: c\nDescription: d\nVersion: 3\nProvides: virt = 2.5\nConflicts: m1 < 1\nLicense: (MIT OR ISC)\n\0"
    "Name: d\nDescription: d\nVersion: 4\nRequires: m0\nLibs.shared: '-L/a b' \\\n -ld\nCflags.private: -isystem /x\n",
    "Triplet: t\nSysrootDir: /s\nDefaultSearchPaths: /a:/b\n", "a=${b}\nb=${a}\nName: x\nDescription: d\nVersion: 1\nLibs: ${a}\n",
)
REQUIREMENTS = (
    'identifier "com.example.tool" and anchor apple generic and certificate '
    '1[field.1.2.840.113635.100.6.2.6] exists and certificate leaf[subject.OU] = TEAM123456',
    'designated => cdhash H"0123456789abcdef0123456789abcdef01234567" or ! (never or notarized)',
    'info[Version] >= "1.2" and entitlement[x] absent and certificate root trusted',
    'certificate leaf[timestamp.1.2.3] < timestamp "20240131235959Z" host => anchor apple',
    'host => (name) or anchor apple "other" guest => certificate -2[policy.1.2.3] 9 => legacy',
    'identifier 0xc3a9 and info["a\\"b\\\\c"] = *"1.0"* and cert 1 = H"' + "0f" * 20 + '"',
    'always and (never and (platform = -1 or /* ** / */ entitlement[a.b] ~ x)) # end',
    "!" * 998 + "always",
    "(" * 400 + "never" + ")" * 400,
    "always" + " or never" * 998,
)
# Programs without the head of a blob.
REQUIREMENT_PROGRAMS = (
    "0000000900000006" + "800000630000000400000001" + "4000006300000000" + "00000001",
    "000000070000000500000001610000000000000162000000" + "00000010000000016100000000000063"
    "0000000178000000",
    "0000000cffffffff", "00000012000000017a000000", "00000009" * 998 + "00000001",
    "00000006" + "00000001" + "00000006" + "00000015" + "00000017",
)
# Slot 2 of a signature by codesign.
DESIGNATED = (
    "fade0c01000000a4000000010000000300000014fade0c00000000900000000100000006000000020000000362"
    "756e00000000060000000f000000060000000e000000010000000a2a864886f76364060206000000000000000000"
    "060000000e000000000000000a2a864886f7636406010d0000000000000000000b000000000000000a7375626a65"
    "63742e4f550000000000010000000a374652584634365a534e0000")
# A certificate with the names of Apple's, made by OpenSSL; its key was thrown away.
CERTIFICATE = (
    "MIIB7TCCAZICAhI0MAoGCCqGSM49BAMCMHkxCzAJBgNVBAYTAlVTMRMwEQYDVQQKDApBcHBsZSBJbmMuMSYwJAYDVQQLDB1BcHBs"
    "ZSBDZXJ0aWZpY2F0aW9uIEF1dGhvcml0eTEtMCsGA1UEAwwkRGV2ZWxvcGVyIElEIENlcnRpZmljYXRpb24gQXV0aG9yaXR5MB4X"
    "DTI2MTEyODEyNTk0NFoXDTI2MTIyODEyNTk0NFowgYkxGjAYBgoJkiaJk/IsZAEBDApBQkNERTEyMzQ1MTcwNQYDVQQDDC5EZXZl"
    "bG9wZXIgSUQgQXBwbGljYXRpb246IEZvbyBJbmMgKEFCQ0RFMTIzNDUpMRMwEQYDVQQLDApBQkNERTEyMzQ1MRAwDgYDVQQKDAdG"
    "b28gSW5jMQswCQYDVQQGEwJVUzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBfSBWdBQMCzM6f1InqTdVl37frrEGakN23wiBe4"
    "cuPEhF11dx1WlDv+2RkFqBYHSRTTmAasEwZY0WeUgWM6vyswCgYIKoZIzj0EAwIDSQAwRgIhANdilBXiQYGqRgZd9/f5UJN1k5Mu"
    "DS+3Qvk4d7B1J/bmAiEAj50Lw5vHrGevZhXbnWnoFgmRG6aqGv6q8zQJr1nWceo=")
C_SOURCES = {
    "plain": "int add(int a, int b) { return a + b; }\n",
    "data": 'int zero[64]; int one = 1; const char *const text = "seed"; static int hidden = 3;\n'
            "int *where(void) { return &hidden; }\n",
    "calls": "extern int puts(const char *); extern int gone(void) __attribute__((weak));\n"
             'int main(void) { return puts("seed") + (gone ? gone() : 0); }\n',
    "threads": "_Thread_local int mine = 4; int *my(void) { return &mine; }\n",
}
# Each form of dyld's tables: weak and flat imports, weak definitions, addends of all sizes.
FIXUPS_SOURCE = """
extern int puts(const char *); extern int gone(void) __attribute__((weak_import));
extern char table[]; __attribute__((weak)) int merged(void) { return 1; }
int (*calls[])(const char *) = {puts, puts}; int (*again)(void) = merged;
char *near = table + 4; SEED_FAR
int main(void) { return puts("seed") + merged() + (gone ? gone() : 0); }
"""
FIXUPS_STUB = """--- !tapi-tbd
tbd-version:     4
targets:         [ arm64-macos, x86_64-macos ]
install-name:    '/usr/lib/libSystem.B.dylib'
exports:
  - targets:         [ arm64-macos, x86_64-macos ]
    symbols:         [ _puts, _gone, dyld_stub_binder ]
...
"""
GO_SOURCE = 'package main\n\nfunc main() { println("seed") }\n'
GO_MODULE = "module example.com/seed\n\ngo 1.21\n"

TBD_TEXTS = {
    "v4.tbd": """--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos, arm64e-macos ]
uuids:
  - target:          arm64-macos
    value:           00000000-0000-0000-0000-000000000001
install-name:    '/usr/lib/libseed.1.dylib'
current-version: 1.2.3
reexported-libraries:
  - targets:         [ arm64-macos ]
    libraries:       [ '/usr/lib/libother.dylib' ]
exports:
  - targets:         [ arm64-macos, x86_64-macos ]
    symbols:         [ _seed_open, _seed_close, '$ld$hide$os10.4$_seed' ]
    weak-symbols:    [ __ZdlPv ]
    objc-classes:    [ NSSeed ]
    thread-local-symbols: [ _seed_tls ]
...
""",
    "v3.tbd": """--- !tapi-tbd-v3
archs:           [ i386, x86_64 ]
platform:        macosx
install-name:    /usr/lib/libold.dylib
exports:
  - archs:           [ x86_64 ]
    symbols:         [ _old, "_quoted name" ]
    re-exports:      [ /usr/lib/libnew.dylib ]
...
""",
    "two.tbd": """--- !tapi-tbd
tbd-version: 4
targets: [ arm64e-macos ]
install-name: /usr/lib/a.dylib
exports:
  - targets: [ arm64e-macos ]
    symbols: [ _a,
               _b ]
--- !tapi-tbd
tbd-version: 4
targets: [ arm64e-macos ]
install-name: /usr/lib/b.dylib
parent-umbrella:
  - targets: [ arm64e-macos ]
    umbrella: System
...
""",
    "v5.tbd": """{"main_library":{"compatibility_versions":[{"version":"1"}],
"exported_symbols":[{"data":{"global":["_one"],"weak":["_two"]},"text":{"global":["_three"]}}],
"install_names":[{"name":"/usr/lib/libjson.dylib"}],
"target_info":[{"min_deployment":"13","target":"arm64-macos"}]},"tapi_tbd_version":5}
""",
}

SCRIPTS = {
    "libc.so": """/* GNU ld script
   Use the shared library, but some functions are only in
   the static library, so try that secondarily.  */
OUTPUT_FORMAT(elf64-x86-64)
GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/libc_nonshared.a  AS_NEEDED ( /lib64/ld.so.2 ) )
""",
    "libcurses.so": "INPUT(-lncurses \"a file.so\", AS_NEEDED(-ltinfo AS_NEEDED(x)))\n",
    "arch.so": "OUTPUT_FORMAT(\"a\",\"b\",\"c\") OUTPUT_ARCH(i386); SEARCH_DIR(=/lib) ENTRY(_start)\n",
}

# A program for Windows with imports of both kinds, exports and a PDB file.
WINDOWS_C = """__declspec(dllimport) int early(void); __declspec(dllimport) int late(void);
__declspec(dllimport) int by_number(void);
void *__delayLoadHelper2(void) { return 0; }
__declspec(dllexport) int data = 4;
__declspec(dllexport) int run(int x) { return early() + late() + by_number() + x; }
"""
WINDOWS_LIBRARIES = {"first": "early\nby_number @7 NONAME\n", "second": "late\n"}


PLISTS = {
    "entitlements": {"com.apple.security.get-task-allow": True, "groups": ["TEAM.one", 2, False],
                     "nested": {"n": -129}, "application-identifier": "TEAM.com.example.seed"},
    "values": {"data": bytes(range(80)), "real": 1.5, "large": 2**64 - 1, "text": "a<b&\u00e9\U0001f600",
               "date": datetime.datetime(2026, 2, 28, 23, 59, 58), "empty": [{}, [], ""]},
}
LENIENT_PLIST = """\ufeff<?xml version="1.0" encoding="UTF-8"?>\r
<!DOCTYPE plist [ <!ENTITY a "b"> ]><plist version='1.0'><dict><!-- a -- b --><key/><true />
<key>a</key><string>&quot;&#65;&#x1F600;<![CDATA[<x>]]></string><key>a</key><real>-1e3</real>
</dict></plist></xml>
"""
ENTITLEMENTS_DER = (
    "70818c020101b08186302f0c166170706c69636174696f6e2d6964656e7469666965720c155445414d2e636f6d2e65"
    "78616d706c652e746f6f6c30260c21636f6d2e6170706c652e73656375726974792e6765742d7461736b2d616c6c6f"
    "770101ff30160c0667726f757073300c0c036f6e650202ff7f01010030130c066e6573746564b00930070c016e0202"
    "0080", "7005020101b000", "700f020101b00a30080c036b6579010100")
# Bundles as resources_fuzz reads them: entries, an empty line, the seal.
INFO = "<plist><dict><key>CFBundleExecutable</key><string>A</string></dict></plist>"
BUNDLES = {
    "app": f"""f A.app/Contents/Info.plist {INFO}
x A.app/Contents/MacOS/A code
f A.app/Contents/Resources/a.txt hello
f A.app/Contents/Resources/en.lproj/x y
l A.app/Contents/Resources/link a.txt
l A.app/Contents/Frameworks/F.framework/Versions/Current A
f A.app/Contents/Frameworks/F.framework/Versions/A/Resources/Info.plist {INFO}
""",
    "flat": f"""f A.app/Info.plist {INFO}
x A.app/A code
f A.app/data/x y
""",
    "framework": f"""f A.app/Versions/A/Resources/Info.plist {INFO}
l A.app/Versions/Current A
l A.app/A Versions/Current/A
x A.app/Versions/A/A code
""",
}
SEAL = {"rules2": {"^.*": True, r"^(.*/)?\.DS_Store$": {"omit": True, "weight": 2000.0},
                   "^(MacOS|Frameworks)/": {"nested": True, "weight": 10.0},
                   r"^Resources/.*\.lproj/": {"optional": True, "weight": 1000.0}},
        "files2": {"Resources/a.txt": {"hash2": hashlib.sha256(b"hello").digest()},
                   "Resources/en.lproj/x": {"hash": bytes(20), "optional": True},
                   "Resources/link": {"symlink": "a.txt"},
                   "Frameworks/F.framework": {"cdhash": bytes(20), "requirement": "anchor apple"}},
        "rules": {"^Resources/": True}, "files": {"Resources/a.txt": bytes(20)}}


def clang():
    return shutil.which("clang-19") or shutil.which("clang")


def run(*command, **options):
    try:
        return subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, **options)
    except (OSError, subprocess.SubprocessError):
        return None


class Collection:
    def __init__(self):
        self.files = []  # (kind, name, bytes); kind is one of those that main() chooses from

    def add(self, kind, name, data):
        if data:
            self.files.append((kind, name, data[:MAX_SEED]))

    def add_file(self, kind, path):
        if path.is_file():
            self.add(kind, path.name, path.read_bytes())

    def of(self, *kinds):
        return [(name, data) for kind, name, data in self.files if kind in kinds]


def compile_c(found, work):
    if not clang():
        return
    targets = [("macho", "arm64-apple-macos12", []), ("macho", "x86_64-apple-macos12", ["-g"]),
               ("elf", "aarch64-linux-gnu", ["-g"]), ("elf", "x86_64-linux-gnu", [])]
    for kind, target, flags in targets:
        objects = []
        for name, text in C_SOURCES.items():
            source = work / f"{name}.c"
            source.write_text(text)
            out = work / f"{name}-{target}.o"
            if run(clang(), f"--target={target}", "-O1", "-c", *flags, str(source), "-o", str(out)):
                objects.append(out)
                found.add_file(kind, out)
        archive(found, work / f"{target}.a", objects, "darwin" if kind == "macho" else "gnu")
    debug_sections(found, work)
    link_elf(found, work)
    link_loaded(found, work)
    link_macho(found, work)
    link_fixups(found, work)
    link_pe(found, work)


def archive(found, path, objects, form):
    tool = shutil.which("llvm-ar-19") or shutil.which("llvm-ar")
    if tool and objects and run(tool, f"--format={form}", "rcs", str(path), *map(str, objects)):
        found.add_file("ar", path)


def link_elf(found, work):
    for name, flags in {"shared": ["-shared"], "pie": ["-pie", "-e", "main"], "exe": ["-e", "main"]}.items():
        out = work / f"linked-{name}"
        flags = [*flags, "--unresolved-symbols=ignore-all", "--build-id", "-z", "relro"]
        for arch in ("aarch64", "x86_64"):
            if run("ld.lld-19", *flags, str(work / f"calls-{arch}-linux-gnu.o"), "-o", str(out)):
                found.add("elf", f"{out.name}-{arch}", out.read_bytes())
    libc = Path("/lib/x86_64-linux-gnu/libdl.so.2")  # has symbol versions
    found.add_file("elf", libc)


def debug_sections(found, work):
    """What tests/fuzz/dwarf_fuzz.cpp cuts up, from programs of two source files."""
    names = ("info", "abbrev", "str", "line_str", "ranges", "rnglists", "addr", "str_offsets")
    sources = [str(work / f"{name}.c") for name in ("calls", "tables") if (work / f"{name}.c").is_file()]
    for compiler in filter(None, (shutil.which("gcc"), clang())):
        for flags in (["-gdwarf-2"], ["-gdwarf-3"], ["-gdwarf-4"], ["-gdwarf-5"], ["-gdwarf-5", "-ffunction-sections"],
                      ["-gdwarf-5", "-gsplit-dwarf"]):
            out = work / "debug.o"
            for source in sources:
                if not run(compiler, *flags, "-c", source, "-o", str(out)):
                    continue
                parts = []
                for name in names:
                    part = work / "section"
                    part.unlink(missing_ok=True)
                    run("llvm-objcopy-19", f"--dump-section=.debug_{name}={part}", str(out), "/dev/null")
                    parts.append(part.read_bytes()[:65535] if part.is_file() else b"")
                data = struct.pack("<8H", *map(len, parts)) + b"\0" + b"".join(parts)
                found.add("dwarf", f"{Path(compiler).name}{''.join(flags)}-{Path(source).stem}", data)


def link_loaded(found, work):
    """A program, a loader, a library and a cache in one input, as tests/fuzz/loader_fuzz.cpp cuts them."""
    (work / "loader.map").write_text("GLIBC_2.2.5 { global: *; };\n")
    for arch, loader in (("x86_64", "/lib64/ld-linux-x86-64.so.2"), ("x86_64", "/lib/ld-musl-x86_64.so.1")):
        part = str(work / f"calls-{arch}-linux-gnu.o")
        flags = ["--unresolved-symbols=ignore-all", "--hash-style=both"]
        library, program, own = (work / one for one in ("liba.so.1", "loaded", "loader"))
        versions = ["--version-script", str(work / "loader.map")] if "musl" not in loader else []
        if not (run("ld.lld-19", *flags, "-shared", "-soname", "liba.so.1", *versions, part, "-o", str(library)) and
                run("ld.lld-19", *flags, "-shared", "-soname", "ld.so", *versions, part, "-o", str(own)) and
                run("ld.lld-19", *flags, "-pie", "-e", "main", "--dynamic-linker", loader, "-rpath", "$ORIGIN/../lib",
                    part, str(library), "-o", str(program))):
            continue
        cache = b"glibc-ld.so.cache1.1" + struct.pack("<IIIIIII", 1, 40, 2, 0, 0, 0, 0)
        cache += struct.pack("<IIIIQ", 0x303, 72, 82, 0, 0) + b"liba.so.1\0/lib/liba.so.1\0"
        parts = [program.read_bytes(), own.read_bytes(), library.read_bytes(), cache]
        found.add("loader", f"{Path(loader).name}.bin", b"\xff|\xff".join(parts))


def link_macho(found, work):
    """Ad-hoc signed files, one for each processor, and a universal one of them."""
    slices = []
    for arch in ("arm64", "x86_64"):
        out = work / f"linked-{arch}"
        done = run("ld64.lld-19", "-arch", arch, "-platform_version", "macos", "12.0", "12.0",
                   "-undefined", "dynamic_lookup", "-adhoc_codesign", "-e", "_main",
                   str(work / f"calls-{arch}-apple-macos12.o"), "-o", str(out))
        if done and out.is_file():
            slices.append(out)
            found.add_file("macho", out)
            found.add("codesign", out.name, signature(out.read_bytes()))
    universal = work / "linked-universal"
    tool = shutil.which("llvm-lipo-19") or shutil.which("llvm-lipo")
    if tool and run(tool, "-create", *map(str, slices), "-output", str(universal)):
        found.add_file("macho", universal)


def link_fixups(found, work):
    """Small libraries with bind opcodes and with chained fixups of each import format."""
    stub, source = work / "fixups.tbd", work / "fixups.c"
    stub.write_text(FIXUPS_STUB)
    far = {"near": "", "far": "char *far = table + 0x123456789;"}
    for arch in ("arm64", "x86_64"):
        for name, text in far.items():
            source.write_text(FIXUPS_SOURCE.replace("SEED_FAR", text))
            made = work / f"fixups-{name}-{arch}.o"
            if not run(clang(), f"--target={arch}-apple-macos12", "-O1", "-c", str(source), "-o", str(made)):
                continue
            for form in ("-fixup_chains", "-no_fixup_chains"):
                out = work / f"fixups-{name}-{arch}{form}"
                if run("ld64.lld-19", "-arch", arch, "-platform_version", "macos", "12.0", "12.0", form,
                       "-dylib", "-undefined", "dynamic_lookup", str(made), str(stub), "-o", str(out)):
                    found.add("fixups", out.name, tables_of(out.read_bytes()))


# Where link-edit commands keep offset and size of each of their tables.
LINK_EDIT = {0x22: range(8, 48, 8), 0x26: (8,), 0x33: (8,), 0x34: (8,)}


def tables_of(data):
    """A 64-bit file cut down to segments without sections, libraries and the tables of dyld."""
    commands, places, tables, at = [], [], b"", 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        command, size = struct.unpack_from("<II", data, at)
        body, at, kind = bytearray(data[at:at + size]), at + size, command & 0x7FFFFFFF
        if kind == 0x19:  # LC_SEGMENT_64
            body = body[:72]
            struct.pack_into("<I", body, 4, 72)
            struct.pack_into("<I", body, 64, 0)
        for field in LINK_EDIT.get(kind, ()):
            offset, length = struct.unpack_from("<II", body, field)
            places.append((body, field, len(tables)))
            tables += data[offset:offset + length]
        if kind in (0x19, 0xC) or kind in LINK_EDIT:
            commands.append(body)
    start = 32 + sum(map(len, commands))
    for body, field, offset in places:
        struct.pack_into("<I", body, field, start + offset)
    head = bytearray(data[:32])
    struct.pack_into("<II", head, 16, len(commands), start - 32)
    return bytes(head) + b"".join(commands) + tables


def link_pe(found, work):
    """A DLL, its object and the import libraries."""
    source = work / "windows.c"
    source.write_text(WINDOWS_C)
    dlltool = shutil.which("llvm-dlltool-19") or shutil.which("llvm-dlltool")
    for arch, machine, linker in (("x86_64", "i386:x86-64", "x64"), ("aarch64", "arm64", "arm64")):
        libraries = []
        for name, exports in WINDOWS_LIBRARIES.items():
            definition, library = work / f"{name}.def", work / f"{name}-{arch}.lib"
            definition.write_text(f"LIBRARY {name}.dll\nEXPORTS\n{exports}")
            if dlltool and run(dlltool, "-m", machine, "-d", str(definition), "-l", str(library)):
                libraries.append(str(library))
                found.add_file("ar", library)
        made, out = work / f"windows-{arch}.obj", work / f"windows-{arch}.dll"
        flags = [f"--target={arch}-pc-windows-msvc", "-O1", "-g", "-gcodeview"]
        if clang() and run(clang(), *flags, "-c", str(source), "-o", str(made)):
            found.add_file("coff", made)
            run("lld-link-19", "-dll", "-noentry", "-debug", f"-machine:{linker}",
                "-delayload:second.dll", "-export:fwd=first.early", f"-out:{out}", str(made),
                *libraries)
            found.add_file("pe", out)


def signature(data):
    """The bytes that LC_CODE_SIGNATURE of a 64-bit file points to."""
    at = 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        command, size = struct.unpack_from("<II", data, at)
        if command == 0x1D:
            offset, length = struct.unpack_from("<II", data, at + 8)
            return data[offset:offset + length]
        at += size
    return b""


def build_go(found, work):
    go = shutil.which("go") or "/usr/local/go/bin/go"
    module = work / "go"
    module.mkdir()
    (module / "main.go").write_text(GO_SOURCE)
    (module / "go.mod").write_text(GO_MODULE)
    for goos, goarch, kind in (("darwin", "arm64", "macho"), ("linux", "arm64", "elf"),
                               ("linux", "amd64", "elf"), ("windows", "amd64", "pe")):
        out = module / f"seed-{goos}-{goarch}"
        environment = dict(os.environ, CGO_ENABLED="0", GOOS=goos, GOARCH=goarch, GOFLAGS="-buildvcs=false")
        environment.pop("GOROOT", None)
        if not run(go, "build", "-ldflags=-s -w", "-o", str(out), ".", cwd=module, env=environment):
            continue
        data = out.read_bytes()
        found.add(kind, out.name, data)
        for name, part in go_parts(data):
            found.add("gobin", f"{out.name}-{name}", b"\0" + part)


def go_parts(data):
    """Build information and the head of the function table, cut out of a program."""
    at = data.find(b"\xff Go buildinf:")
    if at >= 0:
        yield "buildinfo", data[at:at + 4096]
    for version in (b"\xf1\xff\xff\xff\0\0", b"\xf0\xff\xff\xff\0\0"):
        at = data.find(version)
        if at >= 0:
            yield "pclntab", data[at:at + 65536]


def write_out_plists(found):
    for name, value in PLISTS.items():
        found.add("plist", f"{name}.xml", plistlib.dumps(value))
        found.add("plist", f"{name}.bplist", plistlib.dumps(value, fmt=plistlib.FMT_BINARY))
    found.add("plist", "lenient.xml", LENIENT_PLIST.encode())
    found.add("entitlements", "entitlements.xml", plistlib.dumps(PLISTS["entitlements"]))
    for number, der in enumerate(ENTITLEMENTS_DER):
        found.add("entitlements", f"{number}.der", bytes.fromhex(der))
    for name, text in BUNDLES.items():
        found.add("resources", name, text.encode() + b"\n" + plistlib.dumps(SEAL))


def write_out_certificates(found):
    found.add("x509", "leaf.der", base64.b64decode(CERTIFICATE))
    pem = f"-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----\n"
    found.add("x509", "leaf.pem", pem.encode())


def write_out_requirements(found):
    for number, text in enumerate(REQUIREMENTS):
        found.add("requirement", f"{number}.txt", text.encode())
    for number, program in enumerate(REQUIREMENT_PROGRAMS):
        found.add("requirement", f"{number}.program", bytes.fromhex(program))
    found.add("requirement", "designated.bin", bytes.fromhex(DESIGNATED))


GO_SOURCES = (
    '// +build linux,!cgo darwin\n\npackage a\n\n/*\n#cgo linux LDFLAGS: -lm\n#cgo pkg-config: x\n*/\nimport "C"\n'
    'import ( f "fmt"; . `os` )\nconst ( A, B = iota, "x"\n C\n)\ntype T[P any] struct{ x int }\n'
    'func (t T[P]) m() {}\nfunc F() rune { return \'\\n\' }\nvar g = func() int { return 1 +\n 2 }\n',
    '//go:build !(windows || js) && (go1.21 || unix)\npackage b // "x\nimport "C" // y\n',
    'module m\ngo 1.22\nrequire (\n a.b/c v1.0.0 // indirect\n)\nreplace a.b/c v1.0.0 => ../c\n',
)


def write_out_go(found):
    for number, text in enumerate(GO_SOURCES):
        found.add("gosource", f"{number}.go", text.encode())


JAVA_SOURCES = (
    'package a;\nimport org.apache.log4j.*;\nimport static org.apache.log4j.Logger.getLogger;\nclass A<T> extends B {\n'
    '  static final Logger LOG = Logger.getLogger(A.class);\n  Category c[] = {Category.getInstance("x")};\n'
    '  void m(Level v, Object... o) { for (var l : c) l.fatal(o, null); LOG.log(Level.WARN, 1 + "a");\n'
    '    Runnable r = () -> { try (X x = y()) { LOG.info(new Object() { Logger LOG; { LOG.error(this); } }); } catch (E e) { } };\n'
    '    if (o instanceof Logger q && LOG.isEnabledFor(Priority.INFO)) q.setLevel(v); }\n}\n',
    'package a; class A { org.apache.log4j.Logger l = org.apache.log4j.Logger.getRootLogger(); enum E { X { } ; int f; } record R(int i) { } int = ; }\n',
)


# A fault for each rule of the pack cgo.
CGO_SOURCES = (
    '// +build linux,!cgo darwin\n// +build x\n\npackage a\n\n/*\n#cgo LDFLAGS: -lm -framework A B lib/x.a -L/m/lib "-framework C"\n'
    '#cgo LD_FLAGS: -lz.so.1\n#cgo LDFLAGS -lm\n#include <stdio.h>\nint n = 1, *q;\nstatic int s(void) { return 2; }\nint f(int a) {\n'
    '  return a;\n}\n*/\nimport "C"\n\n//export g\nfunc g(n C.int) C.int { return C.f(n) }\n',
    'package a\n\n// #cgo darwin,arm64 !windows LDFLAGS: -framework=A -L/opt/homebrew/lib\n// #include <string.h>\n\nimport "C"\n'
    'import "unsafe"\n\nfunc f(s string, b []byte) {\n\tc := C.CString(s)\n\tC.puts(c)\n\tvar n [4]C.char\n\t_ = C.GoString(&n[0])\n'
    '\td := make([]byte, len(s))\n\tC.g((*C.char)(unsafe.Pointer(&b[0])), unsafe.Pointer(&d[0]))\n\tfor range b {\n'
    '\t\te, x := C.Cstring(s), 1\n\t\tC.free(e)\n\t}\n}\n//go:build netgo && netcgo\n',
    'package a\n\nimport "C"\n\nfunc f() { c := C.CString("x"); C.strlen(c); C.free(nil) }\nfunc g() {\n\tc := C.CString("y")\n\tC.puts(c)\n}\n',
)
PLAIN_C = ('#include <a.h>\n#define X(a) a\nextern int n;\nint f(int x) { return x ? X(f(x - 1)) : sizeof(struct s); }\n'
             'struct s { char name[4]; union { int a; } u; };\n',)

RULE_FILES = (
    'rule one\ntext t\nlanguage go\nmatch\n  (call_expression\n    function: (identifier) @f\n    arguments: (argument_list) @a\n'
    '    (#eq? @f "f")) @all\nreplace @all\n  g@a @@\nbefore\n  f(1)\nafter\n  g(1) @\n\n# two\nrule two\nlanguage java\nmatch\n'
    '  ((identifier) @a (#any-of? @a "x" "y"))\nleave @a\n  why\n',
    'rule three\nlanguage c\nmatch\n  (binary_expression left: (_) @l right: (_)? @r (#not-eq? @l @r))\nreplace @l\n  @r\nreplace @r\n  @l\n',
)


def write_out_rules(found):
    for number, text in enumerate(RULE_FILES):
        found.add("rules", f"{number}.rules", text.encode())


def write_out_traces(found):
    text = (Path(__file__).resolve().parents[1] / "trace/recorded/arm64.jsonl").read_bytes()
    found.add("trace", "recorded.jsonl", text)
    found.add("trace", "maps", b"00400000-00700000 r-xp 00001000 08:01 123      /srv/my app\n")
    found.add("trace", "netstat", b"TcpExt: A TW TWKilled TCPTimeWaitOverflow\nTcpExt: 1 20 3 4\n")
    found.add("trace", "code", bytes.fromhex("4c8d6424984d3b66100f86010200005548"))


def write_out_rewrite(found):
    for number, text in enumerate(CGO_SOURCES):
        found.add("rewrite", f"cgo{number}.go", b"\1" + text.encode())
    for number, text in enumerate(PLAIN_C):
        found.add("rewrite", f"{number}.c", b"\2" + text.encode())
    for number, text in enumerate(JAVA_SOURCES):
        found.add("rewrite", f"{number}.java", b"\0" + text.encode())
    for number, text in enumerate(GO_SOURCES):
        found.add("rewrite", f"{number}.go", b"\1" + text.encode())


SNAPSHOT = (
    '{"snapshot":1,"system":{"goos":"darwin","goarch":"arm64","version":{"state":"known","value":"15.5"},'
    '"translated":{"state":"known","value":true}},"go":{"installs":{"state":"known","value":[{"program":"/g/bin/go",'
    '"root":"/g","version":"go1.26.8","goarch":"amd64","gccgo":false,"snap":false}]},"stale_files":'
    '{"state":"known","value":["/g/a"]}},"settings":{"list":{"state":"known","value":[{"name":"CC","value":"gcc -m64",'
    '"where":"f","active":true},{"name":"SDKROOT","value":"/x","where":"the environment","active":true}]}},'
    '"compiler":{"command":{"state":"known","value":"cc"},"program":{"state":"absent"},"probe":{"state":"known",'
    '"value":"link"}},"apple":{"sdks":{"state":"known","value":[{"path":"/s","version":"26.4","targets":'
    '["arm64e-macos"]}]},"developer_folder":{"state":"absent"}},"packages":{"brew":{"state":"known","value":'
    '[{"path":"/usr/local","goarch":"amd64","on_path":true}]}},"storage":{"cache_free":{"state":"known","value":3}},'
    '"project":{"module":{"state":"known","value":"m"},"cgo":{"state":"known","value":[{"path":"p","pc":["x"],'
    '"libraries":[]}]}}}',)


PROC_TEXTS = (
    "12878 (cc1) S 12876 12794 4827 0 -1 4194304 955 0 4 0 0 0 0 0 20 0 1 0 162781 46243840 4434 1 1 1 1\n"
    "257 0xffffff9c 0x6ba11f0 0x100 0x0 0x6b9e4c0 0x6ba0610 0x7ffc5e943400 0x7f0aa7ef9011\ncc1\0a.c\0",
    "5 (go) S 4 1 1 0 -1 0 9 0 0 0 1 5 8 9 20 0 1 0 6 4 4 1 1 1\n"
    "5 0x3 0xe 0x3 0x4 0x3 0x0 0x3 0x4\n"
    "   1: 0100007F:9C40 0100007F:46A1 01 0000000A:00000005 00:00000000 00000000 0 0 60800 1 0 20 4 30 10 -1\n"
    "   2: 0100007F:9C40 0100007F:0035 01 00000000:00000000 00:00000000 00000000 0 0 60801 1 0 20 4 30 10 -1\n",
    "7 (a) b) S 4 1 1 0 -1 0 9 0 0 0 1 5 8 9 20 0 1 0 6 4 4 1 1 1\n"
    "3 0x3 0x2 0x0 0x1b6 0x7f 0x0 0x7f 0x7f\n1: FLOCK  ADVISORY  WRITE 12796 fe:00:3 0 EOF\n"
    "1: -> FLOCK  ADVISORY  WRITE 7 fe:00:3 0 EOF\nsome avg10=43.10 avg60=6.06 avg300=0.01 total=43885\n"
    "full avg10=20.36 avg60=0.06 avg300=0.01 total=42221\nMemTotal: 100 kB\nMemAvailable: 3 kB\n4:memory:/a\n",
)


RESOLVE = (
    b"nameserver 192.0.2.1\nsearch a b\noptions ndots:5 timeout:1 inet6\n\0hosts: files [NOTFOUND=return] mdns4 myhostname dns\n\0"
    b"192.0.2.1 a.example b\n::1 b\nmulti on\n\0a.local\0netdns=go+2,netedns0=0\0"
    b"go package net: confVal.netCgo = true  netGo = false\ngo package net: hostLookupOrder(a) = files,dns\n",
    b"lookup file bind\n\0hosts: files\tdns\n\0\0_gateway\0netdns=Go\0dial tcp: lookup a on 10.0.0.1:53: i/o timeout\n",
    # An answer behind its flags: two records, the second with a pointer.
    b"\x81\x80\0\1\0\2\0\0\0\1\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x0c\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\1\2\3\4"
    b"\0\0\x29\4\xd0\1\0\0\0\0\0",
)


def write_out_logs(found):
    for number, text in enumerate(RESOLVE):
        found.add("resolve", f"{number}.bin", text)
    for number, text in enumerate(BENCH):
        found.add("bench", f"{number}.txt", text.encode())
    for number, text in enumerate(PKGCONF):
        found.add("pkgconf", f"{number}.txt", text.encode())
    for number, text in enumerate(PROC_TEXTS):
        found.add("procfs", f"{number}.txt", text.encode())
    for number, text in enumerate(SNAPSHOT):
        found.add("snapshot", f"{number}.json", text.encode())
    for number, text in enumerate(ROWS):
        found.add("rows", f"{number}.toml", text.encode())
    for number, text in enumerate(CACHE):
        found.add("cache", f"{number}.txt", text.encode())
    for number, text in enumerate(FLEET):
        found.add("fleet", f"{number}.bin", text)
    for number, text in enumerate(LOGS):
        found.add("logscan", f"{number}.log", text.encode())


def write(folder, name, files):
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file_name, data in files:
        (target / file_name).write_bytes(data)
    return len(files)


def write_out_archives(found):
    """Containers of a small program, and what the notary answers."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
    import containers
    from small_macho import program
    code = program()
    jar = containers.zip_of([("native/lib.dylib", code)])
    found.add("archive", "zip", containers.zip_of([("bin/tool", code), ("lib/x.jar", jar)]))
    found.add("archive", "stored", containers.zip_of([("tool", code)], 0))
    package = containers.xar([("PackageInfo", b"<pkg-info/>"), ("Payload", containers.payload([("bin/tool", code)]))])
    found.add("archive", "pkg", package)
    found.add("archive", "stapled", package + b"t8lr\1\0\1\0" + bytes(8) + b"tick" + b"t8lr\1\0\2\0\4" + bytes(7))
    found.add("archive", "cpio", containers.cpio([("./a", 0o100755, code), ("./b", 0o120777, b"a")]))
    found.add("archive", "dmg", containers.disk_image(b"data" * 50, "org.example"))
    found.add("archive", "toc", b"<?xml version='1.0'?><xar><toc><file id='1'><name>a</name></file></toc></xar>")
    for name, text in NOTARY_ANSWERS.items():
        found.add("notary", name, text.encode())


def write_out_images(found):
    """Volumes of HFS Plus, bare and in images."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
    from hfs_image import PRIVATE, File, Volume, adc, udif
    from small_macho import program
    plain = Volume([File("a/b", program(), 0o100755), File("l", link="a/b"), File("c", compressed=True)]).bytes()
    pieces = Volume([File("f", bytes(range(256)) * 200, parts=12), File("h", hard=1), File(PRIVATE + "/iNode1", b"x")]).bytes()
    many = Volume([File(f"{n} of a few files more", b"x") for n in range(120)]).bytes()
    for name, volume in (("plain", plain), ("pieces", pieces), ("many", many)):
        found.add("image", name, volume)
        for methods in (("zlib",), ("raw", "adc", "zlib")):
            image = udif([("MBR (MBR : 0)", bytes(512)), ("x (Apple_HFS : 1)", volume)], methods)
            found.add("image", f"{name}-{len(methods)}", image)
            found.add("archive", f"{name}-{len(methods)}", image)
    found.add("image", "adc", adc(bytes(range(64)) * 8))


NOTARY_ANSWERS = {
    "new": '{"data":{"id":"2efe","attributes":{"awsAccessKeyId":"a","awsSecretAccessKey":"b","awsSessionToken":"c",'
           '"bucket":"d","object":"e"}},"meta":{}}',
    "state": '{"data":{"id":"2efe","attributes":{"status":"Accepted","name":"n","createdDate":"d"}}}',
    "list": '{"data":[{"id":"2efe","attributes":{"status":"Accepted","name":"n","createdDate":"d"}}]}',
    "place": '{"data":{"attributes":{"developerLogUrl":"https://a.example/x?y"}}}',
    "log": '{"jobId":"x","status":"Invalid","statusCode":4000,"sha256":"00","ticketContents":[{"path":"a","cdhash":"00",'
           '"digestAlgorithm":"SHA-256","arch":"arm64"}],"issues":[{"severity":"error","path":"a/b","message":'
           '"The binary is not signed.","architecture":"arm64"}]}',
    "errors": '{"errors":[{"code":"FORBIDDEN","title":"t","detail":"d"}]}',
    "storage": "<Error><Code>ExpiredToken</Code><Message>m</Message></Error>",
    "upload": "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
    "ticket": '{"records":[{"recordName":"2/2/00","fields":{"signedTicket":{"value":"AAAA","type":"BYTES"}}}]}',
    "date": "Sun, 06 Nov 1994 08:49:37 GMT",
}


def main():
    folder = Path(sys.argv[1])
    found = Collection()
    with tempfile.TemporaryDirectory() as work:
        compile_c(found, Path(work))
        build_go(found, Path(work))
    write_out_plists(found)
    write_out_certificates(found)
    write_out_requirements(found)
    write_out_go(found)
    write_out_rewrite(found)
    write_out_rules(found)
    write_out_traces(found)
    write_out_logs(found)
    for name, text in TBD_TEXTS.items():
        found.add("tbd", name, text.encode())
    for name, text in SCRIPTS.items():
        found.add("script", name, text.encode())
    write_out_archives(found)
    write_out_images(found)
    wanted = {"codesign": ("codesign", "macho"), "fixups": ("fixups", "macho"), "sign": ("macho",),
              "verify": ("macho",), "dyld": ("macho",),
              "pe": ("pe", "coff")}
    kinds = {kind for kind, _, _ in found.files}
    for name in sys.argv[2:]:
        # A target without a kind of its own gets one of everything.
        chosen = wanted.get(name, (name,) if name in kinds else tuple(kinds))
        print(f"seeds for {name}: {write(folder, name, found.of(*chosen))}")
    (folder / "stamp").write_text("")


if __name__ == "__main__":
    main()
