#!/usr/bin/env python3
"""Every stall that tenon watch has to name, staged for real, and normal runs that need no alarm.

usage: watch_stalls.py [-v] [Stalls.NAME ...]

Too long for each change: scripts/nightly.sh runs it. Stalls that need rights this machine does not give are skipped
with the reason; at the end stands how many were right, wrong and not tried. Only loopback is used, but for Modules,
which fetches five modules of the Go module proxy.
"""
import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

from test_watch import CGO, TENON, Base, Watched, need

QUOTE = ("package main\n\nimport _ \"rsc.io/quote\"\n\nfunc main() {}\n",
         "module m\n\ngo 1.21\n\nrequire rsc.io/quote v1.5.2\n")
results = {}


def first_word(text):
    return text.split("tenon watch: silent", 2)[1] if "tenon watch: silent" in text else ""


class Named(Base):
    """Counts right and wrong answers by the name of the stall."""

    def run(self, result=None):
        before = (len(result.failures) + len(result.errors), len(result.skipped))
        super().run(result)
        if len(result.failures) + len(result.errors) > before[0]:
            results[self._testMethodName] = "wrong"
        elif len(result.skipped) > before[1]:
            results[self._testMethodName] = "not tried: " + result.skipped[-1][1]
        else:
            results[self._testMethodName] = "right"

    def says(self, watched, code, *words, patience=60):
        self.assertTrue(watched.wait_for(code, patience), f"{code} was not said:\n{watched.text}")
        word = first_word(watched.text)
        for one in (code, *words):
            self.assertIn(one, word)

    def listen(self, serve):
        """A server on a port of its own; `serve(client)` for each connection, in a thread."""
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        self.addCleanup(server.close)

        def accept():
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return server.getsockname()[1]

    def package(self, body, imports="\"testing\"", name="x_test.go"):
        (self.folder / "go.mod").write_text("module m\n\ngo 1.21\n")
        (self.folder / "x.go").write_text("package m\n")
        (self.folder / name).write_text(f"package m\n\nimport ({imports})\n\n{body}\n")
        subprocess.run(["go", "vet", "./..."], cwd=self.folder, env=self.env(), check=False, capture_output=True)
        subprocess.run(["go", "test", "-c", "-o", os.devnull, "."], cwd=self.folder, env=self.env(), check=True)


class Stalls(Named):
    def test_w01_slow_download(self):
        need("go")

        def drip(client):
            with client:
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                try:
                    while True:
                        client.sendall(b"x")
                        time.sleep(1)
                except OSError:
                    pass

        port = self.listen(drip)
        self.module(*QUOTE)
        with Watched(self.folder, ["go", "build", "./..."], self.env(GOPROXY=f"http://127.0.0.1:{port}")) as watched:
            self.says(watched, "TN1104", f"127.0.0.1:{port}", "slowly", "bytes a second")
            self.assertNotIn("normal", first_word(watched.text))

    def test_w01b_download_with_a_rate(self):
        need("go")

        def send(client):
            with client:
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
                try:
                    while True:
                        client.sendall(b"x" * 2000)
                        time.sleep(0.1)
                except OSError:
                    pass

        port = self.listen(send)
        self.module(*QUOTE)
        with Watched(self.folder, ["go", "build", "./..."], self.env(GOPROXY=f"http://127.0.0.1:{port}")) as watched:
            self.says(watched, "TN1104", "data arrives", "kB a second", "normal")

    def test_w05_deadlocked_test(self):
        need("go")
        self.package("func TestX(t *testing.T) { <-make(chan int) }")
        with Watched(self.folder, ["go", "test", "-v", "."], self.env()) as watched:
            self.says(watched, "TN1122", "m.test (", "TestX", "deadlock", "kill -QUIT")
            self.assertNotIn("normal", first_word(watched.text))

    def test_w06_input_that_nobody_writes(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        with Watched(self.folder, ["cat"], stdin=reader) as watched:
            os.close(reader)
            self.says(watched, "TN1115", "cat (", f"({os.getpid()}) writes nothing")

    def test_w07_lock_of_a_stopped_holder(self):
        need("go")
        lock = self.folder / "modcache/cache/lock"
        lock.parent.mkdir(parents=True)
        lock.touch()
        holder = subprocess.Popen(["flock", lock, "sleep", "100"], start_new_session=True)
        self.addCleanup(lambda: (os.killpg(holder.pid, signal.SIGKILL), holder.wait()))
        while subprocess.run(["flock", "-n", lock, "true"], check=False).returncode == 0:
            time.sleep(0.05)
        os.killpg(holder.pid, signal.SIGSTOP)
        with Watched(self.folder, ["flock", lock, "true"]) as watched:
            self.says(watched, "TN1108", str(lock), "Go's module cache", "which is stopped", "kill -CONT")

    def test_w13_zombie(self):
        code = "import os,time\nif os.fork() == 0: os._exit(0)\ntime.sleep(100)\n"
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1109", "python", "zombie", "must wait for its children")
            self.assertNotIn("CXX", first_word(watched.text))

    def test_w14_dead_compiler_cache(self):
        need("go")
        port = self.listen(lambda client: client.recv(10) and time.sleep(100))
        self.module(CGO)
        tool = self.folder / "sccache"
        tool.write_text(f"#!{sys.executable}\nimport socket\ns=socket.create_connection(('127.0.0.1',{port}))\n"
                        "s.recv(10)\n")
        tool.chmod(0o755)
        shim = self.script("cc", f"exec -a sccache {sys.executable} {tool}\n")
        shim.write_text(shim.read_text().replace("#!/bin/sh", "#!/bin/bash"))
        env = self.env(CC=str(shim), CGO_ENABLED="1")
        with Watched(self.folder, ["go", "build", "./..."], env) as watched:
            self.says(watched, "TN1105", f"127.0.0.1:{port}", "compiler cache")
            self.assertNotIn("GOPROXY", first_word(watched.text))

    def test_w15_job_of_make(self):
        need("make")
        (self.folder / "Makefile").write_text("all:\n\t@sleep 100\n")
        with Watched(self.folder, ["make", "-s"]) as watched:
            self.says(watched, "TN1109", "sleep (", "make (")
            self.assertNotIn("CXX", first_word(watched.text))

    def test_w16_vet_tool_that_sleeps(self):
        need("go")
        self.module()
        tool = self.script("vt", "case $1 in -V=full) echo vt version 1;; -flags) echo '[]';; *) sleep 100;; esac\n")
        with Watched(self.folder, ["go", "vet", f"-vettool={tool}", "./..."], self.env()) as watched:
            self.says(watched, "TN1109", "sleep (", "go vet waits for", "-vet=off")

    def test_w16b_generator_that_sleeps(self):
        need("go")
        self.module("package main\n\n//go:generate sleep 100\n\nfunc main() {}\n")
        with Watched(self.folder, ["go", "generate", "./..."], self.env()) as watched:
            self.says(watched, "TN1109", "sleep (", "go generate waits for", "go:generate line")

    def test_w17_retry_loop(self):
        loop = self.script("loop", "until test -e done; do sleep 0.2; done\n")
        with Watched(self.folder, [loop]) as watched:
            self.says(watched, "TN1124", "loop (", "sleep 0.2")

    def test_w18_throttled_control_group(self):
        old = Path("/sys/fs/cgroup/cpu")
        group = (old if old.is_dir() else Path("/sys/fs/cgroup")) / f"tenon-watch-{os.getpid()}"
        try:
            group.mkdir()
            if old.is_dir():
                (group / "cpu.cfs_quota_us").write_text("1000")
            else:
                (group / "cpu.max").write_text("1000 100000")
        except OSError as error:
            self.skipTest(f"no right to make a control group: {error}")
        try:
            (self.folder / "small.c").write_text("int main(void) { return 0; }\n")
            inside = self.script("inside", f"echo $$ >{group}/cgroup.procs\nwhile :; do :; done\n")
            with Watched(self.folder, [inside]) as watched:
                self.says(watched, "TN1121", "1 % of a processor", "held back", "limit")
                self.assertNotIn("normal", first_word(watched.text))
        finally:
            for _ in range(100):
                try:
                    group.rmdir()
                    break
                except OSError:
                    time.sleep(0.1)

    def test_w19_terminal_read_in_the_background(self):
        job = ("import os\nchild = os.fork()\nif child == 0:\n    os.setpgid(0, 0)\n"
               "    os.execlp('cat', 'cat', '/dev/tty')\nos.waitpid(child, 0)\n")
        with Watched(self.folder, [sys.executable, "-c", job], self.env(), terminal=True) as watched:
            self.says(watched, "TN1111", "cat (", "SIGTTIN", "fg")

    def test_w21_server_of_a_unix_socket(self):
        path = self.folder / "agent.sock"
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.listen(8)
        self.addCleanup(server.close)
        code = f"import socket\ns=socket.socket(socket.AF_UNIX)\ns.connect({str(path)!r})\ns.recv(1)\n"
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1105", str(path), f"({os.getpid()})")
        # Accepted, and silent.
        accepted = []
        self.addCleanup(lambda: [one[0].close() for one in accepted])
        threading.Thread(target=lambda: accepted.extend(server.accept() for _ in range(2)), daemon=True).start()
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1105", str(path), f"({os.getpid()})")

    def test_w22b_stopped_holder_of_a_lock(self):
        lock = self.folder / "lock"
        lock.touch()
        holder = subprocess.Popen(["flock", lock, "sleep", "100"], start_new_session=True)
        self.addCleanup(lambda: (os.killpg(holder.pid, signal.SIGKILL), holder.wait()))
        while subprocess.run(["flock", "-n", lock, "true"], check=False).returncode == 0:
            time.sleep(0.05)
        os.killpg(holder.pid, signal.SIGSTOP)
        with Watched(self.folder, ["flock", lock, "true"]) as watched:
            self.says(watched, "TN1108", f"({holder.pid})", "which is stopped", f"kill -CONT {holder.pid}")

    def test_ofd_lock(self):
        path = self.folder / "lock"
        ofd = "import fcntl,struct,time\nf=open({!r},'w')\nfcntl.fcntl(f,{},struct.pack('hhqqi',1,0,0,0,0))\n{}\n"
        hold = ofd.format(str(path), 37, "print('held',flush=True)\ntime.sleep(100)")
        with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as holder:
            try:
                self.assertEqual(holder.stdout.readline(), b"held\n")
                with Watched(self.folder, [sys.executable, "-c", ofd.format(str(path), 38, "")]) as watched:
                    self.says(watched, "TN1108", str(path), f"held by python3 ({holder.pid})")
            finally:
                holder.kill()

    def test_w24_leaked_child(self):
        need("go")
        self.package("func TestX(t *testing.T) {\n\tc := exec.Command(\"sleep\", \"100\")\n\tc.Stdout = os.Stdout\n"
                         "\tif err := c.Start(); err != nil {\n\t\tt.Fatal(err)\n\t}\n}",
                         "\"os\"; \"os/exec\"; \"testing\"")
        env = self.env(GOFLAGS="-mod=mod")
        with Watched(self.folder, ["go", "test", "-count=1", "."], env) as watched:
            try:
                self.says(watched, "TN1123", "go (", "sleep (", "WaitDelay")
            finally:
                subprocess.run(["pkill", "-KILL", "-s", str(watched.process.pid)], check=False)


    def test_w12_child_in_a_vfork(self):
        need("gcc")
        (self.folder / "v.c").write_text("#include <unistd.h>\nint main(void) { if (vfork() == 0) {\n"
                                         "  execlp(\"sleep\", \"sleep\", \"100\", (char *)0); _exit(1); }\n"
                                         "  pause(); }\n")
        subprocess.run(["gcc", "-w", "-o", self.folder / "v", self.folder / "v.c"], check=True)
        with Watched(self.folder, [self.folder / "v"]) as watched:
            self.says(watched, "TN1109", "sleep (")

    def test_w20_connection_that_is_not_accepted(self):
        # The queue of the server is full: the kernel drops further requests.
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        self.addCleanup(server.close)
        port = server.getsockname()[1]
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
            self.addCleanup(one.close)
        code = f"import socket\nsocket.create_connection(('127.0.0.1', {port}))\n"
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1105", f"127.0.0.1:{port}", "tries to connect")
            self.assertNotIn("GOPROXY", first_word(watched.text))


    def test_w03_question_about_a_host_key(self):
        need("ssh")

        def text(data):
            return struct.pack(">I", len(data)) + data

        def packet(payload):
            fill = 16 - (len(payload) + 5) % 8
            return struct.pack(">IB", len(payload) + fill + 1, fill) + payload + bytes(fill)

        # A server as far as its key: ssh asks about that before it looks at the signature (RFC 4253, 8731).
        def serve(client):
            with client:
                client.sendall(b"SSH-2.0-stall\r\n")
                lists = (b"curve25519-sha256", b"ssh-ed25519", *[b"aes128-ctr"] * 2, *[b"hmac-sha2-256"] * 2, *[b"none"] * 2,
                         b"", b"")
                client.sendall(packet(b"\x14" + bytes(16) + b"".join(map(text, lists)) + bytes(5)))
                key = text(b"ssh-ed25519") + text(bytes(range(32)))
                client.sendall(packet(b"\x1f" + text(key) + text(b"\x09" + bytes(31)) +
                                      text(text(b"ssh-ed25519") + text(bytes(64)))))
                while client.recv(4096):
                    pass

        port = self.listen(serve)
        (self.folder / "known").touch()
        argv = ["ssh", "-F", "/dev/null", "-o", f"UserKnownHostsFile={self.folder}/known", "-o", "GlobalKnownHostsFile=/dev/null",
                "-p", port, "user@127.0.0.1"]
        with Watched(self.folder, argv, self.env(), terminal=True) as watched:
            self.says(watched, "TN1107", "ssh (", "trust the key of the host 127.0.0.1", "fingerprint")
            self.assertNotIn("GIT_TERMINAL_PROMPT", first_word(watched.text))

    def test_w08_file_system_that_never_answers(self):
        place = self.folder / "served"
        place.mkdir()
        try:
            device = os.open("/dev/fuse", os.O_RDWR)
        except OSError as error:
            self.skipTest(f"no FUSE: {error}")
        libc = ctypes.CDLL(None, use_errno=True)
        options = f"fd={device},rootmode=40000,user_id=0,group_id=0"
        done = libc.mount(b"stall", str(place).encode(), b"fuse", 0, options.encode())
        if done != 0:
            os.close(device)
            self.skipTest(f"no right to mount: {os.strerror(ctypes.get_errno())}")
        self.addCleanup(subprocess.run, ["umount", "-l", place], check=False)
        self.addCleanup(os.close, device)  # the first: it ends all questions
        with Watched(self.folder, ["cat", place / "header.h"]) as watched:
            self.says(watched, "TN1116", "cat (", str(place), "another program or machine serves")

    def test_w10_cache_of_zig(self):
        need("zig")
        cache = self.folder / "zig-cache"
        (self.folder / "x.c").write_text("int x;\n")
        env = self.env(ZIG_LOCAL_CACHE_DIR=str(cache), ZIG_GLOBAL_CACHE_DIR=str(cache))
        argv = ["zig", "build-obj", "x.c"]
        subprocess.run(argv, cwd=self.folder, env=env, check=True, capture_output=True)
        held = [open(path, "r+b") for path in sorted((cache / "h").iterdir())]  # pylint: disable=consider-using-with
        for one in held:
            self.addCleanup(one.close)
            fcntl.flock(one, fcntl.LOCK_EX)
        with Watched(self.folder, argv, env) as watched:
            self.says(watched, "TN1108", "zig", str(cache / "h"), f"({os.getpid()})")


class Unlisted(Named):
    """Stalls that nobody had written down before: what watch says was decided first."""

    def test_u1_child_that_fills_the_pipe_of_a_parent_that_waits_for_its_end(self):
        code = ("import subprocess, sys\n"
                "p = subprocess.Popen([sys.executable, '-c', 'print(\"x\" * 1000000)'], stdout=subprocess.PIPE)\np.wait()\n")
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1110", "python3", "pipe is full", "which waits for it to end")

    def test_u2_two_that_wait_for_each_others_pipe(self):
        code = ("import subprocess\np = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
                "p.stdin.write(b'x')\np.stdin.flush()\nprint(p.stdout.read())\n")
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1115", "cat (", "python3", "wait for each other")

    def test_u3_deadlock_of_two_threads(self):
        need("gcc")
        (self.folder / "d.c").write_text(
            "#include <pthread.h>\n#include <unistd.h>\nstatic pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER,\n"
            "  b = PTHREAD_MUTEX_INITIALIZER;\nstatic void *other(void *x) { pthread_mutex_lock(&b); sleep(1);\n"
            "  pthread_mutex_lock(&a); return x; }\nint main(void) { pthread_t t; pthread_create(&t, 0, other, 0);\n"
            "  pthread_mutex_lock(&a); sleep(1); pthread_mutex_lock(&b); pthread_join(t, 0); }\n")
        subprocess.run(["gcc", "-pthread", "-o", self.folder / "dead", self.folder / "d.c"], check=True)
        with Watched(self.folder, [self.folder / "dead"]) as watched:
            self.says(watched, "TN1118", "dead (", "all its threads wait for a lock in its own memory", "deadlock")

    def test_u4_semaphore_of_system_v(self):
        need("gcc")
        (self.folder / "s.c").write_text(
            "#include <sys/sem.h>\nint main(void) { int id = semget(IPC_PRIVATE, 1, 0600); struct sembuf take = {0, -1, 0};\n"
            "  return semop(id, &take, 1); }\n")
        subprocess.run(["gcc", "-o", self.folder / "sem", self.folder / "s.c"], check=True)
        with Watched(self.folder, [self.folder / "sem"]) as watched:
            self.says(watched, "TN1108", "sem (", "semaphore")

    def test_u5_editor_for_a_message(self):
        need("git")
        subprocess.run(["git", "init", "-q", "."], cwd=self.folder, check=True)
        editor = self.script("editor", "read answer </dev/tty\n")
        env = self.env(GIT_EDITOR=str(editor), GIT_AUTHOR_NAME="n", GIT_AUTHOR_EMAIL="e@e", GIT_COMMITTER_NAME="n",
                       GIT_COMMITTER_EMAIL="e@e")
        argv = ["git", "commit", "--allow-empty"]
        with Watched(self.folder, argv, env, terminal=True) as watched:
            self.says(watched, "TN1107", "editor (", "git (", "GIT_EDITOR")

    def test_u6_watcher_of_files(self):
        code = ("import ctypes, os\nc = ctypes.CDLL(None)\nf = c.inotify_init()\n"
                f"c.inotify_add_watch(f, {str(self.folder)!r}.encode(), 2)\nos.read(f, 4096)\n")
        with Watched(self.folder, [sys.executable, "-c", code]) as watched:
            self.says(watched, "TN1115", "python3", "waits until a file changes")


class Normal(Named):
    """A run that needs no word, or only words that say that all is normal."""

    def no_alarm(self, argv, env, patience=900):
        path = self.folder / "report.json"
        done = subprocess.run([TENON, "watch", "--silence", "3", "--report", path, "--", *argv], cwd=self.folder, env=env,
                              capture_output=True, timeout=patience, check=False)
        said = json.loads(path.read_text())["data"]["verdicts"]
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        self.assertEqual([one["message"] for one in said if not one["normal"]], [])
        return said

    def test_n1_test_that_sleeps(self):
        need("go")
        self.package("func TestX(t *testing.T) { time.Sleep(9 * time.Second) }", "\"testing\"; \"time\"")
        said = self.no_alarm(["go", "test", "-count=1", "."], self.env())
        self.assertEqual([one["code"] for one in said], ["TN1122"])

    def test_n2_test_that_accepts(self):
        need("go")
        self.package("func TestX(t *testing.T) {\n\tl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\n"
                         "\ttime.AfterFunc(9*time.Second, func() { l.Close() })\n\tl.Accept()\n}",
                         "\"net\"; \"testing\"; \"time\"")
        said = self.no_alarm(["go", "test", "-count=1", "."], self.env())
        self.assertEqual([one["code"] for one in said], ["TN1122"])


class Builds(Normal):
    """Long builds with an empty cache: nothing is wrong, and each file is told once at most."""

    def build(self, argv, **more):
        said = self.no_alarm(argv, self.env(GOCACHE=str(self.folder / "cold"), GOFLAGS="-mod=mod", **more))
        told = [one["message"].split(" for ")[0] for one in said if one["code"] == "TN1101"]
        self.assertEqual(sorted(set(told)), sorted(told))
        return said

    def test_n3_net_http_with_the_race_detector(self):
        need("go", "gcc")
        self.module()
        self.build(["go", "build", "-race", "net/http"])

    def test_n4_standard_library(self):
        need("go")
        self.module()
        self.build(["go", "build", "std"])

    def test_n5_sqlite3(self):
        need("go", "gcc")
        self.module("package main\n\nimport _ \"github.com/mattn/go-sqlite3\"\n\nfunc main() {}\n",
                    "module m\n\ngo 1.21\n\nrequire github.com/mattn/go-sqlite3 v1.14.24\n")
        proxy = os.environ.get("GOPROXY", "")
        env = self.env(GOPROXY=proxy, GOFLAGS="-mod=mod -modcacherw")
        if subprocess.run(["go", "mod", "download"], cwd=self.folder, env=env, capture_output=True, check=False).returncode:
            self.skipTest("go-sqlite3 cannot be fetched")
        self.build(["go", "build", "./..."], GOPROXY=proxy)

    def test_n6_templates(self):
        need("go", "g++")
        self.module("package main\n\n// #cgo CXXFLAGS: -ftemplate-depth=4000\n// int value(void);\nimport \"C\"\n\n"
                    "func main() { println(C.value()) }\n")
        (self.folder / "heavy.cpp").write_text(
            "template <unsigned A, unsigned B> struct X { static constexpr unsigned v = X<A - 1, B>::v + X<A, B - 1>::v; };\n"
            "template <unsigned B> struct X<0, B> { static constexpr unsigned v = 1; };\n"
            "template <unsigned A> struct X<A, 0> { static constexpr unsigned v = 1; };\n"
            "extern \"C\" int value() { return X<500, 500>::v; }\n")
        said = self.build(["go", "build", "./..."])
        for one in said:
            self.assertNotIn("a large C file", one["message"])


class Modules(Normal):
    """go test ./... of modules that others wrote."""

    def module_tests(self, name, version):
        need("go")
        env = self.env(GOPROXY=os.environ.get("GOPROXY", ""), GOFLAGS="-modcacherw")
        got = subprocess.run(["go", "mod", "download", "-json", f"{name}@{version}"], cwd=self.folder, env=env,
                             capture_output=True, timeout=300, check=False)
        if got.returncode != 0:
            self.skipTest(f"{name} cannot be fetched")
        shutil.copytree(json.loads(got.stdout)["Dir"], self.folder / "src")
        self.folder = self.folder / "src"
        self.no_alarm(["go", "test", "./..."], env)

    def test_m1_uuid(self):
        self.module_tests("github.com/google/uuid", "v1.6.0")

    def test_m2_cmp(self):
        self.module_tests("github.com/google/go-cmp", "v0.6.0")

    def test_m3_btree(self):
        self.module_tests("github.com/google/btree", "v1.1.3")

    def test_m4_sync(self):
        self.module_tests("golang.org/x/sync", "v0.8.0")

    def test_m5_sqlite3(self):
        self.module_tests("github.com/mattn/go-sqlite3", "v1.14.24")


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=1).result
    for name, what in sorted(results.items()):
        print(f"{name}: {what}")
    right = sum(what == "right" for what in results.values())
    wrong = sum(what == "wrong" for what in results.values())
    print(f"{right} right, {wrong} wrong, {len(results) - right - wrong} not tried")
    sys.exit(not outcome.wasSuccessful())
