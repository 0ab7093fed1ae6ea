"""Runs a tool and gives its text; names are bytes, one character each."""
import subprocess


def output(*argv, check=True):
    done = subprocess.run([str(word) for word in argv], capture_output=True, timeout=600)
    if check and done.returncode != 0:
        raise RuntimeError(f"{argv[0]}: {done.stderr.decode(errors='replace').strip()[:300]}")
    return done.stdout.decode("latin-1")


def succeeds(*argv):
    return subprocess.run([str(word) for word in argv], capture_output=True, timeout=600).returncode == 0
