"""tenon trace: a small trace of each kind against the kernel's own counters, and what is said where none is possible.

The live part needs root and BPF; without them it is left out, and the test ends with 77 where nothing else is left.
Its longer campaign is tests/trace/run.py.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "trace"))
import common  # noqa: E402
from common import CAUSES, CLOSES, TENON, Server, build_programs, codes, trace  # noqa: E402

RECORDED = Path(__file__).resolve().parents[1] / "trace" / "recorded"
REASON = common.why_not()


class Replay(unittest.TestCase):
    """Works in every build and for every user."""

    def test_recorded_file_of_another_processor(self):
        code, document, _ = trace("replay", "--json", str(RECORDED / "arm64.jsonl"))
        data = document["data"]
        self.assertEqual((code, data["verdict"], data["arch"]), (1, "exact", "arm64"))
        self.assertEqual(codes(document) & CAUSES, {"TN3206"})
        self.assertEqual([(one["name"], one["path"], one["order"]) for one in data["lookups"]],
                         [("db.example.test", "go", "files,dns")])

    def test_hostile_names_are_escaped(self):
        lines = (RECORDED / "arm64.jsonl").read_text().splitlines()
        event = next(json.loads(line) for line in lines if '"close"' in line)
        event["name"] = "\x1b[31m\n::error"
        lines[1:1] = [json.dumps(event)] * 12
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.jsonl")
            Path(path).write_text("\n".join(lines) + "\n")
            done = subprocess.run([TENON, "trace", "replay", path], capture_output=True, timeout=60, check=False)
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertNotIn(b"\n::error", done.stdout)
        self.assertIn(b"x1b[31m", done.stdout)

    def test_broken_files_are_refused_with_their_line(self):
        good = (RECORDED / "arm64.jsonl").read_text().splitlines()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.jsonl")
            for text, where in (("", "is empty"), ("{}\n", "line 1"), (good[0] + "\n{\n", "line 2"),
                                (good[0] + '\n{"event":"other","at":1}\n', "line 2")):
                Path(path).write_text(text)
                code, document, _ = trace("replay", "--json", path)
                self.assertEqual((code, codes(document)), (3, {"TN3215"}))
                self.assertIn(where, document["findings"][0]["message"])

    def test_a_file_without_its_end_proves_nothing(self):
        lines = (RECORDED / "arm64.jsonl").read_text().splitlines()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.jsonl")
            Path(path).write_text("\n".join(lines[:-1]) + "\n")
            code, document, _ = trace("replay", "--json", path)
        self.assertEqual((code, document["data"]["verdict"]), (2, "unknown"))

    def test_command_line(self):
        for words in ((), ("other",), ("net",), ("net", "--pid", "0"), ("net", "--ring", "5", "--", "true"),
                      ("replay",)):
            code, _, _ = trace("--json", *words)
            self.assertEqual(code, 3, words)


class NoRights(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0 and REASON is None, REASON or "not root")
    def test_the_missing_right_is_named(self):
        # The program may lie where nobody else may look.
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            copy = os.path.join(folder, "tenon")
            Path(copy).write_bytes(Path(TENON).read_bytes())
            os.chmod(copy, 0o755)
            done = subprocess.run(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", copy, "trace",
                                   "net", "--json", "--", "true"], capture_output=True, text=True, timeout=60,
                                  check=False)
        document = json.loads(done.stdout)
        self.assertEqual((done.returncode, codes(document)), (3, {"TN3202"}))
        self.assertIn("CAP_BPF and CAP_PERFMON", document["findings"][0]["message"])
        self.assertIn("ss -Htan", json.dumps(document["findings"][0]["fixes"]))


# Runs a program with a filter of system calls that answers EPERM to bpf(2), or to one command of it.
FILTERED = r"""
import ctypes, os, struct, sys
command, argv = int(sys.argv[1]), sys.argv[2:]
number = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
rows = [(0x20, 0, 0, 0), (0x15, 0, 3 if command >= 0 else 1, number)]        # the call
rows += [(0x20, 0, 0, 16), (0x15, 0, 1, command)] if command >= 0 else []     # its first argument
rows += [(0x06, 0, 0, 0x00050000 | 1), (0x06, 0, 0, 0x7fff0000)]
code = b"".join(struct.pack("HBBI", *row) for row in rows)
place = ctypes.create_string_buffer(code, len(code))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
program = struct.pack("HxxxxxxP", len(rows), ctypes.addressof(place))
assert libc.prctl(22, 2, ctypes.create_string_buffer(program, len(program))) == 0, ctypes.get_errno()
os.execvp(argv[0], argv)
"""


@unittest.skipIf(REASON is not None or os.geteuid() != 0, REASON or "not root")
class Refused(unittest.TestCase):
    """Kernels and containers that refuse a part."""

    def filtered(self, command, *words):
        return trace("net", "--json", *words, "--", "true", prefix=(sys.executable, "-c", FILTERED, str(command)))

    def test_a_filter_of_system_calls_is_named(self):
        code, document, _ = self.filtered(-1)
        self.assertEqual(code, 3)
        self.assertIn("bpf", document["findings"][0]["message"])
        self.assertRegex(document["findings"][0]["message"], "EPERM|not permitted")

    def test_without_the_types_of_the_kernel(self):
        with tempfile.TemporaryDirectory() as empty:
            hidden = f'mount --bind {empty} /sys/kernel/btf && exec "$@"'
            code, document, _ = trace("net", "--json", "--", "true", prefix=("unshare", "-m", "sh", "-c", hidden, "sh"))
        self.assertEqual(code, 3)
        self.assertIn("/sys/kernel/btf/vmlinux", json.dumps(document["findings"][0]))

    def test_without_the_iterator_entries_come_from_the_socket(self):
        # BPF_ITER_CREATE. The other links have to work.
        code, document, _ = self.filtered(33)
        self.assertEqual((code, document["data"]["present"]["source"]), (0, "sock_diag"))


@unittest.skipIf(REASON is not None, REASON)
class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.program = build_programs(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def closes(self, *arguments, options=()):
        return trace("net", "--json", *options, "--", sys.executable, "-c", CLOSES, *arguments, "0")

    def check_exact(self, document, entered):
        data = document["data"]
        self.assertEqual(data["verdict"], "exact", data)
        self.assertEqual(data["entered"]["value"], data["kernel_tw_delta"]["value"])
        mine = sum(one["entered"] for one in data["owners"] if one["traced"])
        self.assertEqual(mine, entered)

    def test_counts_are_those_of_the_kernel(self):
        for arguments in (("300", "server", "fin", "4"), ("300", "client", "fin", "6"),
                          ("200", "server", "half", "mapped")):
            with self.subTest(arguments=arguments):
                _, document, _ = self.closes(*arguments)
                self.check_exact(document, int(arguments[0]))
        _, document, _ = self.closes("100", "client", "reset", "4")
        self.check_exact(document, 0)

    def test_lost_records_make_the_verdict_unknown(self):
        code, document, _ = self.closes("2000", "client", "fin", "4", options=("--ring", "4"))
        data = document["data"]
        self.assertEqual((code, data["verdict"]), (2, "unknown"))
        self.assertGreater(data["ring_lost"]["value"], 0)
        self.assertGreaterEqual(data["kernel_tw_delta"]["value"], 2000)
        self.assertIn("TN3205", codes(document))

    def test_causes_are_named_and_replayed(self):
        if self.program is None:
            self.skipTest("no go")
        record = os.path.join(self.folder.name, "record.jsonl")
        with Server(self.program) as server:
            for mode, expected in (("pool", "TN3206"), ("keep_alive", "TN3207"), ("client", "TN3209"),
                                   ("clean_pool", None)):
                with self.subTest(mode=mode):
                    _, document, _ = trace("net", "--json", "--record", record, "--", self.program, mode,
                                           *server.addresses, "24")
                    self.assertEqual(codes(document) & CAUSES, {expected} - {None})
                    self.assertEqual(document["data"]["verdict"], "exact")
                    _, again, _ = trace("replay", "--json", record)
                    self.assertEqual(again, document)

    def test_a_record_takes_the_place_of_a_record_only(self):
        with tempfile.TemporaryDirectory() as folder:
            other, link, record = (Path(folder) / name for name in ("other", "link", "t.jsonl"))
            other.write_text("somebody's\n")
            link.symlink_to(other)
            for path in (other, link):
                code, document, _ = trace("net", "--json", "--record", str(path), "--", "true")
                self.assertEqual((code, codes(document)), (3, {"TN0101"}))
            self.assertEqual(other.read_text(), "somebody's\n")
            for _ in range(2):
                self.assertEqual(trace("net", "--json", "--record", str(record), "--", "true")[0], 0)
                self.assertEqual(record.read_text().count('{"tenon":"trace"'), 1)

    def test_nothing_is_left_behind_a_kill(self):
        waiting = subprocess.Popen(["sleep", "60"])
        tracing = subprocess.Popen([TENON, "trace", "net", "--pid", str(waiting.pid)], stdout=subprocess.DEVNULL)

        def programs():
            return [line for line in subprocess.run(["bpftool", "prog", "list"], capture_output=True, text=True,
                                                    check=False).stdout.splitlines() if "tenon_" in line]
        try:
            end = time.monotonic() + 20
            while time.monotonic() < end and not programs():
                time.sleep(0.1)
            if not programs():
                self.skipTest("bpftool lists no programs")
        finally:
            tracing.kill()
            tracing.wait()
            waiting.kill()
            waiting.wait()
        end = time.monotonic() + 20
        while time.monotonic() < end and programs():
            time.sleep(0.1)
        self.assertEqual(programs(), [])


if __name__ == "__main__":
    if REASON is not None:
        print(f"nothing is traced here: {REASON}", file=sys.stderr)
    unittest.main(verbosity=2)
