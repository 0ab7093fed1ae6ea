#!/usr/bin/env python3
"""`tenon resolve --run` against Go programs on a server that misbehaves, in a network namespace.

usage: both.py [--tenon FILE] [--go goX.Y.Z] [--times]

Compares addresses, error text and flags of Go's way, and the class of libc's way. --times also compares how long a
lookup took, which a busy machine can spoil. Exit codes: 0 equal, 1 not, 77 no Go or no namespaces.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dns_server
import oracle
from run import INSIDE

MAIN = '''package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"time"
)

func main() {
	start := time.Now()
	addresses, err := net.LookupHost(os.Args[1])
	out := map[string]any{"ms": time.Since(start).Milliseconds(), "addresses": addresses, "error": ""}
	if err != nil {
		out["error"] = err.Error()
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		out["not_found"], out["timeout"], out["temporary"] = dns.IsNotFound, dns.IsTimeout, dns.IsTemporary
	}
	json.NewEncoder(os.Stdout).Encode(out)
}
'''

RESOLV = "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n"
HOSTS = "127.0.0.1 localhost\n192.0.2.7 three.lines\n192.0.2.8 three.lines\n192.0.2.9 three.lines\n"
NAMES = [*(f"{mode}.test" for mode in dns_server.MODES), "127.1", "0x7f.1", "1.2.3", "-bad.x", "a..b", "ü.test", "ok.onion", "three.lines",
         "localhost", "ok.test.", "192.0.2.1"]
PORT = re.compile(r":\d{4,5}->")


def ask_go(program, name, netdns):
    done = subprocess.run([program, name], env={"GODEBUG": f"netdns={netdns}"}, capture_output=True, text=True, timeout=120)
    if done.returncode:
        return {"error": done.stderr, "ms": 0, "addresses": None}
    return json.loads(done.stdout)


def plain(text):
    return PORT.sub(":PORT->", text or "")


def kind(answer):
    """The class of libc's answer."""
    if not answer.get("error"):
        return ("addresses", sorted(answer.get("addresses") or []))
    return ("no such host" if answer.get("not_found") else answer["error"].rsplit(": ", 1)[-1], )


def compare(tenon, program, version, name, times):
    go, libc = ask_go(program, name, "go"), ask_go(program, name, "cgo")
    done = subprocess.run([tenon, "resolve", "--json", "--run", "--go", version, "--cgo", "1", "--", name], capture_output=True, timeout=120,
                          env={})
    if done.returncode not in (0, 1):
        return [f"{name}: tenon failed: {done.stdout[-1500:]!r} {done.stderr[-500:]!r}"], ""
    row = json.loads(done.stdout)["data"]["run"][0]
    out = []
    ours = row["go"]
    if sorted(go["addresses"] or []) != sorted(ours["addresses"]):
        out.append(f"{name}: addresses: Go {go['addresses']}, tenon {ours['addresses']}")
    elif (go["addresses"] or []) != ours["addresses"] and len({":" in one for one in ours["addresses"]}) < 2:
        # A and AAAA race, so that only the order within a family is Go's.
        out.append(f"{name}: order: Go {go['addresses']}, tenon {ours['addresses']}")
    if plain(go["error"]) != plain(ours["error"]):
        out.append(f"{name}: error: Go {go['error']!r}, tenon {ours['error']!r}")
    for flag in ("not_found", "timeout", "temporary"):
        if bool(go.get(flag)) != ours[flag]:
            out.append(f"{name}: {flag}: Go {go.get(flag)}, tenon {ours[flag]}")
    if kind(libc) != kind(row["libc"]):
        out.append(f"{name}: libc: cgo {kind(libc)}, tenon {kind(row['libc'])}")
    if times and abs(go["ms"] - ours["elapsed_ms"]) > 300:
        out.append(f"{name}: Go took {go['ms']} ms, tenon {ours['elapsed_ms']} ms")
    if not row["same"] and not row["why"]:
        out.append(f"{name}: a difference without an explanation")
    text = f"{name:24} go {go['ms']:5} {ours['elapsed_ms']:5} ms  libc {libc['ms']:5} {row['libc']['elapsed_ms']:5} ms  {plain(ours['error'])[:60] or ours['addresses'][:2]}  {'; '.join(row['why'])[:90]}"
    return out, text


def inside(request):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/etc"], check=True)
    for name, text in (("resolv.conf", RESOLV), ("hosts", HOSTS), ("nsswitch.conf", "hosts: files dns\n"), ("host.conf", "")):
        Path("/etc", name).write_text(text)
    # Without the command ip a loopback address is set up by hand.
    import fcntl
    import socket
    import struct
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
    server = dns_server.Server()
    # Without --run nothing is sent, whatever else is asked for.
    subprocess.run([request["tenon"], "resolve", "silent.test", "127.1", "a.b"], capture_output=True, env={})
    unasked = [f"a query was sent without --run: {seen}" for seen in server.seen]
    workers = 1 if request["serial"] else 8
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda name: compare(request["tenon"], request["program"], request["version"], name, request["times"]),
                                request["names"]))
    print(json.dumps({"differences": unasked + [line for out, _ in results for line in out], "lines": [text for _, text in results]}))


def campaign(tenon, work, times=False, toolchain=None, names=None):
    """None where the system refuses namespaces."""
    share = ["unshare", "-mn", "--propagation", "private"] if os.geteuid() == 0 else ["unshare", "-Urmn"]
    try:
        if subprocess.run([*share, "mount", "-t", "tmpfs", "tmpfs", "/etc"], capture_output=True).returncode:
            share = ["unshare", "-Urmn"]
            if subprocess.run([*share, "mount", "-t", "tmpfs", "tmpfs", "/etc"], capture_output=True).returncode:
                return None
    except FileNotFoundError:
        return None
    version = oracle.go_version(work, toolchain)
    folder = work / "both"
    oracle.write_module(folder, MAIN, version)
    oracle.go(["build", "-o", "ask", "."], folder, toolchain, {"CGO_ENABLED": "1"})
    request = {"tenon": str(tenon), "program": str(folder / "ask"), "version": version, "times": times, "serial": False,
               "names": names or NAMES}
    done = subprocess.run([*share, sys.executable, __file__], env={**os.environ, INSIDE: json.dumps(request)}, capture_output=True,
                          text=True)
    if done.returncode:
        return {"differences": [done.stderr[-3000:]], "lines": []}
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "build/dev/tenon"))
    parser.add_argument("--go")
    parser.add_argument("--times", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenon-both") as name:
        start = time.monotonic()
        try:
            result = campaign(Path(arguments.tenon).resolve(), Path(name), arguments.times, arguments.go)
        except oracle.NoGo as reason:
            print(f"skipped: {reason}")
            return 77
    if result is None:
        print("skipped: the system refuses namespaces")
        return 77
    print("\n".join(result["lines"] + result["differences"]))
    print(f"{len(result['lines'])} names, {len(result['differences'])} differences, {time.monotonic() - start:.1f} s")
    return 1 if result["differences"] else 0


if __name__ == "__main__":
    if INSIDE in os.environ:
        inside(json.loads(os.environ.pop(INSIDE)))
    else:
        sys.exit(main())
