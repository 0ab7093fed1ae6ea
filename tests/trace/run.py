#!/usr/bin/env python3
"""The long campaign of `tenon trace`, as root: counts against the kernel's counter and against ss, owners, planted causes,
the forecast, lookups with several releases of Go, and what tracing costs.

usage: run.py --tenon PROGRAM [PART...]     parts: counts present owners causes forecast lookups grid cost

Each part works in a network namespace of its own, which goes at the end. Prints one line for each measurement; ends with 1
when one is not what it has to be, with 77 where nothing can be traced.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import common
from common import CAUSES, CLEAN, CLOSES, PLANTED, Server, build_programs, codes, trace

NAMESPACE = "tenontrace"
INSIDE = ["ip", "netns", "exec", NAMESPACE]
failed = []


def say(good, text):
    print(("ok    " if good else "FAIL  ") + text, flush=True)
    if not good:
        failed.append(text)


def command(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, **more).stdout


def settings(**values):
    for name, value in values.items():
        command(*INSIDE, "sysctl", "-qw", f"net.ipv4.{name}={value}")


class Network:
    """A network with loopback, and a resolver of our own at 127.0.0.1."""

    def __enter__(self):
        subprocess.run(["ip", "netns", "del", NAMESPACE], capture_output=True, check=False)
        command("ip", "netns", "add", NAMESPACE)
        command("ip", "-n", NAMESPACE, "link", "set", "lo", "up")
        folder = Path("/etc/netns") / NAMESPACE
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "del", NAMESPACE], capture_output=True, check=False)
        folder = Path("/etc/netns") / NAMESPACE
        (folder / "resolv.conf").unlink()
        folder.rmdir()


def closes(*arguments, options=(), port="0"):
    return trace("net", "--json", *options, "--", sys.executable, "-c", CLOSES, *arguments, port, prefix=INSIDE)[1]


def value(document, name):
    return document["data"][name]["value"]


def counts(_program):
    settings(tcp_fin_timeout=5)
    for arguments, expected in (
            (("10000", "server", "fin", "4"), 10000), (("10000", "client", "fin", "4"), 10000),
            (("2000", "client", "fin", "6"), 2000), (("2000", "server", "fin", "mapped"), 2000),
            (("2000", "client", "half", "4"), 2000), (("2000", "server", "half", "6"), 2000),
            (("2000", "client", "reset", "4"), 0), (("300", "client", "orphan", "4"), None)):
        document = closes(*arguments)
        difference = value(document, "entered") - value(document, "kernel_tw_delta")
        good = difference == 0 and document["data"]["verdict"] == "exact"
        owned = sum(one["entered"] for one in document["data"]["owners"] if one["traced"])
        good = good and (expected is None or owned == expected)
        say(good, f"counts {' '.join(arguments)}: entered {value(document, 'entered')}, kernel "
                  f"{value(document, 'kernel_tw_delta')}, difference {difference}, "
                  f"{value(document, 'fin_wait2')} as FIN_WAIT2")
    document = closes("20000", "client", "fin", "4", options=("--ring", "4"))
    say(document["data"]["verdict"] == "unknown" and value(document, "ring_lost") > 0,
        f"counts with a buffer of 4 KiB: {value(document, 'ring_lost')} lost, verdict {document['data']['verdict']}")


def ss_rows():
    out = command(*INSIDE, "ss", "-Htan", "state", "time-wait")
    return {tuple(line.split()[-2:]) for line in out.splitlines()}


def traced_rows(record):
    rows = set()
    for line in Path(record).read_text().splitlines():
        if line.startswith('{"event":"present"'):
            one = json.loads(line)
            if one["rest"] == "time_wait":
                rows.add(tuple(f"[{a}]:{p}" if ":" in a else f"{a}:{p}" for a, p in (one["local"], one["remote"])))
    return rows


def present(_program):
    settings(tcp_tw_reuse=0, ip_local_port_range="20000 60999")
    had = 0
    for count in (0, 1, 7700, 28000):
        with tempfile.NamedTemporaryFile() as record:
            if count > had:
                subprocess.run([*INSIDE, sys.executable, "-c", CLOSES, str(count - had), "client", "fin", "4", "0"],
                               check=True, timeout=300)
                had = count
            document = trace("net", "--json", "--record", record.name, "--", "true", prefix=INSIDE)[1]
            rows = ss_rows()
            mine = traced_rows(record.name)
        # What ended between the two looks is in one of them only.
        say(len(rows ^ mine) <= len(rows) // 100 and (count == 0) == (len(mine) == 0),
            f"present with {count} made: {len(mine)} by {document['data']['present']['source']}, {len(rows)} by ss, "
            f"{len(rows ^ mine)} rows differ")


def owners(_program):
    two = (f"{sys.executable} -c \"$0\" 5000 client fin 4 0 & exec -a other {sys.executable} -c \"$0\" 5000 client fin 4 0; "
           "wait")
    document = trace("net", "--json", "--", "bash", "-c", two, CLOSES, prefix=INSIDE)[1]
    found = Counter()
    for one in document["data"]["owners"]:
        found[one["pid"]] += one["entered"]
    found = +found
    say(sorted(found.values()) == [5000, 5000] and document["data"]["verdict"] == "exact",
        f"owners of two processes: {sorted(found.values())}, verdict {document['data']['verdict']}")


def causes(program):
    named = blamed = 0
    times = []
    with Server(program, prefix=INSIDE) as plain, Server(program, "close", prefix=INSIDE) as closing:
        for mode, expected in PLANTED.items():
            server = closing if mode == "peer" else plain
            document = trace("net", "--json", "--", program, mode, *server.addresses, "80", prefix=INSIDE)[1]
            found = codes(document) & CAUSES
            named += found <= expected and bool(found)
            times += [one["known_s"] for one in document["data"]["causes"]]
            print(f"      {mode}: {sorted(found)}, expected {sorted(expected)}, {document['data']['verdict']}", flush=True)
        for mode in CLEAN:
            document = trace("net", "--json", "--", program, mode, *plain.addresses, "80", prefix=INSIDE)[1]
            found = codes(document) & CAUSES
            blamed += bool(found)
            print(f"      {mode}: {sorted(found)}", flush=True)
        rounds = []
        for _ in range(20):
            # The cause is there from the first request on; the program goes on for some seconds.
            document = trace("net", "--json", "--", program, "keep_alive",
                             *plain.addresses, "900", prefix=INSIDE)[1]
            rounds += [one["known_s"] for one in document["data"]["causes"][:1]]
    say(named >= 11, f"causes named: {named} of {len(PLANTED)}")
    say(blamed == 0, f"clean programs blamed: {blamed} of {len(CLEAN)}")
    rounds.sort()
    say(len(rounds) == 20 and rounds[18] <= 5, f"time to the cause, 20 runs: median {statistics.median(rounds):.2f} s, "
                                               f"p95 {rounds[18]:.2f} s")


def forecast(program):
    settings(tcp_tw_reuse=0, ip_local_port_range="20000 29999")
    with Server(program, prefix=INSIDE) as server:
        settings(ip_local_port_range="40000 40999")
        for rate in ("25", "40"):
            done = subprocess.run([*INSIDE, common.TENON, "trace", "net", "--json", "--", "sh", "-c",
                                   f'exec "$0" exhaust {" ".join(server.addresses)} 0 {rate} >&2', program],
                                  capture_output=True, text=True, timeout=300, check=False)
            document = json.loads(done.stdout)
            real = float(re.search(r"failed after ([\d.]+) s", done.stderr)[1])
            one = document["data"]["forecast"][0]
            said = one["at_s"] + one["seconds_left"]
            say(abs(said - real) <= 0.1 * real and real - one["at_s"] >= 20,
                f"forecast at {rate}/s: no port at {said:.1f} s, in truth at {real:.1f} s "
                f"({100 * (said - real) / real:+.1f} %), said {real - one['at_s']:.1f} s before")
            time.sleep(61)
        # 12 a second settle at 720 of 1,000.
        steady = subprocess.Popen([*INSIDE, program, "exhaust", *server.addresses, "0", "12"], stdout=subprocess.DEVNULL)
        document = trace("net", "--json", "--pid", str(steady.pid), "--seconds", "75")[1]
        steady.kill()
        steady.wait()
        say("TN3212" not in codes(document), "forecast at a rate that settles at 72 %: no finding")


def serve_names(stop):
    script = Path(__file__).resolve().parent / "names.py"
    process = subprocess.Popen([*INSIDE, sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    stop.wait()
    process.kill()
    process.wait()


def lookups(_program):
    stop = threading.Event()
    server = threading.Thread(target=serve_names, args=(stop,))
    server.start()
    time.sleep(0.5)
    try:
        for version in os.environ.get("TENON_TRACE_GO", "1.21.13 1.22.12 1.23.12 1.24.9 1.25.4 1.26.8").split():
            for flags, cgo in ((["-ldflags=-s -w"], "1"), ([], "0"), (["-buildmode=pie"], "1")):
                with tempfile.TemporaryDirectory() as folder:
                    try:
                        program = build_programs(folder, flags=flags, env={"GOTOOLCHAIN": "go" + version,
                                                                           "CGO_ENABLED": cgo})
                    except subprocess.CalledProcessError:
                        print(f"      lookups, go{version}: cannot be built here", flush=True)
                        continue
                    for netdns in ("go", "cgo"):
                        done = subprocess.run([*INSIDE, common.TENON, "trace", "net", "--json", "--", program, "lookup", "n",
                                               "x", "y", "1000"], capture_output=True, text=True, check=False, timeout=300,
                                              env={**os.environ, "GODEBUG": "netdns=" + netdns})
                        document = json.loads(done.stdout)
                        data = document["data"]
                        names = {one["name"] for one in data["lookups"]}
                        wrong = [one for one in data["lookups"] if one["order"] != one["predicted"]]
                        say(data["lookup_count"] == 1000 and len(names) == 1000 and not wrong,
                            f"lookups go{version} {' '.join(flags) or 'plain'} cgo={cgo} netdns={netdns}: "
                            f"{data['lookup_count']} seen, {len(names)} names, {len(wrong)} other than predicted, "
                            f"paths {dict(Counter(one['path'] for one in data['lookups']))}")
    finally:
        stop.set()
        server.join()


GRID_NAMES = ("localhost", "localhost.localdomain", "a.localhost", "host", "host.", "a.b", "a.b.", "a.local", "a.local.",
              "a.LOCAL", "local", "_gateway", "gateway", "outbound", "a.onion", "x.home.arpa", "a_b.c", "UPPER.Case",
              "xn--bcher-kva.example", "1.example", "ip6-localhost", "a.b.c.d.e.f", "a..b", "n" * 63 + ".example")
GRID_VALUES = ("", "go", "cgo", "1", "2", "go+1", "cgo+1", "go+2", "cgo+2", "1+go", "other")


def grid(_program):
    """The way that is seen, and the one that tenon resolve predicts: every name with every value of netdns."""
    stop = threading.Event()
    server = threading.Thread(target=serve_names, args=(stop,))
    server.start()
    time.sleep(0.5)
    seen = differ = 0
    try:
        for cgo in ("1", "0"):
            with tempfile.TemporaryDirectory() as folder:
                program = build_programs(folder, env={"CGO_ENABLED": cgo})
                for netdns in GRID_VALUES:
                    done = subprocess.run([*INSIDE, common.TENON, "trace", "net", "--json", "--", program, "names", "x", "y",
                                           "z", *GRID_NAMES], capture_output=True, text=True, check=False, timeout=300,
                                          env={**os.environ, "GODEBUG": "netdns=" + netdns})
                    for one in json.loads(done.stdout)["data"]["lookups"]:
                        if one["order"] is None:
                            print(f"      grid cgo={cgo} netdns={netdns}: {one['name']}: no way seen, predicted "
                                  f"{one['predicted']}", flush=True)
                            continue
                        seen += 1
                        if one["order"] != one["predicted"]:
                            differ += 1
                            print(f"      grid cgo={cgo} netdns={netdns}: {one['name']}: {one['order']}, predicted "
                                  f"{one['predicted']}", flush=True)
    finally:
        stop.set()
        server.join()
    say(differ == 0 and seen > 400, f"grid of {len(GRID_NAMES)} names and {len(GRID_VALUES)} values, with cgo and without: "
                                    f"{seen} lookups with a way, {differ} other than predicted")


def load(server, traced):
    """Requests a second of wrk with a connection for each request, and the processor time of tenon."""
    tracer = None
    if traced:
        tracer = subprocess.Popen([*INSIDE, common.TENON, "trace", "net", "--pid", str(server.process.pid), "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(2)
    # `ip netns exec` becomes the program: the process is the server itself.
    out = command(*INSIDE, "wrk", "-t1", "-c16", "-d5", "-H", "Connection: close", server.addresses[0] + "/?size=100")
    rate = float(re.search(r"Requests/sec: +([\d.]+)", out)[1])
    used = rss = None
    if tracer:
        words = Path(f"/proc/{tracer.pid}/stat").read_text().rsplit(")", 1)[1].split()
        used = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        status = Path(f"/proc/{tracer.pid}/status").read_text()
        rss = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
        tracer.send_signal(2)
        tracer.communicate()
    return rate, used, rss


def cost(program):
    pairs, used, sizes = [], [], []
    with Server(program, prefix=INSIDE) as server:
        load(server, False)
        for _ in range(int(os.environ.get("TENON_TRACE_COST", "10"))):
            plain = load(server, False)
            traced = load(server, True)
            pairs.append(traced[0] / plain[0])
            used.append(traced[1])
            sizes.append(traced[2])
            print(f"      {plain[0]:.0f} requests/s alone, {traced[0]:.0f} traced, tenon used {traced[1]:.2f} s, "
                  f"at most {traced[2]:.1f} MB", flush=True)
    print(f"      cost: throughput ratio, median of 10: {statistics.median(pairs):.3f} ({min(pairs):.3f} to {max(pairs):.3f}); "
          f"processor time of tenon, start included: {statistics.median(used):.2f} s a run; {max(sizes):.1f} MB", flush=True)


PARTS = {"counts": counts, "present": present, "owners": owners, "causes": causes, "forecast": forecast,
         "lookups": lookups, "grid": grid, "cost": cost}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default=common.TENON)
    parser.add_argument("parts", nargs="*")
    arguments = parser.parse_args()
    common.TENON = str(Path(arguments.tenon).resolve())
    if reason := common.why_not():
        print(f"nothing is traced here: {reason}")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        program = build_programs(folder)
        for part in arguments.parts or PARTS:
            with Network():
                PARTS[part](program)
    print(f"{len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
