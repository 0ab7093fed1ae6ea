#!/usr/bin/env python3
"""Little memory, small stacks, endless logs, file names that look like options."""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from small_macho import program  # noqa: E402

TENON = os.environ.get("TENON", "tenon")


def limited(what, size):
    return lambda: resource.setrlimit(what, (size, size))


class Limits(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        (self.place / "-file").write_bytes(program())
        (self.place / "log").write_text("# m\nx.go:1:1: undefined: y\n")

    def tenon(self, *args, **kwargs):
        return subprocess.run([TENON, *args], capture_output=True, text=True, timeout=200, check=False,
                              cwd=self.place, **kwargs)

    def test_words_behind_dashes_are_operands(self):
        for command, code in (("inspect", 0), ("verify", 1), ("sign", 0), ("verify", 0)):
            self.assertEqual(self.tenon(command, "--", "-file").returncode, code, command)

    def test_too_little_memory_is_no_bug(self):
        for megabytes in (24, 32, 40, 64, 80):
            limit = limited(resource.RLIMIT_AS, megabytes << 20)
            # The kernel ends with SIGSEGV what it cannot map whole; the loader of programs ends with 127.
            if self.tenon("--version", preexec_fn=limit).returncode in (127, -signal.SIGSEGV):
                continue
            for args in (("doctor", "--no-probe"), ("explain", "log"), ("verify", "--", "-file")):
                done = self.tenon(*args, preexec_fn=limit)
                self.assertIn(done.returncode, (0, 1, 2), f"{megabytes} {args} {done.stderr[-300:]}")
                self.assertNotIn("a bug in tenon", done.stdout + done.stderr)

    @unittest.skipIf("asan" in TENON, "sanitizers need large stacks")
    def test_small_stacks(self):
        for kilobytes in (96, 128):
            for args in (("doctor", "--no-probe"), ("explain", "log"), ("explain", "--batch", ".")):
                done = self.tenon(*args, preexec_fn=limited(resource.RLIMIT_STACK, kilobytes << 10))
                self.assertGreaterEqual(done.returncode, 0, f"{kilobytes} KiB: {args}")

    @unittest.skipIf("asan" in TENON, "sanitizers need memory of their own")
    def test_a_long_log_takes_little_memory(self):
        """In its first and last lines stands what counts; the rest is counted."""
        log = self.place / "long"
        with log.open("w") as out:
            for _ in range(200):
                out.write("x\n" * 100_000)
            out.write('cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n')
        with log.open() as text:
            with subprocess.Popen([TENON, "explain", "-"], stdin=text, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as child:
                said, left_out = child.stdout.read(), child.stderr.read()
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(child.returncode, 0, left_out)
        self.assertLess(usage.ru_maxrss, 64 << 10)
        self.assertIn(b"gcc", said)
        self.assertIn(b"were left out", left_out)


if __name__ == "__main__":
    unittest.main()
