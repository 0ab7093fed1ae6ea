#!/usr/bin/env python3
"""tenon verify against forgeries and against public signed files.

TENON names the program. Public files come from their registries by name and version and are kept in
TENON_CACHE or the user's cache; without a network the tests that need them are skipped. The
forgeries are made by forgery.py, which shares nothing with tenon.
"""
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "support")]
import forgery  # noqa: E402
from forgery import Slice  # noqa: E402
from public_files import file_of as fetched  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
def run(*args, **kwargs):
    return subprocess.run(args, capture_output=True, text=True, timeout=300, check=False, **kwargs)


def verify(path, *options):
    done = run(TENON, "verify", "--json", str(path), *options)
    return done.returncode, json.loads(done.stdout)


def codes(slice_, part):
    return [cause["code"] for cause in slice_[part]["causes"]]


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def judge(self, data, name="program"):
        path = Path(self.folder.name) / name
        path.write_bytes(bytes(data))
        return verify(path)

    def refused(self, data, part, code, where=""):
        exit_code, report = self.judge(data)
        self.assertEqual(exit_code, 1, report)
        slices = report["data"]["slices"]
        found = [c for s in slices for c in s[part]["causes"] if c["code"] == code]
        self.assertTrue(found, [(s[p]["state"], codes(s, p)) for s in slices
                                for p in ("integrity", "identity", "trust")])
        self.assertTrue(any(s[part]["state"] == "invalid" for s in slices))
        if where:
            self.assertTrue(any(where in c["where"] for c in found), found)
        return report


class DeveloperId(Base):
    """uvx of uv 0.13.9: Developer ID, 16 KiB pages, a timestamp, one CodeDirectory."""

    @classmethod
    def setUpClass(cls):
        path = fetched("pip", "uv==0.13.9", "uvx")
        if path is None:
            raise unittest.SkipTest("uv 0.13.9 cannot be fetched")
        cls.bytes = path.read_bytes()

    def new(self):
        return Slice(self.bytes)

    def test_untouched(self):
        exit_code, report = self.judge(self.bytes)
        slice_ = report["data"]["slices"][0]
        self.assertEqual(exit_code, 0, report)
        self.assertEqual(slice_["kind"], "developer-id")
        for part in ("integrity", "identity", "trust"):
            self.assertEqual(slice_[part]["state"], "valid")
        self.assertEqual(slice_["page_size"], 16384)
        self.assertEqual(slice_["team"], slice_["signer"]["certificates"][0]["unit"])

    def test_parts_that_other_tools_read(self):
        path = Path(self.folder.name) / "uvx"
        path.write_bytes(self.bytes)
        _, report = verify(path)
        slice_ = report["data"]["slices"][0]

        def part(name, *options):
            done = subprocess.run([TENON, "verify", "--print", name, str(path), *options],
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

        self.assertEqual(part("codedirectory"), self.new().blob(0))
        self.assertEqual(hashlib.sha256(part("codedirectory")).hexdigest()[:40], slice_["cdhash"])
        self.assertEqual(part("cms"), self.new().blob(0x10000)[8:])
        requirement = part("requirement").decode()
        self.assertEqual(requirement, f"designated => {slice_['designated_requirement']}\n")
        done = run(TENON, "verify", "-R", requirement.split("=> ", 1)[1].strip(), str(path))
        self.assertEqual(done.returncode, 0, done.stdout)
        subject = subprocess.run(["openssl", "x509", "-noout", "-subject"], capture_output=True,
                                 input=part("certificates"), timeout=60, check=True).stdout.decode()
        self.assertIn(slice_["team"], subject)
        self.assertEqual(part("certificates").count(b"BEGIN CERTIFICATE"),
                         len(slice_["signer"]["certificates"]))
        for name, answer in (("entitlements", 1), ("nonsense", 3)):
            done = run(TENON, "verify", "--print", name, str(path))
            self.assertEqual((done.returncode, done.stdout), (answer, ""), name)

    def test_a_part_of_slices_that_differ(self):
        other = Slice(self.bytes)
        struct.pack_into("<2I", other.data, 4, 0x01000007, 3)
        at = other.directory().at + other.directory().ident_offset
        other.data[at] ^= 1
        path = Path(self.folder.name) / "both"
        path.write_bytes(forgery.fat([self.bytes, other.data]))
        done = run(TENON, "verify", "--print", "codedirectory", str(path))
        self.assertEqual(done.returncode, 3)
        self.assertIn("--arch", done.stderr)
        done = subprocess.run([TENON, "verify", "--print", "codedirectory", "--arch", "x86_64",
                               str(path)], capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, other.blob(0)))

    def test_a_byte_of_the_code(self):
        s = self.new()
        offset, _ = s.section("__TEXT", "__text")
        s.data[offset + 5] ^= 1
        report = self.refused(s.data, "integrity", "page.hash", "__TEXT,__text")
        self.assertIn("errSecCSSignatureFailed", json.dumps(report))

    def test_a_byte_of_the_code_with_its_hash_made_right(self):
        s = self.new()
        offset, _ = s.section("__TEXT", "__text")
        s.data[offset + 5] ^= 1
        s.rehash(offset >> 14)
        report = self.refused(s.data, "identity", "cms.message-digest")
        self.assertEqual(report["data"]["slices"][0]["integrity"]["state"], "valid")

    def test_a_byte_of_the_link_edit_data(self):
        s = self.new()
        fileoff, = struct.unpack_from("<Q", s.data, s.linkedit_lc + 40)
        s.data[fileoff + 9] ^= 1
        self.refused(s.data, "integrity", "page.hash", "__LINKEDIT")

    def test_padding_of_the_load_commands(self):
        s = self.new()
        s.data[32 + s.sizeofcmds] ^= 1
        self.refused(s.data, "integrity", "page.hash", "page 0")

    def test_a_page_hash(self):
        s = self.new()
        s.data[s.directory().hash_place(3)] ^= 1
        self.refused(s.data, "integrity", "page.hash", "page 3")

    def test_fields_of_the_directory(self):
        for name, change in (("flags", lambda v: v & ~0x10000), ("flags", lambda v: v | 0x2),
                             ("version", lambda v: v - 0x100)):
            with self.subTest(name):
                s = self.new()
                cd = s.directory()
                cd.set(name, change(getattr(cd, name)))
                self.refused(s.data, "identity", "cms.message-digest")

    def test_identifier_and_team(self):
        s = self.new()
        cd = s.directory()
        s.data[cd.at + cd.ident_offset] ^= 1
        self.refused(s.data, "identity", "cms.message-digest")
        s = self.new()
        cd = s.directory()
        s.data[cd.at + cd.team_offset] ^= 1
        self.refused(s.data, "identity", "identity.team")

    def test_number_of_pages(self):
        s = self.new()
        cd = s.directory()
        cd.set("code_slots", cd.code_slots - 3)
        self.refused(s.data, "integrity", "directory.page-count")

    def test_page_size(self):
        for shift in (0, 12, 13, 16, 40):
            s = self.new()
            s.directory().set("page_shift", shift)
            exit_code, _ = self.judge(s.data)
            self.assertEqual(exit_code, 1)

    def test_code_limit(self):
        s = self.new()
        cd = s.directory()
        cd.set("code_limit", cd.code_limit - 4096)
        self.refused(s.data, "integrity", "directory.code-limit")

    def test_requirements_and_slots(self):
        s = self.new()
        at, length = s.blobs()[2]
        s.data[at + length - 1] ^= 1
        self.refused(s.data, "integrity", "slot.hash", "slot 2")
        s = self.new()
        s.write_blobs([(slot, blob) for slot, blob in s.all_blobs() if slot != 2])
        self.refused(s.data, "integrity", "slot.missing", "slot 2")
        s = self.new()
        blobs = s.all_blobs()
        evil = b"<plist version=\"1.0\"><dict><key>com.apple.security.get-task-allow</key><true/></dict></plist>"
        if not any(slot == 5 for slot, _ in blobs):
            blobs.insert(2, (5, struct.pack(">2I", 0xFADE7171, 8 + len(evil)) + evil))
            s.write_blobs(blobs)
            self.refused(s.data, "integrity", "slot.unsealed", "slot 5")

    def test_the_cms(self):
        s = self.new()
        at, length = s.blobs()[0x10000]
        for place, why in ((length - 20, "the timestamp or the signature"), (300, "a certificate")):
            forged = Slice(s.data)
            forged.data[at + place] ^= 1
            exit_code, report = self.judge(forged.data)
            self.assertEqual((exit_code, report["data"]["slices"][0]["identity"]["state"]),
                             (1, "invalid"), why)

    def test_the_cms_taken_away(self):
        s = self.new()
        blobs = [(slot, blob) for slot, blob in s.all_blobs() if slot != 0x10000]
        s.write_blobs(blobs)
        self.refused(s.data, "identity", "cms.missing")
        s = self.new()
        s.write_blobs(blobs + [(0x10000, struct.pack(">2I", 0xFADE0B01, 8))])
        self.refused(s.data, "identity", "cms.missing")

    def test_made_ad_hoc_with_its_certificate_left(self):
        s = self.new()
        cd = s.directory()
        cd.set("flags", cd.flags | 2)
        self.refused(s.data, "identity", "directory.ad-hoc-flag")

    def test_made_ad_hoc_without_certificate(self):
        """A valid ad-hoc signature over the requirement of somebody else, and a team it cannot show."""
        s = self.new()
        cd = s.directory()
        cd.set("flags", cd.flags | 2)
        s.write_blobs([(slot, blob) for slot, blob in s.all_blobs() if slot != 0x10000])
        report = self.refused(s.data, "trust", "requirement.of-another-signer")
        slice_ = report["data"]["slices"][0]
        self.assertEqual(slice_["kind"], "ad-hoc")
        self.assertIn("identity.team-claimed", [w["code"] for w in slice_["warnings"]])
        exit_code, report = verify(Path(self.folder.name) / "program", "--allow", "downgrade")
        self.assertEqual(exit_code, 0, report)
        self.assertIn("requirement.of-another-signer",
                      [w["code"] for w in report["data"]["slices"][0]["warnings"]])

    def test_an_alternate_directory_that_nobody_signed(self):
        s = self.new()
        self.assertEqual(s.directory().hash_type, 2)
        blob = bytearray(s.blob(0))
        blob[37] = 3  # truncated SHA-256: 20 bytes a hash
        blob[36] = 20
        blobs = s.all_blobs()
        blobs.insert(len(blobs) - 1, (0x1000, bytes(blob)))
        room = s.sig_size
        if 12 + 8 * len(blobs) + sum(len(b) for _, b in blobs) > room:
            self.skipTest("no room")
        s.write_blobs(blobs)
        exit_code, _ = self.judge(s.data)
        self.assertEqual(exit_code, 1)

    def test_cut_and_longer(self):
        for cut in (1, 100, 5000, self.new().sig_size, self.new().sig_size + 1):
            exit_code, report = self.judge(self.bytes[:-cut])
            self.assertEqual(exit_code, 1, (cut, report))
        self.refused(self.bytes + b"\0" * 1100, "integrity", "file.trailing-data")
        report = self.refused(self.bytes + b"x" * 50 + b"\n---- Bun! ----\n", "integrity",
                              "file.trailing-data")
        self.assertIn("Bun", json.dumps(report["data"]["slices"][0]["warnings"]))

    def test_the_load_command_taken_away(self):
        s = self.new()
        size = 16
        end = 32 + s.sizeofcmds
        tail = bytes(s.data[s.signature_lc + size:end])
        s.data[s.signature_lc:end] = tail + bytes(size)
        struct.pack_into("<2I", s.data, 16, s.ncmds - 1, s.sizeofcmds - size)
        exit_code, report = self.judge(s.data)
        slice_ = report["data"]["slices"][0]
        self.assertEqual((exit_code, slice_["kind"]), (1, "unsigned"))
        self.assertIn("unsigned.left-over", [w["code"] for w in slice_["warnings"]])

    def test_damaged_structure(self):
        s = self.new()
        s.data[s.sig_at:s.sig_at + s.sig_size] = bytes(s.sig_size)
        self.refused(s.data, "integrity", "signature.malformed")
        s = self.new()
        struct.pack_into(">I", s.data, s.sig_at + 8, 0xFFFFFFFF)
        self.refused(s.data, "integrity", "signature.malformed")
        s = self.new()  # two blobs that share bytes
        first = struct.unpack_from(">I", s.data, s.sig_at + 12 + 4)[0]
        struct.pack_into(">I", s.data, s.sig_at + 12 + 8 + 4, first)
        self.refused(s.data, "integrity", "signature.malformed")
        s = self.new()
        struct.pack_into("<I", s.data, s.signature_lc + 8, 0xFFFFFF00)
        exit_code, _ = self.judge(s.data)
        self.assertEqual(exit_code, 1)

    def test_an_unknown_blob(self):
        s = self.new()
        s.write_blobs(s.all_blobs() + [(0x4242, struct.pack(">2I", 0xFADE4242, 16) + b"whatever")])
        self.refused(s.data, "integrity", "signature.unknown-blob")

    def test_the_link_edit_segment(self):
        s = self.new()
        size, = struct.unpack_from("<Q", s.data, s.linkedit_lc + 48)
        struct.pack_into("<Q", s.data, s.linkedit_lc + 48, size - 16)
        s.rehash(0)
        self.refused(s.data, "integrity", "file.linkedit")

    def test_universal(self):
        other = Slice(self.bytes)
        struct.pack_into("<2I", other.data, 4, 0x01000007, 3)
        self.refused(forgery.fat([self.bytes, other.data]), "integrity", "page.hash")
        good = forgery.fat([self.bytes])
        self.assertEqual(self.judge(good)[0], 0)
        self.refused(good + b"behind", "integrity", "universal.trailing-data")
        gap = bytearray(good)
        gap[200] = 1
        self.refused(gap, "integrity", "universal.gap")
        lying = bytearray(good)
        struct.pack_into(">I", lying, 8, 0x01000007)
        self.refused(lying, "integrity", "universal.architecture")


class AdHoc(Base):
    """esbuild 0.28.2: signed by the Go linker."""

    @classmethod
    def setUpClass(cls):
        path = fetched("npm", "@esbuild/darwin-arm64@0.28.2", "esbuild")
        if path is None:
            raise unittest.SkipTest("esbuild 0.28.2 cannot be fetched")
        cls.bytes = path.read_bytes()

    def test_untouched(self):
        exit_code, report = self.judge(self.bytes)
        slice_ = report["data"]["slices"][0]
        self.assertEqual((exit_code, slice_["kind"], slice_["identifier"]),
                         (0, "linker-signed", "a.out"))
        self.assertEqual([slice_[p]["state"] for p in ("integrity", "identity", "trust")],
                         ["valid", "none", "none"])
        self.assertEqual(slice_["page_size"], 4096)

    def test_entitlements_go_round(self):
        folder = Path(self.folder.name)
        text = ('<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>'
                "<key>com.apple.security.cs.allow-jit</key><true/></dict></plist>\n")
        (folder / "e.plist").write_text(text)
        (folder / "tool").write_bytes(self.bytes)
        done = run(TENON, "sign", "--entitlements", str(folder / "e.plist"), str(folder / "tool"))
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run(TENON, "verify", "--print", "entitlements", str(folder / "tool"))
        self.assertEqual((done.returncode, done.stdout), (0, text))

    def test_required_trust(self):
        path = Path(self.folder.name) / "esbuild"
        path.write_bytes(self.bytes)
        exit_code, report = verify(path, "--require", "trusted")
        self.assertEqual((exit_code, report["data"]["slices"][0]["trust"]["state"]),
                         (1, "invalid"))
        self.assertEqual(run(TENON, "verify", str(path), "--require", "nonsense").returncode, 3)

    def test_too_few_pages(self):
        s = Slice(self.bytes)
        cd = s.directory()
        cd.set("code_slots", cd.code_slots - 3)
        self.refused(s.data, "integrity", "directory.page-count")

    def test_no_adhoc_flag(self):
        s = Slice(self.bytes)
        cd = s.directory()
        cd.set("flags", 0)
        self.refused(s.data, "identity", "cms.missing")


    def noted(self, s):
        exit_code, report = self.judge(s.data)
        self.assertEqual(exit_code, 0, report)
        return [w["code"] for w in report["data"]["slices"][0]["warnings"]]

    def test_the_executable_segment(self):
        self.assertNotIn("directory.exec-segment", self.noted(Slice(self.bytes)))
        for limit in (0, 0x1000, 1 << 40):
            s = Slice(self.bytes)
            struct.pack_into(">Q", s.data, s.directory().at + 72, limit)
            self.assertIn("directory.exec-segment", self.noted(s), limit)

    def test_flags_that_no_entitlement_gives(self):
        self.assertNotIn("directory.exec-flags", self.noted(Slice(self.bytes)))
        for flags in (0x3F1, 0x11, 0x41, 0x8001):
            s = Slice(self.bytes)
            struct.pack_into(">Q", s.data, s.directory().at + 80, flags)
            self.assertIn("directory.exec-flags", self.noted(s), flags)

    def test_directories_that_differ(self):
        """Systems take one of them, each its own: what they do not share, nobody agreed on."""
        fields = {"identifier": None, "platform": (38, ">B", 2), "limit": (72, ">Q", 0x1000),
                  "base": (64, ">Q", 0x4000), "flags": (80, ">Q", 0x11), "none": (80, ">Q", None)}
        for name, field in fields.items():
            with self.subTest(name):
                s = Slice(self.bytes)
                blob = bytearray(s.blob(0))
                blob[36:38] = bytes([20, 3])  # truncated SHA-256
                if field is None:
                    at = struct.unpack_from(">I", blob, 20)[0]
                    blob[at] ^= 1
                elif field[2] is not None:
                    struct.pack_into(field[1], blob, field[0], field[2])
                blobs = s.all_blobs()
                blobs.append((0x1000, bytes(blob)))
                s.make_room(2 * s.sig_size + 4096)
                s.write_blobs(blobs)
                s.rehash()
                _, report = self.judge(s.data)
                found = codes(report["data"]["slices"][0], "integrity")
                self.assertEqual("signature.directories-differ" in found, name != "none", found)

    def test_room_that_nobody_reserved(self):
        for room, expected in ((12000, False), (60000, True)):
            s = Slice(self.bytes)
            s.make_room(s.sig_size + room)
            s.rehash()
            self.assertEqual("signature.room" in self.noted(s), expected, room)

    def test_constraints_are_listed(self):
        """A dictionary { "k": 7 } in slots 8 and 11, as CoreEntitlements writes it."""
        pair = bytes.fromhex("3006 0c01 6b 0201 07".replace(" ", ""))
        body = bytes.fromhex("020101") + b"\xb0" + bytes([len(pair)]) + pair
        der = b"\x70" + bytes([len(body)]) + body
        blob = struct.pack(">2I", 0xFADE8181, 8 + len(der)) + der
        s = Slice(self.bytes)
        blobs = s.all_blobs() + [(8, blob), (11, blob[:-1] + b"\x08")]
        s.make_room(2 * s.sig_size + 4096)
        s.write_blobs(blobs)
        s.rehash()
        _, report = self.judge(s.data)
        found = report["data"]["slices"][0]["constraints"]
        self.assertEqual(sorted(found), ["launch-self", "library"])
        self.assertIn("<integer>7</integer>", found["launch-self"])
        self.assertIn("<integer>8</integer>", found["library"])
        # No CodeDirectory of Go's linker has hashes for these slots.
        self.assertIn("slot.unsealed", codes(report["data"]["slices"][0], "integrity"))


class Others(Base):
    def test_public_files_hold(self):
        wanted = (("npm", "fsevents@2.3.3", "fsevents.node", {"linker-signed"}),
                  ("npm", "@swc/core-darwin-arm64@1.16.18", "swc.darwin-arm64.node", {"ad-hoc"}),
                  ("pip", "numpy==2.4.6", "libgfortran.5.dylib", {"ad-hoc"}))
        seen = 0
        for kind, name, inner, kinds in wanted:
            path = fetched(kind, name, inner)
            if path is None:
                continue
            seen += 1
            exit_code, report = verify(path)
            self.assertEqual(exit_code, 0, report)
            self.assertEqual({s["kind"] for s in report["data"]["slices"]} - {"unsigned"}, kinds)
        if seen == 0:
            self.skipTest("no public file can be fetched")

    def test_no_code(self):
        for data, answer in ((b"xar!" + bytes(100), 2), (b"!<arch>\n" + bytes(60), 2),
                             (b"hello", 2), (b"", 2)):
            self.assertEqual(self.judge(data)[0], answer, data[:8])
        self.assertEqual(run(TENON, "verify", self.folder.name + "/nothing").returncode, 2)
        self.assertEqual(run(TENON, "verify").returncode, 3)


if __name__ == "__main__":
    loaded = unittest.main(exit=False, verbosity=1).result
    if loaded.testsRun == len(loaded.skipped) and not loaded.failures and not loaded.errors:
        sys.exit(77)
    sys.exit(not loaded.wasSuccessful())
