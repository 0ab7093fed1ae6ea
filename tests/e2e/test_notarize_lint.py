#!/usr/bin/env python3
"""tenon notarize --lint: every row of the notary's table, archives in archives, and hostile ones."""
import os
import plistlib
import shutil
import subprocess
import sys
import unittest
import zipfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
import containers  # noqa: E402
from notary_case import ADHOC, Base  # noqa: E402
from public_files import file_of as fetched  # noqa: E402
from small_macho import program  # noqa: E402


class Lint(Base):
    def test_rows(self):
        bare = self.write("bare", program())
        self.assertEqual(self.lint(bare, 1), [("TN1701", "bare", "arm64")])
        self.assertEqual(self.lint(self.signed("ad-hoc"), 1), [(c, "ad-hoc", "arm64") for c in ADHOC])
        runtime = self.signed("runtime", "--runtime")
        self.assertEqual([c for c, _, _ in self.lint(runtime, 1)], ["TN1702", "TN1704"])
        data = bytearray(runtime.read_bytes())
        data[0x5000] ^= 1
        self.assertIn(("TN1703", "changed", "arm64"), self.lint(self.write("changed", data), 1))
        plist = self.write("e.plist", plistlib.dumps({"com.apple.security.get-task-allow": True}))
        self.assertIn("TN1706", [c for c, _, _ in self.lint(self.signed("debug", "--entitlements", plist), 1)])
        old = bytearray(program())
        at = old.index(b"\x32\0\0\0\x18\0\0\0\1\0\0\0")
        old[at + 16:at + 20] = bytes([0, 8, 10, 0])  # SDK 10.8
        self.assertIn(("TN1707", "old", "arm64"), self.lint(self.write("old", old), 1))
        archive = b"!<arch>\n" + b"x.o/            0           0     0     644     %-10d`\n" % len(program()) + program()
        self.assertEqual(self.lint(self.write("lib.a", archive), 1), [("TN1710", "lib.a", None)])

    def test_archives_in_archives(self):
        tool = self.signed("tool").read_bytes()
        jar = containers.zip_of([("native/libx.dylib", tool), ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n")])
        whole = containers.zip_of([("bin/tool", tool), ("lib/x.jar", jar), ("notes.txt", b"text")])
        found = self.lint(self.write("dist.zip", whole), 1)
        self.assertEqual([(p, c) for c, p, _ in found],
                         [("dist.zip/bin/tool", c) for c in ADHOC] +
                         [("dist.zip/lib/x.jar/native/libx.dylib", c) for c in ADHOC])
        # The same members stored, and the fix names the file in its archive.
        stored = containers.zip_of([("bin/tool", tool)], zipfile.ZIP_STORED)
        data = self.tenon("notarize", "--lint", self.write("s.zip", stored), code=1)["data"]
        self.assertTrue(data["findings"][0]["fix"].endswith(" bin/tool"), data["findings"][0])
        # Unpacked, the same findings.
        shutil.unpack_archive(self.folder / "dist.zip", self.folder / "out")
        self.assertEqual(len(self.lint(self.folder / "out", 1)), 2 * len(ADHOC))

    def test_bundles(self):
        app = self.app()
        self.assertEqual(self.lint(app, 1), [(c, "My.app/Contents/MacOS/my", "arm64") for c in ("TN1702", "TN1704")])
        # In a zip file the seal is checked too.
        subprocess.run([sys.executable, "-c", "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2], 'My.app')",
                        self.folder / "app", self.folder], check=True)
        inside = "app.zip/My.app/Contents/MacOS/my"
        self.assertNotIn("TN1701", [c for c, _, _ in self.lint(self.folder / "app.zip", 1)])
        (app / "Contents/Resources/data.txt").write_bytes(b"other")
        self.assertIn(("TN1703", "My.app/Contents/MacOS/my", "arm64"), self.lint(app, 1))
        with zipfile.ZipFile(self.folder / "app.zip") as old, zipfile.ZipFile(self.folder / "b.zip", "w") as new:
            for each in old.infolist():
                new.writestr(each, b"other" if each.filename.endswith("data.txt") else old.read(each))
        self.assertIn(("TN1703", inside.replace("app.zip", "b.zip"), "arm64"), self.lint(self.folder / "b.zip", 1))
        # Code that the seal lists as mere data is found all the same.
        extra = self.app("Extra.app")
        self.write("Extra.app/Contents/Resources/hidden", program())
        self.assertIn(("TN1701", "Extra.app/Contents/Resources/hidden", "arm64"), self.lint(extra, 1))

    def test_package(self):
        tool = self.signed("tool").read_bytes()
        pkg = containers.xar([("PackageInfo", b"<pkg-info/>"), ("Payload", containers.payload([("usr/local/bin/tool", tool)]))])
        found = self.lint(self.write("x.pkg", pkg), 1)
        self.assertEqual(found, [("TN1714", "x.pkg", None)] + [(c, "x.pkg/Payload/usr/local/bin/tool", "arm64") for c in ADHOC])
        unread = containers.xar([("Payload", b"pbzx" + bytes(40))])
        self.assertEqual([c for c, _, _ in self.lint(self.write("y.pkg", unread), 1)], ["TN1714", "TN1711"])

    def test_disk_image(self):
        image = self.write("x.dmg", containers.disk_image(b"file system" * 100, "org.example.image"))
        self.assertEqual([c for c, _, _ in self.lint(image, 1)], ["TN1702", "TN1704", "TN1711"])
        self.assertEqual([c for c, _, _ in self.lint(self.write("y.dmg", containers.disk_image(b"x" * 99)), 1)],
                         ["TN1701", "TN1711"])

    def test_hostile_archives(self):
        head = program()[:64]
        packed, size, crc = containers.zeros(head, 1 << 28)
        self.assertIn("200 times", self.refusal(containers.raw_zip([(b"b", b"b", packed, size, crc, 0, 8)])))
        # A header that says less than the stream holds.
        self.assertIn("longer", self.refusal(containers.raw_zip([(b"b", b"b", packed, 5000, crc, 0, 8)])))
        one = (b"a", b"a", head, len(head), zlib.crc32(head), 0, 0)
        self.assertIn("share", self.refusal(containers.raw_zip([one, (*one, 0)])))
        self.assertIn("twice", self.refusal(containers.raw_zip([one, one])))
        self.assertIn("contradicts", self.refusal(containers.raw_zip([(b"good", b"evil", *one[2:])])))
        for name in (b"../up", b"/etc/x", b"a//b", b"a\\b"):
            self.assertIn("leads out", self.refusal(containers.raw_zip([(name, name, *one[2:])])))
        self.assertIn("checksum", self.refusal(containers.raw_zip([(b"a", b"a", head, len(head), 1, 0, 0)])))
        whole = containers.zip_of([("a", program())])
        for cut in (10, len(whole) // 2, len(whole) - 5):
            self.refusal(whole[:cut])
        # Eight archives deep are opened, nine are not.
        deep = containers.zip_of([("tool", program())])
        for _ in range(7):
            deep = containers.zip_of([("in.zip", deep)])
        self.assertEqual([c for c, _, _ in self.lint(self.write("deep.zip", deep), 1)], ["TN1701"])
        self.assertIn("eight", self.refusal(containers.zip_of([("in.zip", deep)])))

    def test_unread_is_never_ok(self):
        encrypted = containers.raw_zip([(b"a", b"a", program(), len(program()), zlib.crc32(program()), 1, 0)])
        self.assertEqual(self.lint(self.write("e.zip", encrypted), 2), [("TN1711", "e.zip/a", None)])
        self.assertEqual(self.tenon("notarize", "--lint", self.folder / "nothing", code=2)["data"]["eligible"], None)
        self.assertEqual(self.lint(self.write("script", b"#!/bin/sh\n"), 2), [("TN1713", "script", None)])
        text = self.write("text.zip", containers.zip_of([("a.txt", b"text")]))
        self.assertEqual(self.lint(text, 2), [("TN1713", "text.zip", None)])
        tar = self.write("tar.zip", containers.zip_of([("tool", self.signed().read_bytes()), ("src.tar.gz", b"x")]))
        self.assertIn(("TN1711", "tar.zip/src.tar.gz", None), self.lint(tar, 1))
        self.assertEqual(self.tenon("notarize", "--lint", code=3)["ok"], False)

    def test_public_files(self):
        seen = 0
        for kind, name, inner, wanted in (
                ("pip", "uv==0.13.9", "uvx", []),
                ("npm", "@esbuild/darwin-arm64@0.28.2", "esbuild", ADHOC),
                ("npm", "fsevents@2.3.3", "fsevents.node", ["TN1701", "TN1702", "TN1704"]),
                ("pip", "numpy==2.4.6", "libgfortran.5.dylib", ["TN1702", "TN1704"])):
            path = fetched(kind, name, inner)
            if path is None:
                continue
            seen += 1
            data = self.tenon("notarize", "--lint", path)[1]["data"]
            self.assertEqual([f["code"] for f in data["findings"]], wanted, name)
            packed = self.write("p.zip", containers.zip_of([(inner, path.read_bytes())]))
            data = self.tenon("notarize", "--lint", packed)[1]["data"]
            self.assertEqual([f["code"] for f in data["findings"]], wanted, name)
        if not seen:
            self.skipTest("no public file can be fetched")


if __name__ == "__main__":
    unittest.main(verbosity=1)
