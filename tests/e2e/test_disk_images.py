#!/usr/bin/env python3
"""Disk images, looked into: what tenon lists of a volume is what was put there, by xorriso, by hdiutil of a real Mac (the
images that public packages have for their own tests), and by support/hfs_image.py for what these do not make.

TENON names the program, TENON_LIST_IMAGE is tests/support/list_image.cpp. Without a network, or xorriso, the tests that
need them are skipped.
"""
import hashlib
import os
import random
import shutil
import struct
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from hfs_image import PRIVATE, File, Volume, udif  # noqa: E402
from notary_case import ADHOC, Base  # noqa: E402
from public_files import file_of  # noqa: E402
from small_macho import program  # noqa: E402

LIST = os.environ.get("TENON_LIST_IMAGE", "")
NAME = "disk image (Apple_HFS : 4)"


def sha(data):
    return hashlib.sha256(data).hexdigest()


def of_folder(root):
    """path -> what the program says of it."""
    out = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_symlink():
            out[name] = ("link", os.readlink(path))
        elif path.is_dir():
            out[name] = ("folder", "-")
        else:
            out[name] = ("file", sha(path.read_bytes()))
    return out


def run(*args):
    subprocess.run([str(each) for each in args], capture_output=True, timeout=120, check=True)


class DiskImages(Base):
    def listed(self, path):
        done = subprocess.run([LIST, path], capture_output=True, text=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)  # anything else is a defect
        if done.returncode != 0:
            return done.stderr.splitlines()[-1]
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        self.assertEqual(len({row[4] for row in rows}), len(rows))
        return {path: (kind, what) for kind, _, _, what, path in rows}

    def written(self, files, **options):
        return self.write("x.dmg", udif([(NAME, Volume(files).bytes())], **options))

    def test_every_packing(self):
        noise = random.Random(1)
        files = [File("a.txt", b"hello"), File("empty"), File("zeros", bytes(100_000)), File("link", link="a.txt"),
                 File("A/Contents/MacOS/A", noise.randbytes(70_000) + b"ab" * 10_000, 0o100755),
                 File("frag", noise.randbytes(4096 * 40 + 7), parts=20), File("two", noise.randbytes(9000), parts=2),
                 File("hard", hard=7), File(PRIVATE + "/iNode7", b"linked"), File("a:b", b"slash"), File("\u00e4 \U0001f600", b"u")]
        files += [File(f"many/{n:04} with a name of some length", str(n).encode()) for n in range(200)]
        wanted = {each.path: ("link", each.data.decode()) if each.mode == 0o120755 else ("file", sha(each.data))
                  for each in files if not each.path.startswith(PRIVATE)}
        wanted["hard"] = ("file", sha(b"linked"))
        wanted |= {path: ("folder", "-") for path in ("A", "A/Contents", "A/Contents/MacOS", "many")}
        for methods in (("zlib",), ("adc",), ("raw",), ("zlib", "raw", "adc")):
            self.assertEqual(self.listed(self.written(files, methods=methods)), wanted, methods)
        self.assertEqual(self.listed(self.write("bare", Volume(files).bytes())), wanted)
        if shutil.which("7zz"):  # the volumes are right, or two readers are wrong
            out = self.folder / "out"
            run("7zz", "x", "-y", f"-o{out}", self.folder / "bare")
            there = {path.name: sha(path.read_bytes()) for path in out.rglob("*") if path.is_file()}
            for path in ("A/Contents/MacOS/A", "frag", "two", "zeros", "many/0199 with a name of some length"):
                self.assertEqual(there[path.split("/")[-1]], wanted[path][1], path)

    def test_volume_of_xorriso(self):
        if shutil.which("xorriso") is None:
            self.skipTest("no xorriso")
        root = self.folder / "root"
        (root / "App.app/Contents/MacOS").mkdir(parents=True)
        (root / "many").mkdir()
        (root / "App.app/Contents/MacOS/App").write_bytes(program())
        (root / "a text").write_bytes(b"hello" * 10_000)
        (root / "nothing").write_bytes(b"")
        (root / "Applications").symlink_to("/Applications")
        for n in range(700):
            (root / f"many/{n} of very many files").write_text(str(n))
        out = self.folder / "out.iso"
        run("xorriso", "-as", "mkisofs", "-quiet", "-hfsplus", "-V", "TEST", "-o", out, root)
        data, at = out.read_bytes(), 512  # the map of partitions: an entry in each sector
        while data[at:at + 2] == b"PM" and data[at + 48:at + 57] != b"Apple_HFS":
            at += 512
        start, count = struct.unpack_from(">II", data, at + 8)
        volume = data[start * 512:(start + count) * 512]
        self.assertEqual(self.listed(self.write("x.dmg", udif([(NAME, volume)]))), of_folder(root))

    def test_images_of_a_mac(self):
        """What 7-Zip 26.02 gets out of the same images."""
        image = file_of("go", "github.com/sassoftware/relic/v8@v8.2.0", "dummy.dmg")
        bare = file_of("npm", "dmg@0.1.0", "test.dmg")
        if image is None or bare is None:
            self.skipTest("no network")
        files = {path: what for path, (kind, what) in self.listed(image).items() if kind == "file"}
        self.assertEqual(files, {
            "dummy.app/Contents/Info.plist": "b7e0751d7d8ddb3c7886b8cc3cf0d6d4fce013ae4ed2fe6bce145f730c18a47e",
            "dummy.app/Contents/PkgInfo": "82502191c9484b04d685374f9879a0066069c49b8acae7a04b01d38d07e8eca0",
            "dummy.app/Contents/MacOS/dummy": "d73aad51d75071f2ff536ef3adc0e0d99aa74acc80e704eed602f3ba6b6e5f34",
            "dummy.app/Contents/_CodeSignature/CodeResources":
                "6686de10a28a2fe11b36cbb86dcbacc827cfc4ea116b4dabf1845e5aee629e9b"})
        listed = self.listed(bare)
        self.assertEqual(listed["test.txt"], ("file", "3c9f37f1cc83b6253e6ea50b274eafb3b78b55eb5e35e15075a9d099a0679497"))
        kinds = [kind for kind, _ in listed.values()]
        self.assertEqual([kinds.count(each) for each in ("file", "compressed", "folder")], [33, 3, 17])
        found = self.lint(image, 1)
        self.assertEqual({(code, arch) for code, path, arch in found if path.endswith("dummy.app/Contents/MacOS/dummy")},
                         {(code, arch) for code in ADHOC for arch in ("arm64", "x86_64")})

    def test_lint_looks_inside(self):
        tool = self.signed("tool").read_bytes()
        found = self.lint(self.written([File("bin/tool", tool, 0o100755), File("read.me", b"text")]), 1)
        self.assertEqual(found, [("TN1701", "x.dmg", None)] + [(code, "x.dmg/bin/tool", "arm64") for code in ADHOC])
        # A file that the file system compressed is not looked at, and the image not in order.
        found = self.lint(self.written([File("bin/tool", compressed=True)]), 1)
        self.assertEqual(found, [("TN1701", "x.dmg", None), ("TN1711", "x.dmg/bin/tool", None)])
        for method in ("bzip2", "lzfse"):
            volume = Volume([File("a", b"x")]).bytes()
            image = udif([("MBR (MBR : 0)", b"\1" * 512), (NAME, volume)], methods=(method,))
            report = self.tenon("notarize", "--lint", self.write("x.dmg", image), code=1)
            self.assertEqual([f["code"] for f in report["data"]["findings"]], ["TN1701", "TN1711"])
            self.assertIn(f"compressed by {method}", report["data"]["findings"][-1]["detail"])
        apfs = bytes(32) + b"NXSB" + bytes(4096)
        report = self.tenon("notarize", "--lint", self.write("x.dmg", udif([("x (Apple_APFS : 1)", apfs)])), code=1)
        self.assertIn("APFS", report["data"]["findings"][-1]["detail"])
        empty = self.write("x.dmg", udif([(" (Apple_Free : 1)", bytes(4096))]))
        self.assertEqual(self.lint(empty, 1)[-1], ("TN1711", "x.dmg", None))

    def test_hostile(self):
        files = [File("a/b/c", b"hello"), File("frag", bytes(range(256)) * 16 * 40, parts=20)]
        good = Volume(files)
        volume = good.bytes()
        catalog = struct.unpack_from(">I", volume, 1024 + 272 + 16)[0] * 4096
        extents = struct.unpack_from(">I", volume, 1024 + 192 + 16)[0] * 4096

        def said(at, form, *values, size=None):
            data = bytearray(volume)
            struct.pack_into(form, data, at, *values)
            return self.listed(self.write("bare", bytes(data[:size])))

        leaf = catalog + 8192
        self.assertIn("no chain", said(leaf, ">I", 1))  # a leaf that comes after itself
        self.assertIn("no chain", said(leaf, ">I", 77))
        self.assertIn("no header", said(catalog + 14 + 18, ">H", 1000))
        self.assertIn("no header", said(catalog + 14 + 18, ">H", 0))
        self.assertIn("overlap", said(leaf + 8192 - 4, ">H", 9000))
        self.assertIn("too many records", said(leaf + 10, ">H", 60000))
        self.assertIn("too few blocks", said(extents + 8192 + 14 + 4, ">I", 99))  # extents of another file
        self.assertIn("blocks of a size", said(1024 + 40, ">I", 1000))
        self.assertIn("blocks of a size", said(1024 + 40, ">I", 0))
        self.assertIn("not a volume", said(1024, ">H", 0))
        self.assertIn("ends early", said(0, ">I", 0, size=catalog + 100))
        row = next(row for place, row in good.records if place == (2, "a"))
        inner = bytearray(row)
        struct.pack_into(">I", inner, 2, good.folders["a/b"])  # the folder lies in one that lies in it
        self.assertIn("in itself", self.listed(self.write("bare", volume.replace(row, bytes(inner)))))
        self.assertIn("leads to nothing", self.listed(self.write("bare", Volume([File("one", hard=7)]).bytes())))

    def test_hostile_images(self):
        volume = Volume([File("a", b"x")]).bytes()
        image = udif([(NAME, volume)])
        for cut in (100, 600, len(image) // 2):
            self.assertIsInstance(self.listed(self.write("x.dmg", image[cut:])), str)
        noise = random.Random(2)
        refused = 0
        for _ in range(50):
            data = bytearray(image)
            for _ in range(3):
                data[noise.randrange(len(data) - 512)] = noise.randrange(256)
            refused += isinstance(self.listed(self.write("x.dmg", bytes(data))), str)
        self.assertGreater(refused, 5)
        bomb = udif([(NAME, volume + b"\1" * (66 << 20))], chunk=2048)
        self.assertIn("200 times", self.listed(self.write("x.dmg", bomb)))
        one = udif([(NAME, volume + b"\1" * (65 << 20))], chunk=1 << 18)
        self.assertIn("64 MiB", self.listed(self.write("x.dmg", one)))
        # A file of zeros that nobody has to store: its extents cover what is not there.
        sparse = bytearray(Volume([File("tool", program() + bytes(8192))]).bytes())
        at = sparse.index("tool".encode("utf-16-be")) + 8 + 88
        size = 20 << 30
        blocks, start = size // 4096, struct.unpack_from(">I", sparse, at + 16)[0]
        struct.pack_into(">QIIIIII", sparse, at, size, 0, blocks, start, 1, len(sparse) // 4096, blocks - 1)
        image = udif([(NAME, bytes(sparse))], methods=("raw",), space=size // 512)
        self.assertIn("200 times", self.tenon("notarize", "--lint", self.write("x.dmg", image))[1]["data"]["findings"][-1][
            "message"])
        # Zeros take no room, however many they are.
        space = udif([(NAME, volume + bytes(300 << 20))], chunk=2048)
        self.assertEqual(set(self.listed(self.write("x.dmg", space))), {"a"})


if __name__ == "__main__":
    if not LIST:
        print("no TENON_LIST_IMAGE")
        sys.exit(77)
    unittest.main()
