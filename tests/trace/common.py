"""What the tests of `tenon trace` share: whether it works here, its programs, and documents."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
HERE = Path(__file__).resolve().parent

# A program in Python with connections of both kinds: N connections, closed first by "client" or "server"; how they
# end: "fin", "reset", "half" (each direction on its own), "orphan" (the other side never closes).
CLOSES = r"""
import socket, struct, sys, threading
count, side, way, family, bound = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5]
six = family != "4"
server = socket.socket(socket.AF_INET6 if six else socket.AF_INET)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if six:
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.bind(("::" if six else "127.0.0.1", int(bound)))
server.listen(1024)
port = server.getsockname()[1]
target = {"4": "127.0.0.1", "6": "::1", "mapped": "::ffff:127.0.0.1"}[family]
kept = []

def end(sock, first):
    if way == "orphan":
        if first:
            sock.close()
        else:
            kept.append(sock)
        return
    if way == "reset" and first:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        return
    if way == "half" and first:
        sock.shutdown(socket.SHUT_WR)
    if not first or way == "half":
        try:
            while sock.recv(100):
                pass
        except OSError:
            pass
    sock.close()

def serve():
    for _ in range(count):
        one, _where = server.accept()
        one.recv(1)
        if side != "server":
            one.send(b"y")
        end(one, side == "server")

thread = threading.Thread(target=serve)
thread.start()
for _ in range(count):
    one = socket.socket(socket.AF_INET6 if six else socket.AF_INET)
    one.connect((target, port))
    one.send(b"x")
    if side == "client":
        one.recv(1)
    end(one, side == "client")
thread.join()
"""


def trace(*arguments, timeout=300, prefix=()):
    """(exit code, document, standard error) of `tenon trace`."""
    done = subprocess.run([*prefix, TENON, "trace", *arguments], capture_output=True, text=True, timeout=timeout,
                          check=False)
    try:
        return done.returncode, json.loads(done.stdout), done.stderr
    except ValueError:
        raise AssertionError(f"tenon trace {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")


def why_not():
    """Why nothing can be traced here; None: it works."""
    if os.geteuid() != 0:
        return "not root"
    done = subprocess.run([TENON, "trace", "net", "--json", "--", "true"], capture_output=True, text=True, timeout=60,
                          check=False)
    try:
        document = json.loads(done.stdout)
    except ValueError:
        return None
    return document["findings"][0]["message"] if done.returncode == 3 and document["findings"] else None


def build_programs(folder, go="go", env=None, flags=()):
    """The program with planted causes."""
    if shutil.which(go) is None:
        return None
    out = os.path.join(folder, "programs")
    subprocess.run([go, "build", *flags, "-o", out, "."], cwd=HERE / "programs", check=True, timeout=600,
                   env={**os.environ, "GOFLAGS": "", "GOWORK": "off", **(env or {})})
    return out


class Server:
    """The other side of the programs."""

    def __init__(self, program, *arguments, prefix=()):
        self.process = subprocess.Popen([*prefix, program, "serve", *arguments], stdout=subprocess.PIPE, text=True)
        self.addresses = self.process.stdout.readline().split()
        if len(self.addresses) != 3:
            sys.exit("the server did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def codes(document):
    return {finding["code"] for finding in document["findings"]}


# mode -> the codes of which one has to be there
PLANTED = {"pool": {"TN3206"}, "pool_all": {"TN3206"}, "sql_pool": {"TN3206"}, "keep_alive": {"TN3207"},
           "request_close": {"TN3207"}, "drain": {"TN3208"}, "drain_tls": {"TN3208"}, "client": {"TN3209"},
           "sql_client": {"TN3209"}, "peer": {"TN3207", "TN3210"}, "idle": {"TN3216"}, "tcp": {"TN3211"}}
CLEAN = ("clean_pool", "clean_one", "clean_sql", "clean_tcp", "clean_tls", "clean_large")
CAUSES = {"TN3206", "TN3207", "TN3208", "TN3209", "TN3210", "TN3211", "TN3216", "TN3218"}
