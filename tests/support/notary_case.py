"""What the tests of tenon notarize and tenon staple share: files to look at, and the service of fake_notary.py."""
import json
import os
import plistlib
import subprocess
import tempfile
import unittest
from pathlib import Path

from fake_notary import FakeNotary
from small_macho import program

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

    def service(self, **mode):
        notary = FakeNotary(self.folder, **mode)
        notary.__enter__()
        self.addCleanup(notary.__exit__)
        return notary

    @staticmethod
    def ticket(*cdhashes):
        """The format is Apple's own: bytes in which the hashes are."""
        return b"s8ch" + bytes(12) + b"".join(map(bytes.fromhex, cdhashes)) + b"signature"
