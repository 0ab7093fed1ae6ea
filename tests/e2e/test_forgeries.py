#!/usr/bin/env python3
"""tenon verify against signatures that no signer writes, each with hashes that are right.

Whoever forges an ad-hoc signature needs no key: pages, slots and directories can all be made to
agree. So each case here is a signature made from nothing by forgery.py, which shares no line with
tenon, over a public program. TENON names the program; without a network the tests are skipped.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "support")]
from forgery import blob, code_directory, signed_with  # noqa: E402
from public_files import file_of as fetched  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
XML, DER, REQUIREMENTS, CONSTRAINT = 0xFADE7171, 0xFADE7172, 0xFADE0C01, 0xFADE8181


def xml(*pairs):
    body = "".join(f"<key>{key}</key><{value}/>" for key, value in pairs)
    return blob(XML, ('<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>'
                      f"{body}</dict></plist>").encode())


def tlv(tag, body):
    size = len(body)
    head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + head + body


def der(*pairs, true=b"\xff"):
    """Entitlements as CoreEntitlements writes them; keys in the order in which they are given."""
    items = b"".join(tlv(0x30, tlv(0x0C, key.encode()) + tlv(0x01, true if value == "true" else b"\0"))
                     for key, value in pairs)
    return blob(DER, tlv(0x70, b"\x02\x01\x01" + tlv(0xB0, items)))


def requirement(expression):
    """A set with one designated requirement."""
    inner = (0xFADE0C00).to_bytes(4, "big") + (12 + len(expression)).to_bytes(4, "big") + \
        (1).to_bytes(4, "big") + expression
    return blob(REQUIREMENTS, (1).to_bytes(4, "big") + (3).to_bytes(4, "big") +
                (20).to_bytes(4, "big") + inner)


def ops(*numbers):
    return b"".join(n.to_bytes(4, "big") for n in numbers)


def one(blobs=(), **changes):
    """One directory, which seals all of `blobs` but those that `open` names."""
    unsealed = changes.pop("open", ())
    def make(code, limit):
        special = {slot: data for slot, data in blobs if slot not in unsealed}
        special.update(changes.get("special", {}))
        rest = {k: v for k, v in changes.items() if k != "special"}
        cd = code_directory(code, limit, special=special, **rest)
        return [(0, cd), *blobs]
    return make


def two(first=None, second=None, slot=0x1000):
    def make(code, limit):
        return [(0, code_directory(code, limit, **(first or {}))),
                (slot, code_directory(code, limit, **{"hash_type": 1, **(second or {})}))]
    return make


SORTED = (("com.apple.security.app-sandbox", "true"), ("com.apple.security.cs.allow-jit", "true"))
DEBUG = (("com.apple.security.get-task-allow", "true"),)

# name: (blobs, part, code of the cause)
INVALID = {
    "two directories of one hash": (two(second={"hash_type": 2}), "integrity", "signature.same-hash-type"),
    "another identifier": (two(second={"identifier": b"other"}), "integrity", "signature.directories-differ"),
    "another team": (two(second={"team": b"TEAM123456"}), "integrity", "signature.directories-differ"),
    "other flags": (two(second={"flags": 0x10002}), "integrity", "signature.directories-differ"),
    "another platform": (two(second={"platform": 14}), "integrity", "signature.directories-differ"),
    "another page size": (two(second={"page_shift": 12}), "integrity", "signature.directories-differ"),
    "another runtime": (two(second={"runtime": 0xB0000}), "integrity", "signature.directories-differ"),
    "another limit of code": (two(second={"exec": (0, 0x8000, 0)}), "integrity", "signature.directories-differ"),
    "other executable flags": (two(second={"exec": (0, 0x4000, 0x41)}), "integrity", "signature.directories-differ"),
    "a directory beyond the alternates": (two(slot=0x1005), "integrity", "signature.unknown-blob"),
    "a blob that nobody knows": (one([(0x77, blob(0xFADE0077, b"hidden"))], open=(0x77,)), "integrity",
                                 "signature.unknown-blob"),
    "pages of 2^31": (one(page_shift=31, slots=1), "integrity", "directory.page-size"),
    "pages of 8 KiB": (one(page_shift=13), "integrity", "directory.page-size"),
    "one page": (one(page_shift=0), "integrity", "directory.page-size"),
    "a 64-bit limit that is short": (one(limit64=0x4000, limit32=0xFFFFFFFF), "integrity", "directory.code-limit"),
    "a limit that is short": (one(limit32=0x4000, slots=1), "integrity", "directory.code-limit"),
    "too few pages": (one(slots=1), "integrity", "directory.page-count"),
    "entitlements without a hash": (one([(5, xml(*SORTED))], open=(5,)), "integrity", "slot.unsealed"),
    "a constraint without a hash": (one([(8, blob(CONSTRAINT, b"x"))], open=(8,)), "integrity", "slot.unsealed"),
    "a hash without entitlements": (one(special={5: b"gone"}), "integrity", "slot.missing"),
    "a hash without Info.plist": (one(special={1: b"gone"}), "integrity", "slot.info-plist-missing"),
    "a hash without CodeResources": (one(special={3: b"gone"}), "integrity", "slot.resources-missing"),
    "other entitlements": (one([(5, xml(*SORTED))], special={5: xml(*DEBUG)}), "integrity", "slot.hash"),
    "no ad-hoc flag": (one(flags=0), "identity", "cms.missing"),
    "the requirement of another": (one([(2, requirement(ops(3)))]), "trust", "requirement.of-another-signer"),
    "a requirement that is never met": (one([(2, requirement(ops(0)))]), "trust", "requirement.of-another-signer"),
    "a requirement of 20,000 levels": (one([(2, requirement(ops(*[9] * 20000, 1)))]), "trust",
                                       "requirement.malformed"),
    "a requirement that is cut short": (one([(2, requirement(ops(6, 1)))]), "trust", "requirement.malformed"),
}

# Structure that the reader refuses: the part is the integrity, the code one of these.
BROKEN = {
    "hashes outside of the directory": one(hash_at=0xFFFFFF),
    "an identifier outside of it": one(ident_at=0xFFFFFF),
    "longer than its blob": one(extra_length=1 << 20),
    "a version before the first": one(version=0x20000),
    "a version after the last": one(version=0x30000),
    "no directory in slot 0": lambda code, limit: [(0x1000, code_directory(code, limit))],
    "another magic": one(magic=0xFADE0C03),
}

# Valid, with a note.
NOTED = {
    "XML and DER differ": (one([(5, xml(*SORTED)), (7, der(SORTED[0]))]), "entitlements.differ"),
    "a debugger in the DER only": (one([(5, xml()), (7, der(*DEBUG))]), "entitlements.get-task-allow"),
    "a debugger in the XML": (one([(5, xml(*DEBUG)), (7, der(*DEBUG))]), "entitlements.get-task-allow"),
    "keys in another order": (one([(5, xml(*SORTED)), (7, der(*reversed(SORTED)))]), "entitlements.der"),
    "true as 1": (one([(5, xml(*SORTED)), (7, der(*SORTED, true=b"\x01"))]), "entitlements.der"),
    "a key twice": (one([(5, xml(SORTED[0])), (7, der(SORTED[0], SORTED[0]))]), "entitlements.der"),
    "XML that the system refuses": (one([(5, blob(XML, b"<plist><dict><key>a</key></plist>"))]),
                                    "entitlements.syntax"),
    "another blob for entitlements": (one([(5, blob(DER, b"x"))]), "entitlements.magic"),
    "a team without certificate": (one(team=b"TEAM123456"), "identity.team-claimed"),
    "the name of all Go programs": (one(identifier=b"a.out"), "identifier.a-out"),
    "flags of running code": (one(flags=0x2 | 0x4000000), "directory.flags"),
    "SHA-1 alone": (one(hash_type=1), "directory.weak-hash"),
    "executable flags": (one(exec=(0, 0x4000, 0x3F1)), "directory.exec-flags"),
}

VALID = {
    "as it should be": one(),
    "SHA-1 and SHA-256 that agree": two(),
    "SHA-256, SHA-1 and SHA-384": lambda code, limit: [
        (0, code_directory(code, limit)), (0x1000, code_directory(code, limit, hash_type=1)),
        (0x1001, code_directory(code, limit, hash_type=4))],
    "a 64-bit limit": lambda code, limit: [
        (0, code_directory(code, limit, limit64=limit, limit32=0xFFFFFFFF))],
    "the first version": one(version=0x20001),
    "small pages": one(page_shift=12),
    "entitlements in both forms": one([(5, xml(*SORTED)), (7, der(*SORTED))]),
    "a requirement that holds": one([(2, requirement(ops(1)))]),
}


class Forgeries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        path = fetched("npm", "@esbuild/darwin-arm64@0.28.2", "esbuild")
        if path is None:
            raise unittest.SkipTest("esbuild 0.28.2 cannot be fetched")
        cls.base = path.read_bytes()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "tool"

    def judge(self, make, raw=None):
        self.path.write_bytes(signed_with(self.base, make, raw))
        done = subprocess.run([TENON, "verify", "--json", str(self.path)], capture_output=True,
                              text=True, timeout=60, check=False)
        report = json.loads(done.stdout)
        return done.returncode, report, report["data"]["slices"][0]

    def test_invalid(self):
        for name, (make, part, code) in INVALID.items():
            with self.subTest(name):
                answer, report, slice_ = self.judge(make)
                self.assertEqual((answer, slice_[part]["state"]), (1, "invalid"), report["findings"])
                self.assertIn(code, [c["code"] for c in slice_[part]["causes"]])
                self.assertTrue(report["findings"][0]["message"])

    def test_broken_structure(self):
        for name, make in BROKEN.items():
            with self.subTest(name):
                answer, report, slice_ = self.judge(make)
                self.assertEqual((answer, slice_["integrity"]["state"]), (1, "invalid"), report)
                codes = {c["code"] for c in slice_["integrity"]["causes"]}
                self.assertTrue(codes & {"signature.malformed", "signature.unsupported"}, codes)

    def test_a_directory_without_its_super_blob(self):
        answer, report, _ = self.judge(None, code_directory)
        self.assertEqual(answer, 1, report)

    def test_noted(self):
        for name, (make, code) in NOTED.items():
            with self.subTest(name):
                answer, report, slice_ = self.judge(make)
                self.assertEqual((answer, slice_["integrity"]["state"]), (0, "valid"),
                                 slice_["integrity"])
                self.assertIn(code, [w["code"] for w in slice_["warnings"]])

    def test_valid(self):
        for name, make in VALID.items():
            with self.subTest(name):
                answer, report, slice_ = self.judge(make)
                self.assertEqual((answer, slice_["integrity"]["state"]), (0, "valid"), report)

    def test_what_is_not_read_is_unknown(self):
        answer, _, slice_ = self.judge(one(scatter=44))
        self.assertEqual((answer, slice_["integrity"]["state"]), (2, "unknown"))

    def test_an_identifier_that_writes_on_the_terminal(self):
        self.path.write_bytes(signed_with(
            self.base, one(identifier=b"x\x1b[2J\r\n::error::pwned\x07\xe2\x80\xae")))
        for options in ((), ("-v",), ("--for-distribution",), ("--print", "requirement")):
            done = subprocess.run([TENON, "verify", *options, str(self.path)], capture_output=True,
                                  timeout=60, check=False)
            for line in done.stdout.splitlines() + done.stderr.splitlines():
                self.assertFalse(line.startswith(b"::"), line)
            if "--print" not in options:
                self.assertFalse(set(b"\x1b\x07\r") & set(done.stdout + done.stderr), options)


if __name__ == "__main__":
    unittest.main()
