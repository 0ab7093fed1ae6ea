#!/usr/bin/env python3
"""Tenon's headers of macOS frameworks against PyObjC's metadata, which others take from Apple's headers by other means.

Every enumerator and every numeric constant, the members of every structure, and result and parameters of every function
that both know are compared: numbers by static assertions, structures and functions by their Objective-C encodings as
clang computes them from our headers. The metadata is read as data: no code of the packages is run.
"""
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
TOOLS = Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools"))
HEADERS = Path(TENON).resolve().parent / "share/tenon/macos-headers/include"
VERSION = "11.0"
PACKAGES = ("Cocoa Quartz Security CoreServices FSEvents CoreAudio CoreText SystemConfiguration DiskArbitration CoreMedia "
            "AVFoundation Metal WebKit Network CFNetwork").split()

# What differs and why; each name was looked up.
VALUES = {
    "CGGlyphMax": "a deprecated enumeration since macOS 10.5, which numbers its two names 0 and 1",
    "COREAUDIOTYPES_VERSION": "the headers are newer",
    "NSSpringLoadingNoHover": "1 << 3 by Apple's documentation",
}
FUNCTIONS = {
    "AuthorizationCopyPrivilegedReference": "PyObjC leaves a parameter out",
    "CFURLCopyResourcePropertyForKey": "a pointer to any type of value",
    "CMSampleBufferCreateWithMakeDataReadyHandler": "the buffer is written through a pointer to a CMSampleBufferRef",
    "CTRubyAnnotationCreateWithAttributes": "its enumerations are uint8_t",
    "DHCPClientPreferencesCopyApplicationOptions": "the count is a CFIndex",
    "SSLGetDiffieHellmanParams": "const void ** by Apple's documentation",
    "SSLGetPeerID": "const void ** by Apple's documentation",
    "SecIdentitySetSystemIdentity": "takes the identity, not a pointer to it",
    "CTFontManagerCompareFontFamilyNames": "two const void * by Apple's documentation",
    "NSGetUncaughtExceptionHandler": "a pointer to a function",
    "NSSetUncaughtExceptionHandler": "a pointer to a function",
}


def pick(node):
    """bytes of a literal, of sel32or64(a, b) for 64 bits, of selAorI(a, b) for arm64."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        return node.value.decode()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 2:
        return pick(node.args[1 if node.func.id == "sel32or64" else 0])
    return None


# PyObjC's rows of SecProtocolOptions are shifted by one parameter, and take uint16_t enumerations for int.
SHIFTED = re.compile(r"sec_protocol_(options|metadata)_")
STRUCTURES = {name: "MTLPackedFloat3 is a union of x, y, z and an array; ours has the members of the same place" for name in
              ("MTLAccelerationStructureInstanceDescriptor MTLAccelerationStructureUserIDInstanceDescriptor "
               "MTLAxisAlignedBoundingBox MTLComponentTransform MTLIndirectAccelerationStructureInstanceDescriptor "
               "MTLPackedFloat3 MTLPackedFloat4x3").split()}


class Metadata:
    def __init__(self, folder):
        self.values, self.structures, self.functions = {}, {}, {}
        for path in sorted(folder.rglob("_metadata.py")):
            for node in ast.parse(path.read_text()).body:
                self.statement(node)

    def statement(self, node):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            if name == "enums" and isinstance(value, ast.Constant):
                self.enumerators(value.value)
            if name == "functions" and isinstance(value, ast.Dict):
                self.function_table(value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == "enums":
            if isinstance(node.value, ast.Constant):
                self.enumerators(node.value.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "misc.update":
            self.structure_table(node.value.args[0])

    def enumerators(self, text):
        for name, value in re.findall(r"\$(\w+)@(-?\d+)(?=\$|$)", text):
            self.values[name] = int(value)

    def function_table(self, table):
        for key, value in zip(table.keys, table.values):
            encoding = pick(value.elts[0]) if isinstance(value, ast.Tuple) else pick(value)
            if encoding and isinstance(key, ast.Constant):
                self.functions[key.value] = encoding

    def structure_table(self, table):
        if not isinstance(table, ast.Dict):
            return
        for key, value in zip(table.keys, table.values):
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "objc.createStructType" and len(value.args) > 1:
                encoding = pick(value.args[1])
                if encoding:
                    self.structures[key.value] = encoding


def closing(text, start, opening, end):
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == opening) - (text[at] == end)
        if depth == 0:
            return at
    raise ValueError(text)


def parts(text, deep=False):
    """An encoding as a list of kinds. What differs by convention only is one kind: Core Foundation objects and the
    Objective-C objects that they are bridged to, strings and pointers to bytes, signedness of characters, long and long
    long. With `deep` a structure is the list of its members."""
    out, at = [], 0
    while at < len(text):
        kind, at = part(text, at, deep)
        out.append(kind)
    return out


def part(text, at, deep):
    while text[at] in "rnNoORVAj":
        at += 1
    letter = text[at]
    if letter == "^":
        inner, at = part(text, at + 1, False)
        return ("^" if inner.startswith("{") or inner in ("v", "c", "?", "[") else "^" + inner), at
    if letter in "{(":
        end = closing(text, at, letter, "}" if letter == "{" else ")")
        name, _, members = text[at + 1:end].partition("=")
        if deep:
            return "{" + "".join(parts(re.sub(r'"[^"]*"', "", members), True)) + "}", end + 1
        return "{" + name.lstrip("_"), end + 1
    if letter == "[":
        number = re.match(r"\d+", text[at + 1:]).group(0)
        inner, at = part(text, at + 1 + len(number), deep)
        return (f"[{number}{inner}" if deep else "["), at + 1
    if letter == "@":
        if text.startswith("@?<", at):
            return "^", closing(text, at + 2, "<", ">") + 1
        if text.startswith("@?", at):
            return "^", at + 2
        if text.startswith('@"', at):
            return "^", text.index('"', at + 2) + 1
        return "^", at + 1
    if letter == "b":
        number = re.match(r"\d+", text[at + 1:]).group(0)
        return "b" + number, at + 1 + len(number)
    kinds = {"*": "^", ":": ":", "#": "^", "Z": "c", "B": "c", "C": "c", "t": "c", "z": "c", "T": "s", "S": "s", "I": "i",
             "L": "q", "l": "q", "Q": "q"}
    return kinds.get(letter, letter), at + 1


class Oracle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        clang = shutil.which("clang-19")
        zig = shutil.which("zig")
        if not (HEADERS.parent / "frameworks.stamp").is_file() or clang is None or zig is None:
            print("needs the headers of frameworks, clang-19 and zig")
            sys.exit(77)
        lib = Path(zig).resolve().parent / "lib"
        cls.command = [clang, "-target", "arm64-apple-macos12", "-nostdinc", "-isystem", lib / "include", "-isystem",
                       lib / "libc/include/any-macos-any", "-isystem", HEADERS, "-fblocks", "-ferror-limit=0"]
        folder = TOOLS / f"pyobjc-{VERSION}-{len(PACKAGES)}"
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=TOOLS, prefix=".pyobjc-") as place:
                done = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
                                       "--platform", "macosx_11_0_universal2", "--python-version", "3.12",
                                       "--implementation", "cp", "-d", place,
                                       *(f"pyobjc-framework-{name}=={VERSION}" for name in PACKAGES)],
                                      capture_output=True, text=True, timeout=300, check=False)
                if done.returncode != 0:
                    print("pip cannot fetch the packages:", done.stderr[-500:])
                    sys.exit(77)
                new = Path(place) / "new"
                for wheel in Path(place).glob("*.whl"):
                    with zipfile.ZipFile(wheel) as archive:
                        for name in archive.namelist():
                            if name.endswith("_metadata.py"):
                                archive.extract(name, new)
                new.rename(folder)
        cls.theirs = Metadata(folder)
        cls.frameworks = sorted(path.parent.name for path in HEADERS.glob("*/*.h") if path.stem == path.parent.name)
        cls.declared = "".join(path.read_text() for name in cls.frameworks for path in sorted((HEADERS / name).glob("*.h")))
        cls.includes = "".join(f"#include <{name}/{name}.h>\n" for name in cls.frameworks)

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-oracle-"))
        self.addCleanup(shutil.rmtree, self.top, True)

    def equal(self, name):
        value = self.theirs.values[name]
        if value < 0:  # a fraction of ours keeps its sign
            return f"(int)({name}) == {value}"
        return f"(unsigned int)({name}) == {value & 0xffffffff}U"

    def test_values(self):
        ours = set(re.findall(r"^  (\w+) = ", self.declared, re.M)) | set(re.findall(r"^#define (\w+) ", self.declared, re.M))
        both = sorted(set(self.theirs.values) & ours - set(VALUES))
        self.assertGreater(len(both), 9000)
        source = self.top / "x.m"
        source.write_text(self.includes + "".join(
            f'_Static_assert({self.equal(name)}, "{name}");\n' for name in both))
        done = subprocess.run([*self.command, "-x", "objective-c", "-w", "-fsyntax-only", source], capture_output=True,
                              text=True, timeout=300, check=False)
        unequal = re.findall(r"static assertion failed.*?: (\w+)\n", done.stderr)
        print(f"{len(both)} values compared, {len(unequal)} differ, {len(VALUES)} explained")
        self.assertEqual((unequal, done.returncode), ([], 0), done.stderr[:3000])

    def encodings(self, expressions):
        """name -> encodings, as clang has them."""
        source, out = self.top / "x.mm", self.top / "x.ll"
        source.write_text(self.includes + """
template <class F> struct Encoded;
template <class R, class... A> struct Encoded<R(A...)> {
  static constexpr const char *list[] = {@encode(R), @encode(A)...};
};
template <class R, class... A> struct Encoded<R(A..., ...)> : Encoded<R(A...)> {};
template <class T> struct One { static constexpr const char *list[] = {@encode(T)}; };
""" + "".join(f'extern "C" const char *const *const encoding_{name} = {expression}::list;\n' for name, expression in expressions))
        done = subprocess.run([*self.command, "-x", "objective-c++", "-std=c++20", "-w", "-S", "-emit-llvm", "-o", out, source],
                              capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[:3000])
        text = out.read_text()
        strings = dict(re.findall(r'^(@[\w.$"]+) = .*? c"(.*?)\\00"', text, re.M))
        for name in re.findall(r'^(@[\w.$"]+) = [^\n]*zeroinitializer', text, re.M):
            strings[name] = ""
        lists = {name: re.findall(r'ptr (@[\w.$"]+)', body)
                 for name, body in re.findall(r'^(@[\w.$"]+) = .*?\[\d+ x ptr\] \[(.*?)\]', text, re.M)}
        found = dict(re.findall(r"^@encoding_(\w+) = .*? ptr (@[\w.$\"]+)", text, re.M))
        return {name: [strings[one].replace("\\22", '"') for one in lists[place]] for name, place in found.items() if place in lists}

    def compare(self, ours, theirs, explained, kind):
        unequal = {}
        for name, (mine, other) in sorted((name, (ours[name], theirs[name])) for name in ours):
            if mine != other and name not in explained:
                unequal[name] = (mine, other)
        print(f"{len(ours)} {kind} compared, {len(unequal)} differ, {len(explained)} explained")
        self.assertEqual(unequal, {}, "\n".join(f"{name}: {pair}" for name, pair in list(unequal.items())[:40]))

    def test_functions(self):
        ours = set(re.findall(r"^TENON_EXTERN [^\n]*?\b(\w+)\(", self.declared, re.M))
        ours |= set(re.findall(r"^\w[\w *]*?\b(nw_\w+)\(", self.declared, re.M))  # written by hand, without the macro
        both = sorted(name for name in set(self.theirs.functions) & ours if not SHIFTED.match(name))
        self.assertGreater(len(both), 3000)
        mine = self.encodings([(name, f"Encoded<decltype({name})>") for name in both])
        self.assertEqual(sorted(mine), both)
        self.compare({name: [parts(one)[0] for one in list_] for name, list_ in mine.items()},
                     {name: parts(self.theirs.functions[name]) for name in both}, FUNCTIONS, "functions")

    def test_structures(self):
        ours = set(re.findall(r"^typedef struct \w+ (\w+);", self.declared, re.M))
        both = sorted(name for name in set(self.theirs.structures) & ours
                      if re.search(rf"^struct (?:__attribute__\S* )?\w*{name.lstrip('_')} \{{", self.declared, re.M))
        self.assertGreater(len(both), 50)
        mine = self.encodings([(name, f"One<{name}>") for name in both])
        self.compare({name: parts(list_[0], True) for name, list_ in mine.items()},
                     {name: parts(self.theirs.structures[name], True) for name in both}, STRUCTURES, "structures")


if __name__ == "__main__":
    unittest.main()
