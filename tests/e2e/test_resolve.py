#!/usr/bin/env python3
"""tenon resolve against Go itself: random machines, Go's own test table, programs, and a server that misbehaves."""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "resolve"))

import both  # noqa: E402
import conf_cases  # noqa: E402
import oracle  # noqa: E402
import run as campaign  # noqa: E402

TENON = Path(os.environ.get("TENON", "build/dev/tenon")).resolve()
SEED = os.environ.get("TENON_RESOLVE_SEED", "1")
CASES = int(os.environ.get("TENON_RESOLVE_CASES", "2000"))
HELLO = 'package main\n\nimport (\n\t"net"\n\t"os"\n)\n\nfunc main() { net.LookupHost(os.Args[0]) }\n'


def tenon(*arguments, code=0, env=None, text=None):
    done = subprocess.run([TENON, "resolve", *map(str, arguments)], capture_output=True, text=True, timeout=60, env=env,
                          input=text)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def data(*arguments, **how):
    return json.loads(tenon("--json", *arguments, **how))["data"]


class Resolve(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tenon-resolve")
        cls.work = Path(cls.folder.name)
        os.chmod(cls.work, 0o755)
        try:
            cls.go = oracle.go_version(cls.work)
        except oracle.NoGo as reason:
            cls.folder.cleanup()
            print(f"skipped: {reason}")
            sys.exit(77)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def root(self, **files):
        folder = Path(tempfile.mkdtemp(dir=self.work))
        (folder / "etc").mkdir()
        for name, text in files.items():
            if text is not None:
                (folder / "etc" / name.replace("_", ".")).write_text(text)
        return folder

    def build(self, name, environment, *flags):
        folder = self.work / "hello"
        oracle.write_module(folder, HELLO, self.go)
        oracle.go(["build", *flags, "-o", self.work / name, "."], folder, None, environment)
        return self.work / name

    def test_random_machines(self):
        lines, found = campaign.campaign(TENON, self.work, SEED, CASES, CASES)
        print("\n".join(lines))
        self.assertEqual(found[:5], [])

    def test_go_s_own_table(self):
        source = Path(oracle.go(["env", "GOROOT"], self.work).strip(), "src/net/conf_test.go").read_text()
        checks = 0
        for case in conf_cases.cases(source):
            root = self.root(**{name.replace(".", "_"): text for name, text in case["files"].items()})
            for name, own, order in case["checks"]:
                with self.subTest(case=case["name"], name=name):
                    row = data("--root", root, "--go", self.go, "--hostname", own, *case["flags"], "--", name)["names"][0]
                    self.assertEqual(row["order"], order)
                    checks += 1
        self.assertGreaterEqual(checks, 64)
        for nsswitch in ("hosts: files myhostname dns", "hosts: files mdns4 dns"):
            calls = data("--root", self.root(nsswitch_conf=nsswitch), "--cgo", "1", "x")["calls"]
            self.assertEqual([one["resolver"] for one in calls if one["call"] == "LookupAddr"], ["libc"])

    def test_both_ways(self):
        result = both.campaign(TENON, self.work)
        if result is None:
            self.skipTest("the system refuses namespaces")
        print("\n".join(result["lines"]))
        self.assertEqual(result["differences"], [])
        self.assertGreaterEqual(len(result["lines"]), 24)

    def test_programs(self):
        root = self.root(nsswitch_conf="hosts: files dns\n", resolv_conf="nameserver 192.0.2.1\n")
        for name, environment, flags, reason in (
                ("cgo", {"CGO_ENABLED": "1"}, [], "nsswitch-order"),
                ("nocgo", {"CGO_ENABLED": "0"}, [], "cgo-not-compiled-in"),
                ("netgo", {"CGO_ENABLED": "1"}, ["-tags", "netgo"], "netgo-tag"),
                ("netcgo", {"CGO_ENABLED": "1"}, ["-tags", "netcgo,x"], "netcgo-tag"),
                ("mac", {"CGO_ENABLED": "0", "GOOS": "darwin", "GOARCH": "arm64"}, [], "os-prefers-libc"),
                ("mac-netgo", {"CGO_ENABLED": "0", "GOOS": "darwin", "GOARCH": "arm64"}, ["-tags", "netgo"], "netgo-tag"),
                ("windows", {"CGO_ENABLED": "0", "GOOS": "windows", "GOARCH": "amd64"}, [], "os-prefers-libc"),
                ("stripped", {"CGO_ENABLED": "0"}, ["-ldflags=-s -w", "-trimpath"], "cgo-not-compiled-in")):
            with self.subTest(name=name):
                program = self.build(name, environment, *flags)
                said = data("--root", root, "--binary", program, "example.org")
                self.assertEqual(said["names"][0]["reason"], reason)
                self.assertEqual(said["inputs"]["go"], self.go)

    def test_static_glibc(self):
        try:
            program = self.build("static", {"CGO_ENABLED": "1"}, "-ldflags=-linkmode external -extldflags '-static'")
        except oracle.NoGo as reason:
            self.skipTest(str(reason)[:200])
        for nsswitch, expected in (("hosts: files dns", False), ("hosts: files mymachines dns", True)):
            said = json.loads(tenon("--json", "--root", self.root(nsswitch_conf=nsswitch), "--binary", program, "x"))
            self.assertEqual("TN1308" in [one["code"] for one in said["findings"]], expected, nsswitch)

    def test_process(self):
        if not Path("/proc/self/environ").exists():
            self.skipTest("no /proc")
        folder = self.work / "wait"
        oracle.write_module(folder, "package main\n\nimport \"time\"\n\nfunc main() { time.Sleep(time.Minute) }\n", self.go)
        oracle.go(["build", "-o", "wait", "."], folder, None, {"CGO_ENABLED": "0"})
        child = subprocess.Popen([folder / "wait"], env={"GODEBUG": "netdns=cgo"})
        try:
            time.sleep(0.2)  # until exec has replaced the environment
            said = json.loads(tenon("--json", "--pid", child.pid, "x"))
        finally:
            child.kill()
            child.wait()
        self.assertEqual(said["data"]["inputs"]["environment"]["GODEBUG"], "netdns=cgo")
        self.assertEqual(said["data"]["names"][0]["reason"], "cgo-not-compiled-in")
        self.assertIn("TN1310", [one["code"] for one in said["findings"]])

    def test_log(self):
        root = self.root(nsswitch_conf="hosts: files dns")
        log = self.work / "log"
        log.write_text("go package net: confVal.netCgo = false  netGo = false\ngo package net: dynamic selection of DNS resolver\n"
                       "go package net: hostLookupOrder(a.b) = files,dns\n")
        self.assertTrue(data("--root", root, "--cgo", "1", "--log", log, "a.b")["log"]["agrees"])
        said = data("--root", root, "--cgo", "1", "--godebug", "netdns=cgo", "--log", log, "a.b", code=1)
        self.assertIn("sudo", said["log"]["differences"][0]["why"])
        log.write_text("nothing of it\n")
        self.assertIsNone(data("--root", root, "--log", log, "a", code=1)["log"]["agrees"])

    def test_oracle(self):
        said = data("--oracle", "--cgo", "1", "example.org", "localhost", "a.local", "back\\slash")
        self.assertNotIn("problem", said["oracle"])
        self.assertTrue(said["oracle"]["agrees"], said["oracle"])

    def test_another_machine(self):
        record = self.work / "host.json"
        subprocess.run([TENON, "doctor", "--no-probe", "--record", record], capture_output=True, timeout=120)
        here = data("--cgo", "1", "example.org")["names"][0]
        there = data("--from", record, "--cgo", "1", "example.org")["names"][0]
        self.assertEqual(there["order"], here["order"])
        snapshot = json.loads(record.read_text())
        snapshot["network"]["resolver_nsswitch"] = {"state": "text", "text": "hosts: dns files\n", "error": ""}
        record.write_text(json.dumps(snapshot))
        self.assertEqual(data("--from", record, "--cgo", "0", "example.org")["names"][0]["order"], "dns,files")
        # A log of that machine: what it decides for the name, with cgo and without.
        log = self.work / "failed.log"
        log.write_text("dial tcp: lookup db.example on 10.0.0.1:53: no such host\n")
        done = subprocess.run([TENON, "explain", log, "--host", record, "--no-project", "--json"], capture_output=True,
                              text=True, timeout=120)
        machine = json.loads(done.stdout)["data"]["lookup"]["machine"]
        self.assertEqual(machine["without_cgo"]["order"], "dns,files")
        self.assertIn("nsswitch", machine["with_cgo"]["order_reason"] + machine["with_cgo"]["reason"])
        self.assertGreater(machine["without_cgo"]["plan"]["queries"], 0)
        said = subprocess.run([TENON, "explain", log, "--host", record, "--no-project"], capture_output=True, text=True,
                              timeout=120).stdout
        self.assertIn("a program without cgo: dns,files, because", said)
        del snapshot["network"]["resolver_nsswitch"]
        record.write_text(json.dumps(snapshot))
        self.assertEqual(data("--from", record, "--cgo", "0", "a", code=2)["names"][0]["order"], "unknown")

    def test_plan(self):
        root = self.root(resolv_conf="nameserver 10.0.0.1\nsearch a.b c.d e.f\noptions ndots:5\n")
        plan = data("--root", root, "--cgo", "0", "example.org")["names"][0]["plan"]
        self.assertEqual((plan["queries"], plan["packets"], plan["worst_ms"]), (8, 16, 40000))

    def test_links_stay_in_the_root(self):
        root = self.root()
        (root / "run").mkdir()
        (root / "run/resolv").write_text("options inet6\n")
        (root / "etc/resolv.conf").symlink_to("/run/resolv")
        self.assertEqual(data("--root", root, "--cgo", "1", "x")["names"][0]["detail"], "options inet6")
        (root / "etc/nsswitch.conf").symlink_to("../../../../../../etc/nsswitch.conf")
        self.assertEqual(data("--root", root, "--cgo", "0", "x")["names"][0]["order_reason"], "nsswitch-unreadable")

    def test_bad_input(self):
        plain = self.work / "plain"
        plain.write_text("no program")
        fifo = self.root()
        os.mkfifo(fifo / "etc/nsswitch.conf")
        for arguments in ([], ["--root", plain, "x"], ["--root", self.work / "absent", "x"], ["--binary", plain, "x"],
                          ["--binary", "/bin/sh", "x"], ["--goos", "beos", "x"], ["--go", "two", "x"], ["--cgo", "2", "x"],
                          ["--env", "novalue", "x"], ["--godebug", "go", "x"], ["--pid", "0", "x"], ["--pid", "2147483646", "x"],
                          ["--from", plain, "x"], ["--root", "/", "--run", "x"], ["--log", self.work / "absent", "x"], [""],
                          ["--error", "line", "x"], ["--deadline", "0", "--run", "x"]):
            with self.subTest(arguments=arguments):
                self.assertIn("TN", tenon("--json", *arguments, code=3))
        self.assertEqual(data("--root", fifo, "--cgo", "0", "x", code=2)["names"][0]["order"], "unknown")

    def test_error_lines(self):
        said = data("--error", "dial tcp: lookup printer.local on 192.168.1.1:53: no such host")["error"]
        self.assertEqual((said["verdict"], said["cause"]["number"]), ("local-needs-mdns", 3))
        said = data("--error", "lookup a.example on 10.0.0.1:53: i/o timeout", code=2)["error"]
        self.assertEqual(said["verdict"], "not-enough-evidence")
        self.assertTrue(said["run"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
