#!/usr/bin/env python3
"""Plays the stages and counts: how many go from red to green without a person, how many end worse.

usage: run.py --tenon TENON [--quick] [--only NAME,...] [--part K/N] [--work DIR] [--record FILE.md]

--part 2/6: the second of six parts, which may run at the same time with one --work.
--quick: those of ctest, without root and network. Fails below the bar, 90 %, and for any that ends
worse than it began. Stages that this machine cannot play (no root, no network, no mmdebstrap) are
counted as skipped, and named.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from stage import Place, Root, Shared, play  # noqa: E402
from stages import STAGES  # noqa: E402

BAR = 0.9


def missing(stage):
    """Why this machine cannot play a stage; empty when it can."""
    if stage.mounts or stage.packages is not None:
        if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
            return "needs root and mount namespaces"
    if stage.packages is not None and shutil.which("mmdebstrap") is None:
        return "needs mmdebstrap"
    return "".join(f"needs {one}" for one in stage.needs if shutil.which(one) is None)


def words(one):
    """What was done, in a line."""
    out = []
    for entry in one.rounds:
        fix = entry["fix"]
        done = [" ".join(c) for c in fix["commands"]]
        done += [f"{k}={v}" if v is not None else f"unset {k}" for k, v in fix["env"].items()]
        out.append(f"{'; '.join(done)} ({entry['result']})")
    return ", then ".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--work")
    parser.add_argument("--record")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    chosen = [s for s in STAGES if (not options.quick or s.quick)
              and (not options.only or any(o in s.name for o in options.only.split(",")))]
    part, parts = (int(n) for n in options.part.split("/"))
    chosen = chosen[part - 1::parts]
    skipped = [(s, missing(s)) for s in chosen if missing(s)]
    chosen = [s for s in chosen if not missing(s)]
    work = options.work or tempfile.mkdtemp(prefix="staged-")
    # In ctest the cache of the user: what go and the C compiler of this machine gave is no secret.
    cache = subprocess.run(["go", "env", "GOCACHE"], capture_output=True, text=True).stdout.strip()
    shared = Shared(work, cache if options.quick else None)
    for stage in chosen:
        if stage.packages is not None:
            shared.layer(stage.packages)

    def one(stage):
        place = (Root if stage.packages is not None else Place)(stage, Path(options.tenon).resolve(), shared)
        return play(stage, place)

    lines, good, worse = [], 0, 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for done in pool.map(one, chosen):
            good += done.passed
            worse += bool(done.worse)
            state = "green" if done.passed else "not staged" if not done.red else \
                "script fails" if done.green and not done.replayed else "red"
            state += f", WORSE: {done.worse}" if done.worse else ""
            lines.append(f"| {done.stage.name} | {state} | {words(done)} |")
            print(f"{done.stage.name:34} {state:14} {words(done)}", flush=True)
            if options.verbose and not done.passed:
                print(done.log, flush=True)
    if not options.work:
        shutil.rmtree(work, ignore_errors=True)
    for stage, why in skipped:
        print(f"skipped: {stage.name}: {why}")
    share = good / len(chosen) if chosen else 0
    print(f"{good} of {len(chosen)} from red to green ({100 * share:.0f} %), {worse} worse, {len(skipped)} skipped")
    if options.record:
        Path(options.record).write_text("| stage | end | what was done |\n|---|---|---|\n" + "\n".join(lines) + "\n")
    print(f"{good} passed, {len(chosen) - good} failed")
    return 0 if chosen and share >= BAR and worse == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
