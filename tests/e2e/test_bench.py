#!/usr/bin/env python3
"""`tenon bench` from outside: verdicts, exit codes, result files, the open loop against a server that stalls, and
intervals against SciPy on the same resamples (left out where SciPy is not installed)."""
import http.server
import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
TOOLS = Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools"))


def run(*arguments, **more):
    return subprocess.run([TENON, "bench", *map(str, arguments)], capture_output=True, text=True, timeout=120, **more)


def with_scipy():
    """A Python that has SciPy, or nothing."""
    for python in (TOOLS / "scipy/bin/python", SOURCE / ".tools/scipy/bin/python", Path(sys.executable)):
        if python.exists() and subprocess.run([python, "-c", "import scipy"], capture_output=True).returncode == 0:
            return python
    return None


class Folder(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="tenon-bench-"))
        self.addCleanup(shutil.rmtree, self.work)

    def script(self, name, text):
        path = self.work / name
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)
        return path

    def json(self, code, *arguments):
        done = run("--json", *arguments)
        self.assertEqual(done.returncode, code, done.stdout[-3000:] + done.stderr)
        return json.loads(done.stdout)

    def codes(self, report):
        return {finding["code"] for finding in report["findings"]}


class Programs(Folder):
    def test_verdicts(self):
        # Far apart: on a busy machine a start takes a tenth of a second.
        fast, slow = self.script("fast", "sleep 0.1"), self.script("slow", "sleep 0.6")
        report = self.json(0, fast, fast, "--runs", 12, "--gate", "time<=+900%,size<=+0%")
        self.assertEqual([row["verdict"] for row in report["data"]["rows"] if row["gate"]], ["held", "held"])
        self.assertIn("TN1818", self.codes(report))
        report = self.json(1, fast, slow, "--runs", 12, "--gate", "time<=+5%")
        self.assertIn("TN1801", self.codes(report))
        row = report["data"]["rows"][0]
        self.assertGreater(row["low"], 1.05)
        report = self.json(2, fast, fast, "--runs", 8, "--gate", "time<=+0.01%")
        self.assertIn("TN1802", self.codes(report))

    def test_pairs_are_interleaved(self):
        log = self.work / "log"
        a = self.script("a", f"printf a >>{log}")
        b = self.script("b", f"printf b >>{log}")
        report = self.json(0, a, b, "--runs", 6)
        order = log.read_text()
        warm_up = 2 * report["data"]["warm_up"]
        self.assertGreaterEqual(warm_up, 2)
        self.assertEqual(order[warm_up:], "abbaabbaabba")

    def test_one_run_is_no_verdict(self):
        a = self.script("a", "true")
        for gate in ([], ["--gate", "time<=+900%"]):
            report = self.json(2, a, self.script("b", "sleep 0.05"), "--runs", 1, *gate)
            self.assertIn("TN1805", self.codes(report))

    def test_figures_are_those_of_the_program(self):
        code = "x = bytearray(64 << 20); x[::4096] = b'1' * len(x[::4096])\nsum(range(3_000_000))"
        report = self.json(0, sys.executable, sys.executable, "--runs", 3, "--metrics", "time,user,rss,faults",
                           "--", "-c", code)
        rows = {row["metric"]: row for row in report["data"]["rows"]}
        self.assertGreater(rows["rss"]["a"], 64 << 20)
        self.assertLess(rows["rss"]["a"], 120 << 20)
        self.assertGreater(rows["faults"]["a"], 5000)
        self.assertGreater(rows["user"]["a"], 1e6)
        self.assertLess(rows["user"]["a"], 1.5 * rows["time"]["a"] + 1e7)
        # A program that needs little: not the memory of tenon itself.
        report = self.json(0, "/bin/true", "/bin/true", "--runs", 3, "--metrics", "rss")
        self.assertLess(report["data"]["rows"][0]["a"], 4 << 20)

    def test_start_ends_with_the_first_output(self):
        early = self.script("early", "echo ready; sleep 0.3")
        late = self.script("late", "sleep 0.3; echo ready")
        report = self.json(0, early, late, "--runs", 3, "--startup")
        row = next(row for row in report["data"]["rows"] if row["metric"] == "start")
        self.assertLess(row["a"], 0.25e9)
        self.assertGreater(row["b"], 0.29e9)

    def test_sizes_run_nothing(self):
        a, b = self.script("a", "exit 1"), self.script("b", "exit 1   # longer")
        report = self.json(1, a, b, "--size", "--gate", "size<=+1%")
        self.assertEqual(report["data"]["rows"][0]["a"], a.stat().st_size)

    def test_failures(self):
        report = self.json(3, self.script("a", "true"), self.script("b", "echo why >&2; exit 4"))
        self.assertIn("TN1806", self.codes(report))
        self.assertIn("why", json.dumps(report))
        self.json(0, self.work / "a", self.work / "b", "--ignore-status", "--runs", 3)
        began = time.monotonic()
        report = self.json(3, self.work / "a", self.script("c", "sleep 60 & wait"), "--timeout", "300ms")
        self.assertIn("TN1806", self.codes(report))
        self.assertLess(time.monotonic() - began, 30)
        self.json(3, self.work / "a", self.work / "missing")
        self.json(3, self.work / "a")
        for gate in ("p99<5%", "", "speed<=1%"):
            self.assertIn("TN1804", self.codes(self.json(3, "/bin/true", "/bin/true", "--gate", gate)))
        self.assertIn("column 4", json.dumps(self.json(3, "/bin/true", "/bin/true", "--gate", "p99<5%")))

    def test_results_are_kept_and_compared(self):
        a, b = self.script("a", "sleep 0.002"), self.script("b", "sleep 0.002 ")
        old, new = self.work / "old.json", self.work / "new.json"
        self.json(0, a, b, "--runs", 12, "--output", old)
        self.json(0, a, b, "--runs", 12, "--output", new)
        kept = json.loads(old.read_text())
        self.assertEqual(len(kept["series"][0]["a"].split()), 12)
        self.assertEqual(len(kept["a"]["sha256"]), 64)
        self.assertEqual(kept["machine"]["arch"], json.loads(new.read_text())["machine"]["arch"])
        self.assertTrue(kept["snapshot"])
        self.assertTrue(kept["complete"])
        report = self.json(0, "compare", old, new)
        self.assertEqual(report["data"]["rows"][0]["samples_a"], 12)
        self.json(0, "compare", old)
        kept["machine"]["processor"] = "another one"
        old.write_text(json.dumps(kept))
        self.assertIn("TN1807", self.codes(self.json(3, "compare", old, new)))
        self.assertIn("TN1807", self.codes(self.json(0, "compare", old, new, "--cross")))
        old.write_text(old.read_text()[:-40])
        self.assertIn("TN1811", self.codes(self.json(3, "compare", old, new)))

    def test_an_interrupt_leaves_the_samples_and_no_process(self):
        marker = f"3.{os.getpid()}"
        a = self.script("a", f"[ -e {self.work}/long ] && sleep {marker} & wait")
        kept = self.work / "kept.json"
        child = subprocess.Popen([TENON, "bench", a, a, "--runs", "100000", "--output", kept], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        (self.work / "long").touch()
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
        self.assertEqual(child.returncode, 130, out + err)
        result = json.loads(kept.read_text())
        self.assertFalse(result["complete"])
        self.assertGreater(len(result["series"][0]["a"].split()), 3)
        left = subprocess.run(["pgrep", "-f", f"sleep {marker}"], capture_output=True, text=True).stdout
        self.assertEqual(left, "")

    def test_plan(self):
        report = self.json(0, self.script("a", "sleep 0.002"), self.work / "a", "--runs", 40, "--plan",
                           "--gate", "time<=+20%")
        self.assertGreaterEqual(report["data"]["plan"][0]["samples"], 100)

    @unittest.skipUnless(shutil.which("qemu-aarch64-static") and shutil.which("go"), "no qemu-user or no go")
    def test_emulation_is_said(self):
        (self.work / "main.go").write_text("package main\n\nfunc main() { println(1) }\n")
        for arch in ("amd64", "arm64"):
            subprocess.run(["go", "build", "-o", self.work / arch, self.work / "main.go"], check=True,
                           env={**os.environ, "GOARCH": arch, "CGO_ENABLED": "0"}, cwd=self.work)
        report = self.json(0, self.work / "amd64", self.work / "arm64", "--runs", 4)
        self.assertIn("TN1803", self.codes(report))
        kinds = {report["data"][side]["execution"].split()[0] for side in "ab"}
        self.assertEqual(kinds, {"native", "emulated"})


class Stalling(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        with self.server.gate:
            self.server.seen += 1
            if self.server.seen == self.server.stall_at:
                time.sleep(1)
        status = 500 if self.path == "/broken" else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, stall_at=0):
        super().__init__(("127.0.0.1", 0), Stalling)
        self.gate, self.seen, self.stall_at = threading.Lock(), 0, stall_at
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Http(Folder):
    def test_a_stall_is_seen_by_every_request_of_its_time(self):
        good, bad = Server(), Server(stall_at=100)
        kept = self.work / "kept.json"
        report = self.json(0, "--http", good.url(), bad.url(), "--rate", 100, "--duration", "4s", "--output", kept)
        time_of = json.loads(kept.read_text())["series"][0]
        late = [value for value in map(int, time_of["b"].split()) if value > 50e6]
        self.assertGreaterEqual(len(late), 90)
        self.assertGreater(max(late), 0.9e9)
        self.assertGreaterEqual(report["data"]["details"]["slow"]["b"], 90)
        self.assertEqual(report["data"]["rows"][0]["samples_a"], 400)

    def test_failures_are_told(self):
        good = Server()
        report = self.json(0, "--http", good.url(), good.url("/broken"), "--rate", 200, "--requests", 40)
        self.assertIn("TN1814", self.codes(report))
        self.assertEqual(report["data"]["details"]["failures"]["b"]["statuses"], 60)
        for url in ("https://127.0.0.1/", "127.0.0.1", "http://127.0.0.1:0/"):
            self.assertIn("TN1812", self.codes(self.json(3, "--http", good.url(), url)))


class GoBench(Folder):
    A = "pkg: x\n" + "".join(f"BenchmarkE-2 100 {1000 + i} ns/op 16 B/op 1 allocs/op\n" for i in range(20)) + "PASS\n"

    def test_two_texts(self):
        (self.work / "a.txt").write_text(self.A)
        (self.work / "b.txt").write_text(self.A.replace(" 10", " 13"))
        report = self.json(1, "--go-bench", "x", self.work / "a.txt", self.work / "b.txt", "--gate", "time<=+10%")
        row = report["data"]["rows"][0]
        self.assertEqual((row["group"], row["samples_a"]), ("x.E-2", 20))
        (self.work / "b.txt").write_text("PASS\n")
        self.assertIn("TN1816", self.codes(self.json(3, "--go-bench", "x", self.work / "a.txt", self.work / "b.txt")))

    @unittest.skipUnless(shutil.which("go"), "no go")
    def test_two_folders(self):
        for name, work in (("old", 100), ("new", 3000)):
            folder = self.work / name
            folder.mkdir()
            (folder / "go.mod").write_text("module example.com/m\n\ngo 1.21\n")
            (folder / "m_test.go").write_text(textwrap.dedent(f"""
                package m
                import "testing"
                var sum int
                func BenchmarkSum(b *testing.B) {{
                    for i := 0; i < b.N; i++ {{ for j := 0; j < {work}; j++ {{ sum += j ^ i }} }}
                }}
                """))
        report = self.json(1, "--go-bench", ".", self.work / "old", self.work / "new", "--count", 8, "--benchtime",
                           "2ms", "--gate", "time<=+50%")
        self.assertIn("Sum", report["data"]["rows"][0]["group"])
        self.assertEqual(report["data"]["rows"][0]["samples_b"], 8)


ORACLE = """
import json, subprocess, sys
import numpy as np
from scipy import stats
tenon, work = sys.argv[1], sys.argv[2]
rng = np.random.default_rng(7)
worst = 0.0
def bench(*more):
    done = subprocess.run([tenon, "bench", "--samples", f"{work}/a", f"{work}/b", "--json", *more],
                          capture_output=True, text=True)
    assert done.returncode in (0, 1, 2), done.stdout + done.stderr
    return json.loads(done.stdout)["data"]["rows"]
def check(name, ours, theirs):
    global worst
    worst = max(worst, abs(ours - theirs))
    assert abs(ours - theirs) <= 1e-9, (name, ours, theirs)
class Indices:
    # What scipy.stats.bootstrap asks of its generator: the indices of each resample.
    def __init__(self, indices): self.indices, self.at = indices, 0
for shape in ("lognormal", "exponential", "ties"):
    n, resamples = 300, 400
    a, b = (getattr(rng, "lognormal" if shape == "ties" else shape)(size=n) * 1000 for _ in range(2))
    if shape == "ties": a, b = np.ceil(a / 300), np.ceil(b / 300)
    np.savetxt(f"{work}/a", a, fmt="%.17g"); np.savetxt(f"{work}/b", b, fmt="%.17g")
    indices = rng.integers(0, n, size=(resamples, n))
    np.savetxt(f"{work}/i", indices, fmt="%d")
    for row in bench("--resamples", f"{work}/i", "--metrics", "p50,p75,p90"):
        q = row["quantile"]
        def statistic(x, y, axis=-1):
            return np.log(np.quantile(y, q, axis=axis)) - np.log(np.quantile(x, q, axis=axis))
        # scipy draws its own indices; its distribution is handed over instead of drawn again.
        given = statistic(a[indices], b[indices])
        result = stats.bootstrap((a, b), statistic, paired=True, vectorized=True, n_resamples=0,
            bootstrap_result=type("R", (), {"bootstrap_distribution": given})(), method="percentile",
            confidence_level=0.95)
        check("low", row["log_low"], result.confidence_interval.low)
        check("high", row["log_high"], result.confidence_interval.high)
        check("estimate", row["log_ratio"], statistic(a, b))
        check("p", row["mann_whitney_p"], stats.mannwhitneyu(a, b, method="asymptotic").pvalue)
    # Too few samples: bounds of order statistics, at half of 2.5 % for each side.
    k = 60
    np.savetxt(f"{work}/a", a[:k], fmt="%.17g"); np.savetxt(f"{work}/b", b[:k], fmt="%.17g")
    x, y = np.sort(a[:k]), np.sort(b[:k])
    row = bench("--metrics", "p50")[0]
    assert row["method"] == "order", row
    ranks = np.arange(k)
    low = ranks[stats.binom.cdf(ranks, k, 0.5) <= 0.0125].max()
    high = ranks[stats.binom.sf(ranks, k, 0.5) <= 0.0125].min()
    check("order low", row["log_low"], np.log(y[low] / x[high]))
    check("order high", row["log_high"], np.log(y[high] / x[low]))
# Our own random numbers: within the error of the resamples.
n = 2000
a, b = rng.lognormal(sigma=0.5, size=n), rng.lognormal(sigma=0.5, size=n) * 1.05
np.savetxt(f"{work}/a", a, fmt="%.17g"); np.savetxt(f"{work}/b", b, fmt="%.17g")
row = bench("--metrics", "p50", "--draws", "20000")[0]
def median(x, y, axis=-1): return np.log(np.median(y, axis=axis)) - np.log(np.median(x, axis=axis))
theirs = stats.bootstrap((a, b), median, paired=True, n_resamples=20000, batch=500, method="percentile",
                         confidence_level=0.95, rng=rng).confidence_interval
width = theirs.high - theirs.low
assert abs(row["log_low"] - theirs.low) < 0.03 * width, (row, theirs)
assert abs(row["log_high"] - theirs.high) < 0.03 * width, (row, theirs)
print(f"largest difference {worst:.1e}")
"""


class Oracle(Folder):
    def test_intervals_are_those_of_scipy(self):
        python = with_scipy()
        if python is None:
            self.skipTest("SciPy is not installed: scripts/setup.sh --all")
        done = subprocess.run([python, "-c", ORACLE, TENON, self.work], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        self.assertIn("largest difference", done.stdout)


SERVER = """package main

import (
	_ "expvar"
	"fmt"
	"net"
	"net/http"
	"runtime"
)

func main() {
	http.HandleFunc("/collect", func(http.ResponseWriter, *http.Request) { runtime.GC() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	http.Serve(listener, nil)
}
"""


@unittest.skipUnless(shutil.which("go"), "no go")
class Runtime(Folder):
    def test_collections_are_counted(self):
        (self.work / "go.mod").write_text("module example.com/s\n\ngo 1.21\n")
        (self.work / "main.go").write_text(SERVER)
        subprocess.run(["go", "build", "-o", "server", "."], cwd=self.work, check=True, env={**os.environ, "CGO_ENABLED": "0"})
        with subprocess.Popen([self.work / "server"], stdout=subprocess.PIPE, text=True) as server:
            self.addCleanup(server.kill)
            url = f"http://{server.stdout.readline().strip()}"
            report = self.json(0, "--http", url + "/collect", url + "/collect", "--rate", 50, "--requests", 20,
                               "--runtime", "/debug/vars")
            runtime = report["data"]["details"]["runtime"]
            # 20 requests that count and 20 before them, to either URL of the one server.
            self.assertGreaterEqual(runtime["a"]["collections"], 60)
            self.assertGreater(runtime["a"]["pause_ns"], 0)
            self.assertIsNone(runtime["a"]["goroutines_after"])  # expvar has no goroutines by itself
            done = run("--http", url + "/collect", url + "/collect", "--rate", 50, "--requests", 5, "--runtime", "/none")
            self.assertIn("A  Go's runtime: unknown, the status is not 200", done.stdout)
            server.kill()


@unittest.skipUnless(shutil.which("go") and shutil.which("gcc"), "no go or no C compiler")
class Matrix(Folder):
    def test_a_program_with_and_without_c(self):
        (self.work / "go.mod").write_text("module example.com/m\n\ngo 1.21\n")
        (self.work / "main.go").write_text("package main\n\nimport \"os/user\"\n\nfunc main() { user.Current(); println(1) }\n")
        page = self.work / "page.html"
        report = run("matrix", ".", "--only", "external,nocgo", "--runs", 8, "--html", page, "--json", cwd=self.work)
        self.assertEqual(report.returncode, 0, report.stdout + report.stderr)
        rows = json.loads(report.stdout)["data"]["rows"]
        self.assertEqual([row["variant"] for row in rows], ["external", "nocgo"])
        for row in rows:
            self.assertEqual(set(row["figures"]), {"size", "time", "throughput", "start", "rss"})
        text = page.read_text()
        self.assertEqual(text.count("<svg"), 5)
        self.assertNotIn("<script", text)


if __name__ == "__main__":
    unittest.main()
