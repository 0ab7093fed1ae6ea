#!/usr/bin/env python3
"""Asks for the flags of every module of a sysroot, and compares them with pkgconf's.

    sysroot_modules.py TENON SYSROOT TARGET [--pkgconf PROGRAM]

Each flag must have an origin: a file of the sysroot, and in it a line that begins with the field that is named. pkgconf
is asked the same with PKG_CONFIG_LIBDIR and PKG_CONFIG_SYSROOT_DIR, and without its filter of system directories. Two
sets of flags that differ are printed; an order that differs is counted, since versions of pkgconf differ in it.
Exit code 0 when every flag has an origin and both programs accept the same modules.
"""
import argparse
import collections
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

QUESTIONS = (["--cflags"], ["--libs"], ["--libs", "--static"])


def run(argv, env):
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False, errors="surrogateescape")


def folders_of(program, sysroot, target, env):
    done = run([program, "pkg-config", "--sysroot", sysroot, "--target", target, "--variable=pc_path", "pkg-config"], env)
    # The value is a path to pkgconf's rules, so the sysroot stands in front of it once only.
    return done.stdout.strip().split(":")


def origin_problem(origin, lines):
    if origin["file"] not in lines:
        lines[origin["file"]] = Path(origin["file"]).read_text(errors="surrogateescape").split("\n")
    line = lines[origin["file"]][origin["line"] - 1]
    if not line.lower().lstrip().startswith(origin["field"].lower()):
        return f"{origin['file']}:{origin['line']} is not {origin['field']}: {line!r}"
    return ""


def normal(words):
    return [word.replace("//", "/") for word in words]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("sysroot")
    parser.add_argument("target")
    parser.add_argument("--pkgconf")
    options = parser.parse_args()
    sysroot = str(Path(options.sysroot).resolve())
    env = {key: value for key, value in os.environ.items() if not key.startswith("PKG_CONFIG")} | {"LC_ALL": "C"}
    folders = folders_of(options.program, sysroot, options.target, env)
    theirs_env = env | {"PKG_CONFIG_LIBDIR": ":".join(folders), "PKG_CONFIG_SYSROOT_DIR": sysroot,
                        "PKG_CONFIG_SYSTEM_LIBRARY_PATH": "/none", "PKG_CONFIG_SYSTEM_INCLUDE_PATH": "/none"}
    modules = sorted({path.stem for folder in folders for path in Path(folder).glob("*.pc")})
    count = collections.Counter()
    lines = {}
    for module in modules:
        for question in QUESTIONS:
            done = run([options.program, "pkg-config", "--sysroot", sysroot, "--target", options.target, "--json",
                        "--keep-system-cflags", "--keep-system-libs", *question, module], env)
            answer = json.loads(done.stdout)
            for flag in answer["data"].get("cflags", []) + answer["data"].get("libs", []):
                count["flags"] += 1
                problems = [text for origin in flag["origins"] if (text := origin_problem(origin, lines))]
                count["flags with an origin"] += bool(flag["origins"]) and not problems
                for text in problems:
                    print(f"{module}: {text}")
            leaks = [one["message"] for one in answer["findings"] if one["code"] in ("TN1506", "TN1507")]
            for text in leaks:
                print(f"{module}: leak: {text}")
            count["leaks"] += len(leaks)
            if options.pkgconf is None or leaks:
                continue
            other = run([options.pkgconf, *question, module], theirs_env)
            if (other.returncode == 0) != (done.returncode == 0):
                count["accepted by one only"] += 1
                print(f"{module} {question}: exit code {done.returncode}, pkgconf's {other.returncode}: {other.stderr!r}")
                continue
            ours = normal(shlex.split(answer["data"]["output"]))
            theirs = normal(shlex.split(other.stdout))
            count["equal" if ours == theirs else "other order" if set(ours) == set(theirs) else "other flags"] += 1
            if set(ours) != set(theirs):
                print(f"{module} {question}: only here {sorted(set(ours) - set(theirs))}, only pkgconf "
                      f"{sorted(set(theirs) - set(ours))}")
    print(f"{len(modules)} modules, " + ", ".join(f"{name}: {value}" for name, value in count.items()))
    good = count["flags"] > 0 and count["flags"] == count["flags with an origin"] and not count["accepted by one only"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
