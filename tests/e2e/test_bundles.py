#!/usr/bin/env python3
"""tenon sign and verify on bundles that hold bundles, frameworks and scripts.

TENON names the program. Bundles are made here around a Go program; what was signed is read by
plistlib, struct and forgery.py, which share nothing with tenon.
"""
import hashlib
import json
import os
import plistlib
import shutil
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from forgery import Slice  # noqa: E402
from test_sign import World, run, tenon  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
ALLOW_JIT = {"com.apple.security.cs.allow-jit": True}


def info(name, identifier, **more):
    return plistlib.dumps({"CFBundleExecutable": name, "CFBundleIdentifier": identifier, **more})


def codes(report):
    return [c["code"] for s in report["data"]["slices"] for c in s["integrity"]["causes"]]


def warnings(report):
    return [c["code"] for w in report["data"]["warnings"] for c in w["warnings"]]


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.world = World(Path(cls.place.name))

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def code(self, path, executable="arm64"):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.world.folder / executable, path)
        return path

    def app(self, path, name=None):
        name = name or path.stem
        self.code(path / "Contents/MacOS" / name)
        (path / "Contents/Info.plist").write_bytes(info(name, "com.example." + name.lower()))
        (path / "Contents/Resources").mkdir(exist_ok=True)
        (path / "Contents/Resources/data.txt").write_text(name)
        return path

    def framework(self, path, version="A", code=True, links=True):
        name = path.stem
        base = path / "Versions" / version
        (base / "Resources").mkdir(parents=True)
        (base / "Resources/Info.plist").write_bytes(info(name, "com.example." + name.lower()))
        if code:
            self.code(base / name)
        if links:
            (path / "Versions/Current").symlink_to(version)
            (path / "Resources").symlink_to("Versions/Current/Resources")
            if code:
                (path / name).symlink_to("Versions/Current/" + name)
        return path

    def sign(self, path, *options, code=0):
        exit_code, report = tenon("sign", path, *options)
        self.assertEqual(exit_code, code, report)
        return report

    def verify(self, path, *options, code=0):
        exit_code, report = tenon("verify", path, *options)
        self.assertEqual(exit_code, code, report)
        return report

    def holds(self, path, *options):
        return self.verify(path, "--strict", *self.world.trust, *options)

    def refused(self, path, word, *options):
        """Not signed, and not touched."""
        before = self.state(path)
        report = self.sign(path, *options, code=1)
        self.assertIn(word, report["findings"][-1]["message"])
        self.assertEqual(self.state(path), before)
        return report["findings"][-1]

    @staticmethod
    def state(path):
        return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*"))
                if p.is_file() and not p.is_symlink()}

    def seal_of(self, base, executable):
        """The files of CodeResources, which the executable seals together with Info.plist."""
        text = (base / "_CodeSignature/CodeResources").read_bytes()
        main = Slice(executable.read_bytes())
        at = main.directory().hash_place(-3)
        self.assertEqual(main.data[at:at + 32], hashlib.sha256(text).digest())
        return plistlib.loads(text)["files2"]


class Inner(Base):
    """Bundles among the resources."""

    def outer(self):
        root = self.app(self.folder / "Outer.app")
        contents = root / "Contents"
        framework = self.framework(contents / "Frameworks/F.framework")
        inner = [self.app(contents / "Resources/In.app"),
                 self.app(contents / "Library/QuickLook/Q.qlgenerator"),
                 self.app(contents / "Resources/deep/er/Deep.bundle"),
                 self.app(framework / "Versions/A/Resources/Update.app")]
        return root, inner

    def test_what_was_valid_stays_valid(self):
        for who in ([], self.world.who):
            for how in ("sign", "keep"):
                with self.subTest(who=bool(who), how=how):
                    root, inner = self.outer()
                    for each in inner:
                        self.sign(each)
                    self.sign(root, *who, "--inner", how)
                    self.holds(root)
                    for each in inner:
                        kind = self.holds(each)["data"]["slices"][0]["kind"]
                        self.assertEqual(kind, "private" if who and how == "sign" else "ad-hoc")
                    shutil.rmtree(root)

    def test_each_is_signed_before_what_seals_it(self):
        root, inner = self.outer()
        report = self.sign(root)
        for each in inner:
            self.holds(each)
            self.seal_of(each / "Contents", each / "Contents/MacOS" / each.stem)
        files = self.seal_of(root / "Contents", root / "Contents/MacOS/Outer")
        for name in ("Resources/In.app/Contents/MacOS/In",
                     "Library/QuickLook/Q.qlgenerator/Contents/_CodeSignature/CodeResources"):
            self.assertEqual(files[name]["hash2"],
                             hashlib.sha256((root / "Contents" / name).read_bytes()).digest())
        whats = {Path(f["path"]).name: f["what"] for f in report["data"]["files"]}
        self.assertEqual(whats["In"], "bundle among the resources")
        self.assertEqual(whats["Outer"], "bundle")

    def test_kept_code_is_not_touched(self):
        root, inner = self.outer()
        self.sign(inner[0], *self.world.who)
        before = self.state(inner[0])
        report = self.sign(root, "--inner", "keep")
        self.assertEqual(self.state(inner[0]), before)
        kept = [f["path"] for f in report["data"]["files"] if f["what"].startswith("kept")]
        self.assertEqual(kept, [str(inner[0])])
        # What is no longer valid is signed again.
        (inner[0] / "Contents/Resources/data.txt").write_text("other")
        self.sign(root, "--inner", "keep")
        self.holds(inner[0])
        self.assertEqual(tenon("sign", root, "--inner", "all")[0], 3)

    def test_a_folder_with_an_info_plist_is_no_bundle(self):
        root = self.app(self.folder / "Outer.app")
        plain = root / "Contents/Resources/templates"
        self.code(plain / "tool")
        (plain / "Info.plist").write_bytes(info("none", "com.example.none"))
        paths = [f["path"] for f in self.sign(root)["data"]["files"]]
        self.assertIn(str(plain / "tool"), paths)
        self.assertFalse((plain / "_CodeSignature").exists())
        self.holds(root)

    def test_a_bundle_that_cannot_be_signed_is_left_alone(self):
        root, inner = self.outer()
        (inner[0] / "Contents/MacOS/run.sh").write_text("#!/bin/sh\n")
        before = self.state(inner[0])
        report = self.sign(root)
        self.assertEqual(self.state(inner[0]), before)
        left = [f["what"] for f in report["data"]["files"] if f["path"] == str(inner[0])]
        self.assertTrue(left[0].startswith("left as it is"), left)
        self.holds(root)

    def test_a_main_executable_stands_for_its_bundle(self):
        root, _ = self.outer()
        self.sign(root)
        self.sign(root / "Contents/MacOS/Outer", *self.world.who)
        self.assertEqual(self.holds(root)["data"]["slices"][0]["kind"], "private")

    def test_a_directory_that_is_a_part_of_a_bundle_stands_for_it(self):
        root = self.app(self.folder / "Whole.app")
        framework = self.framework(root / "Contents/Frameworks/F.framework")
        for signed in ("Contents", "Contents/MacOS"):
            for _ in range(2):  # without a seal, and with one
                self.sign(root / signed)
                self.holds(root)
                self.holds(root / "Contents")
                self.holds(root / "Contents/MacOS")
            self.sign(root, "--remove")
            self.verify(root, code=1)
        self.sign(root)
        self.sign(framework / "Resources", "--outer", "seal")
        self.holds(framework / "Resources")
        self.holds(root)
        self.assertEqual(list(root.rglob("CodeDirectory")), [])

    def test_a_directory_without_code_is_named(self):
        (self.folder / "plain.txt").write_text("text")
        report = self.verify(self.folder, code=2)
        self.assertEqual([f["code"] for f in report["findings"]], ["TN0901"])
        self.assertIn("no Mach-O file", report["findings"][0]["message"])

    def test_code_of_a_valid_bundle_is_not_signed_alone(self):
        root, inner = self.outer()
        self.sign(root)
        before = self.state(root)
        for more in ([], self.world.who, ["--remove"], ["--dry-run"]):
            for path in (inner[0], root / "Contents/Frameworks/F.framework", inner[3] / "Contents/MacOS/Update"):
                with self.subTest(more=more, path=path.name):
                    report = self.sign(path, *more, code=1)
                    self.assertEqual([f["code"] for f in report["findings"]], ["TN0802"])
                    said = report["findings"][0]["message"] + str(report["findings"][0]["fixes"])
                    self.assertIn(f"{root} around it is valid", said)
                    self.assertIn("--outer leave", said)
        self.assertEqual(self.state(root), before)
        self.holds(root)

    def test_outer_leave_breaks_the_seal_and_says_so(self):
        for more in (self.world.who, ["--remove"]):
            root, inner = self.outer()
            self.sign(root)
            report = self.sign(inner[0], "--outer", "leave", *more)
            self.assertIn("TN0806", [f["code"] for f in report["findings"]])
            lost = [c["code"] for f in report["data"]["files"] for c in f["lost"]]
            self.assertIn("lost.outer-seal", lost)
            self.verify(root, code=1)
            self.sign(inner[0])  # there is no valid seal to break any more
            self.sign(root)
            self.holds(root)
            shutil.rmtree(root)

    def test_outer_seal_leaves_the_bundle_valid(self):
        root, inner = self.outer()
        self.sign(root, *self.world.who, "--identifier", "com.example.chosen")
        report = self.sign(inner[0], "--outer", "seal", code=1)
        self.assertIn("--identity", str(report["findings"][0]["fixes"]))
        self.holds(root)
        options = [*self.world.who, "--outer", "seal", "--options", "library"]
        planned = [f["path"] for f in self.sign(inner[0], *options, "--dry-run")["data"]["files"]]
        report = self.sign(inner[0], *options)
        self.assertEqual([f["path"] for f in report["data"]["files"]], planned)
        self.assertEqual(planned[-1], str(root / "Contents/MacOS/Outer"))
        self.assertEqual(self.holds(root)["data"]["slices"][0]["identifier"], "com.example.chosen")
        self.assertIn("library-validation", self.holds(inner[0])["data"]["slices"][0]["flags"])

    def test_outer_seal_and_remove_contradict(self):
        root, inner = self.outer()
        self.sign(root)
        self.sign(inner[0], "--outer", "seal", "--remove", code=3)
        self.sign(inner[0], "--outer", "no", code=3)
        self.holds(root)

    def test_removed(self):
        root, inner = self.outer()
        self.sign(root)
        self.sign(root, "--remove")
        for each in (root, *inner):
            self.assertFalse((each / "Contents/_CodeSignature").exists())
        self.assertEqual(codes(self.verify(root, code=1)), [])


class Frameworks(Base):
    def test_without_code(self):
        for who in ([], self.world.who):
            with self.subTest(who=bool(who)):
                root = self.framework(self.folder / "Empty.framework", code=False)
                self.assertEqual(self.verify(root, code=1)["findings"][0]["code"], "TN0902")
                self.sign(root, *who)
                self.check_files(root / "Versions/A", bool(who))
                slice_ = self.holds(root)["data"]["slices"][0]
                self.assertEqual(slice_["identifier"], "com.example.empty")
                self.assertEqual(slice_["kind"], "private" if who else "ad-hoc")
                first = self.state(root)
                if not who:
                    self.sign(root)
                    self.assertEqual(self.state(root), first)
                shutil.rmtree(root)

    def check_files(self, base, certificate):
        """signArchitectureAgnostic of signer.cpp: Info.plist is the code, in one page."""
        folder = base / "_CodeSignature"
        self.assertEqual(sorted(p.name for p in folder.iterdir()),
                         ["CodeDirectory", "CodeRequirements", "CodeResources", "CodeSignature"])
        cd = (folder / "CodeDirectory").read_bytes()
        (magic, length, version, flags, hashes, _, special, code, limit) = struct.unpack(">9I", cd[:36])
        size, kind, _, page = cd[36:40]
        plist = (base / "Resources/Info.plist").read_bytes()
        self.assertEqual((magic, length, version), (0xFADE0C02, len(cd), 0x20100))
        self.assertEqual((special, code, limit, size, kind, page), (3, 1, len(plist), 32, 2, 0))
        self.assertEqual(flags, 0 if certificate else 2)
        for slot, data in ((0, plist), (-1, plist),
                           (-2, (folder / "CodeRequirements").read_bytes()),
                           (-3, (folder / "CodeResources").read_bytes())):
            at = hashes + 32 * slot
            self.assertEqual(cd[at:at + 32], hashlib.sha256(data).digest(), slot)
        cms = (folder / "CodeSignature").read_bytes()
        if not certificate:
            self.assertEqual(cms, b"")
            return
        (self.folder / "cms").write_bytes(cms)
        done = run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                   self.folder / "cms", "-content", folder / "CodeDirectory", "-CAfile",
                   self.world.folder / "root.pem", "-purpose", "any", "-out", os.devnull)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_without_code_changed(self):
        root = self.framework(self.folder / "Empty.framework", code=False)
        base = root / "Versions/A"
        (base / "Resources/data").write_text("x")
        self.sign(root)
        kept = self.folder / "kept"
        shutil.copytree(root, kept, symlinks=True)
        for name, code in (("Resources/Info.plist", "directory.code-limit"), ("Resources/data", "bundle.altered"),
                           ("_CodeSignature/CodeResources", "slot.hash"),
                           ("_CodeSignature/CodeRequirements", "slot.hash")):
            with self.subTest(name):
                data = (base / name).read_bytes()
                (base / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if name.endswith("ts")
                                          else data + b"\n")
                self.assertIn(code, codes(self.verify(root, code=1)))
                shutil.rmtree(root)
                shutil.copytree(kept, root, symlinks=True)
        self.holds(root)

    def test_an_application_with_one(self):
        root = self.app(self.folder / "Game.app")
        self.framework(root / "Contents/Frameworks/Data.framework", code=False)
        for who in ([], self.world.who):
            self.sign(root, *who)
            self.holds(root)
        entry = self.seal_of(root / "Contents", root / "Contents/MacOS/Game")["Frameworks/Data.framework"]
        cd = (root / "Contents/Frameworks/Data.framework/Versions/A/_CodeSignature/CodeDirectory")
        self.assertEqual(entry["cdhash"], hashlib.sha256(cd.read_bytes()).digest()[:20])

    def test_links_that_an_archive_lost(self):
        """As wheels hold them: Versions/A, a copy of Resources, and nothing that leads to A."""
        root = self.framework(self.folder / "lib/Lost.framework", links=False)
        shutil.copytree(root / "Versions/A/Resources", root / "Resources")
        for where in (root, self.folder / "lib"):
            report = self.verify(where)
            self.assertEqual([s["path"] for s in report["data"]["slices"]],
                             [str(root / "Versions/A/Lost")])
            self.assertIn("bundle.links-lost", warnings(report))
        self.verify(root, "--strict", code=1)
        program = root / "Versions/A/Lost"
        forged = Slice(program.read_bytes())
        forged.data[5000] ^= 1
        program.write_bytes(forged.data)
        for where in (root, self.folder / "lib"):
            self.assertIn("page.hash", codes(self.verify(where, code=1)))
        outer = self.app(self.folder / "My.app")
        shutil.copytree(root, outer / "Contents/Frameworks/Lost.framework")
        self.refused(outer, "the links of the framework are lost")

    def test_a_link_that_became_a_file(self):
        root = self.framework(self.folder / "Text.framework")
        (root / "Versions/Current").unlink()
        (root / "Versions/Current").write_text("A")
        self.assertIn("bundle.links-lost", warnings(self.verify(root)))

    def test_other_versions(self):
        root = self.app(self.folder / "My.app")
        framework = self.framework(root / "Contents/Frameworks/F.framework")
        self.framework(framework, version="B", links=False)
        for who in ([], self.world.who):
            self.sign(root, *who)
            self.holds(root)
            self.holds(framework)
        (framework / "Versions/B/Resources/added").write_text("x")
        for where in (root, framework):
            self.assertIn("bundle.framework-version", codes(self.verify(where, "--strict", code=1)))
            self.assertIn("bundle.framework-version", warnings(self.verify(where)))

    def test_a_folder_with_an_info_plist_claims_nothing(self):
        folder = self.folder / "dist"
        program = self.code(folder / "bin/tool")
        (folder / "Info.plist").write_bytes(info("none", "com.example.none"))
        (folder / "bin/Info.plist").write_bytes(info("none", "com.example.none"))
        self.sign(program)
        report = self.verify(self.folder)
        self.assertEqual([s["path"] for s in report["data"]["slices"]], [str(program)])


class Refused(Base):
    """Said before anything is written."""

    def test_no_code_in_a_place_for_code(self):
        for name in ("run.sh", "data.bin"):
            root = self.app(self.folder / name / "My.app")
            self.code(root / "Contents/Helpers/helper")
            (root / "Contents/MacOS" / name).write_text("#!/bin/sh\n")
            finding = self.refused(root, "is not a Mach-O file")
            self.assertIn(name, finding["message"])
            self.assertIn("Contents/Resources", finding["fixes"][0]["text"])

    def test_what_strict_validation_rejects(self):
        def dangling(root):
            (root / "Contents/Resources/link").symlink_to("nowhere")

        def outside(root):
            (root / "Contents/Resources/link").symlink_to("../../../other")

        def beside(root):
            (root / "README").write_text("x")

        for act, word in ((dangling, "Resources/link"), (outside, "Resources/link"),
                          (beside, "README")):
            with self.subTest(act.__name__):
                root = self.app(self.folder / act.__name__ / "My.app")
                act(root)
                self.refused(root, word)
                report = self.sign(root, "--no-strict")
                self.assertEqual([f["code"] for f in report["findings"]], ["TN0808"])
                self.verify(root)
                self.verify(root, "--strict", code=1)

    def test_no_bundle(self):
        root = self.app(self.folder / "My.app", "Other")
        (root / "Contents/Info.plist").unlink()
        self.refused(root, "Contents/Info.plist is missing")
        # CFBundle takes an executable with the name of the bundle.
        (root / "Contents/MacOS/Other").rename(root / "Contents/MacOS/My")
        self.sign(root)
        self.holds(root)

    def test_an_executable_elsewhere(self):
        for name in ("../../../evil", "/bin/ls", "sub/My"):
            with self.subTest(name):
                root = self.app(self.folder / name.replace("/", "_") / "My.app")
                self.sign(root)
                (root / "Contents/Info.plist").write_bytes(info(name, "com.example.my"))
                found = codes(self.verify(root, code=1))
                self.assertIn("bundle.executable-name", found)
                self.assertIn("slot.hash", found)
                self.refused(root, "CFBundleExecutable")

    def test_parts_that_are_gone(self):
        for name, code, word in (
                ("Contents/_CodeSignature/CodeResources", "bundle.not-sealed", "CodeResources is missing"),
                ("Contents/Info.plist", "slot.info-plist-missing", "Info.plist is missing")):
            root = self.app(self.folder / code / "My.app")
            self.sign(root)
            (root / name).unlink()
            report = self.verify(root, code=1)
            self.assertEqual(codes(report), [code])
            self.assertIn(word, report["findings"][0]["message"])
            self.assertNotIn("moved out", json.dumps(report))


class Options(Base):
    def test_identifier(self):
        """signer.cpp prepare: Info.plist, and the old one only when it is to be preserved."""
        program = self.code(self.folder / "libold.5.dylib")
        self.sign(program, "--identifier", "com.example.chosen")
        root = self.framework(self.folder / "F.framework")
        for options, expected in (((), "com.example.f"),
                                  (("--preserve-metadata=identifier",), "com.example.chosen"),
                                  (("--identifier", "other"), "other")):
            shutil.copy(program, root / "Versions/A/F")
            report = self.sign(root, *options)
            self.assertEqual(self.holds(root)["data"]["slices"][0]["identifier"], expected)
            lost = [c["code"] for c in report["data"]["files"][0]["lost"]]
            self.assertEqual(lost, [] if options else ["lost.identifier"])
        self.sign(program)
        self.assertEqual(self.holds(program)["data"]["slices"][0]["identifier"][:8], "libold.5")

    def test_an_empty_old_identifier(self):
        program = self.code(self.folder / "tool")
        self.sign(program, "--identifier", "x")
        s = Slice(program.read_bytes())
        cd = s.directory()
        s.data[cd.at + cd.ident_offset] = 0
        program.write_bytes(s.data)
        for options in ((), ("--preserve-metadata=identifier",)):
            self.sign(program, *options)
            identifier = self.holds(program)["data"]["slices"][0]["identifier"]
            self.assertTrue(identifier.startswith("tool"), identifier)

    def test_preserve_metadata(self):
        program = self.code(self.folder / "tool")
        wanted = self.folder / "e.plist"
        wanted.write_bytes(plistlib.dumps(ALLOW_JIT))
        text = 'designated => identifier "kept" or identifier "tool"'
        both = ("--entitlements", wanted, "--options", "runtime,hard", "--identifier", "kept",
                "--requirements", text)
        runtime, hard = 0x10000, 0x100
        for words, flags, entitlements, requirement in (
                (None, runtime | hard, True, False), ("none", 0, False, False),
                ("runtime", runtime, False, False), ("flags", runtime | hard, False, False),
                ("identifier,entitlements", 0, True, False),
                ("identifier,requirements", 0, False, True)):
            with self.subTest(words):
                self.sign(program, *both)
                self.sign(program, *([] if words is None else [f"--preserve-metadata={words}"]))
                s = Slice(program.read_bytes())
                self.assertEqual(s.directory().flags & ~2, flags)
                self.assertEqual(5 in s.blobs(), entitlements)
                self.assertEqual(len(s.blob(2)) > 12, requirement)
        self.assertEqual(tenon("sign", program, "--preserve-metadata=all")[0], 3)

    def test_entitlements_and_flags_by_path(self):
        root = self.app(self.folder / "My.app")
        helpers = [self.app(root / f"Contents/Frameworks/My Helper ({kind}).app")
                   for kind in ("GPU", "Renderer")]
        tool = self.code(root / "Contents/MacOS/tool")
        plists = {}
        for name in ("main", "helper", "gpu"):
            plists[name] = self.folder / f"{name}.plist"
            plists[name].write_bytes(plistlib.dumps({"com.example." + name: True}))
        inside = "Contents/Frameworks/My Helper"
        self.sign(root, "--entitlements", f"{plists['main']},{inside}*={plists['helper']},"
                  f"{inside} (GPU).app={plists['gpu']}", "--runtime",
                  "--options", "Contents/MacOS/tool=hard+kill")

        def held(path):
            s = Slice(path.read_bytes())
            found = plistlib.loads(s.blob(5)[8:]) if 5 in s.blobs() else {}
            return list(found), s.directory().flags & ~2

        self.assertEqual(held(root / "Contents/MacOS/My"), (["com.example.main"], 0x10000))
        self.assertEqual(held(tool), ([], 0x300))
        for helper, name in zip(helpers, ("gpu", "helper")):
            self.assertEqual(held(helper / "Contents/MacOS" / helper.stem),
                             (["com.example." + name], 0x10000))
        self.holds(root)
        self.refused(root, "no code that is signed has this path", "--entitlements",
                     f"Contents/MacOS/none={plists['gpu']}")

    def test_what_is_printed(self):
        root = self.app(self.folder / "My.app")
        done = run(TENON, "sign", "-q", "--dry-run", root)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        program = self.code(self.folder / "tool")
        done = run(TENON, "sign", *self.world.who, program, text=True)
        self.assertEqual(done.stdout, f"{program}: program, arm64, tool\n")


class Interrupted(Base):
    def test_between_two_renames(self):
        """Each state that a killed signer can leave is old, new, or named and completed."""
        root = self.app(self.folder / "My.app")
        self.code(root / "Contents/Helpers/helper")
        self.sign(root)
        (root / "Contents/Resources/data.txt").write_text("new data")
        for name in ("old", "new"):
            shutil.copytree(root, self.folder / name / "My.app")
        new = self.folder / "new/My.app"
        self.sign(new, *self.world.who)
        order = ["Contents/Helpers/helper", "Contents/_CodeSignature/CodeResources", "Contents/MacOS/My"]
        named = {1: "Contents/Helpers/helper", 2: "CodeResources"}
        for count in range(len(order) + 1):
            with self.subTest(count):
                state = self.folder / f"state{count}/My.app"
                shutil.copytree(self.folder / "old/My.app", state)
                for name in order[:count]:
                    shutil.copy(new / name, state / name)
                report = self.verify(state, *self.world.trust, code=0 if count == len(order) else 1)
                text = json.dumps(report)
                self.assertIn(named.get(count, ""), text)
                self.assertEqual("bundle.half-signed" in warnings(report), count == 2)
                self.sign(state, *self.world.who)
                self.holds(state)


if __name__ == "__main__":
    if shutil.which("openssl") is None or shutil.which("go") is None:
        print("openssl or go is missing")
        sys.exit(77)
    unittest.main()
