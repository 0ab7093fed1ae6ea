#!/usr/bin/env python3
"""Builds a small program for each module of modules.py with `tenon build` and compares.

    run.py --tenon build/tenon --results results.json
    run.py --tenon build/tenon --only zstd --target darwin/arm64
    run.py --results results.json --page docs/modules.md

Modules come by exact version through the go command. Each program imports net/http and, where the
build is to pass, calls the module; Linux programs are run. With --results, what that file has as
expected is not built again, so that a run goes on where the last one stopped. --page writes the
results as tables into a page and builds nothing. Exit code 1: a result is not the expected one.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from modules import DARWIN, GROUPS, MUSL, TARGETS

PROGRAM = """package main

import (
\t"fmt"
\t"net/http"
\t"os"
%s)

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


def write_program(module, folder, environment):
    """An error of the go command, or nothing."""
    name = "lib" if re.search(r"\blib\.", module.call) else "_"
    others = "".join(f"\t{item if ' ' in item else json.dumps(item)}\n" for item in module.imports)
    call = textwrap.indent(textwrap.dedent(module.call).strip(), "\t")
    (folder / "main.go").write_text(PROGRAM % (f'{others}\t{name} "{module.package}"\n', call))
    (folder / "go.mod").write_text("module example.com/program\n\ngo 1.26\n")
    got = subprocess.run(["go", "get", f"{module.origin}@{module.version}"], cwd=folder,
                         env=environment, capture_output=True, text=True)
    return got.stderr.strip()[-300:] if got.returncode else ""


def build(module, target, folder, environment, options):
    command = [options.tenon, "build", ".", "--target", target, "--json"]
    if target != DARWIN:
        command.append("--smoke")
    tags = ",".join(filter(None, [module.tags, target == MUSL and module.musl_tags]))
    if tags:
        command += ["-tags", tags]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, timeout=options.timeout,
                              capture_output=True, text=True)
        envelope = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"state": "too slow"}
    except ValueError:
        return {"state": f"no answer, exit code {done.returncode}", "log": done.stderr[-3000:]}
    errors = [item for item in envelope["findings"] if item["severity"] == "error"]
    if errors:
        return {"state": f"{errors[0]['code']} {errors[0]['message']}", "log": done.stderr[-3000:]}
    output = envelope["data"]["outputs"][0]
    rows = {row["check"]: row for row in output["gate"]}
    return {
        "state": "built" if envelope["ok"] and output["built"] else "neither built nor refused",
        "minos": rows.get("minos", {}).get("value", "").partition(",")[0],
        "codes": sorted({item["code"] for item in envelope["findings"]}),
        "output": (output.get("smoke") or {}).get("output", ""),
    }


def try_module(module, targets, options):
    environment = dict(os.environ, GOFLAGS="-mod=mod", GOWORK="off")
    with tempfile.TemporaryDirectory(prefix="module-") as folder:
        error = write_program(module, Path(folder), environment)
        for target in targets:
            result = {"state": f"not served: {error}"} if error else build(
                module, target, folder, environment, options)
            yield target, result | {"version": module.version}


def as_expected(module, target, result):
    code, _, words = module.expected(target).partition(" ")
    state = result["state"]
    return result["version"] == module.version and state.startswith(code) and words in state


def cell(module, target, result):
    if not module.expected(target):
        return ""
    if not result or result["version"] != module.version:
        return "not tried"
    state = result["state"]
    if not as_expected(module, target, result):
        return f"**{state[:100]}**, expected: {module.expected(target)}"
    if state != "built":
        code, _, words = module.expected(target).partition(" ")
        return f"{code}: {words.rstrip('/')}" if words else code
    text = "built" if target == DARWIN or "TN0613" in result["codes"] else "built, ran"
    details = [code for code in result["codes"] if code != "TN0410"]
    if "TN0410" in result["codes"]:
        details.append(result["minos"])
    return text + (f" ({', '.join(details)})" if details else "")


def table(results):
    lines = []
    for title, modules in GROUPS:
        lines += [f"### {title}", "", "| module | version | " + " | ".join(TARGETS) + " |",
                  "|---|---|---|---|---|"]
        for module in modules:
            notes = [module.note, f"`-tags {module.tags}`" if module.tags else "",
                     f"`-tags {module.musl_tags}` with musl" if module.musl_tags else ""]
            note = "; ".join(filter(None, notes))
            cells = [cell(module, target, results.get(module.package, {}).get(target))
                     for target in TARGETS]
            version = re.sub(r"-[0-9.]*(\d{8})\d{6}-\w+$", r" of \1", module.version)
            lines.append(f"| {module.package}{f' ({note})' if note else ''} | {version} | "
                         + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def write_page(page, results):
    begin, end = "<!-- table -->\n", "<!-- end of table -->"
    head, _, rest = page.read_text().partition(begin)
    tail = rest.partition(end)[2]
    page.write_text(f"{head}{begin}\n{table(results)}\n{end}{tail}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--only", default="", help="part of a package's path")
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one build")
    parser.add_argument("--results", type=Path, help="JSON file of results, read and extended")
    parser.add_argument("--page", type=Path, help="page for the table; builds nothing")
    options = parser.parse_args()
    if "/" in options.tenon:
        options.tenon = str(Path(options.tenon).resolve())
    results = {}
    if options.results and options.results.is_file():
        results = json.loads(options.results.read_text())
    if options.page:
        write_page(options.page, results)
        return 0

    differ = 0
    for module in (module for _, group in GROUPS for module in group):
        known = results.setdefault(module.package, {})
        targets = [target for target in TARGETS
                   if module.expected(target) and options.target in (None, target)
                   and options.only in module.package
                   and not (known.get(target) and as_expected(module, target, known[target]))]
        for target, result in try_module(module, targets, options) if targets else ():
            known[target] = result
            same = as_expected(module, target, result)
            differ += not same
            print(f"{'ok ' if same else 'BAD'} {module.package} {target}: {result['state']}",
                  flush=True)
            if options.results:
                options.results.write_text(json.dumps(results, indent=1) + "\n")
    print(f"{differ} differ" if differ else "all as expected")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
