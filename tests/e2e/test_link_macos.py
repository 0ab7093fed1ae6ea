#!/usr/bin/env python3
"""tenon link for macOS on a Homebrew that is made here: kegs, two prefixes, dylib beside archive, frameworks, stubs,
universal archives. zig compiles, and links with the flags that are printed; what the program then needs is read by
llvm-objdump. Nothing is fetched."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
ZIG = os.environ.get("TENON_ZIG") or shutil.which("zig")
ARM, INTEL = "aarch64", "x86_64"
GOARCH = {ARM: "arm64", INTEL: "amd64"}


def tool(name):
    for suffix in ("-19", "-20", "-18", ""):
        if path := shutil.which(name + suffix):
            return path
    return None


OBJDUMP = tool("llvm-objdump")
NOT_HERE = None if ZIG and OBJDUMP else "needs zig and llvm-objdump"


def zig(*arguments):
    done = subprocess.run([ZIG, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, f"zig {arguments}\n{done.stderr}"


def fat(paths):
    """A universal file of (arm64, x86_64) files, as lipo makes it."""
    kinds = ((0x0100000C, 0), (0x01000007, 3))
    out, at, rows = b"", 0x4000, b""
    parts = [Path(path).read_bytes() for path in paths]
    for (cpu, subtype), data in zip(kinds, parts):
        rows += struct.pack(">IIIII", cpu, subtype, at, len(data), 14)
        at += len(data) + (-len(data) % 0x4000)
    out = (struct.pack(">II", 0xCAFEBABE, len(parts)) + rows).ljust(0x4000, b"\0")
    for data in parts:
        out = out.ljust(len(out) + (-len(out) % 0x4000), b"\0") + data
    return out


class Homebrew:
    """A directory with prefixes; formulas lie in Cellar, opt has a link to each, and lib those that are linked."""

    def __init__(self, root):
        self.root = Path(root) / "sys"
        self.work = Path(root) / "work"
        self.root.mkdir()
        self.work.mkdir()
        self.count = 0

    def compile(self, text, arch):
        self.count += 1
        source = self.work / f"s{self.count}.c"
        source.write_text(text + "\n")
        out = self.work / f"s{self.count}.o"
        zig("cc", "-target", f"{arch}-macos.13.0", "-O1", "-c", source, "-o", out)
        return out

    def archive(self, objects, out):
        out.parent.mkdir(parents=True, exist_ok=True)
        zig("ar", "--format=darwin", "rcs", out, *objects)
        return out

    def formula(self, name, text, *, prefix="opt/homebrew", arch=ARM, shared=True, keg_only=False, libs=None,
                private="", requires="", needs=()):
        keg = self.root / prefix / "Cellar" / name / "1.0"
        lib = keg / "lib"
        self.archive([self.compile(text, arch)], lib / f"lib{name}.a")
        if shared:
            zig("cc", "-target", f"{arch}-macos.13.0", "-shared", self.work / f"s{self.count}.c", "-o",
                lib / f"lib{name}.3.dylib", f"-Wl,-install_name,/{prefix}/opt/{name}/lib/lib{name}.3.dylib",
                "-Wl,-undefined,dynamic_lookup", *needs)
            (lib / f"lib{name}.dylib").symlink_to(f"lib{name}.3.dylib")
        pc = lib / "pkgconfig"
        pc.mkdir()
        (pc / f"{name}.pc").write_text(
            f"prefix=/{prefix}/Cellar/{name}/1.0\nlibdir=${{prefix}}/lib\nName: {name}\nDescription: d\nVersion: 1.0\n"
            f"Libs: {libs or '-L${libdir} -l' + name}\nLibs.private: {private}\nRequires.private: {requires}\n")
        (self.root / prefix / "opt").mkdir(exist_ok=True)
        (self.root / prefix / "opt" / name).symlink_to(f"../Cellar/{name}/1.0")
        if not keg_only:
            (self.root / prefix / "lib/pkgconfig").mkdir(parents=True, exist_ok=True)
            for file in [*lib.iterdir(), *pc.iterdir()]:
                if file != pc:
                    place = self.root / prefix / "lib" / file.relative_to(lib)
                    place.symlink_to(os.path.relpath(file, place.parent))
        return lib

    def ask(self, *words, arch=ARM, code=0):
        done = subprocess.run([TENON, "link", *map(str, words), "--target", f"darwin/{GOARCH[arch]}", "--sysroot",
                               str(self.root), "--no-cache", "--json"], capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def link(self, text, words, arch=ARM):
        """Links a program and gives the names of the libraries that it loads."""
        out = self.work / "program"
        zig("cc", "-target", f"{arch}-macos.13.0", self.compile(text, arch), *words, "-o", out)
        said = subprocess.run([OBJDUMP, "--macho", "--dylibs-used", out], capture_output=True, text=True, check=True)
        return [line.split()[0] for line in said.stdout.splitlines()[1:]]


def words_of(answer):
    return [word for flag in answer["data"]["flags"] for word in flag["words"]]


@unittest.skipIf(NOT_HERE, NOT_HERE)
class Closure(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tenon-brew-")
        self.addCleanup(self.folder.cleanup)
        self.brew = Homebrew(self.folder.name)

    def test_keg_only_formula(self):
        """Nothing in lib leads to it: its .pc file and its archive are in opt."""
        low = self.brew.formula("low", "int low(void) { return 1; }", keg_only=True)
        mid = self.brew.formula("mid", "int low(void); int mid(void) { return low(); }", requires="low")
        answer = self.brew.ask("mid")
        self.assertEqual(words_of(answer), [str(mid / "libmid.a"), str(low / "liblow.a")])
        self.assertEqual(words_of(self.brew.ask("low")), [str(low / "liblow.a")])
        loads = self.brew.link("int mid(void); int main(void) { return mid(); }", words_of(answer))
        self.assertEqual(loads, ["/usr/lib/libSystem.B.dylib"])

    def test_formula_that_no_module_names(self):
        """mid.pc forgets what its archive needs; the symbol finds the keg."""
        low = self.brew.formula("low", "int low(void) { return 1; }", keg_only=True)
        self.brew.formula("mid", "int low(void); int mid(void) { return low(); }")
        self.assertIn(str(low / "liblow.a"), words_of(self.brew.ask("mid")))

    def test_two_prefixes(self):
        """One formula for each processor: the target decides, and not which is found first."""
        arm = self.brew.formula("low", "int low(void) { return 1; }")
        intel = self.brew.formula("low", "int low(void) { return 2; }", prefix="usr/local", arch=INTEL)
        for arch, lib in ((ARM, arm), (INTEL, intel)):
            answer = self.brew.ask("low", arch=arch)
            self.assertEqual(words_of(answer), [str(lib / "liblow.a")])
            self.brew.link("int low(void); int main(void) { return low(); }", words_of(answer), arch)

    def test_only_for_the_other_processor(self):
        self.brew.formula("low", "int low(void) { return 1; }")
        answer = self.brew.ask("low", arch=INTEL, code=1)
        self.assertIn("TN1606", [one["code"] for one in answer["findings"]])
        self.assertIn("arm64", answer["findings"][0]["message"])

    def test_dylib_beside_the_archive(self):
        """A linker takes the dylib for -lX, so the archive is given by its path, and as-is by -lX."""
        lib = self.brew.formula("low", "int low(void) { return 1; }")
        source = "int low(void); int main(void) { return low(); }"
        answer = self.brew.ask("low")
        self.assertEqual(words_of(answer), [str(lib / "liblow.a")])
        self.assertEqual(self.brew.link(source, words_of(answer)), ["/usr/lib/libSystem.B.dylib"])
        runtime = answer["data"]["runtime"]
        self.assertEqual(runtime["usual"]["names"], ["/opt/homebrew/opt/low/lib/liblow.3.dylib"])
        self.assertEqual(runtime["this"]["names"] + runtime["usual"]["not_found"], [])
        as_is = self.brew.ask("low", "--mode", "as-is")
        self.assertEqual(words_of(as_is), [f"-L{lib}", "-llow"])
        self.assertEqual(as_is["findings"], [])
        self.assertIn("/opt/homebrew/opt/low/lib/liblow.3.dylib", self.brew.link(source, words_of(as_is)))

    def test_frameworks_and_libraries_of_the_system(self):
        self.brew.formula("low", "int low(void) { return 1; }",
                          libs="-L${libdir} -llow -framework CoreFoundation -weak_framework Metal", private="-lz -lresolv")
        answer = self.brew.ask("low")
        words = words_of(answer)
        self.assertEqual(words[1:3], ["-framework", "CoreFoundation"])
        self.assertEqual(words[3:5], ["-weak_framework", "Metal"])
        self.assertIn("-lz", words)
        self.assertEqual(answer["data"]["absent"], [])
        # What neither the sysroot nor the system has is told.
        self.brew.formula("top", "int top(void) { return 1; }", private="-lnobody")
        self.assertEqual([one["name"] for one in self.brew.ask("top")["data"]["absent"]], ["nobody"])

    def test_stub_of_a_library(self):
        """A .tbd stands for a library that only the target has: there is nothing to make static."""
        sdk = self.brew.root / "usr/lib"
        sdk.mkdir(parents=True)
        (sdk / "libonly.tbd").write_text(
            "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos, x86_64-macos ]\n"
            "install-name: '/usr/lib/libonly.1.dylib'\nexports:\n  - targets: [ arm64-macos ]\n"
            "    symbols: [ _only ]\n...\n")
        self.brew.formula("mid", "int only(void); int mid(void) { return only(); }")
        answer = self.brew.ask("mid")
        self.assertEqual(words_of(answer)[1:], [f"-L{sdk}", "-lonly"])
        self.assertEqual([one["name"] for one in answer["data"]["absent"]], ["only"])
        self.assertEqual(answer["data"]["absent"][0]["needed_by"][0]["symbol"], "_only")
        loads = self.brew.link("int mid(void); int main(void) { return mid(); }", words_of(answer))
        self.assertIn("/usr/lib/libonly.1.dylib", loads)
        # For the other processor the stub exports nothing, and the symbol stays open.
        self.brew.formula("mid", "int only(void); int mid(void) { return only(); }", prefix="usr/local", arch=INTEL)
        self.assertNotIn("-lonly", words_of(self.brew.ask("mid", arch=INTEL)))

    def test_explain_asks_the_kegs(self):
        """Apple's linker lacks a symbol; the keg that no prefix links has it."""
        low = self.brew.formula("low", "int low(void) { return 1; }", keg_only=True, shared=False)
        log = self.brew.work / "log"
        log.write_text('Undefined symbols for architecture arm64:\n  "_low", referenced from:\n      _main in x.o\n'
                       "ld: symbol(s) not found for architecture arm64\n"
                       "clang: error: linker command failed with exit code 1 (use -v to see invocation)\n")
        done = subprocess.run([TENON, "explain", "--json", "--root", str(self.brew.root), str(log)], capture_output=True,
                              text=True, check=False)
        found = json.loads(done.stdout)["data"]["searches"]
        self.assertEqual([one["subject"] for one in found], ["-llow"])
        self.assertEqual(found[0]["looked"][0]["where"], str(low / "liblow.a"))
        self.assertIn("defines _low", found[0]["looked"][0]["text"])

    def test_universal_archives(self):
        """libfat.a has an archive for each processor; liblip.a is one archive whose objects are universal."""
        text = {ARM: "int one_arm(void); int one(void) { return one_arm(); }",
                INTEL: "int one_intel(void); int one(void) { return one_intel(); }"}
        objects = {arch: self.brew.compile(text[arch], arch) for arch in (ARM, INTEL)}
        lib = self.brew.root / "opt/homebrew/lib"
        lib.mkdir(parents=True)
        thin = [self.brew.archive([objects[arch]], self.brew.work / f"{arch}.a") for arch in (ARM, INTEL)]
        (lib / "libfat.a").write_bytes(fat(thin))
        lipo = self.brew.work / "both.o"
        lipo.write_bytes(fat([objects[ARM], objects[INTEL]]))
        made = self.brew.work / "lip.a"
        # zig's archiver does not take universal objects: the format is 8 bytes and a header of 60.
        data = lipo.read_bytes()
        made.write_bytes(b"!<arch>\n" + f"{'both.o/':16}{0:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode() + data)
        shutil.copy(made, lib / "liblip.a")
        for name in ("fat", "lip"):
            for arch, wanted in ((ARM, "one_arm"), (INTEL, "one_intel")):
                with self.subTest(f"{name} {arch}"):
                    # What the slice needs brings the archive that defines it, and nothing for the other slice.
                    helps = [self.brew.archive([self.brew.compile(f"int {symbol}(void) {{ return 3; }}", arch)],
                                               lib / f"lib{symbol}.a") for symbol in ("one_arm", "one_intel")]
                    answer = self.brew.ask("--flag", f"-l{name}", arch=arch)
                    self.assertEqual(words_of(answer), [str(lib / f"lib{name}.a"), str(lib / f"lib{wanted}.a")])
                    for path in helps:
                        path.unlink()


if __name__ == "__main__":
    if NOT_HERE:
        sys.exit(77)
    unittest.main(verbosity=2)
