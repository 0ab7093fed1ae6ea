#!/usr/bin/env python3
"""tenon staple, and a whole release against services of our own."""
import json
import os
import plistlib
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
import containers  # noqa: E402
from notary_case import TENON, Base  # noqa: E402


class Staple(Base):
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


@unittest.skipUnless(shutil.which("go") and shutil.which("zig"), "no Go or zig")
class Release(Base):
    """The recipe of docs/notarize.md: build, sign, lint, notarize, staple, verify."""

    def identity(self):
        def openssl(*args):
            subprocess.run(["openssl", *args], cwd=self.folder, check=True, capture_output=True)
        self.write("ext", b"basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n"
                          b"extendedKeyUsage=critical,codeSigning\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "300",
                "-subj", "/CN=Test Root/O=Example")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "leaf.key", "-out", "leaf.csr", "-subj",
                "/CN=Test Signer/O=Example/OU=TEAM123456")
        openssl("x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "200",
                "-extfile", "ext", "-out", "leaf.pem")
        return ["--key", self.folder / "leaf.key", "--cert", f"{self.folder}/leaf.pem,{self.folder}/root.pem"]

    def must(self, *args):
        done = self.run_tenon(*args)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_recipe(self):
        self.write("src/go.mod", b"module example.org/tool\n\ngo 1.21\n")
        self.write("src/main.go", b'package main\n\n// int twice(int x) { return 2 * x; }\nimport "C"\n\n'
                                  b"func main() { println(C.twice(21)) }\n")
        built = subprocess.run([TENON, "build", "--target", "darwin/universal", "--out", self.folder / "dist", "."],
                               cwd=self.folder / "src", env=self.environment, capture_output=True, text=True, check=False)
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        built, = (self.folder / "dist/darwin-universal").iterdir()
        app = self.folder / "Tool.app"
        (app / "Contents/MacOS").mkdir(parents=True)
        shutil.copy(built, app / "Contents/MacOS/tool")
        self.write("Tool.app/Contents/Info.plist", plistlib.dumps(
            {"CFBundleExecutable": "tool", "CFBundleIdentifier": "org.example.tool", "CFBundlePackageType": "APPL"}))
        self.must("sign", app, *self.identity(), "--runtime", "--no-timestamp")
        # All that stands against it is that the identity is a test's.
        report = self.tenon("notarize", "--lint", app, "--trust-root", self.folder / "root.pem", code=1)["data"]
        self.assertEqual(sorted({f["code"] for f in report["findings"]}), ["TN1702", "TN1704"])
        self.assertEqual({c["arch"] for c in report["code"]}, {"x86_64", "arm64"})
        notary = self.service(in_progress=2)
        notary.state.log["ticketContents"] = report["code"]
        done = self.tenon("notarize", app, *notary.options, "--force", code=0)
        self.assertEqual(done["data"]["submission"]["status"], "Accepted")
        hashes = [c["cdhash"] for c in report["code"]]
        notary.state.tickets[f"2/2/{hashes[1]}"] = self.ticket(*hashes)
        self.tenon("staple", app, "--ticket-url", notary.url, code=0)
        data = self.tenon("verify", "--strict", "--for-distribution", "--trust-root", self.folder / "root.pem", app,
                          code=0)["data"]
        self.assertTrue(data["bundles"][0]["ticket_covers"])
        self.assertEqual({s["trust"]["state"] for s in data["slices"]}, {"valid"})
        self.assertIn("Developer ID", " ".join(data["distribution"][0]["obstacles"]))
        self.assertEqual(notary.state.problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
