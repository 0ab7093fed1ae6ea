#!/usr/bin/env python3
"""The long campaign of `tenon trace`, as root: counts against the kernel's counter and against ss, owners, planted causes,
the forecast, lookups with several releases of Go, and what tracing costs.

usage: run.py --tenon PROGRAM [PART...]     parts: counts present owners causes multiplexed forecast lookups grid kills cost

Each part works in a network namespace of its own, which goes at the end. Prints one line for each measurement; ends with 1
when one is not what it has to be, with 77 where nothing can be traced.
"""
import argparse
import json
import os
import random
import re
import shutil
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


# Two processes that close the ends of one connection at the same moment, by a page that both look at.
TOGETHER = r"""
import mmap, os, socket, sys
count = int(sys.argv[1])
page = mmap.mmap(-1, 4096)
mine = memoryview(page).cast("Q")
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(64)
child = os.fork()
me, other = (1, 2) if child else (2, 1)
os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[me % 2]})
for turn in range(1, count + 1):
    if child:
        one = server.accept()[0]
    else:
        one = socket.create_connection(server.getsockname())
    mine[me] = turn
    while mine[other] != turn:
        pass
    one.close()
if child:
    os.waitpid(child, 0)
"""


def value(document, name):
    return document["data"][name]["value"]


def counts(_program):
    # Below TCP_TIMEWAIT_LEN an orphan is an entry at once, with its own end.
    settings(tcp_fin_timeout=3)
    document = closes("300", "client", "orphan", "4")
    difference = value(document, "entered") - value(document, "kernel_tw_delta")
    say(difference == 0 and document["data"]["verdict"] == "exact",
        f"counts of 300 orphans with tcp_fin_timeout 3 s: entered {value(document, 'entered')}, kernel "
        f"{value(document, 'kernel_tw_delta')}, difference {difference}")
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
    together = 3000
    document = trace("net", "--json", "--", sys.executable, "-c", TOGETHER, str(together), prefix=INSIDE)[1]
    difference = value(document, "entered") - value(document, "kernel_tw_delta")
    both = value(document, "entered") - together  # then each end leaves an entry
    say(difference == 0 and document["data"]["verdict"] == "exact" and both > 0,
        f"counts of {together} closed by both ends together: entered {value(document, 'entered')}, kernel "
        f"{value(document, 'kernel_tw_delta')}, difference {difference}; {both} at the same moment")
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


# Over HTTP/2. grpc comes through the go command, by exact version.
# What a client of net/http with a connection for each request says depends on which goroutine comes first.
MULTIPLEXED = {"grpc_client": ({"TN3209"},), "clean_grpc": (set(),), "h2_client": ({"TN3209"}, {"TN3211"}), "clean_h2": (set(),)}


def multiplexed(_program):
    with tempfile.TemporaryDirectory() as folder:
        for path in (common.HERE / "grpc").iterdir():
            shutil.copy(path, folder)
        done = subprocess.run(["go", "build", "-o", "program", "."], cwd=folder, check=False, capture_output=True, text=True, timeout=900,
                              env={**os.environ, "GOFLAGS": "-mod=mod", "GOWORK": "off"})
        if done.returncode != 0:
            print(f"      multiplexed: not built here: {done.stderr[-200:]}", flush=True)
            return
        server = subprocess.Popen([*INSIDE, f"{folder}/program", "serve"], stdout=subprocess.PIPE, text=True)
        addresses = server.stdout.readline().split()
        try:
            for mode, expected in MULTIPLEXED.items():
                document = trace("net", "--json", "--", f"{folder}/program", mode, *addresses, "80", prefix=INSIDE)[1]
                found = codes(document) & CAUSES
                say(found in expected and document["data"]["verdict"] == "exact",
                    f"multiplexed {mode}: {sorted(found)}, {document['data']['verdict']}")
        finally:
            server.kill()
            server.communicate()


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


def loaded():
    """What the kernel holds, by number."""
    return {kind: {one["id"] for one in json.loads(command("bpftool", "-j", kind, "list") or "[]")} for kind in ("prog", "map", "link")}


def kills(program):
    draw = random.Random(int(os.environ.get("TENON_TRACE_SEED", "1")))
    before, left, times = loaded(), 0, int(os.environ.get("TENON_TRACE_KILLS", "20"))
    with Server(program, prefix=INSIDE) as server:
        busy = subprocess.Popen([*INSIDE, "wrk", "-t1", "-c16", f"-d{times * 3}", "-H", "Connection: close",
                                 server.addresses[0] + "/?size=100"], stdout=subprocess.DEVNULL)
        for _ in range(times):
            tracer = subprocess.Popen(TRACERS["tenon"](server), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0, 1.5))
            tracer.kill()
            tracer.wait()
            end = time.monotonic() + 10
            while loaded() != before and time.monotonic() < end:
                time.sleep(0.1)  # the kernel frees after a grace period
            left += loaded() != before
        busy.kill()
        busy.wait()
    say(left == 0, f"kills: {times} at a random moment of the first 1.5 s, under load: {left} left a program, map or link behind")


TRACERS = {
    "tenon": lambda server: [*INSIDE, common.TENON, "trace", "net", "--pid", str(server.process.pid), "--json"],
    # The nearest that it can say: ends by process, without knowing whether an entry was left.
    "bpftrace": lambda _: ["bpftrace", "-e", "tracepoint:sock:inet_sock_set_state /args->newstate == 7/ { @[pid, comm] = count(); }"],
}


def processor_time(pid):
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid, key):
    return int(re.search(key + r":\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def load(server, tracer):
    """wrk with a connection for each request: requests a second, and of the tracer its share of a processor and its memory."""
    process = None
    if tracer:
        # `ip netns exec` becomes the program. It hides tracefs, which bpftrace needs, and bpftrace sees all networks.
        process = subprocess.Popen(TRACERS[tracer](server), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(3)
        before, started = processor_time(process.pid), time.monotonic()
    out = command(*INSIDE, "wrk", "-t1", "-c16", "-d5", "-H", "Connection: close", server.addresses[0] + "/?size=100")
    row = {"rate": float(re.search(r"Requests/sec: +([\d.]+)", out)[1])}
    if process:
        row["share"] = (processor_time(process.pid) - before) / (time.monotonic() - started)
        row["resident"], row["most"] = memory(process.pid, "VmRSS"), memory(process.pid, "VmHWM")
        process.send_signal(2)
        process.communicate()
    return row


def interval(values):
    """Of the median, 95 %, by bootstrap."""
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(2000))
    return f"{statistics.median(values):.3f} ({medians[50]:.3f} to {medians[1949]:.3f})"


def cost(program):
    tracers = [name for name in TRACERS if name == "tenon" or shutil.which(name)]
    rows = {name: [] for name in tracers}
    with Server(program, prefix=INSIDE) as server:
        load(server, None)
        for turn in range(int(os.environ.get("TENON_TRACE_COST", "10"))):
            for name in tracers if turn % 2 else reversed(tracers):
                alone, traced = load(server, None)["rate"], load(server, name)
                rows[name].append({**traced, "ratio": traced["rate"] / alone})
                print(f"      {name}: {alone:.0f} requests/s alone, {traced['rate']:.0f} traced", flush=True)
    for name, some in rows.items():
        each = {key: [row[key] for row in some] for key in some[0]}
        print(f"      cost of {name}: throughput ratio {interval(each['ratio'])} in {len(some)} pairs at "
              f"{statistics.median(each['rate']):.0f} closes/s; {statistics.median(each['share']) * 100:.1f} % of a processor; "
              f"{max(each['resident']):.1f} MB, {max(each['most']):.1f} MB at its start", flush=True)


PARTS = {"counts": counts, "present": present, "owners": owners, "causes": causes, "multiplexed": multiplexed,
         "forecast": forecast,
         "lookups": lookups, "grid": grid, "kills": kills, "cost": cost}


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
