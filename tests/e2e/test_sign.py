#!/usr/bin/env python3
"""tenon sign: what it writes is read by forgery.py, openssl and, where it is installed, rcodesign.

TENON names the program. Programs are built here with go and zig cc; certificates and a timestamp
service on loopback are made here. Nothing needs a network.
"""
import datetime
import hashlib
import http.server
import json
import os
import plistlib
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from forgery import Slice, fat  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
EXTENSIONS = """[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,codeSigning
[tsa]
basicConstraints=critical,CA:FALSE
extendedKeyUsage=critical,timeStamping
[authority]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
[tsa_config]
serial=SERIAL
signer_cert=TSA.pem
signer_key=TSA.key
certs=root.pem
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
ess_cert_id_chain=no
tsa_name=no
"""
ENTITLEMENTS = {"com.apple.security.cs.allow-jit": True, "groups": ["a", "b"]}


def run(*args, **kwargs):
    kwargs = {"capture_output": True, "timeout": 300, "check": False, **kwargs}
    return subprocess.run([str(a) for a in args], **kwargs)


def must(*args, **kwargs):
    done = run(*args, **kwargs)
    if done.returncode != 0:
        raise RuntimeError(f"{args}: {done.stderr}")
    return done


def tenon(*args, **kwargs):
    done = run(TENON, *args, "--json", **kwargs)
    return done.returncode, json.loads(done.stdout)


class World:
    """Certificates, a timestamp service and a few programs, made once."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "ext").write_text(EXTENSIONS.replace("SERIAL", str(folder / "serial"))
                                    .replace("TSA.", str(folder / "tsa."))
                                    .replace("root.pem", str(folder / "root.pem")))
        (folder / "serial").write_text("01\n")
        must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out",
             "root.pem", "-subj", "/CN=Test Root/O=Test", "-days", "3000", cwd=folder)
        self.issue("leaf", "/CN=Test Signer/O=Example/OU=TEAM123456")
        self.issue("tsa", "/CN=Test Timestamps/O=Test")
        must("openssl", "pkcs12", "-export", "-legacy", "-inkey", "leaf.key", "-in", "leaf.pem",
             "-certfile", "root.pem", "-passout", "pass:secret", "-out", "id.p12", cwd=folder)
        self.who = ["--key", folder / "leaf.key", "--cert", f"{folder}/leaf.pem,{folder}/root.pem"]
        self.trust = ["--trust-root", folder / "root.pem"]
        self.programs()

    def issue(self, name, subject, days=1000, issuer="root", extensions=None):
        """NAME.key and NAME.pem; `days` below zero: ended by so many."""
        folder = self.folder
        must("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
             f"{name}.csr", "-subj", subject, cwd=folder)
        (folder / "ca").mkdir(exist_ok=True)
        (folder / "ca/index").write_text("")
        (folder / "ca.conf").write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/ca/index\nrand_serial=yes\ndefault_md=sha256\n"
            f"new_certs_dir={folder}/ca\npolicy=any\n[any]\ncommonName=supplied\n"
            "organizationName=optional\norganizationalUnitName=optional\n")
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = (f"{now + datetime.timedelta(days=each, minutes=5):%Y%m%d%H%M%SZ}" for each in (-400, days))
        must("openssl", "ca", "-batch", "-config", "ca.conf", "-in", f"{name}.csr", "-cert", f"{issuer}.pem",
             "-keyfile", f"{issuer}.key", "-out", f"{name}.pem", "-notext", "-startdate", start, "-enddate",
             end, "-extfile", "ext", "-extensions", extensions or name, cwd=folder)

    def programs(self):
        source = self.folder / "go"
        source.mkdir()
        (source / "main.go").write_text("package main\n\nfunc main() { println(1) }\n")
        (source / "go.mod").write_text("module example.com/tool\n\ngo 1.20\n")
        for arch in ("arm64", "amd64"):
            environment = {**os.environ, "GOOS": "darwin", "GOARCH": arch, "CGO_ENABLED": "0",
                           "GOFLAGS": "-buildvcs=false"}
            environment.pop("GOROOT", None)
            must("go", "build", "-ldflags=-s -w", "-o", self.folder / arch, ".", cwd=source,
                 env=environment)

    def serve(self, config="ext"):
        world = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = world.folder / "query"
                query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
                reply = run("openssl", "ts", "-reply", "-config", world.folder / config, "-section",
                            "tsa_config", "-queryfile", query)
                self.send_response(200 if reply.returncode == 0 else 500)
                self.end_headers()
                self.wfile.write(reply.stdout)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


class Sign(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.world = World(Path(cls.place.name))

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def copy(self, name="arm64", to="tool"):
        path = Path(self.folder.name) / to
        shutil.copy(self.world.folder / name, path)
        return path

    def sign(self, path, *options, code=0):
        exit_code, report = tenon("sign", path, *options)
        self.assertEqual(exit_code, code, report)
        return report

    def verified(self, path, *options):
        exit_code, report = tenon("verify", path, *options)
        self.assertEqual(exit_code, 0, report)
        return report["data"]["slices"]

    def test_ad_hoc(self):
        path = self.copy()
        path.chmod(0o751)
        self.sign(path)
        s = Slice(path.read_bytes())
        cd = s.directory()
        self.assertEqual((cd.flags, cd.version, cd.hash_type, cd.page_shift), (2, 0x20400, 2, 14))
        for page in range(cd.code_slots):
            at = cd.hash_place(page)
            self.assertEqual(s.data[at:at + 32], cd.digest(cd.page(page)))
        self.assertEqual(s.blob(0x10000), struct.pack(">2I", 0xFADE0B01, 8))
        self.assertEqual(s.blob(2), struct.pack(">3I", 0xFADE0C01, 12, 0))
        self.assertEqual(list(s.blobs()), [0, 2, 0x10000])
        self.assertEqual(s.sig_at % 16, 0)
        self.assertEqual(s.sig_at + s.sig_size, len(s.data))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o751)
        self.assertEqual(self.verified(path)[0]["kind"], "ad-hoc")
        self.assertTrue(self.verified(path)[0]["identifier"].startswith("tool"))

    def test_again_gives_the_same(self):
        path = self.copy()
        self.sign(path)
        first = path.read_bytes()
        self.sign(path)
        self.assertEqual(path.read_bytes(), first)

    def test_strip(self):
        for name in ("arm64", "amd64"):
            one, two = self.copy(name, "one"), self.copy(name, "two")
            self.sign(one)
            self.sign(one, *self.world.who)
            self.sign(one, "--remove")
            self.sign(two, "--remove")
            self.assertEqual(one.read_bytes(), two.read_bytes())
            exit_code, report = tenon("verify", one)
            self.assertEqual((exit_code, report["data"]["slices"][0]["kind"]), (1, "unsigned"))

    def check_cms(self, path):
        s = Slice(path.read_bytes())
        folder = Path(self.folder.name)
        (folder / "cd").write_bytes(s.blob(0))
        (folder / "cms").write_bytes(s.blob(0x10000)[8:])
        done = run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "cms",
                   "-content", folder / "cd", "-CAfile", self.world.folder / "root.pem", "-purpose",
                   "any", "-out", os.devnull)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = run("openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in",
                   folder / "cms").stdout.decode(errors="replace")
        self.assertIn("1.2.840.113635.100.9.1", text)
        self.assertIn("1.2.840.113635.100.9.2", text)
        return s, text

    def test_with_a_certificate(self):
        path = self.copy()
        self.sign(path, *self.world.who, "--runtime", "--identifier", "com.example.tool")
        s, text = self.check_cms(path)
        cd = s.directory()
        self.assertEqual((cd.flags, cd.version), (0x10000, 0x20500))
        self.assertIn(hashlib.sha256(s.blob(0)).hexdigest()[:40], text.replace(":", "").lower() +
                      hashlib.sha256(s.blob(0)).hexdigest())
        slice_ = self.verified(path, *self.world.trust, "--require", "trusted,runtime")[0]
        self.assertEqual(slice_["trust"]["state"], "valid")
        self.assertEqual(slice_["kind"], "private")
        self.assertEqual(self.verified(path)[0]["trust"]["state"], "none")
        # drmaker.cpp: the leaf is the last of its organization.
        leaf = run("openssl", "x509", "-in", self.world.folder / "leaf.pem", "-outform", "DER").stdout
        self.assertEqual(slice_["designated_requirement"],
                         'identifier "com.example.tool" and certificate leaf = H"%s"'
                         % hashlib.sha1(leaf).hexdigest())
        self.assertTrue(slice_["requirement_stored"])

    def test_pkcs12_as_keychain_exports_it(self):
        path = self.copy()
        p12 = self.world.folder / "id.p12"
        before = path.read_bytes()
        for password in (None, "wrong"):
            environment = {k: v for k, v in os.environ.items() if k != "TENON_SIGN_PASSWORD"}
            if password:
                environment["TENON_SIGN_PASSWORD"] = password
            exit_code, report = tenon("sign", path, "--identity", p12, env=environment)
            self.assertEqual((exit_code, report["findings"][0]["code"]), (1, "TN0803"))
            self.assertEqual(path.read_bytes(), before)
        exit_code, _ = tenon("sign", path, "--identity", p12,
                             env={**os.environ, "TENON_SIGN_PASSWORD": "secret"})
        self.assertEqual(exit_code, 0)
        self.check_cms(path)

    def test_certificates_beyond_2038_and_2050(self):
        """The years in which 32-bit times and two-digit years (UTCTime) end."""
        folder = Path(self.folder.name)
        (folder / "ext").write_text(
            "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nkeyUsage=critical,digitalSignature\n"
            "extendedKeyUsage=critical,codeSigning\nbasicConstraints=critical,CA:false\n")
        for days in (7000, 20000):
            path = self.copy(to=f"tool{days}")
            key, certificate = folder / f"{days}.key", folder / f"{days}.pem"
            run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                certificate, "-days", str(days), "-subj", "/CN=Far", "-config", folder / "ext",
                "-extensions", "v3")
            both = folder / f"{days}.both"
            both.write_bytes(key.read_bytes() + certificate.read_bytes())
            self.sign(path, "--identity", both)
            slice_ = self.verified(path, "--trust-root", certificate)[0]
            end = run("openssl", "x509", "-noout", "-enddate", "-dateopt", "iso_8601", "-in",
                      certificate).stdout.decode().strip().removeprefix("notAfter=")
            self.assertEqual(slice_["signer"]["certificates"][0]["not_after"], end.replace(" ", "T"))
            self.assertEqual(slice_["trust"]["state"], "valid")

    def test_timestamp(self):
        server = self.world.serve()
        self.addCleanup(server.shutdown)
        path = self.copy()
        url = f"http://127.0.0.1:{server.server_port}/ts"
        if shutil.which("curl") is None:
            self.skipTest("no curl")
        self.sign(path, *self.world.who, "--timestamp-url", url)
        slice_ = self.verified(path, *self.world.trust)[0]
        self.assertEqual(slice_["signer"]["checks"]["timestamp"], "valid")
        self.assertEqual(slice_["signer"]["timestamp"]["authority"], "Test Timestamps")
        before = path.read_bytes()
        server.shutdown()
        server.server_close()
        report = self.sign(path, *self.world.who, "--timestamp-url", url, code=1)
        self.assertEqual(report["findings"][-1]["code"], "TN0804")
        self.assertEqual(path.read_bytes(), before)

    def expiries(self, report):
        return [(f["code"], f["subject"]) for f in report["findings"] if f["code"] in ("TN0805", "TN1009")]

    def test_certificates_that_end(self):
        world = self.world
        for name, days in (("near", 89), ("far", 92), ("past", -1)):
            world.issue(name, f"/CN={name.title()} Signer/O=Example", days, extensions="leaf")
        world.issue("tsa_ca", "/CN=Near Timestamp CA/O=Test", 60, extensions="authority")
        world.issue("near_tsa", "/CN=Timestamps/O=Test", 40, issuer="tsa_ca", extensions="tsa")
        ext = (world.folder / "ext").read_text()
        (world.folder / "near_ext").write_text(
            ext.replace(f"{world.folder}/tsa.", f"{world.folder}/near_tsa.")
            .replace(f"certs={world.folder}/root.pem", f"certs={world.folder}/above.pem"))
        (world.folder / "above.pem").write_bytes(
            b"".join((world.folder / f"{each}.pem").read_bytes() for each in ("tsa_ca", "root")))

        def who(name):
            return ["--key", world.folder / f"{name}.key", "--cert",
                    f"{world.folder}/{name}.pem,{world.folder}/root.pem"]

        path = self.copy()
        before = path.read_bytes()
        refused = self.sign(path, *who("past"), code=1)
        self.assertEqual([f["code"] for f in refused["findings"]], ["TN0803"])
        self.assertIn("expired on", refused["findings"][0]["message"])
        self.assertEqual(path.read_bytes(), before)
        self.assertEqual(self.expiries(self.sign(path, *who("far"))), [])
        near = [("TN0805", "Near Signer")]
        self.assertEqual(self.expiries(self.sign(path, *who("near"), "--dry-run")), near)
        self.assertEqual(self.expiries(self.sign(path, *who("near"))), near)
        self.assertEqual(self.expiries(self.lint(path)), near)
        if shutil.which("curl") is None:
            self.skipTest("no curl")
        server = world.serve("near_ext")
        self.addCleanup(server.shutdown)
        # Of the timestamp the authority counts, not the certificate of the service itself.
        near.append(("TN0805", "Near Timestamp CA"))
        report = self.sign(path, *who("near"), "--timestamp-url", f"http://127.0.0.1:{server.server_port}/ts")
        self.assertEqual(self.expiries(report), near)
        self.assertEqual(self.expiries(self.lint(path)), near)

    def lint(self, path):
        done = run(TENON, "notarize", "--lint", path, "--trust-root", self.world.folder / "root.pem", "--json")
        return json.loads(done.stdout)

    def test_entitlements(self):
        path = self.copy()
        wanted = Path(self.folder.name) / "e.plist"
        wanted.write_bytes(plistlib.dumps(ENTITLEMENTS))
        self.sign(path, "--entitlements", wanted, "--options", "runtime,library")
        s = Slice(path.read_bytes())
        self.assertEqual(plistlib.loads(s.blob(5)[8:]), ENTITLEMENTS)
        der = s.blob(7)[8:]
        self.assertEqual(der[0], 0x70)
        self.assertIn(b"com.apple.security.cs.allow-jit\x01\x01\xff", der)
        self.assertEqual(s.directory().special_slots, 7)
        # Kept, with the flags, when signed again.
        self.sign(path)
        s = Slice(path.read_bytes())
        self.assertEqual(plistlib.loads(s.blob(5)[8:]), ENTITLEMENTS)
        self.assertEqual(s.directory().flags, 0x12002)
        report = self.sign(path, "--drop-entitlements")
        self.assertIn("lost.entitlements", [x["code"] for x in report["data"]["files"][0]["lost"]])
        self.assertNotIn(5, Slice(path.read_bytes()).blobs())
        before = path.read_bytes()
        wanted.write_bytes(plistlib.dumps(ENTITLEMENTS) + b"</xml>")
        report = self.sign(path, "--entitlements", wanted, code=1)
        self.assertIn("AMFIUnserializeXML: syntax error near line", report["findings"][0]["message"])
        self.assertEqual(path.read_bytes(), before)

    def test_universal(self):
        path = Path(self.folder.name) / "both"
        path.write_bytes(fat([(self.world.folder / a).read_bytes() for a in ("amd64", "arm64")]))
        self.sign(path, *self.world.who)
        slices = self.verified(path, *self.world.trust, "--require", "all-slices-same-id")
        self.assertEqual([s["arch"] for s in slices], ["x86_64", "arm64"])
        self.assertEqual([s["page_size"] for s in slices], [4096, 16384])
        self.assertEqual({s["identifier"] for s in slices}, {"both"})
        self.sign(path)
        self.verified(path)

    def test_refused(self):
        folder = Path(self.folder.name)
        (folder / "lib.a").write_bytes(b"!<arch>\n")
        (folder / "script").write_text("#!/bin/sh\n")
        shutil.copy(TENON, folder / "elf")
        trailing = self.copy(to="trailing")
        trailing.write_bytes(trailing.read_bytes() + b"x" * 64 + b"---- Bun! ----\n")
        for name, word in (("lib.a", "extended attributes"), ("script", "Mach-O"), ("elf", "Mach-O"),
                           ("trailing", "Bun")):
            before = (folder / name).read_bytes()
            report = self.sign(folder / name, code=2)
            self.assertEqual(report["findings"][0]["code"], "TN0801")
            self.assertIn(word, report["findings"][0]["message"])
            self.assertEqual((folder / name).read_bytes(), before)
        self.assertEqual(sorted(p.name for p in folder.iterdir()),
                         ["elf", "lib.a", "script", "trailing"])
        self.assertEqual(tenon("sign")[0], 3)
        self.assertEqual(tenon("sign", self.copy(), "--page-size", "1")[0], 3)

    def bundle(self):
        root = Path(self.folder.name) / "My.app"
        contents = root / "Contents"
        helper = contents / "Helpers" / "Tool.app" / "Contents"
        for folder in (contents / "MacOS", contents / "Resources" / "en.lproj", helper / "MacOS",
                       contents / "Frameworks"):
            folder.mkdir(parents=True)
        for where, name, identifier in ((contents, "My", "com.example.my"),
                                        (helper, "Tool", "com.example.my.tool")):
            shutil.copy(self.world.folder / "arm64", where / "MacOS" / name)
            (where / "Info.plist").write_bytes(plistlib.dumps(
                {"CFBundleExecutable": name, "CFBundleIdentifier": identifier}))
        shutil.copy(self.world.folder / "arm64", contents / "Frameworks" / "libx.dylib")
        (contents / "Resources" / "data.txt").write_text("data")
        (contents / "Resources" / "link").symlink_to("data.txt")
        (contents / "Resources" / "en.lproj" / "x.strings").write_text("x")
        return root

    def test_bundle(self):
        for who in ([], self.world.who):
            with self.subTest(who=bool(who)):
                root = self.bundle()
                plan = self.sign(root, *who, "--dry-run")
                self.assertFalse((root / "Contents" / "_CodeSignature").exists())
                report = self.sign(root, *who)
                paths = [f["path"] for f in report["data"]["files"]]
                self.assertEqual(paths, [f["path"] for f in plan["data"]["files"]])
                self.assertTrue(paths[-1].endswith("My.app/Contents/MacOS/My"))
                slices = self.verified(root, *self.world.trust)
                self.assertEqual(slices[0]["identifier"], "com.example.my")
                self.check_seal(root)
                self.tamper(root)
                shutil.rmtree(root)

    def check_seal(self, root):
        seal = plistlib.loads((root / "Contents/_CodeSignature/CodeResources").read_bytes())
        files = seal["files2"]
        self.assertEqual(files["Resources/data.txt"]["hash2"], hashlib.sha256(b"data").digest())
        self.assertEqual(files["Resources/link"], {"symlink": "data.txt"})
        self.assertTrue(files["Resources/en.lproj/x.strings"]["optional"])
        self.assertIn("cdhash", files["Helpers/Tool.app"])
        self.assertIn("requirement", files["Frameworks/libx.dylib"])
        main = Slice((root / "Contents/MacOS/My").read_bytes())
        cd = main.directory()
        for slot, name in ((1, "Info.plist"), (3, "_CodeSignature/CodeResources")):
            at = cd.hash_place(-slot)
            self.assertEqual(main.data[at:at + 32],
                             hashlib.sha256((root / "Contents" / name).read_bytes()).digest())

    def tamper(self, root):
        def change(path, data):
            path.write_bytes(data)

        contents = root / "Contents"
        forged = Slice((contents / "Frameworks/libx.dylib").read_bytes())
        forged.data[5000] ^= 1
        cases = (
            ("Resources/data.txt", lambda p: change(p, b"other"), "bundle.altered"),
            ("Resources/new.txt", lambda p: change(p, b"new"), "bundle.added"),
            ("Resources/data.txt", lambda p: p.unlink(), "bundle.missing"),
            ("Info.plist", lambda p: change(p, p.read_bytes() + b"\n"), "slot.hash"),
            ("_CodeSignature/CodeResources", lambda p: change(p, p.read_bytes() + b"\n"), "slot.hash"),
            ("_CodeSignature/CodeResources", lambda p: p.unlink(), "bundle.not-sealed"),
            ("Frameworks/libx.dylib", lambda p: change(p, bytes(forged.data)), "bundle.nested-invalid"),
            ("Helpers/Tool.app/Contents/Info.plist", lambda p: change(p, p.read_bytes() + b"\n"),
             "bundle.nested-invalid"),
            ("Resources/link", lambda p: (p.unlink(), p.symlink_to("en.lproj")), "bundle.link-altered"),
        )
        for name, act, code in cases:
            path = contents / name
            with self.subTest(name=name, code=code), tempfile.TemporaryDirectory() as keep:
                kept = Path(keep) / "copy"
                shutil.copytree(root, kept, symlinks=True)
                act(path)
                exit_code, report = tenon("verify", root)
                found = [c["code"] for s in report["data"]["slices"] for c in s["integrity"]["causes"]]
                self.assertEqual(exit_code, 1)
                self.assertIn(code, found)
                shutil.rmtree(root)
                shutil.copytree(kept, root, symlinks=True)

    def test_rcodesign_reads_it(self):
        if shutil.which("rcodesign") is None:
            self.skipTest("no rcodesign")
        path = self.copy()
        self.sign(path, *self.world.who, "--runtime")
        done = run("rcodesign", "verify", path)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    if shutil.which("openssl") is None or shutil.which("go") is None:
        print("openssl or go is missing")
        sys.exit(77)
    unittest.main()
