#!/usr/bin/env python3
"""`tenon resolve` against Go itself on random machines.

usage: run.py [--tenon FILE] [--seed N] [--linux N] [--overlay N] [--go goX.Y.Z] [--keep DIR]

--linux cases run Go's own programs in a namespace whose /etc is a tmpfs; they are skipped where the system refuses
namespaces. --overlay cases need no privilege. --go names a toolchain that GOTOOLCHAIN can fetch. Exit codes: 0 no
difference, 1 differences, 77 there is no Go.
"""
import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grid
import oracle

INSIDE = "TENON_RESOLVE_INSIDE"
NOBODY = 65534


def tenon_answer(tenon, arguments, names, **how):
    done = subprocess.run([tenon, "resolve", "--json", *arguments, "--", *names], capture_output=True, timeout=60, **how)
    if done.returncode not in (0, 2):
        return None, done.stdout.decode(errors="replace")[-2000:] + done.stderr.decode(errors="replace")[-2000:]
    data = json.loads(done.stdout)["data"]
    return data, ""


def flags_of(case):
    out = []
    for name, value in case.environment.items():
        out += ["--env", f"{name}={value}"]
    if case.godebug is not None:
        # As a variable and not as --godebug, which wants NAME=VALUE.
        out += ["--env", f"GODEBUG={case.godebug}"]
    return out


def differences(case, expected, data, problem):
    if data is None:
        return [f"case {case.number}: tenon failed: {problem}"]
    out = []
    ours = {row["name"]: row for row in data["names"]}
    for name, order in expected.items():
        row = ours.get(name)
        if row is None or row["order"] != order:
            out.append(f"case {case.number}: {name!r}: Go {order}, tenon {row and (row['order'], row['reason'])}\n  {case}"[:3000])
    return out


def overlay_case(tenon, program, version, seed, number, folder):
    case = grid.one_case(seed, number, True)
    etc = folder / str(number) / "etc"
    etc.mkdir(parents=True)
    grid.write_files(case, etc)
    environment = {"ORACLE_RESOLV": etc / "resolv.conf", "ORACLE_NSSWITCH": etc / "nsswitch.conf",
                   "ORACLE_MDNS": etc / "mdns.allow", "ORACLE_HOSTNAME": case.hostname, "ORACLE_GOOS": case.goos,
                   "ORACLE_CGO": "1" if grid.libc_compiled_in(case) else "0",
                   "ORACLE_NETGO": "1" if case.tags == "netgo" else "0",
                   "ORACLE_NETCGO": "1" if case.tags == "netcgo" else "0",
                   "ORACLE_PREFERGO": "1" if case.prefer_go else "0", "ORACLE_DIAL": "1" if case.dial else "0",
                   **case.environment}
    if case.godebug is not None:
        environment["GODEBUG"] = case.godebug
    done = subprocess.run([program, *case.names], env=environment, capture_output=True, text=True, timeout=20)
    orders = [line for line in done.stdout.splitlines() if line and not line.startswith("go package net")]
    if len(orders) != len(case.names):
        return case, 0, [f"case {number}: the oracle failed: {done.stderr[-500:]}"]
    arguments = ["--root", etc.parent, "--goos", case.goos, "--go", version, "--cgo", "1" if case.cgo else "0",
                 "--hostname", case.hostname, *flags_of(case)]
    if case.tags:
        arguments += ["--tags", case.tags]
    if case.prefer_go:
        arguments.append("--prefer-go")
    if case.dial:
        arguments.append("--dial")
    data, problem = tenon_answer(tenon, arguments, case.names, env={})
    out = differences(case, dict(zip(case.names, orders)), data, problem)
    if not out:
        grid.clear(etc)
    return case, len(case.names), out


def run_overlay(tenon, program, version, seed, count):
    with tempfile.TemporaryDirectory(prefix="tenon-resolve") as name, ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda n: overlay_case(tenon, program, version, seed, n, Path(name)), range(count)))


def heads_agree(case, lines, data):
    """The sentences of level 2 are predicted too."""
    level_two = data["netdns2"]
    logged = [line.decode() for line in lines.splitlines() if line.startswith(b"go package net: ") and b"LookupOrder(" not in line]
    return [] if logged == level_two else [f"case {case.number}: the log begins {logged}, predicted {level_two}"]


def plain_case(tenon, programs, version, seed, number, root):
    case = grid.one_case(seed, number, False)
    etc = Path("/etc")
    grid.clear(etc)
    grid.write_files(case, etc)
    socket.sethostname(case.hostname)
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if case.unprivileged and root else {}
    expected, lines = oracle.plain_orders(programs[case.mode], case.names, case.environment, case.godebug, **who)
    if len(expected) != len(case.names):
        return case, 0, [f"case {number}: the oracle printed {lines[-800:]!r} for {case}"[:2000]]
    how = oracle.MODES[case.mode]
    if number % 2 or "debug" in how:
        arguments = ["--binary", programs[case.mode]]
    else:
        arguments = ["--go", version, "--cgo", how["cgo"], "--tags", how.get("tags", "")]
    # The environment as it is, or given; the files of this machine, or below a root.
    environment = {}
    if number % 3 == 0:
        environment = {**case.environment, "GODEBUG": case.godebug}
    else:
        arguments += flags_of(case)
    if number % 5 == 0:
        arguments += ["--root", "/", "--hostname", case.hostname]
        if not environment:
            environment = {}
        else:
            arguments += flags_of(case)
    data, problem = tenon_answer(tenon, arguments, case.names, env=environment, **who)
    out = differences(case, expected, data, problem)
    if not out:
        out = heads_agree(case, lines, data)
    return case, len(case.names), out


def inside(request):
    """Runs in the namespaces; prints the outcome as JSON."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/etc"], check=True)
    programs = {mode: Path(path) for mode, path in request["programs"].items()}
    found, names = [], 0
    for number in range(request["first"], request["count"], request["step"]):
        _, checked, out = plain_case(request["tenon"], programs, request["version"], request["seed"], number, request["root"])
        names += checked
        found += out
    print(json.dumps({"names": names, "differences": found}))


def run_plain(tenon, programs, version, seed, count):
    """None where the system refuses namespaces."""
    root = os.geteuid() == 0
    share = ["unshare", "-mnu", "--propagation", "private"] if root else ["unshare", "-Urmnu"]
    try:
        probe = subprocess.run([*share, "mount", "-t", "tmpfs", "tmpfs", "/etc"], capture_output=True)
        if probe.returncode and root:
            share = ["unshare", "-Urmnu"]
            root = False
            probe = subprocess.run([*share, "mount", "-t", "tmpfs", "tmpfs", "/etc"], capture_output=True)
    except FileNotFoundError:
        return None
    if probe.returncode:
        return None
    # Two at once, each with an /etc of its own.
    step = 2
    request = {"tenon": str(tenon), "programs": {mode: str(path) for mode, path in programs.items()}, "version": version,
               "seed": seed, "count": count, "root": root, "step": step}

    def part(first):
        return subprocess.run([*share, sys.executable, __file__], capture_output=True, text=True,
                              env={**os.environ, INSIDE: json.dumps({**request, "first": first})})

    out = {"names": 0, "differences": []}
    with ThreadPoolExecutor(step) as pool:
        for done in pool.map(part, range(step)):
            result = json.loads(done.stdout) if done.returncode == 0 else {"names": 0, "differences": [done.stderr[-3000:]]}
            out["names"] += result["names"]
            out["differences"] += result["differences"]
    return out


def campaign(tenon, work, seed, linux, overlay, toolchain=None):
    """Lines of the outcome, and all differences."""
    version = oracle.go_version(work, toolchain)
    lines, found = [], []
    if overlay:
        program = oracle.build_overlay(work, toolchain)
        start = time.monotonic()
        results = run_overlay(tenon, program, version, seed, overlay)
        names = sum(checked for _, checked, _ in results)
        goos = len({case.goos for case, _, _ in results})
        found += [line for _, _, out in results for line in out]
        lines.append(f"Go {version}: overlay: {overlay} cases, {names} names, {goos} GOOS, {len(found)} differences, {time.monotonic() - start:.1f} s")
    if linux:
        programs = oracle.build_plain(work, toolchain)
        for path in (work, *(path.parent for path in programs.values()), *programs.values()):
            os.chmod(path, 0o755)
        start = time.monotonic()
        result = run_plain(tenon, programs, version, seed, linux)
        if result is None:
            lines.append(f"Go {version}: linux: skipped, the system refuses namespaces")
        else:
            found += result["differences"]
            lines.append(f"Go {version}: linux: {linux} cases, {result['names']} names, {len(result['differences'])} differences, {time.monotonic() - start:.1f} s")
    return lines, found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON", "build/dev/tenon"))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--linux", type=int, default=2000)
    parser.add_argument("--overlay", type=int, default=2000)
    parser.add_argument("--go")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenon-oracle") as name:
        try:
            lines, found = campaign(Path(arguments.tenon).resolve(), Path(name), arguments.seed, arguments.linux, arguments.overlay, arguments.go)
        except oracle.NoGo as reason:
            print(f"skipped: {reason}")
            return 77
    print("\n".join(found[:10]))
    print("\n".join(lines))
    return 1 if found else 0


if __name__ == "__main__":
    if INSIDE in os.environ:
        inside(json.loads(os.environ.pop(INSIDE)))
    else:
        sys.exit(main())
