#!/usr/bin/env python3
"""Requests to the storage service, held against AWS's published test suite for Signature Version 4, which the crate
aws-sigv4 carries: canonical request, string to sign and authorization of each case, byte for byte.

TENON_SIGN_REQUEST is tests/support/sign_request.cpp. Without a network the test is skipped.
"""
import datetime
import hashlib
import json
import os
import subprocess
import sys
import unittest
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from public_files import package  # noqa: E402

PROGRAM = os.environ.get("TENON_SIGN_REQUEST", "")
CRATE = "aws-sigv4@1.3.4"
# Amazon S3 is the one service that is asked here: its paths are encoded once, and not normalized ("Create a signed
# AWS API request"). So what the suite says of other services does not hold.
NOT_FOR_S3 = {
    **{name: "the path is normalized" for name in (
        "get-relative-normalized", "get-relative-relative-normalized", "get-slash-dot-slash-normalized",
        "get-slash-normalized", "get-slash-pointless-dot-normalized", "get-slashes-normalized")},
    **{name: "the path is encoded twice" for name in ("double-encode-path", "double-url-encode")},
}


def parse(text):
    """Method, path, query, headers in order, body. A line that begins with a blank belongs to the header before it."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.split("\n")
    method, _, rest = first.partition(" ")
    target, _, query = rest.removesuffix(" HTTP/1.1").partition("?")
    headers = []
    for line in lines:
        if line[:1] in " \t":
            headers[-1][1] += "\n" + line
        elif line:
            name, _, value = line.partition(":")
            headers.append([name.lower(), value])
    pairs = [part.partition("=")[::2] for part in query.split("&")] if query else []
    return method, target, pairs, headers, body


def given(case):
    """What the program is told: lines of names and values."""
    method, target, pairs, headers, body = parse((case / "request.txt").read_text())
    context = json.loads((case / "context.json").read_text())
    credentials = context["credentials"]
    moment = datetime.datetime.fromisoformat(context["timestamp"].replace("Z", "+00:00"))
    digest = hashlib.sha256(body.encode()).hexdigest()
    if not any(name == "x-amz-date" for name, _ in headers):
        headers.append(["x-amz-date", f"{moment:%Y%m%dT%H%M%SZ}"])
    if "token" in credentials and not context.get("omit_session_token"):
        headers.append(["x-amz-security-token", credentials["token"]])
    if context["sign_body"]:
        headers.append(["x-amz-content-sha256", digest])
    rows = [("method", method), ("path", urllib.parse.unquote(target)), ("hash", digest),
            ("region", context["region"]), ("service", context["service"]),
            ("access", credentials["access_key_id"]), ("secret", credentials["secret_access_key"]),
            ("time", str(int(moment.timestamp())))]
    rows += [("query", *(urllib.parse.unquote(each) for each in pair)) for pair in pairs]
    rows += [("header", *pair) for pair in headers]
    return "".join(" ".join([name, *(value.encode().hex() for value in values)]) + "\n" for name, *values in rows)


class SigV4(unittest.TestCase):
    def test_the_suite_of_aws(self):
        suite = package("crate", CRATE)
        if suite is None:
            self.skipTest("no network, or no cargo")
        cases = sorted(path.parent for path in suite.glob("aws-signing-test-suite/v4/*/request.txt"))
        self.assertGreater(len(cases), 35)
        self.assertLessEqual(set(NOT_FOR_S3), {case.name for case in cases})
        for case in cases:
            if case.name in NOT_FOR_S3:
                continue
            with self.subTest(case=case.name):
                done = subprocess.run([PROGRAM], input=given(case), capture_output=True, text=True, check=True, timeout=60)
                canonical, to_sign, authorization = done.stdout.split("\0")
                self.assertEqual(canonical, (case / "header-canonical-request.txt").read_text())
                self.assertEqual(to_sign, (case / "header-string-to-sign.txt").read_text())
                signed = (case / "header-signed-request.txt").read_text()
                said = next(line.partition(":")[2].strip() for line in signed.split("\n")
                            if line.lower().startswith("authorization:"))
                self.assertEqual(authorization.replace(",", ", "), said)
                self.assertTrue(authorization.endswith("=" + (case / "header-signature.txt").read_text().strip()))


if __name__ == "__main__":
    if not PROGRAM:
        print("no TENON_SIGN_REQUEST")
        sys.exit(77)
    unittest.main()
