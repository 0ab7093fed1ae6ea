"""tenon fleet and tenon worker: a fleet on loopback from nothing, a matrix on it, and nothing left afterwards.

Ends with 77 where this build has no gRPC or the components of scripts/setup.sh --fleet are not there.
"""
import hashlib
import json
import os
import pty
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

TENON = os.environ["TENON"]
COMPONENTS = os.environ.get("TENON_FLEET") or os.path.join(os.environ.get("TENON_TOOLS", ""), "fleet")
MAIN = """package main

/*
static int twice(int x) { return 2 * x; }
*/
import "C"

import "fmt"

func main() { fmt.Println(C.twice(21)) }
"""
TARGETS = ["linux/amd64", "linux/arm64"]


def run(*arguments, cwd=None, code=0):
    done = subprocess.run([TENON, *arguments], capture_output=True, text=True, timeout=300, cwd=cwd, check=False)
    if done.returncode != code:
        raise AssertionError(f"tenon {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def document(*arguments, cwd=None, code=0):
    return json.loads(run(*arguments, "--json", cwd=cwd, code=code))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def mentions(path):
    """Command lines of living processes that name the path."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(path) in line and int(entry.parent.name) != os.getpid():
            found.append(line)
    return found


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def module(folder, name, main=MAIN):
    place = Path(folder, name)
    place.mkdir(parents=True)
    (place / "go.mod").write_text(f"module example.com/{name}\n\ngo 1.21\n")
    (place / "main.go").write_text(main)
    return place


class Joined:
    """A worker of a test, and what it says."""

    def __init__(self, port, folder, *options):
        self.process = subprocess.Popen([TENON, "worker", "--join", f"127.0.0.1:{port}", "--folder", str(folder), "--json",
                                         *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.pid, self.rest = self.process.pid, None

    def wait_for(self, word):
        for line in self.process.stderr:
            if word in line:
                # Nothing of the rest is of interest, and a full pipe would hold the worker up.
                self.rest = threading.Thread(target=self.process.stderr.read, daemon=True)
                self.rest.start()
                return
        raise AssertionError(f"the worker ended and did not say {word}")

    def end(self, how=signal.SIGTERM):
        """Its data, unless it was killed."""
        self.process.send_signal(how)
        out = self.process.stdout.read()
        code = self.process.wait(120)
        self.process.stdout.close()
        if self.rest:
            self.rest.join()
        self.process.stderr.close()
        if how == signal.SIGKILL:
            return None
        if code != 0:
            raise AssertionError(f"the worker ended with {code}: {out}")
        return json.loads(out)["data"]


class Terminal:
    """One that a program's standard error is, and all that the program wrote there."""

    def __init__(self):
        self.own, self.theirs = pty.openpty()
        self.text = b""
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        try:
            while piece := os.read(self.own, 65536):
                self.text += piece
        except OSError:
            pass  # nobody has it open any more

    def close(self):
        os.close(self.theirs)
        self.thread.join()
        os.close(self.own)
        return self.text.decode()


class TlsFront(threading.Thread):
    """Speaks TLS for a port that does not, as a proxy in front of a fleet does, and counts where the token came in."""

    def __init__(self, port, pem, token):
        super().__init__(daemon=True)
        self.behind, self.token, self.seen = port, token.encode(), 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.context.set_alpn_protocols(["h2"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            client = self.context.wrap_socket(client, server_side=True)
        except (ssl.SSLError, OSError):
            return
        client.setblocking(False)
        server = socket.create_connection(("127.0.0.1", self.behind))
        with client, server:
            while True:
                ready = [client] if client.pending() else select.select([client, server], [], [])[0]
                for end in ready:
                    try:
                        data = end.recv(65536)
                    except (ssl.SSLWantReadError, BlockingIOError):
                        continue
                    except OSError:
                        return
                    if not data:
                        return
                    if end is server:
                        client.setblocking(True)
                        client.sendall(data)
                        client.setblocking(False)
                    else:
                        # A header that is new to a connection stands there as it is (RFC 7541, 6.2), unless Huffman makes it shorter.
                        self.seen += self.token in data
                        server.sendall(data)

    def close(self):
        self.listener.close()


class WithoutFleet(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        module(self.folder, "app")

    def matrix(self, text):
        path = self.folder / "matrix.json"
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return str(path)

    def test_schema_is_json_schema(self):
        import jsonschema
        schema = json.loads(run("fleet", "run", "--schema"))
        jsonschema.Draft202012Validator.check_schema(schema)
        check = jsonschema.Draft202012Validator(schema).is_valid
        good = {"modules": [{"dir": "app"}], "targets": TARGETS}
        # What the schema takes the program takes, and the other way round.
        for matrix in (good, {**good, "go": ["go1.26.8"]}, {**good, "x": 1}, {**good, "targets": []},
                       {**good, "modules": [{}]}, {**good, "modules": [{"dir": "app", "packages": ["-x"]}]},
                       {**good, "timeout_seconds": 0}, {**good, "exclude": [{"target": "linux/arm64"}]}):
            path = self.matrix(matrix)
            run("fleet", "run", path, "--dry-run", code=0 if check(matrix) else 3)

    def test_error_has_line_and_key(self):
        path = self.matrix('{\n "modules": [{"dir": "app"}],\n "targets": ["linux/arm64", 7]\n}')
        finding = document("fleet", "run", path, "--dry-run", code=3)["findings"][0]
        self.assertEqual(finding["code"], "TN3101")
        self.assertIn("matrix.json:3: targets[1]:", finding["message"])

    def test_action_follows_the_sources(self):
        path = self.matrix({"modules": [{"dir": "app"}], "targets": TARGETS})

        def actions():
            return [cell["action"] for cell in document("fleet", "run", path, "--dry-run")["data"]["cells"]]

        before = actions()
        self.assertEqual(len(set(before)), 2)
        (self.folder / "app/.git").mkdir()
        (self.folder / "app/.git/HEAD").write_text("x")
        self.assertEqual(actions(), before)
        (self.folder / "app/other.go").write_text("package main\n")
        self.assertEqual(len(set(actions()) | set(before)), 4)

    def test_no_fleet(self):
        path = self.matrix({"modules": [{"dir": "app"}], "targets": TARGETS})
        nowhere = str(self.folder / "nowhere")
        for arguments in (("run", path), ("down",)):
            found = document("fleet", *arguments, "--folder", nowhere, code=2)
            self.assertEqual(found["findings"][0]["code"], "TN3104")


class StoreOnly(unittest.TestCase):
    """For a team that shares its caches and nothing else."""

    def setUp(self):
        self.place = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="tenon-e2e-"))
        self.addCleanup(shutil.rmtree, self.place)
        self.folder = str(self.place / "store")

    def compile(self, name, remote):
        """The object, and how many came from the store; with a cache of its own."""
        env = {**os.environ, "TENON_CACHE": str(self.place / name), "TENON_CACHE_REMOTE": remote}
        out = self.place / f"{name}.o"
        for arguments in (("cc", "--native", "-c", "one.c", "-o", str(out)), ("cache", "flush")):
            subprocess.run([TENON, *arguments], cwd=self.place, env=env, check=True, capture_output=True, timeout=120)
        stats = subprocess.run([TENON, "cache", "stats", "--json"], env=env, check=True, capture_output=True, text=True)
        return out.read_bytes(), json.loads(stats.stdout)["data"]["remote_hits"]

    def test_shares_compiles_and_leaves_nothing(self):
        port = free_port()
        up = document("fleet", "up", "--store-only", "--folder", self.folder, "--port", str(port))["data"]
        try:
            self.assertEqual([component["name"] for component in up["components"]], ["store"])
            self.assertEqual(up["cache_remote"], f"grpc://127.0.0.1:{port}")
            source = self.place / "one.c"
            source.write_text("int one(int x) { return x + 1; }\n")
            os.utime(source, (time.time() - 5,) * 2)
            first, none = self.compile("first", up["cache_remote"])
            self.assertEqual(none, 0)
            self.assertEqual(self.compile("second", up["cache_remote"]), (first, 1))
            again = document("fleet", "up", "--store-only", "--folder", self.folder, code=2)
            self.assertEqual(again["findings"][0]["code"], "TN3103")
            # It runs no cells, and says so.
            module(self.place, "app")
            matrix = self.place / "matrix.json"
            matrix.write_text(json.dumps({"modules": [{"dir": "app"}], "targets": TARGETS}))
            found = document("fleet", "run", str(matrix), "--folder", self.folder, code=2)["findings"][0]
            self.assertEqual(found["code"], "TN3106")
            self.assertIn("store alone", found["message"])
        finally:
            stopped = document("fleet", "down", "--folder", self.folder)["data"]["stopped"]
        self.assertEqual((stopped, mentions(self.folder), os.path.exists(self.folder)), (1, [], False))
        with socket.socket() as client:
            self.assertNotEqual(client.connect_ex(("127.0.0.1", port)), 0)

    def test_needs_the_store_program_only(self):
        components = self.place / "components/bin"
        components.mkdir(parents=True)
        missing = document("fleet", "up", "--store-only", "--folder", self.folder, "--components", str(components.parent), code=2)
        self.assertEqual(missing["findings"][0]["code"], "TN3102")
        (components / "buildbox-casd").symlink_to(Path(COMPONENTS, "bin/buildbox-casd").resolve())
        text = run("fleet", "up", "--store-only", "--folder", self.folder, "--components", str(components.parent), "--port",
                   str(port := free_port()))
        self.assertIn(f"\nexport TENON_CACHE_REMOTE=grpc://127.0.0.1:{port}\n", text)
        run("fleet", "down", "--folder", self.folder)

    def test_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            found = document("fleet", "up", "--store-only", "--folder", self.folder, "--port", port, code=2)["findings"][0]
        self.assertEqual(found["code"], "TN3105")
        self.assertEqual((mentions(self.folder), os.path.exists(self.folder)), ([], False))

    def test_no_worker_to_speak_of(self):
        run("fleet", "up", "--store-only", "--no-worker", "--folder", self.folder, code=3)


class Fleet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="tenon-e2e-"))
        cls.place.chmod(0o755)  # the user of the database has to get through
        cls.addClassCleanup(shutil.rmtree, cls.place)
        cls.folder = cls.place / "fleet"
        for name in ("GOCACHE", "GOMODCACHE"):
            os.environ[name] = subprocess.run(["go", "env", name], capture_output=True, text=True,
                                              check=True).stdout.strip()
        cls.port = free_port()
        up = document("fleet", "up", "--folder", str(cls.folder), "--port", str(cls.port))
        cls.addClassCleanup(cls.down)
        cls.alive = 4
        cls.processes = {component["name"]: component["process"] for component in up["data"]["components"]}
        cls.names = [component["name"] for component in up["data"]["components"]]
        module(cls.place, "app")
        module(cls.place, "broken", MAIN.replace("2 * x", "2 * y"))

    @classmethod
    def down(cls):
        stopped = document("fleet", "down", "--folder", str(cls.folder))["data"]["stopped"]
        left = mentions(cls.folder)
        if stopped != cls.alive or left or cls.folder.exists():
            raise AssertionError(f"{stopped} stopped; left: {left} {cls.folder.exists()}")

    def matrix(self, **keys):
        path = self.place / f"{self.id().rsplit('.', 1)[1]}.json"
        path.write_text(json.dumps(keys))
        return str(path)

    def run_matrix(self, path, *options, code=0):
        out = self.place / "out" / self.id().rsplit(".", 1)[1]
        return document("fleet", "run", path, "--folder", str(self.folder), "--out", str(out), *options, code=code)

    def test_parts(self):
        self.assertEqual(self.names, ["store", "database", "scheduler", "worker"])
        again = document("fleet", "up", "--folder", str(self.folder), code=2)
        self.assertEqual(again["findings"][0]["code"], "TN3103")

    def test_folder_of_somebody_is_refused(self):
        mine = self.place / "project"
        for name in ("database", "store"):
            (mine / name).mkdir(parents=True)
            (mine / name / "mine").write_text("x")
            refused = document("fleet", "up", "--folder", str(mine), "--port", str(free_port()), code=2)
            self.assertIn("other files", refused["findings"][0]["message"])
            self.assertEqual((mine / name / "mine").read_text(), "x")

    def test_kept_store_is_taken_up(self):
        folder = str(self.place / "kept")
        for _ in range(2):
            up = document("fleet", "up", "--folder", folder, "--port", str(free_port()), "--no-worker")
            self.assertTrue(up["ok"])
            document("fleet", "down", "--folder", folder, "--keep-store")
        self.assertEqual(os.listdir(folder), ["store"])
        shutil.rmtree(folder)

    def test_cells_are_byte_equal_to_local_builds(self):
        flags = {"app": [], "small": ["-ldflags", "-s"], "tagged": ["-tags", "some"]}
        second = Joined(self.port, self.place / "beside")
        self.known(second.pid)
        path = self.matrix(modules=[{"dir": "app", "name": name, "flags": more} for name, more in flags.items()], targets=TARGETS)
        page = self.place / "matrix.html"
        cells = self.run_matrix(path, "--html", str(page))["data"]["cells"]
        self.assertGreater(second.end()["ran"], 0)
        self.assertEqual(len({cell["worker"] for cell in cells}), 2)
        local = [output for name, more in flags.items()
                 for output in document("build", ".", "--target", ",".join(TARGETS), "--out", str(self.place / "local" / name),
                                        "-buildvcs=false", *more, cwd=self.place / "app")["data"]["outputs"]]
        self.assertEqual([cell["cell"].rsplit(" ", 1)[0] for cell in cells],
                         [f"{name} {target}" for name in flags for target in TARGETS])
        for cell, own in zip(cells, local, strict=True):
            self.assertEqual(cell["state"], "built")
            self.assertFalse(cell["cached"])
            self.assertEqual([sha256(output["path"]) for output in cell["outputs"]], [sha256(own["path"])])
            self.assertTrue(os.access(cell["outputs"][0]["path"], os.X_OK))
            theirs = cell["report"]["data"]["outputs"][0]
            self.assertEqual(theirs["gate"], own["gate"])
            self.assertGreater(cell["times"]["execute_ms"], 0)
        self.assertIn("linux/arm64", page.read_text())
        again = self.run_matrix(path)["data"]["cells"]
        self.assertTrue(all(cell["cached"] for cell in again))
        self.assertEqual([cell["outputs"][0]["sha256"] for cell in again],
                         [cell["outputs"][0]["sha256"] for cell in cells])

    @unittest.skipUnless(shutil.which("openssl") and shutil.which("bwrap"), "no openssl or no bubblewrap")
    def test_tls_in_front(self):
        key, certificate, pem = (self.place / f"front.{kind}" for kind in ("key", "crt", "pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                        certificate], check=True, capture_output=True)
        pem.write_bytes(key.read_bytes() + certificate.read_bytes())
        token = self.place / "token"
        token.write_text("~~~{{{of-the-team}}}~~~\n")
        front = TlsFront(self.port, pem, token.read_text().strip())
        front.start()
        self.addCleanup(front.close)
        address = f"grpcs://localhost:{front.port}"
        with mock.patch.dict(os.environ, SSL_CERT_FILE=str(certificate), TENON_FLEET_TOKEN_FILE=str(token)):
            worker = subprocess.Popen([TENON, "worker", "--join", address, "--folder", str(self.place / "fronted"), "--json", "--go",
                                       self.own_go("1.99.6", "exec cat TOKEN >&2".replace("TOKEN", str(token)))],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.known(worker.pid)
            path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.99.6"])
            found = self.run_matrix(path, "--at", address, "--no-cache", code=1)
        self.assertGreater(front.seen, 0)
        # The token is the worker's, and not its builds'.
        self.assertEqual(found["data"]["cells"][0]["state"], "failed")
        self.assertNotIn("of-the-team", json.dumps(found))
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(json.loads(worker.communicate(timeout=60)[0])["data"]["ran"], 1)
        # Who cannot check the certificate does not talk; a token that is none is said at once.
        found = self.run_matrix(path, "--at", address, code=2)
        self.assertEqual([finding["code"] for finding in found["findings"]], ["TN3106"])
        token.write_text("not a token\n")
        with mock.patch.dict(os.environ, TENON_FLEET_TOKEN_FILE=str(token)):
            found = self.run_matrix(path, "--at", address, code=2)
            self.assertEqual([finding["code"] for finding in found["findings"]], ["TN0105"])

    def test_failed_cell_is_named_and_not_kept(self):
        path = self.matrix(modules=[{"dir": "broken"}], targets=TARGETS[:1])
        for _ in range(2):
            found = self.run_matrix(path, code=1)
            self.assertEqual([finding["code"] for finding in found["findings"]], ["TN3108"])
            cell = found["data"]["cells"][0]
            self.assertEqual((cell["state"], cell["cached"], cell["exit_code"]), ("failed", False, 1))
            self.assertFalse(cell["report"]["ok"])

    def test_no_worker_has_this_go(self):
        path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.20.99"])
        finding = self.run_matrix(path, code=2)["findings"][0]
        self.assertEqual(finding["code"], "TN3107")
        self.assertIn("go=1.20.99", finding["message"])

    @unittest.skipUnless("TENON_FLEET_FAULTS" in os.environ, "waits until a worker is taken for dead: nightly")
    def test_work_of_a_killed_worker_goes_to_another(self):
        os.kill(self.processes["worker"], signal.SIGKILL)
        type(self).alive = 3
        path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1])
        with subprocess.Popen([TENON, "worker", "--join", f"127.0.0.1:{self.port}", "--json", "--folder",
                               str(self.place / "third")], stdout=subprocess.PIPE, text=True) as worker:
            try:
                cell = self.run_matrix(path, "--no-cache")["data"]["cells"][0]
            finally:
                worker.send_signal(signal.SIGTERM)
            out, _ = worker.communicate(timeout=60)
        self.assertEqual(cell["state"], "built")
        self.assertIn(f"-{worker.pid} ", cell["worker"])
        self.assertEqual(json.loads(out)["data"]["ran"], 1)

    def own_go(self, version, before_build):
        """A Go of a version that no other worker has, which does something before it builds."""
        program = self.place / self.id().rsplit(".", 1)[1] / "bin/go"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n"
                           f'[ "$*" != "env GOVERSION" ] || {{ echo go{version}; exit; }}\n'
                           f'[ "$1" != build ] || {{ {before_build}; }}\n'
                           f'exec {shutil.which("go")} "$@"\n')
        program.chmod(0o755)
        return str(program)

    def slow_go(self):
        return self.own_go("1.99.1", "sleep 4")

    @unittest.skipUnless(shutil.which("bwrap"), "no bubblewrap")
    def test_sandbox(self):
        outside = self.place / "outside"
        home = self.place / "home-of-sandbox"
        go = self.own_go("1.99.2", f"! grep key {home}/elsewhere/netrc || exit 43; ! ls {home}/.ssh/id || exit 44; umount /etc/passwd 2>/dev/null; mount -o remount,rw,bind / 2>/dev/null; "
                         f"! grep '^daemon:' /etc/passwd || exit 41; ! touch {outside} || exit 42")
        kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        caches = {"TENON_CACHE": os.environ.get("TENON_CACHE") or str(kept / "tenon"),
                  "ZIG_GLOBAL_CACHE_DIR": os.environ.get("ZIG_GLOBAL_CACHE_DIR") or str(kept / "zig")}
        (home / "elsewhere").mkdir(parents=True)
        (home / "elsewhere/netrc").write_text("key of the user")
        (home / ".netrc").symlink_to(home / "elsewhere/netrc")
        (home / ".ssh").mkdir()
        (home / ".ssh/id").write_text("key of the user")
        for options, isolation, code in (((), "bubblewrap", 0), (("--no-sandbox",), "process-group", 1)):
            with mock.patch.dict(os.environ, HOME=str(home), **caches):
                worker = Joined(self.port, self.place / isolation, "--go", go, *options)
            self.known(worker.pid)
            path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.99.2"])
            cell = self.run_matrix(path, "--no-cache", code=code)["data"]["cells"][0]
            worker.end()
            self.assertIn(f"isolation={isolation}", cell["worker"])
            self.assertEqual(cell["state"], "failed" if code else "built")
        self.assertFalse(outside.exists())

    def ask_for_slow_cell(self, **streams):
        path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.99.1"])
        return subprocess.Popen([TENON, "fleet", "run", path, "--folder", str(self.folder), "--out",
                                 str(self.place / "out/slow"), "--no-cache", "--json"], stdout=subprocess.PIPE, text=True,
                                env={**{name: value for name, value in os.environ.items() if name != "CI"},
                                     "TERM": "xterm"}, **streams)

    def known(self, pid):
        """Waits until the scheduler knows a worker of this process."""
        path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.20.99"])
        for _ in range(200):
            finding = self.run_matrix(path, code=2)["findings"][0]
            if any(f"-{pid} " in row["text"] for row in finding["evidence"]):
                return
        raise AssertionError("the worker did not join")

    def test_running_action_is_finished_or_given_back(self):
        go = self.slow_go()
        hasty = Joined(self.port, self.place / "hasty", "--go", go, "--drain", "1s")
        self.known(hasty.pid)
        screen = Terminal()
        with self.ask_for_slow_cell(stderr=screen.theirs) as run_of_cell:
            hasty.wait_for("begins")
            calm = Joined(self.port, self.place / "calm", "--go", go, "--drain", "100s")
            given = hasty.end()
            calm.wait_for("begins")
            finished = calm.end()
            cell = json.loads(run_of_cell.stdout.read())["data"]["cells"][0]
        self.assertEqual((given["ran"], given["given_back"]), (0, 1))
        self.assertEqual((finished["ran"], finished["given_back"]), (1, 0))
        self.assertEqual(cell["state"], "built")
        self.assertIn(f"-{calm.pid} ", cell["worker"])
        text = screen.close()
        self.assertIn("running   app linux/amd64 go1.99.1", text)
        self.assertIn("\x1b[A", text)  # lines that replace each other

    # Waits three times until a worker is taken for dead: 45 s.
    def test_cell_that_kills_its_workers_is_stopped(self):
        go = self.slow_go()
        workers = [Joined(self.port, self.place / f"victim{i}", "--go", go) for i in range(4)]
        for worker in workers:
            self.known(worker.pid)
        # Each is killed as soon as it has begun, by a thread of its own.
        killed = []

        def kill(worker):
            try:
                worker.wait_for("begins")
            except AssertionError:
                return
            killed.append(worker.pid)
            worker.end(signal.SIGKILL)

        threads = [threading.Thread(target=kill, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        with self.ask_for_slow_cell() as run_of_cell:
            answer = json.loads(run_of_cell.stdout.read())
        self.assertEqual([finding["code"] for finding in answer["findings"]], ["TN3109"])
        self.assertIn("app linux/amd64 go1.99.1", answer["findings"][0]["message"])
        self.assertEqual(len(set(killed)), 3)
        for pid in killed:  # in the order in which they were
            self.assertIn(f"-{pid}", answer["findings"][0]["message"])
        left = next(worker for worker in workers if worker.pid not in killed)
        # The fleet lives on, and so does the fourth worker.
        path = self.matrix(modules=[{"dir": "app", "flags": ["-tags", "afterwards"]}], targets=TARGETS[:1])
        self.assertEqual(self.run_matrix(path)["data"]["cells"][0]["state"], "built")
        self.assertEqual(left.end()["ran"], 0)
        for thread in threads:
            thread.join()

    @unittest.skipUnless("TENON_FLEET_FAULTS" in os.environ, "waits for a worker that never comes: nightly")
    def test_cell_whose_only_worker_went_away(self):
        only = Joined(self.port, self.place / "only", "--go", self.own_go("1.99.3", "sleep 4"))
        self.known(only.pid)
        path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.99.3"])
        killer = threading.Thread(target=lambda: (only.wait_for("begins"), only.end(signal.SIGKILL)))
        killer.start()
        found = self.run_matrix(path, "--no-cache", code=2)
        killer.join()
        self.assertEqual([finding["code"] for finding in found["findings"]], ["TN3107"])
        self.assertIn("go=1.99.3", found["findings"][0]["message"])
        self.assertEqual(found["data"]["cells"][0]["state"], "stopped")

    def test_worker_joins_and_leaves(self):
        worker = subprocess.Popen([TENON, "worker", "--join", f"127.0.0.1:{self.port}", "--json", "--folder", str(self.place / "second")],
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(worker.communicate)
        self.addCleanup(worker.kill)
        path = self.matrix(modules=[{"dir": "app"}], targets=TARGETS[:1], go=["1.20.99"])
        # Those of other tests may be listed until the scheduler takes them for gone.
        known, end = [], time.monotonic() + 60
        while time.monotonic() < end and not any(f"-{worker.pid} " in text for text in known):
            finding = self.run_matrix(path, code=2)["findings"][0]
            known = [one["text"] for one in finding["evidence"]]
            time.sleep(0.2)
        self.assertTrue(any(f"-{worker.pid} " in text for text in known), known)
        worker.send_signal(signal.SIGTERM)
        out, _ = worker.communicate(timeout=60)
        self.assertEqual(worker.returncode, 0)
        self.assertEqual(json.loads(out)["data"]["given_back"], 0)


def usable():
    if not Path(COMPONENTS, "bin/buildbox-casd").exists():
        return "no components of scripts/setup.sh --fleet"
    done = subprocess.run([TENON, "fleet", "up", "--components", "/nonexistent", "--folder", "/var/tmp/tenon-none",
                           "--json"], capture_output=True, text=True, timeout=60, check=False)
    codes = [finding["code"] for finding in json.loads(done.stdout)["findings"]]
    return "this build has no gRPC" if "TN3110" in codes else None


if __name__ == "__main__":
    reason = usable()
    if reason:
        print(f"fleet: {reason}")
        unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(WithoutFleet))
        sys.exit(77)
    unittest.main()
