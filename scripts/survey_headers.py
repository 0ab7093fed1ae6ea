#!/usr/bin/env python3
"""What C in Go modules includes on macOS, and whether it builds with tenon's headers.

    survey_headers.py --tenon build/release/tenon --results survey.json
    survey_headers.py --results survey.json --page docs/macos-headers.md

The modules are those of tests/modules/modules.py and of survey_headers.list. The go command fetches each, and `go list` for
darwin tells which of its packages have C there. Their files are searched for #include and #import lines of
frameworks and system headers. A program that imports these packages is then built by `tenon build` for each target.
With --resume, what --results has already is not built again. Not a part of CI: it takes hours.
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

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "modules"))

from modules import GROUPS  # noqa: E402

TARGETS = ("darwin/arm64", "darwin/amd64")
INCLUDE = re.compile(r"^[ \t/]*#[ \t]*(?:include|import)[ \t]*<([^>]+)>", re.MULTILINE)
FILES = ("CgoFiles", "CFiles", "CXXFiles", "MFiles", "HFiles")
# What every C compiler or zig brings for macOS: not worth a line.
ORDINARY = re.compile(r"^(assert|ctype|errno|fcntl|float|inttypes|limits|locale|math|memory|pthread|sched|setjmp|signal|"
                      r"stdarg|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|unistd|wchar)\.h$")


def wanted():
    """Module, version, package, tags: of our own list of modules, then of the survey's."""
    rows = [(module.origin, module.version, module.package, module.tags or "") for _, group in GROUPS
            for module in group]
    for number, line in enumerate((HERE / "survey_headers.list").read_text().splitlines(), 1):
        words = line.partition("|")[0].split()
        if not words or line.startswith("#"):
            continue
        origin, _, version = words[0].partition("@")
        options = dict(word.partition("=")[::2] for word in words[1:] if "=" in word)
        packages = [word for word in words[1:] if "=" not in word]
        if not version or set(options) - {"tags"} or len(packages) > 1:
            sys.exit(f"survey_headers.list:{number}: expected: MODULE@VERSION [PACKAGE] [tags=A,B] [| why not]")
        package = packages[0] if packages else "./..."
        if package != "./...":
            package = (origin + package[1:]).rstrip("/")
        rows.append((origin, version, package, options.get("tags", "")))
        note_impossible(key_of(rows[-1]), line.partition("|")[2].strip())
    return rows


IMPOSSIBLE = {}  # (key, target): why nobody can build it from the module alone


def key_of(row):
    origin, version, package, tags = row
    return f"{origin}@{version} {package} {tags}".strip()


def note_impossible(key, reason):
    if not reason:
        return
    target = next((name for name in TARGETS if reason.startswith(name + ":")), None)
    for name in [target] if target else TARGETS:
        IMPOSSIBLE[key, name] = reason.removeprefix(f"{target}:").strip()


def environment(options, target="darwin/arm64"):
    values = dict(os.environ, GOFLAGS="-mod=mod", GOWORK="off", GOCACHE=str(options.cache), GOOS="darwin",
                  GOARCH=target.partition("/")[2], CGO_ENABLED="1", GOTOOLCHAIN="local")
    for name in ("CC", "CXX", "CGO_CFLAGS", "CGO_LDFLAGS"):
        values.pop(name, None)
    return values


def fetch(origin, version, options):
    done = subprocess.run(["go", "mod", "download", "-json", f"{origin}@{version}"], cwd=options.cache,
                          env=environment(options), capture_output=True, text=True, check=False)
    try:
        answer = json.loads(done.stdout)
        return answer.get("Dir"), answer.get("Error", "")
    except ValueError:
        return None, done.stderr.strip()[-200:]


def packages_with_c(folder, origin, tags, options):
    """{import path: its directory and files}; `go list -find` asks for no other module."""
    if not (Path(folder) / "go.mod").exists():
        copy = options.cache / "survey-source" / origin
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy, copy_function=shutil.copyfile)
        os.chmod(copy, 0o755)
        (copy / "go.mod").write_text(f"module {origin}\n")
        folder = copy
    command = ["go", "list", "-e", "-find", "-json"] + (["-tags", tags] if tags else []) + ["./..."]
    values = environment(options)
    values["GOFLAGS"] = "-mod=readonly"
    done = subprocess.run(command, cwd=folder, env=values, capture_output=True, text=True, check=False)
    decoder = json.JSONDecoder()
    rest = done.stdout.strip()
    found = {}
    while rest:
        package, end = decoder.raw_decode(rest)
        rest = rest[end:].lstrip()
        if package.get("CgoFiles"):
            found[package["ImportPath"]] = package
    return found


def includes(package):
    names = set()
    for kind in FILES:
        for name in package.get(kind) or []:
            text = (Path(package["Dir"]) / name).read_text(errors="replace")
            names |= {found.strip() for found in INCLUDE.findall(text)}
    return {name for name in names if not ORDINARY.match(name)}


def framework_of(header, headers):
    """Of <CoreFoundation/CoreFoundation.h>: CoreFoundation. A directory that has a header of its own name is one."""
    first, slash, _ = header.partition("/")
    known = (headers / first / f"{first}.h").exists() or first in FRAMEWORKS_WITHOUT_HEADERS
    return first if slash and known else ""


FRAMEWORKS_WITHOUT_HEADERS = {"Network", "Hypervisor", "vmnet", "EndpointSecurity", "Accelerate", "OpenCL", "GSS", "Kernel",
                              "OpenAL", "GLUT", "ForceFeedback", "Tcl", "Python", "Ruby", "PCSC", "GameController",
                              "CryptoTokenKit", "MediaPlayer", "Speech"}


def build(origin, version, packages, tags, target, options):
    with tempfile.TemporaryDirectory(prefix="survey-") as folder:
        lines = "".join(f'\t_ "{package}"\n' for package in packages)
        (Path(folder) / "main.go").write_text(f"package main\n\nimport (\n{lines})\n\nfunc main() {{}}\n")
        (Path(folder) / "go.mod").write_text("module example.com/survey\n\ngo 1.26\n")
        values = environment(options, target)
        for name in ("GOOS", "GOARCH", "CGO_ENABLED"):
            values.pop(name)
        got = subprocess.run(["go", "get", f"{origin}@{version}"], cwd=folder, env=values, capture_output=True,
                             text=True, check=False)
        if got.returncode:
            return {"state": "not served", "cause": got.stderr.strip()[-300:]}
        command = ["nice", "-n", "10", options.tenon, "build", ".", "--target", target, "--json"]
        command += ["-tags", tags] if tags else []
        try:
            done = subprocess.run(command, cwd=folder, env=values, capture_output=True, text=True,
                                  timeout=options.timeout, check=False)
            envelope = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return {"state": "too slow"}
        except ValueError:
            return {"state": "no answer", "log": done.stderr[-2000:]}
    errors = [item for item in envelope["findings"] if item["severity"] == "error"]
    outputs = envelope["data"].get("outputs") or [{}]
    result = {"state": "built" if envelope["ok"] and outputs[0].get("built") else "failed",
              "unknown": [row["check"] for row in outputs[0].get("gate") or [] if row["state"] == "unknown"],
              "headers": outputs[0].get("headers")}
    if errors:
        result["cause"] = f"{errors[0]['code']}: {errors[0]['message']}"[:300]
        result["causes"] = [f"{item['code']}: {item['message']}"[:200] for item in errors]
        result["log"] = done.stderr[-3000:]
    return result


def importable(packages, origin, package):
    """What a program can import: no command, no internal package, no example; or the one that the list names."""
    if package != "./...":
        return [package]
    names = [path for path, facts in packages.items() if facts.get("Name") != "main" and "/internal/" not in f"{path}/"]
    return [name for name in names if not re.search(r"/_|/vendor/|/testdata/", name)]


def survey(row, options):
    origin, version, package, tags = row
    folder, error = fetch(origin, version, options)
    if not folder:
        return {"state": "not served", "cause": error}
    packages = packages_with_c(folder, origin, tags, options)
    record = {"packages": sorted(packages), "includes": {}, "builds": {}}
    for path, facts in packages.items():
        record["includes"][path] = sorted(includes(facts))
    record["imported"] = importable(packages, origin, package)
    return record


def page_lines(results, headers):
    """Counts, what is included most, and what did not build."""
    with_c = {key: record for key, record in results.items() if record.get("packages")}
    frameworks, system = Counter(), Counter()
    for record in with_c.values():
        names = {name for found in record["includes"].values() for name in found}
        frameworks.update({framework_of(name, headers) for name in names} - {""})
        system.update(name for name in names if not framework_of(name, headers) and (headers / name).is_file())
    lines = [f"{len(with_c)} packages or modules with C on macOS were looked at.", ""]
    for target in TARGETS:
        states = {key: record["builds"][target]["state"] for key, record in results.items()
                  if target in record.get("builds", {})}
        built = sum(state == "built" for state in states.values())
        cannot = sum((key, target) in IMPOSSIBLE for key, state in states.items() if state != "built")
        if states:
            rest = f"; {cannot} cannot be built from the module alone" if cannot else ""
            lines.append(f"- {target}: {built} of {len(states)} built, every row of the gate ok{rest}.")
    lines += ["", "Frameworks by the number of modules that include them: "
              + ", ".join(f"{name} {count}" for name, count in frameworks.most_common(40)) + ".", "",
              "Headers of tenon beside them: " + ", ".join(f"`{name}` {count}" for name, count in system.most_common(25)) + ".",
              "", "| did not build | target | what tenon says | why |", "|---|---|---|---|"]
    for key, record in sorted(results.items()):
        for target, result in sorted(record.get("builds", {}).items()):
            if result["state"] != "built":
                why = re.sub(r"/\S*/pkg/mod/", "", result.get("cause", result["state"])).replace("|", "\\|")
                lines.append(f"| {key} | {target} | {why[:160]} | {IMPOSSIBLE.get((key, target), 'to be mended')} |")
    return lines


def write_page(results, options):
    text = options.page.read_text()
    begin, end = "<!-- survey -->\n", "<!-- end of survey -->"
    head, _, rest = text.partition(begin)
    headers = Path(options.tenon).parent / "share/tenon/macos-headers/include"
    options.page.write_text(head + begin + "\n".join(page_lines(results, headers)) + "\n" + end + rest.partition(end)[2])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="build/release/tenon")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--target", action="append", choices=TARGETS)
    parser.add_argument("--only", help="a part of the module's name")
    parser.add_argument("--resume", action="store_true", help="do not repeat what was built")
    parser.add_argument("--list-only", action="store_true", help="only the modules of survey_headers.list")
    parser.add_argument("--no-build", action="store_true", help="look at the includes only")
    parser.add_argument("--cache", type=Path, default=Path(__file__).resolve().parent.parent / "build/programs/cache", help="GOCACHE")
    parser.add_argument("--timeout", type=int, default=600, help="seconds for one build")
    parser.add_argument("--page", type=Path, help="write the results into this page and build nothing")
    options = parser.parse_args()
    options.tenon = str(Path(options.tenon).resolve())
    options.cache.mkdir(parents=True, exist_ok=True)
    results = json.loads(options.results.read_text()) if options.results.exists() else {}
    rows = wanted()
    if options.page:
        write_page(results, options)
        return
    ours = {(module.origin, module.version, module.package, module.tags or "") for _, group in GROUPS for module in group}
    for row in rows:
        key = key_of(row)
        if options.only and options.only not in key or options.list_only and row in ours:
            continue
        old = results.get(key, {})
        record = old if options.resume and old.get("imported") else survey(row, options)
        record["builds"] = old.get("builds", {})
        results[key] = record
        for target in [] if options.no_build or not record.get("imported") else options.target or TARGETS[:1]:
            if not (options.resume and record["builds"].get(target, {}).get("state") == "built"):
                record["builds"][target] = build(row[0], row[1], record["imported"], row[3], target, options)
            result = record["builds"][target]
            print(f"{key} {target}: {result['state']} {result.get('cause', '')}", flush=True)
        options.results.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
