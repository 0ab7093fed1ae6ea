"""The cache's second home on the network: two machines (two caches) and one store. What the second gets has the bytes of a
fresh compile, and no fault of the store makes a wrong object or a failed build.

Ends with 77 where the components of scripts/setup.sh --fleet, or gRPC in this build, are not there.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
COMPONENTS = os.environ.get("TENON_FLEET") or os.path.join(os.environ.get("TENON_TOOLS", ""), "fleet")
PYTHON = Path(COMPONENTS, "venv/bin/python")
CASD = Path(COMPONENTS, "bin/buildbox-casd")
SUPPORT = Path(__file__).parent.parent / "support"
# The last one is larger than a message of gRPC may be, so that it goes as a stream.
SOURCES = {"one": "int one(int x) { return x + 1; }\n",
           "two": '#include "two.h"\nint two(int x) { return x + TWO; }\n',
           "warns": "#warning of mine\nint warns;\n",
           "large": "const char large[5000000] = {1, 2, 3};\n"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Machine:
    """A cache, and a checkout of its own."""

    def __init__(self, place, remote, **env):
        self.cache, self.checkout = place / "cache", place / "checkout"
        self.checkout.mkdir(parents=True)
        self.env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.env |= {"TENON_CACHE": str(self.cache), "TENON_CACHE_REMOTE": remote, "LC_ALL": "C", **env}
        self.write("go.mod", "module example.com/m\n\ngo 1.21\n")
        self.write("lib/p.go", "package p\n\nfunc Three() int { return 3 }\n")
        self.write("two.h", "#define TWO 2\n")
        for name, text in SOURCES.items():
            self.write(f"{name}.c", text)

    def write(self, name, text):
        path = self.checkout / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        old = time.time() - 5
        os.utime(path, (old, old))

    def run(self, *arguments, code=0, **env):
        done = subprocess.run([TENON, *arguments], cwd=self.checkout, env={**self.env, **env}, capture_output=True,
                              text=True, timeout=120, stdin=subprocess.DEVNULL, check=False)
        if code is not None and done.returncode != code:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def compile(self, name, *options, **env):
        """The object's bytes, and what the compiler said."""
        out = self.checkout / f"{name}.o"
        out.unlink(missing_ok=True)
        said = self.run("cc", "--native", *options, "-c", f"{name}.c", "-o", out, **env).stderr
        return out.read_bytes(), said

    def compile_all(self):
        return {name: self.compile(name) for name in SOURCES}

    def fresh(self):
        """With no cache at all."""
        return {name: self.compile(name, "--no-cache") for name in SOURCES}

    def stats(self):
        data = json.loads(self.run("cache", "stats", "--json").stdout)["data"]
        return data["hits"], data["misses"], data["remote_hits"]

    def flush(self, code=0):
        self.run("cache", "flush", code=code)


class WithStore(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-remote-")).resolve()
        # Each helper ends when its folder is gone.
        self.addCleanup(shutil.rmtree, self.top, True)
        self.port = free_port()
        self.remote = f"grpc://127.0.0.1:{self.port}"

    def machine(self, name, **env):
        return Machine(self.top / name, self.remote, **env)

    def serve(self, *argv):
        server = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        return server

    def doors(self):
        return [entry for entry in Path("/proc").glob("[0-9]*/cmdline")
                if b"tenon-fleet\0cache\0door" in read(entry)
                and str(self.top).encode() in read(entry.parent / "environ")]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


class Casd(WithStore):
    def setUp(self):
        super().setUp()
        (self.top / "store").mkdir()
        self.serve(CASD, "--bind", f"127.0.0.1:{self.port}", "--quota-high=1G", "--log-level=error", self.top / "store")
        for _ in range(200):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.05)

    def test_second_machine_compiles_nothing(self):
        first, second = self.machine("first"), self.machine("second")
        objects = first.compile_all()
        self.assertEqual(first.stats(), (0, 4, 0))
        first.flush()
        self.assertEqual(second.compile_all(), objects)
        self.assertEqual(second.stats(), (4, 0, 4))
        # From the folder now.
        self.assertEqual(second.compile_all(), objects)
        self.assertEqual(second.stats(), (8, 0, 4))
        fresh = self.machine("third").fresh()
        self.assertEqual(objects, fresh)
        # A header that differs is a miss, and its object goes to the store beside the other.
        second.write("two.h", "#define TWO 22\n")
        other = second.compile("two")
        self.assertNotEqual(other, objects["two"])
        second.flush()
        fourth = self.machine("fourth")
        self.assertEqual(fourth.compile("two"), objects["two"])
        fourth.write("two.h", "#define TWO 22\n")
        self.assertEqual(fourth.compile("two"), other)
        self.assertEqual(fourth.stats(), (2, 0, 2))

    def test_read_only(self):
        first, second = self.machine("first", TENON_CACHE_READ_ONLY="1"), self.machine("second")
        first.compile("one")
        first.flush()
        second.compile("one")
        self.assertEqual(second.stats(), (0, 1, 0))

    def test_go_build_cache(self):
        def build(machine, **env):
            prog = f"{TENON} cache prog"
            done = subprocess.run(["go", "build", "-v", "-o", machine.checkout / "p.a", "./lib"], cwd=machine.checkout,
                                  env={**machine.env, "GOCACHE": str(machine.checkout.parent / "go"), "GOFLAGS": "-trimpath",
                                       "GOCACHEPROG": prog, **env}, capture_output=True, text=True, timeout=120, check=True)
            return (machine.checkout / "p.a").read_bytes(), "example.com/m" in done.stderr

        first, second, third = self.machine("first"), self.machine("second"), self.machine("third")
        bytes_of_first, built = build(first)
        self.assertTrue(built)
        first.flush()
        for machine, prog in ((second, f"{TENON} cache prog"), (third, f"{TENON} cache prog --read-only")):
            self.assertEqual(build(machine, GOCACHEPROG=prog), (bytes_of_first, False))
        self.assertGreater(second.stats()[2], 0)
        self.assertFalse((third.cache / "compile/blob").exists())

    def test_helper_ends(self):
        machine = self.machine("first")
        with subprocess.Popen([TENON, "cache", "door", "--idle", "1s", "--json"], env=machine.env, stdout=subprocess.PIPE,
                              text=True) as door:
            for _ in range(200):
                if list((machine.cache / "door").glob("*")):
                    break
                time.sleep(0.02)
            machine.compile("one")
            out, _ = door.communicate(timeout=60)
        self.assertEqual(door.returncode, 0)
        self.assertEqual(json.loads(out)["data"]["puts"], 1)
        # Started again by whoever needs it, and gone with its folder.
        machine.compile("two")
        self.assertEqual(len(self.doors()), 1)
        shutil.rmtree(machine.cache)
        for _ in range(200):
            if not self.doors():
                break
            time.sleep(0.05)
        self.assertEqual(self.doors(), [])


class Faults(WithStore):
    def start(self, *token):
        self.mode = self.top / "mode"
        self.say("ok")
        server = self.serve(PYTHON, SUPPORT / "fake_store.py", str(self.port), self.mode, *token)
        self.assertEqual(server.stdout.readline(), b"ready\n")
        return server

    def say(self, mode):
        self.mode.write_text(mode)

    def test_no_fault_makes_a_wrong_object(self):
        server = self.start()
        first = self.machine("first")
        objects = first.compile_all()
        first.flush()
        usual = self.took(self.machine("usual", TENON_CACHE_REMOTE=""), objects)
        for mode in ("lie", "swap", "slow", "stall", "close", "refuse"):
            with self.subTest(mode):
                self.say(mode)
                # 1 s is the promise; the rest is for a machine that does other work too.
                self.assertLess(self.took(self.machine(mode), objects), 2 * usual + 3)
                self.say("ok")
        server.kill()
        server.wait()
        self.assertLess(self.took(self.machine("down"), objects), 2 * usual + 3)

    def took(self, machine, objects):
        start = time.monotonic()
        self.assertEqual(machine.compile_all(), objects)
        return time.monotonic() - start

    def test_puts_that_fail_harm_nobody(self):
        self.start()
        fresh = self.machine("fresh").fresh()
        for mode in ("full", "close", "slow"):
            with self.subTest(mode):
                self.say(mode)
                machine = self.machine(mode)
                self.assertEqual(machine.compile_all(), fresh)
                if mode != "slow":
                    machine.flush(code=1)
                self.say("ok")
        second = self.machine("second")
        second.compile("one")
        self.assertEqual(second.stats(), (0, 1, 0))

    def test_helper_that_hangs(self):
        self.start()
        machine = self.machine("first")
        fresh = self.machine("fresh").fresh()
        machine.compile("one")
        (door,) = self.doors()
        os.kill(int(door.parent.name), signal.SIGSTOP)
        try:
            self.assertEqual(machine.compile_all(), fresh)
        finally:
            os.kill(int(door.parent.name), signal.SIGKILL)
        self.assertEqual(machine.compile_all(), fresh)

    def test_puts_need_a_token(self):
        self.start("of-the-team")
        token = self.top / "token"
        token.write_text("of-the-team\n")
        stranger, member = self.machine("stranger"), self.machine("member", TENON_CACHE_TOKEN_FILE=str(token))
        stranger.compile("one")
        stranger.flush(code=1)
        member.compile("one")
        self.assertEqual(member.stats(), (0, 1, 0))
        member.flush()
        reader = self.machine("reader")
        reader.compile("one")
        self.assertEqual(reader.stats(), (1, 0, 1))

    @unittest.skipUnless(shutil.which("openssl"), "no openssl")
    def test_tls_with_an_authority_of_the_team(self):
        def authority(name):
            key, certificate = self.top / f"{name}.key", self.top / f"{name}.crt"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                            "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                            key, "-out", certificate], check=True, capture_output=True)
            (self.top / f"{name}.pem").write_bytes(key.read_bytes() + certificate.read_bytes())
            return certificate

        team, other = authority("team"), authority("other")
        self.start("of-the-team", str(self.top / "team.pem"))
        self.remote = f"grpcs://localhost:{self.port}"
        token = self.top / "token"
        token.write_text("of-the-team\n")
        member = self.machine("member", TENON_CACHE_TOKEN_FILE=str(token), SSL_CERT_FILE=str(team))
        objects = member.compile_all()
        member.flush()
        reader = self.machine("reader", SSL_CERT_FILE=str(team))
        self.assertEqual(reader.compile_all(), objects)
        self.assertEqual(reader.stats(), (4, 0, 4))
        # Whom the authorities do not vouch for is not talked to, and who speaks in clear is not understood.
        in_clear = f"grpc://localhost:{self.port}"
        for name, env in (("machine", {}), ("other", {"SSL_CERT_FILE": str(other)}), ("clear", {"TENON_CACHE_REMOTE": in_clear}),
                          ("gone", {"SSL_CERT_FILE": str(self.top / "gone.crt")})):
            with self.subTest(name):
                machine = self.machine(name, TENON_CACHE_TOKEN_FILE=str(token), **env)
                self.assertEqual(machine.compile_all(), objects)
                self.assertEqual(machine.stats(), (0, 4, 0))
        told = machine.run("cache", "door", "--json", code=None)
        (self.top / "empty.crt").write_text("none\n")
        empty = self.machine("empty", SSL_CERT_FILE=str(self.top / "empty.crt")).run("cache", "door", "--json", code=None)
        self.assertEqual([finding["code"] for finding in json.loads(empty.stdout)["findings"]], ["TN0105"])
        self.assertEqual([(finding["code"], finding["message"].split(":")[0]) for finding in json.loads(told.stdout)["findings"]],
                         [("TN0105", str(self.top / "gone.crt"))])

    def test_setting_that_is_none(self):
        machine = self.machine("first", TENON_CACHE_REMOTE="http://example.com")
        machine.compile("one")
        self.assertIn("grpc://HOST:PORT", machine.run("cache", "stats", code=3).stderr)


def usable():
    if not CASD.exists() or not PYTHON.exists():
        return "no components of scripts/setup.sh --fleet"
    if not Path(TENON).resolve().with_name("tenon-fleet").exists():
        return "this build has no gRPC"
    return None


if __name__ == "__main__":
    if reason := usable():
        print(f"remote cache: {reason}")
        sys.exit(77)
    unittest.main()
