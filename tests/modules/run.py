#!/usr/bin/env python3
"""Builds a small program for each module of modules.py with `tenon build` and compares.

    run.py --tenon build/tenon
    run.py --tenon build/tenon --only zstd --target darwin/arm64
    run.py --tenon build/tenon --results r.json --output docs/modules.md

Modules come by exact version through the go command's own proxy. Each program calls the module and
imports net/http. Exit code 1: a result differs from the expected one. --results keeps results, so
that a run continues where the last one stopped; --again runs what is in it once more.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from modules import MODULES

HERE = Path(__file__).resolve().parent

MAIN = """package main

import (
\t"fmt"
\t"net/http"
\t"os"
%s
)

func check(err error) {
\tif err != nil {
\t\tfmt.Println("error:", err)
\t\tos.Exit(1)
\t}
}

func shown(value any) { fmt.Println("result:", value) }

func main() {
\tif len(os.Args) > 1 {
\t\t_, err := http.Get(os.Args[1])
\t\tcheck(err)
\t}
%s
}
"""


MESSAGES = (
    ("TN0401", "framework-header", r"framework (\w+),"),
    ("TN0402", "header", r"^(\S+) is not among"),
    ("TN0403", "library", r"asks for (?:-l|-framework )?([^\s,]+)"),
    ("TN0608", "pkg-config", r"pkg-config has no (\S+)"),
)


class NotServed(Exception):
    pass


def go(folder, *arguments, timeout=900):
    environment = dict(os.environ, GOFLAGS="-mod=mod", GOWORK="off")
    done = subprocess.run(["go", *arguments], cwd=folder, env=environment, timeout=timeout,
                          capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise NotServed(lines[-1].strip() if lines else f"go {arguments[0]} failed")
    return done.stdout


def write_program(module, folder):
    imports = "".join(f"\t{line}\n" for line in module.imports)
    call = textwrap.indent(textwrap.dedent(module.call).strip(), "\t")
    (folder / "main.go").write_text(MAIN % (imports.rstrip(), call))
    (folder / "go.mod").write_text("module example.com/program\n\ngo 1.26\n")
    go(folder, "get", f"{module.path}@{module.version}")
    go(folder, "mod", "tidy")
    go(folder, "get", f"{module.path}@{module.version}")


def kind_of(finding):
    """What a refusal says, in the words of modules.py."""
    code = finding["code"]
    for known, words, shape in MESSAGES:
        found = re.search(shape, finding["message"])
        if code == known and found:
            return f"{words} {found[1]}"
    return f"refused {code}"


def summary(rows):
    bad = [f"{row['check']}: {row['value']}" for row in rows if row["state"] != "ok"]
    return f"{len(rows) - len(bad)} of {len(rows)}" + ("; " + "; ".join(bad) if bad else "")


def build(module, target, folder, options):
    """The result of one build, as a dictionary."""
    command = [options.tenon, "build", ".", "--target", target, "--json"]
    if target in module.tags:
        command += ["-tags", module.tags[target]]
    command += module.flags.get(target, [])
    if target.startswith("linux/"):
        command.append("--smoke")
    start = time.monotonic()
    environment = dict(os.environ, GOFLAGS="-mod=mod", GOWORK="off")
    try:
        done = subprocess.run(command, cwd=folder, env=environment, timeout=options.timeout,
                              capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        return {"state": "failed", "detail": "took too long", "seconds": options.timeout}
    result = {"seconds": round(time.monotonic() - start, 1), "code": done.returncode}
    try:
        envelope = json.loads(done.stdout)
    except ValueError:
        return result | {"state": "failed", "detail": (done.stderr or done.stdout).strip()[-300:]}
    if options.envelopes:
        name = f"{module.name}-{target}".replace("/", "_").replace(" ", "_")
        (options.envelopes / f"{name}.json").write_text(json.dumps(envelope, indent=1))
        (options.envelopes / f"{name}.log").write_text(done.stderr)
    errors = [item for item in envelope["findings"] if item["severity"] == "error"]
    others = [item["code"] for item in envelope["findings"] if item["severity"] != "error"]
    output = (envelope.get("data") or {}).get("outputs") or [{}]
    result |= {"gate": summary(output[0].get("gate", [])), "notes": others,
               "engine": output[0].get("engine", ""), "size": output[0].get("size", 0)}
    smoke = output[0].get("smoke")
    if smoke:
        result["smoke"] = smoke
    if errors:
        first = errors[0]
        result |= {"state": kind_of(first), "subject": first.get("subject", ""),
                   "detail": f"{first['code']} {first['message']}"}
    elif envelope["ok"] and output[0].get("built"):
        result["state"] = "built"
    else:
        result |= {"state": "failed", "detail": "no finding says why"}
    return result


def run_module(module, targets, options):
    folder = Path(tempfile.mkdtemp(prefix="module-"))
    results = {}
    try:
        try:
            write_program(module, folder)
        except NotServed as problem:
            return {target: {"state": "not served", "detail": str(problem), "seconds": 0}
                    for target in targets}
        for target in targets:
            results[target] = build(module, target, folder, options)
            report(module, target, results[target])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return results


def report(module, target, result):
    same = result["state"] == module.expect[target]
    print(f"{'ok  ' if same else 'BAD '} {module.name} {target}: {result['state']}"
          f" ({result['seconds']} s) {result.get('detail', '')}", file=sys.stderr, flush=True)


def smoke_text(result):
    smoke = result.get("smoke")
    if not smoke:
        return "not run"
    if isinstance(smoke, dict):
        state = smoke.get("state") or ("ok" if smoke.get("ok") else "failed")
        return str(state)
    return str(smoke)


def table(results):
    lines = ["| module | version | target | result | gate | run | seconds |",
             "|---|---|---|---|---|---|---|"]
    for module in MODULES:
        for target in module.expect:
            result = results.get(module.name, {}).get(target)
            if not result:
                continue
            tags = module.tags.get(target)
            built = result["state"] == "built"
            expected = "" if result["state"] == module.expect[target] else " (unexpected)"
            lines.append(
                f"| {module.name} | {module.version} | {target}"
                f"{' `-tags ' + tags + '`' if tags else ''} | {result['state']}{expected} |"
                f" {result.get('gate', '') if built else ''} |"
                f" {smoke_text(result) if built else ''} | {result['seconds']:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--only", action="append", default=[], help="part of a module's name")
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one build")
    parser.add_argument("--results", type=Path, help="JSON file of results, read and extended")
    parser.add_argument("--again", action="store_true", help="also what is in --results")
    parser.add_argument("--envelopes", type=Path, help="folder for the output of each build")
    parser.add_argument("--output", type=Path, help="page whose table is replaced")
    options = parser.parse_args()
    if "/" in options.tenon:
        options.tenon = str(Path(options.tenon).resolve())
    if options.envelopes:
        options.envelopes = options.envelopes.resolve()
        options.envelopes.mkdir(parents=True, exist_ok=True)

    results = {}
    if options.results and options.results.is_file():
        results = json.loads(options.results.read_text())

    def wanted(module):
        if options.only and not any(part in module.name for part in options.only):
            return []
        known = {} if options.again else results.get(module.name, {})
        return [target for target in module.expect
                if (not options.target or target in options.target) and target not in known]

    work = [(module, wanted(module)) for module in MODULES]
    work = [(module, targets) for module, targets in work if targets]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(run_module, module, targets, options): module
                   for module, targets in work}
        for done in concurrent.futures.as_completed(running):
            results.setdefault(running[done].name, {}).update(done.result())
            if options.results:
                options.results.write_text(json.dumps(results, indent=1) + "\n")

    text = table(results)
    print(text, end="")
    if options.output:
        old = options.output.read_text() if options.output.is_file() else "# Modules\n\n"
        head, _, rest = old.partition("| module |")
        tail = "\n".join(line for line in rest.splitlines()[1:] if not line.startswith("|"))
        options.output.write_text(head + text + tail.rstrip() + ("\n" if tail.strip() else ""))
    bad = 0
    for module, targets in work:
        for target in targets:
            state = results.get(module.name, {}).get(target, {}).get("state")
            bad += state not in (module.expect[target], "not served")
    print(f"{bad} differ from what is expected" if bad else "all as expected", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main())
