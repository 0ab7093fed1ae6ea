#!/usr/bin/env python3
"""tenon notarize: submissions to a service of our own (tests/support/fake_notary.py), which checks tokens and signatures
independently and plays its faults."""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
import containers  # noqa: E402
from fake_notary import FakeNotary  # noqa: E402
from notary_case import ADHOC, NAMES, TENON, Base  # noqa: E402


class Submit(Base):
    """Against the service: each test has its own, since faults are counted there."""

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

    def test_what_is_not_read_is_sent(self):
        notary = self.service()
        package = self.write("x.pkg", containers.xar([("Payload", b"pbzx" + bytes(40))]))
        self.submit(notary, package, covered=False)
        self.assertEqual(list(notary.state.objects.values()), [package.read_bytes()])

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


if __name__ == "__main__":
    unittest.main(verbosity=1)
