"""go's own build cache in tenon's store, over the whole standard library: `GOCACHEPROG="tenon cache prog"`, with an empty
store and with a full one, builds cmd/... and every test of std as go does without it. For scripts/nightly.sh; takes an hour.

usage: cache_prog_std.py GO...      (TENON names the program)
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TENON = os.environ["TENON"]


class Std:
    def __init__(self, go, top):
        self.go, self.top = go, top
        (top / "bin").mkdir(parents=True)
        (top / "bin/tenon").symlink_to(os.path.abspath(TENON))
        self.env = {**os.environ, "PATH": f"{top / 'bin'}:{os.environ['PATH']}", "GOTOOLCHAIN": "local", "GOFLAGS": "",
                    "TENON_CACHE": str(top / "cache"), "CGO_ENABLED": "1"}

    def run(self, name, args, prog):
        shutil.rmtree(self.top / "gocache", ignore_errors=True)
        env = {**self.env, "GOCACHE": str(self.top / "gocache")} | ({"GOCACHEPROG": "tenon cache prog"} if prog else {})
        done = subprocess.run([self.go, *args], env=env, cwd=self.top, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def commands(self, prog):
        out = self.top / ("commands-prog" if prog else "commands")
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        self.run("cmd", ["build", "-o", f"{out}/", "cmd/..."], prog)
        return {path.name: path.read_bytes() for path in out.iterdir()}

    def tests(self, prog):
        # Times differ, and "(cached)" says where a result came from.
        text = self.run("tests", ["test", "-vet=off", "-run=^$", "std"], prog)
        return [re.sub(r"\t(\d+\.\d+s|\(cached\))( \[no tests to run\])?", "", line) for line in text.splitlines()]

    def hits(self):
        done = subprocess.run([TENON, "cache", "stats", "--json"], env=self.env, capture_output=True, check=True)
        return json.loads(done.stdout)["data"]["compilers"]["go"]

    def check(self):
        version = subprocess.run([self.go, "env", "GOVERSION"], env=self.env, capture_output=True, text=True,
                                 check=True).stdout.strip()
        plain, plain_tests = self.commands(False), self.tests(False)
        for store in ("empty", "full"):
            before = self.hits() if store == "full" else {"hits": 0, "misses": 0}
            for name, now in self.commands(True).items():
                if now != plain[name]:
                    raise RuntimeError(f"{version}, {store} store: {name} differs")
            if self.tests(True) != plain_tests:
                raise RuntimeError(f"{version}, {store} store: the tests say something else")
            after = self.hits()
            print(f"{version}, {store} store: {len(plain)} commands equal, {len(plain_tests)} packages tested; "
                  f"{after['hits'] - before['hits']} found, {after['misses'] - before['misses']} put", flush=True)


def main():
    top = Path(tempfile.mkdtemp(prefix="tenon-std-"))
    failed = 0
    for number, go in enumerate(sys.argv[1:] or ["go"]):
        try:
            Std(go, top / str(number)).check()
        except RuntimeError as error:
            print(error, flush=True)
            failed += 1
        shutil.rmtree(top / str(number), ignore_errors=True)
    shutil.rmtree(top, ignore_errors=True)
    print(f"{failed} of {len(sys.argv[1:]) or 1} versions of Go failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
