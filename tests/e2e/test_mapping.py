#!/usr/bin/env python3
"""What macOS would not map, although every hash is right: verify, sign and inspect say so.

Each forgery is made from a valid program by forgery.py and its page hashes are made right again, as
anybody can do with an ad-hoc signature: only the layout betrays it. The rules are those of xnu's
mach_loader.c, of dyld's UnsafeHeader.cpp, Image.cpp and Universal.cpp, and of Security's macho++.cpp.
TENON names the program; without the public files the tests are skipped.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "support")]
from forgery import LC_CODE_SIGNATURE, Slice, fat, fat_table  # noqa: E402
from public_files import file_of as fetched  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
ARM64, X86_64 = 0x0100000C, 0x01000007
PAGE = 0x4000
LC_SYMTAB, LC_DYSYMTAB, LC_FUNCTION_STARTS, LC_DYLD_INFO = 0x2, 0xB, 0x26, 0x80000022
LC_CHAINED, LC_TRIE, LC_DATA_IN_CODE = 0x80000034, 0x80000033, 0x29


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, timeout=300, check=False)


def page_up(value):
    return value + PAGE - 1 & ~(PAGE - 1)


# ---- forgeries of a slice: name -> (change, the cause that has to be named)
def hidden_code(protection):
    """Bytes of the signature's own room, mapped by a segment of their own."""
    def change(s):
        s.add_segment("__EVIL", s.free_address(), PAGE, page_up(s.sig_at), PAGE, protection)
    return change


def stretched(name):
    """The segment goes on into the signature."""
    def change(s):
        segment = s.segment(name)
        segment.filesize = s.sig_at + 64 - segment.fileoff
        segment.vmsize = max(segment.vmsize, segment.filesize)
    return change


def field(name, **values):
    def change(s):
        for key, value in values.items():
            old = getattr(s.segment(name), key)
            setattr(s.segment(name), key, value(old) if callable(value) else value)
    return change


def second_view(of, offset=0, at_address_of=None, protection=5):
    """A second segment of the same bytes, or at the same addresses."""
    def change(s):
        first = s.segment(of)
        address = s.free_address()
        if at_address_of:
            address = s.segment(at_address_of).vmaddr + offset
        fileoff = first.fileoff + (0 if at_address_of else offset)
        s.add_segment("__EVIL", address, PAGE, fileoff, min(PAGE, first.filesize), protection)
    return change


def only_addresses(of, offset):
    """Zero-filled memory over a segment."""
    def change(s):
        s.add_segment("__EVIL", s.segment(of).vmaddr + offset, PAGE, 0, 0, 3)
    return change


def moved_data(cmds, offset_at, size_at=None, size=64):
    """Link-edit data that dyld reads, moved into the room of the signature."""
    def change(s):
        at = s.command(*cmds)
        struct.pack_into("<I", s.data, at + offset_at, s.sig_at + s.sig_size - size - 8)
        if size_at:
            struct.pack_into("<I", s.data, at + size_at, size)
    return change


def second_signature(offset):
    def change(s):
        s.add_command(struct.pack("<4I", LC_CODE_SIGNATURE, 16, s.sig_at + offset, s.sig_size - offset))
    return change


def renamed(name, to):
    return lambda s: s.segment(name).rename(to)


def second_of_name(name):
    def change(s):
        s.add_segment(name, s.free_address(), PAGE, 0, 0, 1)
    return change


def section_before(s):
    segment = next(g for g in map(s.segment, s.segments) if g.nsects and g.vmaddr)
    segment.section(0, addr=segment.vmaddr - 0x1000)


def unaligned_file(s):
    """A gap of the file behind the last page, so that nothing overlaps."""
    segment = s.segment("__LINKEDIT")
    segment.fileoff += 0x800
    segment.filesize -= 0x800


def broken_commands(at, form, value):
    return lambda s: struct.pack_into(form, s.data, at, value)


SLICE_FORGERIES = {
    "code in the signature": (hidden_code(5), "map.segment-unsealed"),
    "writable code in the signature": (hidden_code(7), "map.segment-unsealed"),
    "data in the signature": (hidden_code(3), "map.segment-unsealed"),
    "constants in the signature": (hidden_code(1), "map.segment-unsealed"),
    "code reaches into the signature": (stretched("__TEXT"), "map.segment-unsealed"),
    "executable __LINKEDIT": (field("__LINKEDIT", initprot=5), "map.segment-unsealed"),
    "__LINKEDIT rwx": (field("__LINKEDIT", initprot=7, maxprot=7), "map.segment-unsealed"),
    "symbols in the signature": (moved_data((LC_SYMTAB,), 8, 12, 2), "map.data-unsealed"),
    "strings in the signature": (moved_data((LC_SYMTAB,), 16, 20), "map.data-unsealed"),
    "indirect symbols in the signature": (moved_data((LC_DYSYMTAB,), 56, 60, 8), "map.data-unsealed"),
    "fixups in the signature": (moved_data((LC_CHAINED, LC_DYLD_INFO), 8, 12), "map.data-unsealed"),
    "symbols outside of __LINKEDIT": (lambda s: struct.pack_into("<I", s.data, s.symtab_lc + 8, 64),
                                      "map.data-outside"),
    "strings over the symbols": (lambda s: s.data.__setitem__(
        slice(s.symtab_lc + 16, s.symtab_lc + 20), s.data[s.symtab_lc + 8:s.symtab_lc + 12]),
        "map.data-overlap"),
    "code as a second view of data": (second_view("__LINKEDIT"), "map.file-overlap"),
    "writable view of the code": (second_view("__TEXT", protection=3), "map.file-overlap"),
    "view within the code": (second_view("__TEXT", offset=PAGE), "map.file-overlap"),
    "other bytes at the code's address": (second_view("__LINKEDIT", at_address_of="__TEXT"),
                                          "map.memory-overlap"),
    "other bytes within the code": (second_view("__LINKEDIT", PAGE, "__TEXT"), "map.memory-overlap"),
    "zeros over the code": (only_addresses("__TEXT", PAGE), "map.memory-overlap"),
    "zeros over __LINKEDIT": (only_addresses("__LINKEDIT", 0), "map.memory-overlap"),
    "__TEXT off the header": (field("__TEXT", fileoff=0x1000), "map.text-offset"),
    "__TEXT a page off the header": (field("__TEXT", fileoff=PAGE, filesize=lambda v: v - PAGE),
                                     "map.text-offset"),
    "__TEXT shorter than the commands": (field("__TEXT", filesize=64), "map.text-short"),
    "__TEXT shorter in memory": (field("__TEXT", vmsize=64), "map.text-short"),
    "no __TEXT": (renamed("__TEXT", "__TEXT2"), "map.text-missing"),
    "no __LINKEDIT": (renamed("__LINKEDIT", "__LINKEDIT2"), "map.linkedit-missing"),
    "two __TEXT": (second_of_name("__TEXT"), "map.segment-twice"),
    "two __LINKEDIT": (second_of_name("__LINKEDIT"), "map.segment-twice"),
    "__TEXT rwx": (field("__TEXT", initprot=7, maxprot=7), "map.text-protection"),
    "__TEXT rw-": (field("__TEXT", initprot=3), "map.text-protection"),
    "__TEXT r--": (field("__TEXT", initprot=1), "map.text-protection"),
    "segment behind the file": (field("__LINKEDIT", filesize=lambda v: v + (1 << 32)),
                                "map.segment-outside"),
    "file range that wraps": (field("__LINKEDIT", filesize=(1 << 64) - 16), "map.segment-outside"),
    "addresses that wrap": (field("__LINKEDIT", vmsize=(1 << 64) - PAGE), "map.segment-wraps"),
    "more bytes than memory": (field("__LINKEDIT", vmsize=PAGE // 4), "map.segment-too-long"),
    "__TEXT with more bytes than memory": (field("__TEXT", vmsize=lambda v: v - PAGE),
                                           "map.segment-too-long"),
    "off the pages of the file": (unaligned_file, "map.segment-unaligned"),
    "off the pages of memory": (field("__LINKEDIT", vmaddr=lambda v: v + 0x1000),
                                "map.segment-unaligned"),
    "protection without a meaning": (field("__LINKEDIT", initprot=0x11), "map.protection-bits"),
    "section before its segment": (section_before, "map.section-outside"),
    "section behind its segment": (lambda s: s.segment("__TEXT").section(0, bytes=1 << 40),
                                   "map.section-outside"),
    "section of negative size": (lambda s: s.segment("__TEXT").section(0, bytes=1 << 63),
                                 "map.section-outside"),
    "segment command with room": (field("__TEXT", nsects=lambda v: v - 1), "map.command-size"),
    "commands behind their area": (broken_commands(16, "<I", 10000), "file.malformed"),
    "an area without commands": (broken_commands(20, "<I", 8), "file.malformed"),
    "an area longer than the file": (broken_commands(20, "<I", 0xFFFFFFF0), "file.malformed"),
    "a command without a size": (broken_commands(36, "<I", 0), "file.malformed"),
    "a command off its words": (broken_commands(36, "<I", 73), "file.malformed"),
    "a second signature": (second_signature(0), "map.signature-twice"),
    "a second signature elsewhere": (second_signature(64), "map.signature-twice"),
    "signature off its words": (lambda s: struct.pack_into("<I", s.data, s.signature_lc + 8,
                                                           s.sig_at + 2), "map.signature-unaligned"),
    "signature before __LINKEDIT": (lambda s: struct.pack_into(
        "<I", s.data, s.signature_lc + 8, s.segment("__LINKEDIT").fileoff - PAGE),
        "map.signature-outside"),
}
# Signing lays these out anew.
HEALED = {"more bytes than memory", "signature off its words", "signature before __LINKEDIT"}


def forged(base, change):
    s = Slice(base)
    change(s)
    try:
        s.rehash()
    except (AssertionError, struct.error, KeyError, IndexError, ValueError):
        pass  # the signature itself was moved away
    return bytes(s.data)


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, data):
        path = Path(self.folder.name) / "program"
        path.write_bytes(data)
        return path

    def judge(self, data):
        done = run(TENON, "verify", "--json", str(self.write(data)))
        return done.returncode, json.loads(done.stdout)

    def causes(self, report, part="integrity"):
        return [c for s in report["data"]["slices"] for c in s[part]["causes"]]

    def refused(self, data, code, shown=True):
        """Not valid, with that cause named first in the finding's kind; and said by inspect."""
        exit_code, report = self.judge(data)
        self.assertEqual(exit_code, 1, report)
        causes = self.causes(report)
        self.assertIn(code, [c["code"] for c in causes])
        self.assertTrue(all(c["message"] and c["where"] for c in causes))
        finding = report["findings"][0]
        self.assertIn(finding["code"], ("TN0906", "TN0907", "TN0908"), finding)
        self.assertFalse([f for f in finding.get("fixes", []) if f.get("argv")])
        if shown:
            done = run(TENON, "inspect", "--json", str(self.write(data)))
            self.assertIn(finding["code"], [f["code"] for f in json.loads(done.stdout)["findings"]])
        return report

    def sign_refuses(self, data):
        path = self.write(data)
        done = run(TENON, "sign", str(path))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(path.read_bytes(), data)


class Slices(Base):
    BASES = (("npm", "@esbuild/darwin-arm64@0.28.2", "esbuild"),
             ("npm", "@swc/core-darwin-arm64@1.16.18", "swc.darwin-arm64.node"),
             ("pip", "uv==0.13.9", "uvx"))

    @classmethod
    def setUpClass(cls):
        found = [(name, fetched(kind, package, name)) for kind, package, name in cls.BASES]
        cls.bases = {name: path.read_bytes() for name, path in found if path is not None}
        if not cls.bases:
            raise unittest.SkipTest("no public file can be fetched")

    def test_the_files_as_they_are(self):
        for name, data in self.bases.items():
            with self.subTest(name):
                exit_code, report = self.judge(data)
                self.assertEqual(exit_code, 0, report)
                shown = json.loads(run(TENON, "inspect", "--json", str(self.write(data))).stdout)
                self.assertFalse([f for f in shown["findings"] if f["code"].startswith("TN09")])

    def test_hashes_made_right_hide_nothing_else(self):
        """The maker makes valid files: what is refused below is refused for its layout."""
        for name in set(self.bases) - {"uvx"}:
            with self.subTest(name):
                def room(s):
                    s.data[32 + s.sizeofcmds + 512] ^= 1
                exit_code, report = self.judge(forged(self.bases[name], room))
                self.assertEqual(exit_code, 0, self.causes(report))

    def each(self, wanted):
        for base, data in self.bases.items():
            for name, (change, code) in SLICE_FORGERIES.items():
                if not wanted(name):
                    continue
                with self.subTest(f"{base}: {name}"):
                    try:
                        bytes_ = forged(data, change)
                    except (StopIteration, AssertionError):
                        continue  # no such command, or no room in the header
                    self.refused(bytes_, code, shown=code.startswith("map."))
                    if name not in HEALED:
                        self.sign_refuses(bytes_)

    def test_forged_segments(self):
        self.each(lambda name: True)

    def test_segments_out_of_order(self):
        seen = 0
        for base, data in self.bases.items():
            names = [n for n in Slice(data).segments if n not in ("__PAGEZERO", "__LINKEDIT", "__TEXT")]
            if len(names) < 2:
                continue
            seen += 1
            with self.subTest(base):
                self.refused(forged(data, lambda s: s.swap_commands(*names[:2])), "map.order")
        self.assertTrue(seen or len(self.bases) < 3)

    def test_writable_code_is_a_warning(self):
        data = next(iter(self.bases.values()))
        exit_code, report = self.judge(forged(data, lambda s: s.add_segment(
            "__JIT", s.free_address(), PAGE, 0, 0, 7)))
        self.assertEqual(exit_code, 0 if "esbuild" in self.bases else exit_code, report)
        self.assertIn("map.writable-code",
                      [w["code"] for s in report["data"]["slices"] for w in s["warnings"]])


class Universal(Base):
    @classmethod
    def setUpClass(cls):
        path = fetched("npm", "fsevents@2.3.3", "fsevents.node")
        if path is None:
            raise unittest.SkipTest("fsevents 2.3.3 cannot be fetched")
        cls.bytes = path.read_bytes()
        count, = struct.unpack_from(">I", cls.bytes, 4)
        cls.slices = {}
        for i in range(count):
            cpu, sub, at, size, _ = struct.unpack_from(">5I", cls.bytes, 8 + 20 * i)
            cls.slices[cpu] = (sub, cls.bytes[at:at + size])

    def rows(self, places=((X86_64, PAGE), (ARM64, None)), align=14):
        """One slice behind the other, at pages."""
        rows, contents, at = [], {}, PAGE
        for cpu, _ in places:
            sub, data = self.slices[cpu]
            rows.append([cpu, sub, at, len(data), align])
            contents[at] = data
            at = page_up(at + len(data))
        return rows, contents

    def test_as_it_should_be(self):
        rows, contents = self.rows()
        self.assertEqual(self.judge(fat_table(rows, contents))[0], 0)

    def test_forged_tables(self):
        def with_row(index, **fields):
            rows, contents = self.rows()
            names = ("cpu", "sub", "offset", "size", "align")
            for key, value in fields.items():
                place = names.index(key)
                rows[index][place] = value(rows[index][place]) if callable(value) else value
            return fat_table(rows, contents)

        rows, contents = self.rows()
        sub, arm = self.slices[ARM64]
        low = {0x1000 + PAGE: arm}
        cases = {
            "64-bit offsets": (fat_table(rows, contents, wide=True), "map.table-64"),
            "no slices": (fat_table([], {PAGE: arm}), "map.no-slices"),
            "table longer than the file": (struct.pack(">2I", 0xCAFEBABE, 3) + bytes(30),
                                           "map.table-unreadable"),
            "one slice twice": (fat_table([rows[1], rows[1]], contents), "map.slices-overlap"),
            "one architecture twice": (fat_table(
                [[ARM64, sub, PAGE, len(arm), 14], [ARM64, sub, page_up(PAGE + len(arm)), len(arm), 14]],
                {PAGE: arm, page_up(PAGE + len(arm)): arm}), "map.architecture-twice"),
            "slices that overlap in part": (with_row(0, size=lambda v: v + PAGE), "map.slices-overlap"),
            "a slice within another": (with_row(0, size=lambda v: v + 4 * PAGE), "map.slices-overlap"),
            "off its alignment": (with_row(1, align=20), "map.slice-unaligned"),
            "off the pages of arm64": (fat_table([[ARM64, sub, 0x1000 + PAGE, len(arm), 12]], low),
                                       "map.slice-unaligned"),
            "an alignment without a meaning": (with_row(1, align=200), "map.slice-unaligned"),
            "in the table": (with_row(0, offset=0, align=0), "map.slice-in-table"),
            "behind the file": (with_row(1, size=lambda v: v + 1), "map.slice-outside"),
            "far behind the file": (with_row(1, offset=0xFFFFC000), "map.slice-outside"),
            "empty": (with_row(1, size=0), "map.slice-outside"),
            "listed as another machine": (with_row(1, cpu=0x0100000C, sub=2), "universal.architecture"),
            "listed as Intel": (fat_table([[X86_64, 3, PAGE, len(arm), 14]], {PAGE: arm}),
                                "universal.architecture"),
        }
        for name, (data, code) in cases.items():
            with self.subTest(name):
                exit_code, report = self.judge(data)
                self.assertEqual(exit_code, 1, report)
                self.assertIn(code, [c["code"] for c in self.causes(report)])
                self.assertEqual(report["findings"][0]["code"], "TN0908", report["findings"])
                self.sign_refuses(data)
                shown = run(TENON, "inspect", "--json", str(self.write(data)))
                found = [f["code"] for f in json.loads(shown.stdout)["findings"]]
                self.assertTrue("TN0908" in found or shown.returncode != 0, (name, found))

    def test_the_slice_that_is_not_counted(self):
        """lipo -hideARM64: kernel, dyld and codesign read it (rdar 15001604), so it is judged."""
        rows, contents = self.rows()
        hidden = fat_table(rows, contents, count=1)
        exit_code, report = self.judge(hidden)
        self.assertEqual(exit_code, 0, report)
        self.assertEqual([s["arch"] for s in report["data"]["slices"]], ["x86_64", "arm64"])
        self.assertIn("universal.hidden-slice",
                      [w["code"] for entry in report["data"]["warnings"] for w in entry["warnings"]])
        s = Slice(self.slices[ARM64][1])
        offset, _ = s.section("__TEXT", "__text")
        s.data[offset] ^= 1
        contents[rows[1][2]] = bytes(s.data)
        exit_code, report = self.judge(fat_table(rows, contents, count=1))
        self.assertEqual(exit_code, 1)
        self.assertIn("page.hash", [c["code"] for c in self.causes(report)])
        # A row of another machine behind the table is no slice: its bytes are a gap.
        rows, contents = self.rows(((ARM64, None), (X86_64, None)))
        exit_code, report = self.judge(fat_table(rows, contents, count=1))
        self.assertEqual(exit_code, 1)
        self.assertEqual({s["arch"] for s in report["data"]["slices"]}, {"arm64"})

    def test_signing_counts_the_hidden_slice(self):
        rows, contents = self.rows()
        path = self.write(fat_table(rows, contents, count=1))
        self.assertEqual(run(TENON, "sign", str(path)).returncode, 0)
        self.assertEqual(struct.unpack_from(">2I", path.read_bytes()), (0xCAFEBABE, 2))
        self.assertEqual(run(TENON, "verify", str(path)).returncode, 0)


@unittest.skipIf(shutil.which("clang-19") is None, "no clang-19")
class KindsWithoutSignature(Base):
    """Static libraries, objects and scripts: exit code 2, and no advice that is refused next."""

    def member(self, target, name):
        source = Path(self.folder.name) / "a.c"
        source.write_text("int f(void) { return 1; }\n")
        out = Path(self.folder.name) / name
        subprocess.run(["clang-19", "-target", target, "-c", str(source), "-o", str(out)], check=True)
        return out

    def test_all(self):
        folder = Path(self.folder.name)
        arm, intel = (self.member(f"{a}-apple-macos12", f"{a}.o") for a in ("arm64", "x86_64"))
        tools = {"ar": "llvm-ar-19", "lipo": "llvm-lipo-19"}
        if any(shutil.which(t) is None for t in tools.values()):
            self.skipTest("no llvm-ar-19 or llvm-lipo-19")
        paths = [arm]
        for each in (arm, intel):
            archive = each.with_suffix(".a")
            subprocess.run([tools["ar"], "--format=darwin", "rcs", str(archive), str(each)], check=True)
        for kind in (".a", ".o"):
            paths.append(folder / ("both" + kind))
            subprocess.run([tools["lipo"], "-create", str(arm.with_suffix(kind)),
                            str(intel.with_suffix(kind)), "-output", str(paths[-1])], check=True)
        thin = folder / "thin.a"
        subprocess.run([tools["ar"], "--format=gnu", "--thin", "rcs", str(thin), str(arm)], check=True)
        script = folder / "script"
        script.write_text("#!/bin/sh\nexit 0\n")
        for path in [*paths, arm.with_suffix(".a"), thin, script]:
            with self.subTest(path.name):
                done = run(TENON, "verify", "--json", str(path))
                self.assertEqual(done.returncode, 2, done.stdout)
                finding = json.loads(done.stdout)["findings"][0]
                self.assertEqual(finding["code"], "TN0901")
                text = json.dumps(finding.get("fixes", []))
                self.assertNotIn("tenon", text)
                before = path.read_bytes()
                self.assertEqual(run(TENON, "sign", str(path)).returncode, 2)
                self.assertEqual(path.read_bytes(), before)


if __name__ == "__main__":
    loaded = unittest.main(exit=False, verbosity=1).result
    if loaded.testsRun == len(loaded.skipped) and not loaded.failures and not loaded.errors:
        sys.exit(77)
    sys.exit(not loaded.wasSuccessful())
