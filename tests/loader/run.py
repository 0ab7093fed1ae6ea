#!/usr/bin/env python3
"""`tenon load` against the real loaders: same verdict, same text, same file.

Makes root directories with one thing wrong, starts the program in each with the loader that lies there, and compares.
ld.so of glibc for amd64 and 386, the same for arm64 and armhf under qemu-user, and musl for amd64 and arm64. Needs
root for chroot; ends with 77 when something is not installed. Differences are printed, each with what both say.

usage: run.py [--quick] [--world NAME] [--only TEXT] [--keep] [--sysroot]

--sysroot makes the roots of other processors with `tenon sysroot` from Debian's packages (SYSROOTS); a variable
TENON_NAME_SYSROOT, such as TENON_ARM64_SYSROOT, names one that is there already.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import cases  # noqa: E402
from worlds import Arm64, ArmHard, I386, Musl, MuslArm64, World  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
SHELL = {2: "cannot execute: required file not found", 8: "cannot execute binary file: Exec format error",
         13: "Permission denied", 80: "Accessing a corrupted shared library", 5: "Input/output error",
         21: "Is a directory", 22: "Invalid argument"}


def predicted(root):
    world = root.world
    command = [TENON, "load", str(root.at(root.program)), "--root", str(root.path), "--target", world.target, "--json",
               *world.options, *root.options]
    for name, value in root.environment.items():
        command += ["--env", f"{name}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60,
                          **({"user": root.user, "group": root.user} if root.user else {}))
    if done.returncode not in (0, 1, 2):
        return {"loads": "error", "text": done.stdout + done.stderr, "failure": None, "fails_when_called": []}
    data = json.loads(done.stdout)["data"]
    if {True: 0, False: 1, None: 2}[data["loads"]] != done.returncode:
        data["loads"] = f"exit {done.returncode}"
    return data


def file_of(text, program):
    """The file that the loader's own words name."""
    for pattern in (r"error while loading shared libraries: ([^:]+): ", r"symbol lookup error: ([^:]+): ",
                    r": ([^:]+): version `", r"Error loading shared library ([^:]+): ", r"Error relocating ([^:]+): "):
        found = re.search(pattern, text)
        if found:
            return found[1]
    return None


def compare(root, real, ours):
    """What differs, or None."""
    (kind, number), out, err = real
    started = "started" in out
    err = "\n".join(line for line in err.splitlines() if not line.startswith("qemu: uncaught target signal"))
    lines = (ours["text"] or "").strip()
    if ours["loads"] not in (True, False):
        return f"loads {ours['loads']}: {ours.get('undecided')}"
    if ours["loads"] != started:
        return "verdict"
    # On the zeros behind the last byte of a file a loader may also miss symbols: docs/load.md, Limits.
    if not started and lines == "Segmentation fault":
        return None
    if kind == "errno":
        wanted = f"{root.program}: {SHELL.get(number, number)}"
        return None if lines == wanted else f"text, wanted {wanted!r}"
    if kind == "signal" and not started:
        wanted = {7: "Bus error", 11: "Segmentation fault"}.get(number)
        return None if lines == wanted else f"text, wanted {wanted!r}"
    if started:
        late = [one["text"] for one in ours["fails_when_called"]]
        rest = err.strip()[len(lines):].strip() if err.strip().startswith(lines) else None
        if rest is None:
            return "text before the program"
        if rest and rest not in late:
            return "late text"
        if not rest and late and "called" not in out:
            return "late failure without text"
        return None
    if err.strip() != lines:
        return "text"
    named = file_of(err, root.program)
    failure = ours["failure"]
    if named and Path(named).name not in (Path(failure["file"]).name, Path(failure.get("library") or "x").name):
        return f"file {named}"
    return None


def tried_paths(root, paths):
    """Only directories that exist: the loader asks for the others once, and remembers."""
    return [one for one in paths if os.path.isdir(root.at(os.path.dirname(one) or "/"))]


def compare_paths(root, ours):
    """The paths that the loader tries, by its own trace, against `data.tried`."""
    for old in root.path.glob("trace.*"):
        old.unlink()
    environment = dict(root.environment, LD_DEBUG="libs", LD_DEBUG_OUTPUT="/trace")
    root.world.start(str(root.path), root.program, environment)
    traces = list(root.path.glob("trace.*"))
    if len(traces) != 1:
        return f"{len(traces)} traces"
    real = tried_paths(root, re.findall(r"trying file=(.*)", traces[0].read_text(errors="replace")))
    told = tried_paths(root, [one["path"] for one in ours["tried"] if one["result"] != "skipped" and
                              one["rule"] not in ("path in DT_NEEDED", "preload")])
    if real == told:
        return None
    return f"paths\n  real  {real}\n  tenon {told}"


# The root directory of each other processor and C library: a sysroot by name, and its packages.
LIBC = ("libc6", "libc6-dev", "libgcc-12-dev")
SYSROOTS = {"ARM64": ("debian:12/arm64", "libc6"), "ARM64_MUSL": ("debian:12/arm64", "musl"),
            "386": ("debian:12/386", *LIBC), "ARM": ("debian:12/arm", *LIBC)}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true")
    options.add_argument("--world")
    options.add_argument("--only")
    options.add_argument("--keep", action="store_true")
    options.add_argument("--sysroot", action="store_true")
    options = options.parse_args()
    work = Path(tempfile.mkdtemp(prefix="tenon-loader-"))
    work.chmod(0o755)  # some cases run as another user
    roots = {}
    for name, (system, *packages) in SYSROOTS.items():
        roots[name] = os.environ.get(f"TENON_{name}_SYSROOT") or work / f"sysroot-{name}"
        if options.sysroot and not os.environ.get(f"TENON_{name}_SYSROOT"):
            subprocess.run([TENON, "sysroot", system, *packages, "--output", roots[name], "--quiet"], check=False)
    worlds = [World(work), Musl(work), Arm64(work, roots["ARM64"]), MuslArm64(work, roots["ARM64_MUSL"]),
              I386(work, roots["386"]), ArmHard(work, roots["ARM"])]
    totals, bad, skipped = Counter(), [], []
    for world in worlds:
        if options.world and world.name != options.world:
            continue
        problem = world.problem()
        if problem:
            skipped.append(f"{world.name}: {problem}")
            continue
        kit = cases.Kit(world)
        for family in cases.ALL:
            quick = options.quick
            for name, make in family(kit, quick):
                if options.only and options.only not in name:
                    continue
                if quick and hash_of(name) % (2 if world.name == "amd64-glibc" else 5):
                    continue
                root = cases.Root(kit, work / world.name / "root")
                make(root)
                real = world.start(str(root.path), root.program, root.environment, user=root.user)
                ours = predicted(root)
                totals[world.name] += 1
                difference = compare(root, real, ours)
                # There it also goes on for a while.
                on_zeros = ours["text"] == "Segmentation fault\n"
                traceable = not world.musl and not root.user and real[0][0] != "errno" and not on_zeros
                if not difference and traceable and (quick or totals[world.name] % 4 == 0):
                    totals["traces"] += 1
                    difference = compare_paths(root, ours)
                if difference:
                    bad.append((world.name, name))
                    print(f"{world.name} {name}: {difference}\n  real  {real}\n  tenon {ours['loads']} "
                          f"{ours['text']!r} {ours['failure'] and ours['failure'].get('file')}", flush=True)
                    if options.keep:
                        shutil.copytree(root.path, work / "kept" / f"{len(bad)}", symlinks=True)
    if not options.keep:
        shutil.rmtree(work)
    traces = totals.pop("traces", 0)
    total = sum(totals.values())
    print(f"{total - len(bad)} of {total} agree; {dict(totals)}; {traces} with all paths in their order")
    for one in skipped:
        print("skipped:", one)
    if not total:
        return 77
    return 1 if bad else 0


def hash_of(text):
    return sum(ord(one) * (i + 1) for i, one in enumerate(text))


if __name__ == "__main__":
    sys.exit(main())
