#!/usr/bin/env python3
"""Actions on a fleet to which things happen: how many end right without anybody's help.

usage: faults.py [--tenon PATH] [--actions N] [--batch N] [--every SECONDS] [--seed N] [--results FILE] [--short]

N modules (1,000), each a small program that prints its own number, are built in matrices of 100, each by a fleet of its own
and three workers that start again when they end: one behind a relay, one whose directory is a file system of 20 MB (as root), one whose clock is 5 min
off. A fourth has another zig, so it must get nothing. Every few seconds one of these happens: SIGKILL of a worker, SIGKILL
of the processes of an action, SIGSTOP of a worker for 20 s, the relay drops its connections or lets nothing through for
10 s, the store or the scheduler is killed and started again, the small file system is full for 5 s.

Judge: each output is run and has to print the number of its module; some are held against local builds. Afterwards no
process may be left, and no action may have begun more than five times. The last line is the result; exit 1 below 99.73 %, or
with a wrong output or a left process.

Each batch is a line of FILE. A campaign that was cut off goes on with the next batch, and its result counts all of FILE.
--short: 40 actions, every one of them right, for a run of a few minutes. Exit code 77: something that it needs is not here.
"""
import argparse
import hashlib
import json
import os
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

OFFSET = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *out) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(id, out);
  if (code == 0 && id == CLOCK_REALTIME) out->tv_sec += 300;
  return code;
}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def processes(word):
    """Numbers of living processes that name a path, or work in it."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        if int(entry.name) != os.getpid() and (word in line or where.startswith(word)):
            yield int(entry.name)


def send(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass


class Relay(threading.Thread):
    """Between a worker and the scheduler."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target, self.pairs, self.closed = port, [], 0.0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def drop(self):
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def run(self):
        while True:
            client, _ = self.listener.accept()
            try:
                pair = (client, socket.create_connection(("127.0.0.1", self.target), 2))
            except OSError:
                client.close()
                continue
            self.pairs.append(pair)
            threading.Thread(target=self.pump, args=pair, daemon=True).start()

    def pump(self, *pair):
        try:
            while True:
                for end in select.select(pair, [], [], 1)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    while time.monotonic() < self.closed:
                        time.sleep(0.1)
                    pair[end is pair[0]].sendall(data)
        except OSError:
            pass
        finally:
            self.pairs = [one for one in self.pairs if one is not pair]
            for end in pair:
                end.close()


class Worker(threading.Thread):
    """Starts again whenever it ends."""

    def __init__(self, campaign, name, port, **env):
        super().__init__(daemon=True)
        self.folder, self.over, self.process = campaign.place / name, False, None
        self.argv = [campaign.tenon, "worker", "--join", f"127.0.0.1:{port}", "--folder", str(self.folder)]
        self.env = {**os.environ, **env}
        self.log = (campaign.place / f"{name}.log").open("w")

    def run(self):
        while not self.over:
            self.process = subprocess.Popen(self.argv, env=self.env, stdout=self.log, stderr=self.log)
            self.process.wait()
            time.sleep(0.2)

    def end(self):
        self.over = True
        send(self.process.pid, signal.SIGCONT)
        send(self.process.pid, signal.SIGTERM)
        self.join(120)


class Batch:
    def __init__(self, options, count, seed):
        self.tenon, self.count, self.every = os.path.abspath(options.tenon), count, options.every
        self.random = random.Random(seed)
        self.place = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="tenon-faults-"))
        self.place.chmod(0o755)
        self.folder = self.place / "fleet"
        self.done, self.mounted, self.over = Counter(), False, False

    def run(self, *arguments, **options):
        done = subprocess.run([self.tenon, *arguments, "--json"], capture_output=True, text=True, check=False, **options)
        return json.loads(done.stdout)

    def prepare(self):
        for i in range(self.count):
            folder = self.place / f"modules/m{i}"
            folder.mkdir(parents=True)
            (folder / "go.mod").write_text(f"module example.com/m{i}\n\ngo 1.21\n")
            (folder / "main.go").write_text(f"package main\n\nfunc main() {{ println({i}) }}\n")
        (self.place / "matrix.json").write_text(json.dumps({
            "modules": [{"dir": f"modules/m{i}"} for i in range(self.count)], "targets": ["linux/amd64"]}))
        port = free_port()
        up = self.run("fleet", "up", "--folder", str(self.folder), "--port", str(port), "--no-worker")
        if not up["ok"]:
            raise AssertionError(up["findings"])
        self.parts = {row["name"]: row["process"] for row in up["data"]["components"]}
        self.lines = {name: Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
                      for name, pid in self.parts.items()}
        self.relay = Relay(port)
        self.relay.start()
        (self.place / "offset.c").write_text(OFFSET)
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", self.place / "offset.so", self.place / "offset.c", "-ldl"], check=True)
        self.mount()
        other = self.place / "other-zig"
        other.mkdir()
        (other / "zig").write_text("#!/bin/sh\necho 0.1.0\n")
        (other / "zig").chmod(0o755)
        self.workers = [Worker(self, "relayed", self.relay.port), Worker(self, "small", port),
                        Worker(self, "off", port, LD_PRELOAD=str(self.place / "offset.so"))]
        self.stranger = Worker(self, "stranger", port, PATH=f"{other}:{os.environ['PATH']}")
        # One build cache, made before: what is measured is not the standard library.
        cache = {name: subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()
                 for name in ("GOCACHE", "GOMODCACHE")}
        for worker in (*self.workers, self.stranger):
            worker.env |= cache
            worker.start()
        self.run("build", ".", "--target", "linux/amd64", "--out", str(self.place / "warm"), "-buildvcs=false",
                 cwd=self.place / "modules/m0")

    def mount(self):
        small = self.place / "small"
        small.mkdir()
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=0700", "tmpfs", small],
                                      capture_output=True, check=False).returncode == 0

    # Each returns how long it lasts, or None where it could not happen.
    def kill_worker(self):
        worker = self.random.choice(self.workers)
        send(worker.process.pid, signal.SIGKILL)

    def kill_action(self):
        worker = self.random.choice(self.workers)
        for pid in list(processes(f"{worker.folder}/work/")):
            send(pid, signal.SIGKILL)

    def stop_worker(self):
        pid = self.random.choice(self.workers).process.pid
        send(pid, signal.SIGSTOP)
        threading.Timer(20, send, (pid, signal.SIGCONT)).start()

    def drop(self):
        self.relay.drop()

    def hold(self):
        self.relay.closed = time.monotonic() + 10

    def restart(self, name):
        send(self.parts[name], signal.SIGKILL)
        time.sleep(0.5)
        log = (self.folder / f"{name}.log").open("a")
        self.parts[name] = subprocess.Popen(self.lines[name], cwd=self.folder, stdout=log, stderr=log,
                                            start_new_session=True).pid

    def restart_store(self):
        self.restart("store")

    def restart_scheduler(self):
        self.restart("scheduler")

    def fill(self):
        if not self.mounted:
            return
        path = self.place / "small/full"
        try:
            with path.open("wb") as out:
                while True:
                    out.write(bytes(1 << 16))
        except OSError:
            pass
        threading.Timer(5, lambda: path.unlink(missing_ok=True)).start()

    def happen(self):
        usual = [self.kill_worker, self.kill_action, self.stop_worker, self.drop, self.hold, self.fill]
        rare = [self.restart_store, self.restart_scheduler]
        while not self.over:
            time.sleep(self.every)
            fault = self.random.choice(3 * usual + rare)
            if not self.over:
                fault()
                self.done[fault.__name__] += 1

    def judge(self, cells):
        wrong = []
        local = set(self.random.sample(range(len(cells)), min(5, len(cells))))
        for i, cell in enumerate(cells):
            if cell["state"] != "built":
                continue
            path = Path(cell["outputs"][0]["path"])
            said = subprocess.run([path], capture_output=True, text=True, check=False)
            if (said.returncode, said.stderr) != (0, f"{i}\n"):
                wrong.append(cell["cell"])
            elif i in local:
                report = self.run("build", ".", "--target", "linux/amd64", "--out", str(self.place / "local"),
                                  "-buildvcs=false", cwd=self.place / f"modules/m{i}")
                own = Path(report["data"]["outputs"][0]["path"]).read_bytes()
                if hashlib.sha256(own).hexdigest() != cell["outputs"][0]["sha256"]:
                    wrong.append(cell["cell"])
        return wrong

    def most_begun(self):
        """How often the workers began one and the same action."""
        begun = Counter()
        for worker in (*self.workers, self.stranger):
            worker.log.flush()
            begun.update(re.findall(r"begins (\S+)", Path(worker.log.name).read_text()))
        return max(begun.values(), default=0)

    def outcome(self):
        self.prepare()
        time.sleep(3)
        happening = threading.Thread(target=self.happen)
        happening.start()
        start = time.monotonic()
        answer = self.run("fleet", "run", str(self.place / "matrix.json"), "--folder", str(self.folder), "--out",
                          str(self.place / "out"), "--no-cache")
        took = time.monotonic() - start
        self.over = True
        happening.join()
        cells = answer["data"]["cells"]
        wrong = self.judge(cells)
        strange = sum("zig=0.1.0" in cell["worker"] for cell in cells)
        for worker in (*self.workers, self.stranger):
            worker.end()
        for pid in self.parts.values():
            send(pid, signal.SIGTERM)
        left = []
        for _ in range(60):
            left = list(processes(str(self.place)))
            if not left:
                break
            time.sleep(0.5)
        return {"actions": len(cells), "built": sum(cell["state"] == "built" for cell in cells), "wrong": wrong,
                "strange": strange, "left": len(left), "faults": dict(sorted(self.done.items())), "seconds": round(took),
                "longest_ms": max(cell["times"]["all_ms"] for cell in cells), "most_begun": self.most_begun(),
                "findings": [f"{finding['code']} {finding['message'][:300]}" for finding in answer["findings"]]}

    def clean(self):
        self.over = True
        for pid in list(processes(str(self.place))):
            send(pid, signal.SIGKILL)
        time.sleep(0.5)
        if self.mounted:
            subprocess.run(["umount", "-l", self.place / "small"], check=False)
        subprocess.run(["chmod", "-R", "u+w", self.place], check=False)
        shutil.rmtree(self.place, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON"))
    parser.add_argument("--actions", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    components = os.environ.get("TENON_FLEET") or os.path.join(os.environ.get("TENON_TOOLS", ""), "fleet")
    if not options.tenon or not os.path.exists(f"{options.tenon}-fleet") or not os.path.isdir(components):
        print("no tenon, or no tenon-fleet beside it, or no components of scripts/setup.sh --fleet")
        return 77
    if options.short:
        options.actions = options.batch = 40
    rows = []
    if options.results and options.results.exists():
        rows = [json.loads(line) for line in options.results.read_text().splitlines()]
    while (count := options.actions - sum(row["actions"] for row in rows)) > 0:
        batch = Batch(options, min(count, options.batch), options.seed + len(rows))
        try:
            rows.append(batch.outcome())
        finally:
            batch.clean()
        print(json.dumps(rows[-1]), flush=True)
        if options.results:
            with options.results.open("a") as out:
                out.write(json.dumps(rows[-1]) + "\n")
    return result(rows)


def result(rows):
    def total(key):
        return sum(row[key] for row in rows)

    faults = sum((Counter(row["faults"]) for row in rows), Counter())
    wrong = sum(len(row["wrong"]) for row in rows)
    most = max(row["most_begun"] for row in rows)
    print(", ".join(f"{name} {count}" for name, count in sorted(faults.items())))
    print(f"{total('built')} of {total('actions')} actions ended right ({100 * total('built') / total('actions'):.2f} %) under "
          f"{faults.total()} faults in {total('seconds')} s; {wrong} wrong, {total('strange')} by the wrong toolchain, "
          f"{total('left')} processes left, none begun more than {most} times, longest "
          f"{max(row['longest_ms'] for row in rows) / 1000:.1f} s")
    well = total("built") >= 0.9973 * total("actions") and most <= 5
    return 0 if well and not wrong and not total("strange") and not total("left") else 1


if __name__ == "__main__":
    sys.exit(main())
