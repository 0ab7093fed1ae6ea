#!/usr/bin/env python3
"""tenon notarize and tenon staple: the lint on public and hostile files, submissions and tickets against a service of our
own (tests/support/fake_notary.py), which checks tokens and signatures independently and plays its faults."""
import hashlib
import json
import os
import plistlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
import containers  # noqa: E402
from fake_notary import FakeNotary  # noqa: E402
from public_files import file_of as fetched  # noqa: E402
from small_macho import program  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
NAMES = {"TN1701": "The binary is not signed.",
         "TN1702": "The binary is not signed with a valid Developer ID certificate.",
         "TN1703": "The signature of the binary is invalid.",
         "TN1704": "The signature does not include a secure timestamp.",
         "TN1705": "The executable does not have the hardened runtime enabled.",
         "TN1706": "The executable requests the com.apple.security.get-task-allow entitlement.",
         "TN1707": "The binary uses an SDK older than the 10.9 SDK.",
         "TN1710": "The binary is not signed."}
ADHOC = ["TN1702", "TN1704", "TN1705"]


class Base(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)
        self.environment = {**os.environ, "XDG_STATE_HOME": str(self.folder / "state")}
        for name in ("TENON_NOTARY_KEY", "TENON_NOTARY_KEY_ID", "TENON_NOTARY_ISSUER"):
            self.environment.pop(name, None)

    def run_tenon(self, *args, **environment):
        return subprocess.run([TENON, *map(str, args)], capture_output=True, text=True, timeout=120, check=False,
                              env={**self.environment, **environment})

    def tenon(self, *args, code=None, **environment):
        done = self.run_tenon(*args, "--json", **environment)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        report = json.loads(done.stdout)
        self.printed = done.stdout + done.stderr
        return (done.returncode, report) if code is None else report

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def signed(self, name="tool", *options):
        path = self.write(name, program())
        path.chmod(0o755)
        done = self.run_tenon("sign", path, "--identifier", "org.example.tool", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def app(self, name="My.app"):
        root = self.folder / name
        self.write(f"{name}/Contents/MacOS/my", program()).chmod(0o755)
        self.write(f"{name}/Contents/Info.plist", plistlib.dumps(
            {"CFBundleExecutable": "my", "CFBundleIdentifier": "org.example.my", "CFBundlePackageType": "APPL"}))
        self.write(f"{name}/Contents/Resources/data.txt", b"data")
        os.symlink("data.txt", root / "Contents/Resources/link")
        self.assertEqual(self.run_tenon("sign", root, "--runtime").returncode, 0)
        return root

    def lint(self, path, code):
        data = self.tenon("notarize", "--lint", path, code=code)["data"]
        self.assertEqual(data["eligible"], {0: True, 1: False, 2: None}[code], data)
        for each in data["findings"]:
            self.assertEqual(each["message"], NAMES.get(each["code"], each["message"]))
            self.assertTrue(each["fix"], each)
        return [(each["code"], each["path"].removeprefix(str(self.folder) + "/"), each["arch"]) for each in
                data["findings"]]

    def refusal(self, data, name="bad.zip"):
        """The reason for which an archive is refused."""
        found = self.tenon("notarize", "--lint", self.write(name, data), code=1)["data"]["findings"]
        self.assertEqual([f["code"] for f in found], ["TN1712"], found)
        return found[0]["message"]


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


class Submit(Base):
    """Against the service: each test has its own, since faults are counted there."""

    def service(self, **mode):
        notary = FakeNotary(self.folder, **mode)
        notary.__enter__()
        self.addCleanup(notary.__exit__)
        return notary

    def covered(self, path, notary):
        """The service lists the code of a path in its ticket."""
        code = self.tenon("notarize", "--lint", path)[1]["data"]["code"]
        notary.state.log["ticketContents"] = [
            {"path": each["path"], "digestAlgorithm": "SHA-256", "cdhash": each["cdhash"], "arch": each["arch"]}
            for each in code]

    def submit(self, notary, path, *options, code=0, covered=True, **environment):
        if covered:
            self.covered(path, notary)
        report = self.tenon("notarize", path, *notary.options, "--force", *options, code=code, **environment)
        self.assertEqual(notary.state.problems, [])
        for secret in notary.state.secrets:
            self.assertNotIn(secret, self.printed)
        return report

    def codes(self, report):
        return [f["code"] for f in report["findings"] if f["code"] not in ADHOC]

    def test_accepted(self):
        tool, notary = self.signed(), self.service(in_progress=3, slow=1, late_log=1)
        report = self.submit(notary, tool, "-v")
        self.assertEqual(report["data"]["submission"]["status"], "Accepted")
        self.assertEqual(self.codes(report), [])
        self.assertEqual(notary.state.count("GET", "/logs"), 2)
        sent, = notary.state.objects.values()
        self.assertEqual(hashlib.sha256(sent).hexdigest(), report["data"]["sha256"])
        name = self.write("sent.zip", sent)
        with zipfile.ZipFile(name) as archive:
            entry, = archive.infolist()
            self.assertIsNone(archive.testzip())
            self.assertEqual((entry.filename, entry.external_attr >> 16, entry.flag_bits & 8, archive.read(entry)),
                             ("tool", 0o100755, 0, tool.read_bytes()))
        if shutil.which("unzip"):
            subprocess.run(["unzip", "-tq", name], check=True, capture_output=True)
        self.assertFalse(list((self.folder / "state").rglob("*.json")))
        # Equal contents give equal bytes, whatever their dates are.
        os.utime(tool, (0, 0))
        self.assertEqual(self.submit(notary, tool)["data"]["sha256"], report["data"]["sha256"])

    def test_bundle_is_packed_with_links_and_modes(self):
        app, notary = self.app(), self.service()
        self.submit(notary, app)
        sent, = notary.state.objects.values()
        self.write("sent.zip", sent)
        subprocess.run(["unzip", "-q", self.folder / "sent.zip", "-d", self.folder / "out"], check=True)
        out = self.folder / "out/My.app"
        self.assertEqual(os.readlink(out / "Contents/Resources/link"), "data.txt")
        self.assertEqual((out / "Contents/MacOS/my").stat().st_mode & 0o777, 0o755)
        self.assertEqual(self.run_tenon("verify", out).returncode, 0)

    def test_archives_are_sent_as_they_are(self):
        notary = self.service()
        archive = self.write("mine.zip", containers.zip_of([("tool", self.signed().read_bytes())]))
        self.submit(notary, archive, "--webhook", "https://ci.example/hook")
        found, = notary.state.submissions.values()
        self.assertEqual((found["name"], found["webhooks"]),
                         ("mine.zip", [{"channel": "webhook", "target": "https://ci.example/hook"}]))
        self.assertEqual(list(notary.state.objects.values()), [archive.read_bytes()])

    def test_lint_stops_before_anything_is_sent(self):
        notary = self.service()
        report = self.tenon("notarize", self.signed(), *notary.options, code=1)
        self.assertEqual((report["data"]["eligible"], notary.state.requests), (False, []))

    def test_invalid_and_rejected(self):
        notary = self.service(result="Invalid")
        tool = self.signed()
        notary.state.log.update(statusSummary="Archive contains critical validation errors", statusCode=4000, issues=[
            {"severity": "error", "code": None, "path": "tool.zip/tool", "message": NAMES["TN1702"],
             "docUrl": "https://developer.apple.com/x", "architecture": "arm64"},
            {"severity": "error", "code": None, "path": "tool.zip/tool", "message": "Something that is new.",
             "docUrl": None, "architecture": None},
            {"severity": "warning", "code": None, "path": "tool.zip/tool", "message": NAMES["TN1705"], "docUrl": None,
             "architecture": "arm64"}])
        report = self.submit(notary, tool, code=1, covered=False)
        found = [(f["code"], f["severity"]) for f in report["findings"]][len(ADHOC):]
        self.assertEqual(found, [("TN1720", "error"), ("TN1702", "error"), ("TN1732", "error"), ("TN1705", "warning")])
        self.assertIn("4000", report["findings"][len(ADHOC)]["message"])
        notary = self.service(result="Rejected")
        notary.state.log.update(statusSummary="Team is not yet configured for notarization", statusCode=7000)
        self.assertEqual(self.codes(self.submit(notary, tool, code=4)), ["TN1721"])

    def test_log_is_compared_with_our_code(self):
        notary = self.service()
        self.assertEqual(self.codes(self.submit(notary, self.signed(), code=1, covered=False)), ["TN1728"])
        notary = self.service()
        notary.state.log["sha256"] = "0" * 64
        self.assertEqual(self.codes(self.submit(notary, self.signed(), code=6)), ["TN1726"])

    def test_account(self):
        tool = self.signed()
        for mode, code, exit_code, word in (("401", "TN1723", 5, "NOT_AUTHORIZED"),
                                            ("agreement", "TN1722", 5, "Account Holder"),
                                            ("provider", "TN1722", 5, "team key"), ("role", "TN1722", 5, "Developer")):
            notary = self.service(**{mode: 9})
            report = self.submit(notary, tool, code=exit_code)
            self.assertEqual(self.codes(report), [code], mode)
            self.assertIn(word, json.dumps(report["findings"][-1]))
            self.assertEqual(len(notary.state.requests), 1, "nothing is tried again blindly")

    def test_passing_faults(self):
        tool = self.signed()
        for mode in ({"429": 1, "retry_after": 1}, {"500": 3}, {"reset": 2}, {"upload_reset": 2}, {"upload_500": 2}):
            notary = self.service(**mode)
            begin = time.monotonic()
            self.submit(notary, tool)
            if "429" in mode:
                self.assertGreaterEqual(time.monotonic() - begin, 1)

    def test_lasting_faults(self):
        tool = self.signed()
        for mode, code in (({"500": 99}, "TN1725"), ({"429": 99, "retry_after": 0}, "TN1725"), ({"reset": 99}, "TN1725"),
                           ({"malformed": 1}, "TN1725"), ({"upload_500": 99}, "TN1726"), ({"expired": 9}, "TN1726"),
                           ({"upload_reset": 99}, "TN1726")):
            notary = self.service(**mode)
            self.assertEqual(self.codes(self.submit(notary, tool, code=6)), [code], mode)
            self.assertLessEqual(len(notary.state.requests), 7, mode)

    def test_wrong_clock(self):
        notary = self.service()
        notary.state.skew = 7200
        self.submit(notary, self.signed())
        self.assertEqual(notary.state.requests[0], notary.state.requests[1])

    def test_nobody_there(self):
        tool = self.signed()
        notary = FakeNotary(self.folder)
        notary.server.server_close()
        self.assertEqual(self.codes(self.tenon("notarize", tool, "--force", *notary.options, code=6)), ["TN1725"])
        for url in ("http://notary.example", "ftp://127.0.0.1/", "https://a b", "https://user@host/"):
            options = ["--key", notary.key, "--issuer", "x", "--notary-url", url]
            self.assertEqual(self.codes(self.tenon("notarize", tool, "--force", *options, code=3)), ["TN0101"])

    def test_bounded_wait_and_resume(self):
        tool, notary = self.signed(), self.service(in_progress=10 ** 9)
        report = self.submit(notary, tool, "--wait", "1", code=2)
        self.assertEqual(self.codes(report), ["TN1727"])
        name, = notary.state.submissions
        self.assertIn(f"tenon notarize --resume {name}", json.dumps(report["findings"]))
        self.assertEqual(self.tenon("notarize", "--status", name, *notary.options, code=2)["data"]["submission"]["status"],
                         "In Progress")
        notary.state.mode["in_progress"] = 0
        report = self.tenon("notarize", "--resume", name, *notary.options, code=0)
        self.assertEqual(report["data"]["submission"]["status"], "Accepted")
        self.assertEqual(notary.state.count("PUT", "/bucket"), 1)
        listed = self.tenon("notarize", "--list", *notary.options, code=0)["data"]["submissions"]
        self.assertEqual([(s["id"], s["status"]) for s in listed], [(name, "Accepted")])
        log = self.tenon("notarize", "--log", name, *notary.options, code=0)["data"]["log"]
        self.assertEqual(log["archive"], "tool.zip")
        other = "12345678-1234-1234-1234-123456789012"
        self.assertEqual(self.codes(self.tenon("notarize", "--status", other, *notary.options, code=3)), ["TN1724"])
        self.assertEqual(self.codes(self.tenon("notarize", "--status", "../x", *notary.options, code=3)), ["TN0101"])

    def large(self):
        """12 MiB that do not shrink, so that three parts are sent."""
        block = b"".join(hashlib.sha512(n.to_bytes(4, "big")).digest() for n in range(12 << 14))
        return self.write("large.zip", containers.zip_of([("tool", self.signed().read_bytes()), ("data", block)],
                                                         zipfile.ZIP_STORED))

    def test_parts(self):
        path, notary = self.large(), self.service(upload_500=1)
        self.submit(notary, path, "--part-size", "5")
        self.assertEqual(list(notary.state.objects.values()), [path.read_bytes()])
        self.assertEqual(notary.state.count("PUT", "partNumber"), 3)

    def test_interrupted_upload(self):
        path, notary = self.large(), self.service()
        self.covered(path, notary)
        notary.state.mode["upload_hang"] = 0
        command = [TENON, "notarize", path, *notary.options, "--force", "--part-size", "5"]
        # The start of the upload and one part pass, the second part hangs.
        original = notary.state.take

        def take(name):
            if name == "upload_hang" and notary.state.count("PUT", "partNumber") == 2 and not notary.state.hang.is_set():
                return True
            return original(name)
        notary.state.take = take
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertTrue(notary.state.hang.wait(30))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, out)
        name, = notary.state.submissions
        self.assertIn(f"tenon notarize --resume {name}", out)
        kept, = (self.folder / "state").rglob("*.json")
        self.assertEqual((kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777), (0o600, 0o700))
        before = notary.state.count("PUT", "partNumber=1")
        self.tenon("notarize", "--resume", name, *notary.options, code=0)
        self.assertEqual(list(notary.state.objects.values()), [path.read_bytes()])
        self.assertEqual(notary.state.count("PUT", "partNumber=1"), before, "what is there is not sent again")
        self.assertEqual(notary.state.problems, [])
        self.assertFalse(kept.exists())

    def test_resume_refuses_other_bytes(self):
        path, notary = self.signed(), self.service(upload_500=99)
        self.submit(notary, path, code=6)
        name, = notary.state.submissions
        self.signed("tool", "--runtime")
        report = self.tenon("notarize", "--resume", name, *notary.options, code=6)
        self.assertIn("is not what was submitted", report["findings"][0]["message"])

    def test_no_wait(self):
        tool, notary = self.signed(), self.service()
        report = self.submit(notary, tool, "--no-wait")
        name, = notary.state.submissions
        self.assertEqual(report["data"]["resume"], f"tenon notarize --resume {name}")
        self.assertEqual(notary.state.count("GET", "/submissions"), 0)

    def test_keys(self):
        tool, notary = self.signed(), self.service()
        self.covered(tool, notary)
        url = notary.options[4:]
        self.tenon("notarize", tool, *url, "--force", code=0, TENON_NOTARY_KEY=notary.key.read_text(),
                   TENON_NOTARY_KEY_ID=notary.KEY_ID, TENON_NOTARY_ISSUER=notary.ISSUER)
        self.assertEqual(notary.state.problems, [])
        rsa = self.write("AuthKey_X.p8", subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True,
                                                        capture_output=True).stdout)
        for path in (rsa, self.write("none.p8", b"text"), self.folder / "missing.p8"):
            report = self.tenon("notarize", tool, *url, "--force", "--key", path, code=3)
            self.assertEqual(self.codes(report), ["TN1731"], report)
        self.assertEqual(self.codes(self.tenon("notarize", tool, *url, "--force", code=3)), ["TN1731"])


class Staple(Base):
    def service(self, **mode):
        return Submit.service(self, **mode)

    def ticket(self, *cdhashes):
        return b"s8ch" + bytes(12) + b"".join(map(bytes.fromhex, cdhashes)) + b"signature"

    def cdhash(self, path):
        return self.tenon("verify", path)[1]["data"]["slices"][0]["cdhash"]

    def staple(self, notary, path, *options, code=0):
        report = self.tenon("staple", path, "--ticket-url", notary.url, *options, code=code)
        self.assertEqual(notary.state.problems, [])
        return report

    def test_bundle(self):
        app, notary = self.app(), self.service(**{"500": 1})
        cdhash = self.cdhash(app)
        notary.state.tickets[f"2/2/{cdhash}"] = self.ticket(cdhash)
        report = self.staple(notary, app)
        self.assertEqual((report["data"]["written"], report["data"]["record"], report["findings"]),
                         (True, f"2/2/{cdhash}", []))
        self.assertEqual((app / "Contents/CodeResources").read_bytes(), self.ticket(cdhash))
        bundle = self.tenon("verify", "--strict", app, code=0)["data"]["bundles"][0]
        self.assertEqual((bundle["ticket"], bundle["ticket_covers"]), (True, True))
        # Signed again, the ticket is of other code.
        self.assertEqual(self.run_tenon("sign", app, "--identifier", "org.example.other").returncode, 0)
        report = self.tenon("verify", app, code=0)
        self.assertEqual((report["data"]["bundles"][0]["ticket_covers"], [f["code"] for f in report["findings"]]),
                         (False, ["TN1743"]))

    def test_disk_image(self):
        data = containers.disk_image(b"file system" * 500, "org.example.image")
        image, notary = self.write("x.dmg", data), self.service()
        image.chmod(0o640)
        cdhash = containers.image_cdhash(data)
        notary.state.tickets[f"2/2/{cdhash}"] = self.ticket(cdhash)
        for _ in range(2):  # a ticket takes the place of an older one
            self.staple(notary, image)
            new = image.read_bytes()
            blobs = containers.image_blobs(new)
            self.assertEqual(blobs[0x10002][8:], self.ticket(cdhash))
            self.assertEqual(containers.image_cdhash(new), cdhash)
            self.assertEqual(image.stat().st_mode & 0o777, 0o640)
        found = self.tenon("verify", image, code=0)["data"]["containers"][0]
        self.assertEqual((found["type"], found["ticket"], found["ticket_covers"]), ("disk image", True, True))

    def test_package(self):
        members = [("Payload", containers.payload([("bin/tool", self.signed().read_bytes())]))]
        self.assertEqual(self.codes(self.staple(self.service(), self.write("u.pkg", containers.xar(members)), code=1)),
                         ["TN1744"])
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem",
                        "-subj", "/CN=Developer ID Installer: Example/OU=TEAM123456", "-days", "30", "-addext",
                        "extendedKeyUsage=1.2.840.113635.100.4.13"], cwd=self.folder, check=True, capture_output=True)
        der = subprocess.run(["openssl", "x509", "-in", "c.pem", "-outform", "DER"], cwd=self.folder, check=True,
                             capture_output=True).stdout
        digest = containers.toc_digest(containers.xar(members, bytes(256), [der]))
        made = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", "k.pem", "-pkeyopt", "digest:sha1"], input=digest,
                              cwd=self.folder, check=True, capture_output=True).stdout
        data = containers.xar(members, made, [der])
        package, notary = self.write("x.pkg", data), self.service()
        name = f"2/1/{digest.hex()}"
        notary.state.tickets[name] = self.ticket(digest.hex())
        for _ in range(2):
            self.assertEqual(self.staple(notary, package)["data"]["record"], name)
            new = package.read_bytes()
            ticket = self.ticket(digest.hex())
            ends = (b"t8lr\1\0\1\0" + bytes(8) + ticket + b"t8lr\1\0\2\0" + len(ticket).to_bytes(4, "little") + bytes(4))
            self.assertEqual(new, data + ends)
        report = self.tenon("verify", package)[1]["data"]
        self.assertEqual((report["containers"][0]["ticket_covers"], report["slices"][0]["integrity"]["state"],
                          report["slices"][0]["identity"]["state"], report["slices"][0]["kind"]),
                         (True, "valid", "valid", "installer"))
        changed = bytearray(data)
        changed[60] ^= 1
        self.assertNotEqual(self.tenon("verify", self.write("z.pkg", changed))[0], 0)

    def codes(self, report):
        return [f["code"] for f in report["findings"]]

    def test_refusals(self):
        notary, tool = self.service(), self.signed()
        report = self.staple(notary, tool, code=1)
        self.assertEqual(self.codes(report), ["TN1740"])
        self.assertIn("package", json.dumps(report["findings"][0]["fixes"]))
        archive = self.write("a.zip", containers.zip_of([("tool", tool.read_bytes())]))
        self.assertEqual(self.codes(self.staple(notary, archive, code=1)), ["TN1740"])
        self.assertEqual(notary.state.requests, [])
        app = self.app()
        self.assertEqual(self.codes(self.staple(notary, app, code=1)), ["TN1741"])
        self.assertFalse((app / "Contents/CodeResources").exists())
        other = self.write("ticket", self.ticket("00" * 20))
        self.assertEqual(self.codes(self.staple(notary, app, "--ticket", other, code=1)), ["TN1743"])
        cdhash = self.cdhash(app)
        self.staple(notary, app, "--ticket", self.write("ticket", self.ticket(cdhash)))
        self.assertEqual(self.codes(self.staple(self.service(malformed=9), app, code=6)), ["TN1742"])
        self.assertEqual(self.codes(self.staple(self.service(**{"500": 99}), app, code=6)), ["TN1742"])
        unsigned = self.write("d.dmg", containers.disk_image(b"x" * 600))
        self.assertEqual(self.codes(self.staple(notary, unsigned, code=1)), ["TN1744"])

    def test_check(self):
        notary, tool = self.service(), self.signed()
        self.assertEqual(self.codes(self.staple(notary, tool, "--check", code=1)), ["TN1741"])
        cdhash = self.cdhash(tool)
        notary.state.tickets[f"2/2/{cdhash}"] = self.ticket(cdhash)
        before = tool.read_bytes()
        self.assertFalse(self.staple(notary, tool, "--check")["data"]["written"])
        self.assertEqual(tool.read_bytes(), before)

    def test_no_link_is_followed(self):
        app, notary = self.app(), self.service()
        cdhash = self.cdhash(app)
        notary.state.tickets[f"2/2/{cdhash}"] = self.ticket(cdhash)
        victim = self.write("victim", b"precious")
        os.symlink(victim, app / "Contents/CodeResources")
        self.tenon("staple", app, "--ticket-url", notary.url)
        self.assertEqual(victim.read_bytes(), b"precious")


if __name__ == "__main__":
    unittest.main(verbosity=1)
