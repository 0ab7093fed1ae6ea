#!/usr/bin/env python3
"""tenon watch: twelve stalls that are staged for real, a build that is none, and streams that pass unchanged.

What is said is asserted, not how fast; the time from the limit of silence to the verdict is printed at the end.
Only loopback is used. Stalls that a sandbox does not allow are skipped with the reason.
"""
import errno
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
LIMIT = 2  # seconds of silence before a word
PATIENCE = 40  # upper bound for a verdict on a loaded machine
delays = {}
delays_note = []


def need(*programs):
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        raise unittest.SkipTest("not installed: " + ", ".join(missing))


class Watched:
    """tenon watch in a session of its own, optionally on a terminal; ends with the block."""

    def __init__(self, folder, argv, env=None, terminal=False, silence=LIMIT, stdin=subprocess.DEVNULL, **kwargs):
        self.report = Path(folder) / "report.json"
        self.text = ""
        command = [TENON, "watch", "--silence", str(silence), "--report", self.report, "--", *map(str, argv)]
        self.master = None
        if terminal:
            self.master, slave = pty.openpty()

            def take_terminal():
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

            self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env, cwd=folder,
                                            preexec_fn=take_terminal, **kwargs)
            os.close(slave)
            source = self.master
        else:
            self.process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                            env=env, cwd=folder, start_new_session=True, **kwargs)
            source = self.process.stderr.fileno()
        self.start = time.monotonic()
        self.said_after = None
        self.reader = threading.Thread(target=self.read, args=(source,), daemon=True)
        self.reader.start()

    def read(self, source):
        while True:
            try:
                data = os.read(source, 65536)
            except OSError as error:  # EIO: the terminal has no other end any more
                if error.errno != errno.EIO:
                    raise
                return
            if not data:
                return
            self.text += data.decode("utf-8", "replace")
            if self.said_after is None and "tenon watch: silent" in self.text:
                self.said_after = time.monotonic() - self.start

    def wait_for(self, code, patience=PATIENCE):
        """Until a word with this code was said."""
        end = time.monotonic() + patience
        while code not in self.text and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.05)
        time.sleep(0.1)
        return code in self.text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGCONT)
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(20)
        self.reader.join(5)
        if self.master is not None:
            os.close(self.master)
        elif self.process.stderr:
            self.process.stderr.close()


class Base(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name).resolve()

    def env(self, **changes):
        env = {**os.environ, "GOENV": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOSUMDB": "off",
               "GOMODCACHE": str(self.folder / "modcache"), "GOTELEMETRY": "off", "GIT_TERMINAL_PROMPT": "1"}
        for name in ("CC", "CGO_ENABLED", "GOROOT", "GOOS", "GOARCH", "CI", "GIT_ASKPASS", "SSH_ASKPASS",
                     "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "DISPLAY"):
            env.pop(name, None)
        return {**env, "TERM": "xterm", **changes}

    def module(self, go="package main\n\nfunc main() {}\n", mod="module m\n\ngo 1.21\n", **files):
        (self.folder / "go.mod").write_text(mod)
        (self.folder / "main.go").write_text(go)
        for name, text in files.items():
            (self.folder / name.replace("__", ".")).write_text(text)

    def script(self, name, text):
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path

    def named(self, watched, code, *words, patience=PATIENCE, name=None):
        self.assertTrue(watched.wait_for(code, patience), f"{code} was not said:\n{watched.text}")
        # Nothing else was said before it.
        first = watched.text.split("tenon watch: silent", 2)[1]
        for word in (code, *words):
            self.assertIn(word, first)
        delays[name or self.id().rsplit(".", 1)[-1]] = watched.said_after - LIMIT


CGO = """package main

// int f(void);
// int f(void) { return 1; }
import "C"

func main() { println(C.f()) }
"""


class Stalls(Base):
    @classmethod
    def setUpClass(cls):
        """What all builds share is in Go's cache before: a first compile of it is no stall."""
        if shutil.which("go") is None or shutil.which("gcc") is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "go.mod").write_text("module m\n\ngo 1.21\n")
            (Path(folder) / "main.go").write_text(CGO)
            env = {**os.environ, "GOENV": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "CC": "gcc",
                   "CGO_ENABLED": "1"}
            subprocess.run(["go", "build", "./..."], cwd=folder, env=env, check=False, capture_output=True)

    def test_01_proxy_that_never_answers(self):
        need("go")
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        self.addCleanup(server.close)
        port = server.getsockname()[1]
        self.module("package main\n\nimport _ \"rsc.io/quote\"\n\nfunc main() {}\n",
                    "module m\n\ngo 1.21\n\nrequire rsc.io/quote v1.5.2\n")
        env = self.env(GOPROXY=f"http://127.0.0.1:{port}")
        with Watched(self.folder, ["go", "build", "./..."], env) as watched:
            self.named(watched, "TN1105", "go (", f"127.0.0.1:{port}", "gets no response")

    def test_02_name_server_that_drops(self):
        # A name server that takes questions and never answers, in a network and with a resolv.conf of its own.
        need("go", "unshare", "ip")
        if subprocess.run(["unshare", "-n", "-m", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no right to make a network of its own")
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:30\n")
        (self.folder / "drop.py").write_text(
            "import socket,time\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
            "s.bind(('127.0.0.1',53))\nprint('ready',flush=True)\ntime.sleep(120)\n")
        inside = self.script("inside", "ip link set lo up\nmount --bind resolv.conf /etc/resolv.conf\n"
                             f"{sys.executable} drop.py >ready &\nuntil grep -q ready ready; do sleep 0.05; done\n"
                             "exec \"$@\"\n")
        self.module("package main\n\nimport _ \"example.com/not/there\"\n\nfunc main() {}\n",
                    "module m\n\ngo 1.21\n\nrequire example.com/not/there v1.0.0\n")
        env = self.env(GOPROXY="http://proxy.example.com", GODEBUG="netdns=go")
        argv = ["unshare", "-n", "-m", inside, TENON, "watch", "--silence", str(LIMIT), "--", "go", "build", "./..."]
        with Watched(self.folder, argv, env, silence=600) as watched:
            self.named(watched, "TN1106", "go (", "DNS server 127.0.0.1")

    def test_03_git_asks_for_a_password(self):
        need("git")
        answer = (b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                  b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        self.addCleanup(server.close)

        def serve():
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.recv(65536)
                    client.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/private.git"
        env = self.env(GIT_CONFIG_NOSYSTEM="1", HOME=str(self.folder), GIT_CONFIG_GLOBAL="/dev/null")
        with Watched(self.folder, ["git", "ls-remote", url], env, terminal=True) as watched:
            self.named(watched, "TN1107", "git", "password")
            self.assertIn("Username for", watched.text)
            # The question is still there: no status line went over it.
            line = next(one for one in watched.text.split("\n") if "Username for" in one)
            self.assertNotIn("\x1b[K", line.split("Username for")[1])
            # It can be answered as without tenon; git then asks for the password.
            os.write(watched.master, b"somebody\n")
            end = time.monotonic() + PATIENCE
            while "Password for" not in watched.text and time.monotonic() < end:
                time.sleep(0.05)
            self.assertIn("Password for", watched.text)
            os.write(watched.master, b"\x03")  # Ctrl-C reaches git
            self.assertEqual(watched.process.wait(20), 130)

    def test_04_lock_of_the_module_cache(self):
        need("go")
        lock = self.folder / "modcache/cache/download/rsc.io/quote/@v/v1.5.2.lock"
        lock.parent.mkdir(parents=True)
        self.module("package main\n\nimport _ \"rsc.io/quote\"\n\nfunc main() {}\n",
                    "module m\n\ngo 1.21\n\nrequire rsc.io/quote v1.5.2\n")
        with open(lock, "w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            env = self.env(GOPROXY="file:///nowhere")
            with Watched(self.folder, ["go", "build", "./..."], env) as watched:
                self.named(watched, "TN1108", "go (", "v1.5.2.lock", f"({os.getpid()})")

    def test_04b_record_lock(self):
        path = self.folder / "lock"
        with open(path, "w", encoding="utf-8") as held:
            fcntl.lockf(held, fcntl.LOCK_EX)
            code = f"import fcntl; fcntl.lockf(open({str(path)!r}, 'w'), fcntl.LOCK_EX)"
            with Watched(self.folder, [sys.executable, "-c", code]) as watched:
                self.named(watched, "TN1108", str(path), f"({os.getpid()})")

    def test_05_compiler_that_sleeps(self):
        need("go")
        self.module(CGO)
        compiler = self.script("slowcc", "sleep 100\n")
        with Watched(self.folder, ["go", "build", "./..."], self.env(CC=str(compiler), CGO_ENABLED="1")) as watched:
            self.named(watched, "TN1109", "sleep (", "C compiler slowcc")

    def test_06_compiler_that_reads_the_terminal(self):
        need("go")
        self.module(CGO)
        compiler = self.script("askcc", "read answer </dev/tty\n")
        env = self.env(CC=str(compiler), CGO_ENABLED="1")
        with Watched(self.folder, ["go", "build", "./..."], env, terminal=True) as watched:
            self.named(watched, "TN1107", "askcc", "terminal")

    def test_07_large_c_file(self):
        need("go", "gcc")
        body = "".join(f"int f{i}(int a, int b) {{ for (int i = 0; i < a; i++) b = b * {i + 3} + a / (b | 1) - "
                       f"(b >> {i % 7}); return b ^ f{max(0, i - 1)}(b, a); }}\n" for i in range(1, 40000))
        self.module("package main\n\n// #cgo CFLAGS: -O2\n// int f1(int, int);\nimport \"C\"\n\n"
                    "func main() { println(C.f1(1, 2)) }\n",
                    big__c="int f0(int a, int b) { return a + b; }\n" + body)
        with Watched(self.folder, ["go", "build", "./..."], self.env(CC="gcc", CGO_ENABLED="1")) as watched:
            self.named(watched, "TN1101", "cc1 (", "big.c", "MB)", "normal")

    def test_08_full_pipe(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        try:
            with Watched(self.folder, ["sh", "-c", f"yes >&{writer}"], pass_fds=[writer]) as watched:
                os.close(writer)
                writer = None
                self.named(watched, "TN1110", "yes (", f"({os.getpid()}) does not read it")
        finally:
            if writer is not None:
                os.close(writer)

    def test_09_stopped(self):
        with Watched(self.folder, ["sh", "-c", "kill -STOP $$; exit 7"]) as watched:
            self.named(watched, "TN1111", "stopped by a signal")
            os.killpg(watched.process.pid, signal.SIGCONT)
            self.assertEqual(watched.process.wait(20), 7)

    def test_10_fifo_for_a_header(self):
        need("go", "gcc")
        (self.folder / "include").mkdir()
        os.mkfifo(self.folder / "include/odd.h")
        self.module("package main\n\n// #cgo CFLAGS: -I${SRCDIR}/include\n// #include \"odd.h\"\nimport \"C\"\n\n"
                    "func main() {}\n")
        # The package alone: with ./... go itself opens the FIFO.
        with Watched(self.folder, ["go", "build", "."], self.env(CC="gcc", CGO_ENABLED="1")) as watched:
            self.named(watched, "TN1112", "cc1 (", "include/odd.h")

    def test_11_slow_linker(self):
        need("go", "gcc")
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "ld.c").write_text(
            "#include <time.h>\n#include <unistd.h>\nint main(int n, char **v, char **e) {\n"
            "  (void)n; time_t end = time(0) + 60; volatile long x = 0;\n"
            "  while (time(0) < end) x++;\n  return execve(\"/usr/bin/ld\", v, e);\n}\n")
        subprocess.run(["gcc", "-O1", "-o", tools / "ld", tools / "ld.c"], check=True)
        self.module(CGO)
        env = self.env(CC="gcc", CGO_ENABLED="1", CGO_CFLAGS="-O0")
        subprocess.run(["go", "build", "-o", "/dev/null", "./..."], cwd=self.folder, env=env, check=True)
        argv = ["go", "build", "-ldflags", f"-linkmode external -extldflags -B{tools}", "./..."]
        with Watched(self.folder, argv, env) as watched:
            # cgo itself links a small program first: the linker is met there or at the end.
            self.named(watched, "TN1103", "ld (", "linking", "normal")

    def test_12_memory(self):
        # A control group with less memory than a process needs: it fetches its pages again and again.
        groups = Path("/sys/fs/cgroup/memory")
        unified = not groups.is_dir()
        group = (Path("/sys/fs/cgroup") if unified else groups) / f"tenon-watch-{os.getpid()}"
        limit = "memory.max" if unified else "memory.limit_in_bytes"
        try:
            group.mkdir()
        except OSError as error:
            self.skipTest(f"no right to make a control group: {error}")
        try:
            if not (group / limit).exists():
                self.skipTest("control groups without memory")
            (group / limit).write_text(str(24 << 20))
            big = self.folder / "big"
            with open(big, "wb") as out:
                for _ in range(160):
                    out.write(os.urandom(1 << 20))
                # Pages that are in memory already would count for another group.
                out.flush()
                os.fsync(out.fileno())
                os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            program = self.folder / "thrash.c"
            program.write_text(
                "#include <fcntl.h>\n#include <sys/mman.h>\n#include <stdlib.h>\nint main(int n, char **v) {\n"
                "  (void)n; long size = 160L << 20; int f = open(v[1], O_RDONLY);\n"
                "  volatile char *p = mmap(0, size, PROT_READ, MAP_SHARED, f, 0); madvise((void*)p, size, MADV_RANDOM);\n"
                "  long s = 0; for (;;) s += p[(((long)rand() << 12) ^ rand()) % size]; }\n")
            need("gcc")
            subprocess.run(["gcc", "-O1", "-w", "-o", self.folder / "thrash", program], check=True)
            inside = self.script("inside", f"echo $$ >{group}/cgroup.procs\nexec ./thrash big\n")
            with Watched(self.folder, [inside]) as watched:
                self.named(watched, "TN1113", "thrash (", "memory")
        finally:
            for _ in range(100):
                try:
                    group.rmdir()
                    break
                except OSError:
                    time.sleep(0.1)


class Passage(Base):
    """Streams, standard input, signals and exit code are those of the command."""

    def test_streams_stay_apart_and_unchanged(self):
        code = ("import os\nfor i in range(300):\n os.write(1, bytes(range(256)) * 16)\n"
                " os.write(2, bytes(reversed(range(256))))\n")
        done = subprocess.run([TENON, "watch", "--", sys.executable, "-c", code], capture_output=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, bytes(range(256)) * 16 * 300)
        self.assertEqual(done.stderr, bytes(reversed(range(256))) * 300)

    def test_file_takes_the_output(self):
        path = self.folder / "out"
        with open(path, "wb") as out:
            done = subprocess.run([TENON, "watch", "--", "sh", "-c", "echo a; echo b >&2; printf c"], stdout=out,
                                  stderr=subprocess.STDOUT, timeout=60, check=False)
        self.assertEqual((done.returncode, path.read_bytes()), (0, b"a\nb\nc"))

    def test_standard_input(self):
        done = subprocess.run([TENON, "watch", "--", "cat"], input=b"one\0two\n", capture_output=True, timeout=60,
                              check=False)
        self.assertEqual((done.stdout, done.stderr, done.returncode), (b"one\0two\n", b"", 0))

    def test_exit_codes(self):
        for script, code in (("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -TERM $$", 143),
                             ("kill -KILL $$", 137)):
            done = subprocess.run([TENON, "watch", "--", "sh", "-c", script], timeout=60, check=False)
            self.assertEqual(done.returncode, code, script)
        for argv, code in ((["/nowhere/to/be/found"], 127), (["no-such-program-here"], 127), ([self.folder], 126),
                           ([self.script_without_right()], 126)):
            done = subprocess.run([TENON, "watch", "--", *map(str, argv)], capture_output=True, timeout=60,
                                  check=False)
            self.assertEqual((done.returncode, done.stdout), (code, b""))
            self.assertIn(b"cannot start", done.stderr)

    def script_without_right(self):
        path = self.script("plain", "true\n")
        path.chmod(0o644)
        return path

    def test_hang_up_reaches_the_command_of_a_session_leader(self):
        # As `ssh -t HOST tenon watch -- ...`: only the leader of the session gets the kernel's signal.
        process, master = pty.fork()
        if process == 0:
            os.execvp(TENON, [TENON, "watch", "--", "sh", "-c", "echo pid $$; exec sleep 300"])
        text = b""
        while b"\n" not in text:
            text += os.read(master, 4096)
        command = int(text.split()[1])
        os.close(master)  # the terminal goes away
        try:
            end = time.monotonic() + 20
            done = (0, 0)
            while done[0] == 0 and time.monotonic() < end:
                done = os.waitpid(process, os.WNOHANG)
                time.sleep(0.05)
            self.assertEqual(done[0], process, "tenon lives on without its terminal")
            self.assertEqual(os.waitstatus_to_exitcode(done[1]), 128 + signal.SIGHUP)
            self.assertFalse(Path(f"/proc/{command}").exists(), "the command lives on without its terminal")
        finally:
            for one in (command, process):
                try:
                    os.kill(one, signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def test_other_signals_go_on_to_the_command(self):
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH):
            script = f"trap 'echo got; exit 9' {int(number)}; echo ready; while :; do sleep 0.05; done"
            with subprocess.Popen([TENON, "watch", "--", "sh", "-c", script], stdout=subprocess.PIPE) as process:
                self.assertEqual(process.stdout.readline(), b"ready\n")
                process.send_signal(number)
                self.assertEqual(process.stdout.read(), b"got\n")
                self.assertEqual(process.wait(20), 9)

    def test_pty_keeps_the_terminal(self):
        script = "test -t 1 && test -t 2 && stty size <&1; printf 'a\\tb\\n'; test -t 0; exit $?"
        argv = [TENON, "watch", "--pty", "--silence", "60", "--", "sh", "-c", script]
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, b"\x1f\x00\x65\x00\x00\x00\x00\x00")  # 31 rows, 101 columns
        with subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=self.env()) as process:
            os.close(slave)
            text = b""
            while True:
                try:
                    data = os.read(master, 4096)
                except OSError:
                    break
                if not data:
                    break
                text += data
            self.assertEqual(process.wait(20), 0)
        os.close(master)
        self.assertTrue(text.startswith(b"31 101\r\na"), text)
        self.assertTrue(text.endswith(b"b\r\n"), text)
        # Where tenon has no terminal the command has none.
        done = subprocess.run([TENON, "watch", "--pty", "--", "test", "-t", "1"], capture_output=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 1)

    def test_report_is_there_when_tenon_is_killed(self):
        path = self.folder / "report.json"
        argv = [TENON, "watch", "--silence", "1", "--report", path, "--", "sleep", "60"]
        with subprocess.Popen(argv, stderr=subprocess.PIPE, start_new_session=True) as process:
            try:
                self.assertIn(b"tenon watch: silent", process.stderr.readline())
                end = time.monotonic() + 20
                while not json.loads(path.read_text())["data"]["verdicts"] and time.monotonic() < end:
                    time.sleep(0.05)
                process.kill()
                process.wait(20)
                said = json.loads(path.read_text())
                self.assertEqual([one["code"] for one in said["data"]["verdicts"]], ["TN1109"])
                self.assertIsNone(said["data"]["exit_code"])
            finally:
                os.killpg(process.pid, signal.SIGKILL)

    def test_bad_use(self):
        for argv in (["--json", "--", "true"], ["true"], [], ["--"], ["--silence", "0", "--", "true"],
                     ["--silence", "soon", "--", "true"], ["--report", "/proc/no/x", "--", "touch", "ran"]):
            done = subprocess.run([TENON, "watch", *argv], capture_output=True, timeout=60, check=False,
                                  cwd=self.folder)
            self.assertEqual(done.returncode, 3, argv)
        self.assertFalse((self.folder / "ran").exists())

    def test_signal_from_another_process(self):
        script = "trap 'echo got; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        with subprocess.Popen([TENON, "watch", "--", "sh", "-c", script], stdout=subprocess.PIPE) as process:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.stdout.read(), b"got\n")
            self.assertEqual(process.wait(20), 9)

    def test_interrupt_of_the_terminal_comes_once(self):
        code = ("import signal,time\ncount=[0]\ndef f(*_):\n count[0]+=1\nsignal.signal(signal.SIGINT,f)\n"
                "print('ready',flush=True)\nend=time.time()+1.5\nwhile time.time()<end: time.sleep(0.1)\n"
                "raise SystemExit(40+count[0])\n")
        with Watched(self.folder, [sys.executable, "-c", code], self.env(), terminal=True) as watched:
            self.assertTrue(watched.wait_for("ready"))
            os.write(watched.master, b"\x03")
            self.assertEqual(watched.process.wait(30), 41)

    def test_closed_pipe_ends_the_command(self):
        with subprocess.Popen([TENON, "watch", "--", "yes"], stdout=subprocess.PIPE) as process:
            process.stdout.read(10)
            process.stdout.close()
            self.assertEqual(process.wait(20), 128 + signal.SIGPIPE)

    def test_terminal_has_a_status_line(self):
        script = "echo one; sleep 2.5; echo two; exit 5"
        with Watched(self.folder, ["sh", "-c", script], self.env(), terminal=True, silence=60) as watched:
            self.assertEqual(watched.process.wait(30), 5)
            watched.reader.join(5)
            text = watched.text
            self.assertIn("\r\x1b[Ktenon watch: ", text)
            self.assertIn("sleep (", text)
            # It is gone before the next line of the command, and at the end.
            self.assertTrue(text.endswith("\x1b[Ktwo\r\n") or text.endswith("\x1b[K"), repr(text))
            self.assertIn("one\r\n", text)

    def test_no_status_line_over_a_question(self):
        script = "printf 'Name? '; read name; echo hello $name"
        with Watched(self.folder, ["sh", "-c", script], self.env(), terminal=True, silence=60) as watched:
            self.assertTrue(watched.wait_for("Name?"))
            time.sleep(1.5)
            self.assertNotIn("\x1b[K", watched.text)
            os.write(watched.master, b"you\n")
            self.assertEqual(watched.process.wait(20), 0)
            watched.reader.join(5)
            self.assertIn("hello you", watched.text)

    def test_report(self):
        path = self.folder / "report.json"
        done = subprocess.run([TENON, "watch", "--silence", "1", "--report", path, "--", "sh", "-c",
                               "sleep 2.6; exit 4"], capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (4, b""))
        report = json.loads(path.read_text())
        self.assertEqual((report["schema"], report["tool"], report["command"], report["ok"]),
                         (1, "tenon", "watch", False))
        self.assertEqual((report["data"]["exit_code"], report["data"]["signal"]), (4, 0))
        said = report["data"]["verdicts"]
        self.assertEqual([one["code"] for one in said], ["TN1109"])
        self.assertEqual(report["findings"][0]["cause"], "watch/sleeps")
        self.assertGreaterEqual(said[0]["silent_ms"], 1000)
        self.assertTrue(said[0]["evidence"])
        quiet = subprocess.run([TENON, "watch", "-q", "--silence", "1", "--report", path, "--", "sleep", "2.6"],
                               capture_output=True, timeout=60, check=False)
        self.assertEqual((quiet.returncode, quiet.stderr), (0, b""))
        self.assertEqual(len(json.loads(path.read_text())["data"]["verdicts"]), 1)

    def test_output_that_outlives_the_command(self):
        script = "(sleep 4; echo late) & echo now; exit 6"
        done = subprocess.run([TENON, "watch", "--silence", "1", "--", "sh", "-c", script], capture_output=True,
                              timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (6, b"now\nlate\n"))
        self.assertIn(b"TN1119", done.stderr)

    def test_nobody_reads_the_output(self):
        with subprocess.Popen([TENON, "watch", "--silence", "1", "--", "yes"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            line = process.stderr.readline() + process.stderr.readline()
            self.assertIn(b"TN1120", line)
            process.stdout.close()
            process.wait(20)

    def test_normal_build_needs_no_word(self):
        need("go", "gcc")
        self.module("package main\n\n// #include <stdio.h>\n// static int f(void) { return puts(\"x\"); }\n"
                    "import \"C\"\nimport \"net/http\"\n\nfunc main() { C.f(); http.Get(\"x\") }\n")
        # With nothing in the cache: far more silence than the limit, and progress all the time.
        env = self.env(CC="gcc", CGO_ENABLED="1", GOCACHE=str(self.folder / "gocache"))
        start = time.monotonic()
        done = subprocess.run([TENON, "watch", "--", "go", "build", "-o", "program", "."], cwd=self.folder, env=env,
                              capture_output=True, timeout=600, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        words = done.stderr.decode().count("tenon watch: silent")
        delays_note.append(f"a first build of {time.monotonic() - start:.0f} s: {words} words")
        # On a machine with a lot of other work one package may take longer than the limit; that is said as normal.
        self.assertEqual(done.stderr.count(b", normal: "), words)
        if os.getloadavg()[0] < 2 * os.cpu_count():
            self.assertEqual(done.stderr, b"")


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=1).result
    for name, delay in sorted(delays.items()):
        print(f"{name}: named {delay:.1f} s after the limit of {LIMIT} s")
    print("\n".join(delays_note))
    sys.exit(not result.wasSuccessful())
