#!/usr/bin/env python3
"""Builds public Go commands with C code for other systems, with `tenon build` and with `zig cc` alone.

    programs.py --tenon build/release/tenon --results results.json
    programs.py --tenon build/release/tenon --only nebula --target darwin/arm64
    programs.py --results results.json --page docs/programs.md

The commands stand in programs.list. A program that needs libraries of a Linux system is built with the sysroot
debian:12/arm64 (`tenon sysroot`), to which its packages are added; so is its `zig cc` build. The go command fetches each by module and version; its source is copied into
the work directory and built there, as in a clone. Beside each build by tenon the same command is built by
`CC="zig cc -target ..." go build`, in the same run and with the same cache. Programs for Linux are run under qemu-user
with the arguments of the list. With --resume, what --results has already is not built again. --page writes the
results into a page and builds nothing. Exit code 1: a command that no note explains did not build. Not a part of CI:
it takes hours.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

# What `tenon build` calls the target; what zig calls it; what go calls it.
TARGETS = {
    "darwin/arm64": ("aarch64-macos", "darwin", "arm64"),
    "linux/arm64:musl": ("aarch64-linux-musl", "linux", "arm64"),
    "linux/arm64:gnu": ("aarch64-linux-gnu.2.28", "linux", "arm64"),
    "windows/amd64": ("x86_64-windows-gnu", "windows", "amd64"),
}
EMULATOR = ["qemu-aarch64-static", "-L"]
CROSS_GLIBC = "/usr/aarch64-linux-gnu"
SYSROOT = "debian:12/arm64"
NOISE = re.compile(r"^(#|go: (downloading|finding|added)|\s*$|.*: warning: |.*/link: running )")


@dataclass
class Program:
    """A line of programs.list, and the `note` lines below it."""
    module: str
    version: str
    package: str
    tags: str = ""
    run: list = field(default_factory=lambda: ["--help"])
    systems: tuple = ("darwin", "linux", "windows")
    notes: dict = field(default_factory=dict)
    runs: bool = True
    sysroot: list = field(default_factory=list)  # packages of Debian, for Linux
    settings: dict = field(default_factory=dict)  # variables, by target
    cannot: dict = field(default_factory=dict)  # target: why there can be no such program

    @property
    def key(self):
        return f"{self.module}@{self.version} {self.package} {self.tags}".strip()


def read_list(path):
    programs = []
    for number, line in enumerate(Path(path).read_text().splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line[0].isspace():  # TARGET: why it cannot be built, or what was done about it
            target, _, text = line.strip().partition(": ")
            if not programs or not text:
                sys.exit(f"{path}:{number}: expected: blanks, TARGET, colon, note")
            kind, _, target = target.rpartition(" ")
            if kind == "with":
                programs[-1].settings[target] = text.split()
            elif kind in ("", "cannot"):
                (programs[-1].cannot if kind else programs[-1].notes)[target] = text
            else:
                sys.exit(f"{path}:{number}: expected TARGET, `with TARGET` or `cannot TARGET`")
            continue
        module, _, version = words[0].partition("@")
        options = dict(word.partition("=")[::2] for word in words[2:])
        if len(words) < 2 or not version or set(options) - {"tags", "run", "only", "sysroot"}:
            sys.exit(f"{path}:{number}: expected: MODULE@VERSION PACKAGE [tags=A,B] [run=ARGS|-] [only=SYSTEMS] "
                     "[sysroot=PACKAGES]")
        program = Program(module, version, words[1], options.get("tags", ""))
        if "run" in options:
            program.run = options["run"].split(",") if options["run"] != "-" else []
            program.runs = options["run"] != "-"
        program.sysroot = options["sysroot"].split(",") if "sysroot" in options else []
        if "only" in options:
            program.systems = tuple(options["only"].split(","))
        programs.append(program)
    return programs


def environment(options):
    values = dict(os.environ, GOFLAGS="-mod=mod", GOWORK="off", GOCACHE=str(options.work / "cache"),
                  GOTOOLCHAIN=options.toolchain)
    for name in ("GOOS", "GOARCH", "CC", "CXX", "CGO_ENABLED", "CGO_CFLAGS", "CGO_LDFLAGS"):
        values.pop(name, None)
    return values


def fetch(program, options):
    """The directory with a writable copy of the module, or why there is none."""
    place = options.work / "source" / re.sub(r"[^\w.@-]", "+", f"{program.module}@{program.version}")
    if place.exists():
        return place, ""
    done = subprocess.run(["go", "mod", "download", "-json", f"{program.module}@{program.version}"],
                          cwd=options.work, env=environment(options), capture_output=True, text=True, check=False)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return None, done.stderr.strip()[-200:]
    if "Dir" not in answer:
        return None, answer.get("Error", "no directory")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(answer["Dir"], place, copy_function=shutil.copyfile)
    for folder, _, _ in os.walk(place):
        os.chmod(folder, 0o755)
    if not (place / "go.mod").exists():
        (place / "go.mod").write_text(f"module {program.module}\n")
    subprocess.run(["go", "mod", "download"], cwd=place, env=environment(options), capture_output=True, check=False)
    return place, ""


def run(command, folder, values, options, **more):
    """Exit code, standard output and standard error; code None when time was up."""
    started = time.monotonic()
    process = subprocess.Popen(["nice", "-n", "10", *command], cwd=folder, env=values, text=True, errors="replace",
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True, **more)
    try:
        out, err = process.communicate(timeout=options.timeout)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 15)
        out, err = process.communicate()
        code = None
    return code, out, err, round(time.monotonic() - started)


def first_error(text):
    lines = [line for line in text.splitlines() if not NOISE.match(line)]
    errors = [line for line in lines if re.search(r"error: |undefined|not defined|not found|cannot", line)]
    return (errors or lines or ["no word"])[0].strip()[:200]


def settings(program, target):
    """Variables of the list for the target, or for its system."""
    words = program.settings.get(target) or program.settings.get(target.partition("/")[0], [])
    return dict(word.replace("%20", " ").partition("=")[::2] for word in words)


def make_sysroot(program, options):
    """The directory with the packages of the program."""
    done = subprocess.run([options.tenon, "sysroot", SYSROOT, *program.sysroot, "--json"], capture_output=True,
                          text=True, check=False)
    answer = json.loads(done.stdout)
    if not answer["ok"]:
        sys.exit(f"{SYSROOT} {' '.join(program.sysroot)}: {answer['findings'][0]['message']}")
    return answer["data"]["folder"]


def build_with_tenon(program, target, folder, options):
    output = options.work / "out" / "tenon"
    command = [options.tenon, "build", program.package, "--target", target, "--json", "-o", str(output)]
    command += ["-tags", program.tags] if program.tags else []
    if program.sysroot and target.startswith("linux"):
        make_sysroot(program, options)
        command += ["--sysroot", SYSROOT]
    command += ["--smoke", "--", *program.run] if program.runs and target.startswith("linux") else []
    values = environment(options) | settings(program, target)
    code, out, err, seconds = run(command, folder, values, options)
    if code is None:
        return {"state": "too slow", "seconds": seconds}
    try:
        envelope = json.loads(out)
    except ValueError:
        return {"state": "no answer", "seconds": seconds, "log": err[-3000:]}
    return judged(envelope, target, seconds, err)


def judged(envelope, target, seconds, log):
    errors = [item for item in envelope["findings"] if item["severity"] == "error"]
    data = (envelope["data"].get("outputs") or [{}])[0]
    rows = data.get("gate") or []
    smoke = data.get("smoke") or {}
    result = {
        "state": "built" if envelope["ok"] and data.get("built") else "failed",
        "seconds": seconds,
        "engine": data.get("engine", ""),
        "gate": f"{sum(row['state'] == 'ok' for row in rows)} of {len(rows)} ok",
        "unknown": [row["check"] for row in rows if row["state"] == "unknown"],
        "codes": sorted({item["code"] for item in envelope["findings"]}),
    }
    if target.startswith("linux") and smoke:
        result["ran"] = smoke.get("state") == "ok"
        result["output"] = (smoke.get("output") or smoke.get("why") or "").strip()[:200]
    if errors:
        result["cause"] = f"{errors[0]['code']}: {errors[0]['message']}"[:300]
    if result["state"] != "built":
        result["log"] = log[-3000:]
    return result


def build_with_zig(program, target, folder, options):
    triple, system, processor = TARGETS[target]
    output = options.work / "out" / "zig"
    values = environment(options) | {
        "CC": f"zig cc -target {triple}", "CXX": f"zig c++ -target {triple}", "CGO_ENABLED": "1",
        "GOOS": system, "GOARCH": processor} | settings(program, target)
    root = make_sysroot(program, options) if program.sysroot and system == "linux" else ""
    if root:
        folders = [f"{root}/usr/lib/aarch64-linux-gnu/pkgconfig", f"{root}/usr/share/pkgconfig"]
        values |= {"PKG_CONFIG_SYSROOT_DIR": root, "PKG_CONFIG_LIBDIR": ":".join(folders),
                   "CGO_CFLAGS": f"-O2 -g -isystem {root}/usr/include", "CGO_LDFLAGS": f"-L{root}/usr/lib/aarch64-linux-gnu"}
    command = ["go", "build", "-trimpath", "-o", str(output)]
    command += ["-tags", program.tags] if program.tags else []
    code, _, err, seconds = run([*command, program.package], folder, values, options)
    if code != 0:
        return {"state": "too slow" if code is None else "failed", "seconds": seconds, "cause": first_error(err)}
    result = {"state": "built", "seconds": seconds}
    if program.runs and system == "linux":
        code, out, err, _ = run([*EMULATOR, root or CROSS_GLIBC, str(output), *program.run], folder, os.environ, options)
        result |= {"ran": code == 0, "output": (out or err).strip()[:200]}
    return result


def buildable(program, target, folder, options):
    """Whether the go command knows files of the package for that system: its constraints decide."""
    _, system, processor = TARGETS[target]
    if system not in program.systems or target in program.cannot:
        return False
    values = environment(options) | {"GOOS": system, "GOARCH": processor, "CGO_ENABLED": "1"}
    command = ["go", "list", "-e", "-f", "{{.Name}} {{len .GoFiles}} {{len .CgoFiles}}"]
    command += ["-tags", program.tags] if program.tags else []
    done = subprocess.run([*command, program.package], cwd=folder, env=values, capture_output=True, text=True,
                          check=False)
    words = done.stdout.split()
    return len(words) == 3 and words[0] == "main" and int(words[1]) + int(words[2]) > 0


def packages_with_c(program, target, folder, options):
    _, system, processor = TARGETS[target]
    values = environment(options) | {"GOOS": system, "GOARCH": processor, "CGO_ENABLED": "1"}
    command = ["go", "list", "-e", "-deps", "-f", "{{if and .CgoFiles (not .Standard)}}{{.ImportPath}}{{end}}"]
    command += ["-tags", program.tags] if program.tags else []
    done = subprocess.run([*command, program.package], cwd=folder, env=values, capture_output=True, text=True,
                          check=False)
    return done.stdout.split()


def try_program(program, targets, options, results):
    folder, error = fetch(program, options)
    record = results.setdefault(program.key, {"cells": {}})
    if error:
        record["error"] = error
        return
    for target in targets:
        old = record["cells"].get(target)
        if options.resume and old and (not old["possible"] or word(old["tenon"]).endswith(("built", "ran"))):
            continue
        cell = {"possible": buildable(program, target, folder, options)}
        record["cells"][target] = cell
        if cell["possible"]:
            (options.work / "out").mkdir(exist_ok=True)
            cell["c"] = packages_with_c(program, target, folder, options)
            cell["tenon"] = build_with_tenon(program, target, folder, options)
            if not options.no_zig:
                cell["zig"] = build_with_zig(program, target, folder, options)
            shutil.rmtree(options.work / "out")
        show(program, target, cell)
        save(results, options)


def show(program, target, cell):
    if not cell["possible"]:
        text = "not for this system"
    else:
        parts = [text_of(cell[who]) for who in ("tenon", "zig") if who in cell]
        text = " | ".join(parts) + f" | {cell['tenon']['seconds']} s"
    print(f"{program.module}@{program.version} {program.package} {target}: {text}", flush=True)


def text_of(result):
    text = {"built": "built", "failed": result.get("cause", "failed")}.get(result["state"], result["state"])
    if result["state"] == "built" and "ran" in result:
        text += ", ran" if result["ran"] else f", did not run: {result.get('output', '')[:80]}"
    return text


def save(results, options):
    if options.results:
        text = json.dumps(results, indent=1, sort_keys=True)
        Path(f"{options.results}.new").write_text(text + "\n")
        os.replace(f"{options.results}.new", options.results)


# The page.

def counts(programs, results, target):
    """Cells that can exist, of these built by tenon, built by zig alone, and for Linux run by each."""
    cells = [results.get(program.key, {}).get("cells", {}).get(target) for program in programs]
    cells = [cell for cell in cells if cell and cell["possible"]]
    numbers = {"cells": len(cells)}
    for who in ("tenon", "zig"):
        done = [cell[who] for cell in cells if cell.get(who, {}).get("state") == "built"]
        numbers[who] = len(done)
        numbers[f"{who} ran"] = sum(bool(result.get("ran")) for result in done)
    return numbers


def escaped(text):
    """A cell of a table; directories of this machine mean nothing to a reader."""
    text = re.sub(r"/\S*/(pkg/mod|programs/source)/", "", text)
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def word(result):
    if not result:
        return "not tried"
    if result["state"] != "built":
        return "failed" if result["state"] == "failed" else result["state"]
    return "built, ran" if result.get("ran") else "built" if "ran" not in result else "built, not run"


def cell_of(cell):
    if not cell:
        return "not tried"
    if not cell["possible"]:
        return ""
    tenon, zig = word(cell.get("tenon")), word(cell.get("zig"))
    if tenon == "failed":
        tenon = cell["tenon"].get("cause", "failed").partition(":")[0]
    return f"{tenon} / {zig}"


def built_with(program):
    """What its command line has beside the package."""
    words = [f"`-tags {program.tags}`"] if program.tags else []
    words += [f"sysroot with {', '.join(program.sysroot)}"] if program.sysroot else []
    words += [f"{target}: `{' '.join(values)}`" for target, values in program.settings.items()]
    return f" ({'; '.join(words)})" if words else ""


def page_lines(programs, results):
    lines = ["| target | cells | tenon: built | tenon: ran | zig cc alone: built | zig cc alone: ran |", "|---|---|---|---|---|---|"]
    for target in TARGETS:
        n = counts(programs, results, target)
        ran = [str(n["tenon ran"]), str(n["zig ran"])] if target.startswith("linux") else ["", ""]
        lines.append(f"| {target} | {n['cells']} | {n['tenon']} | {ran[0]} | {n['zig']} | {ran[1]} |")
    lines += ["", "Each cell has two words: `tenon build` / `zig cc` alone. An empty cell: the program is not for that system.", "",
              "| program | version | " + " | ".join(TARGETS) + " |", "|---" * (2 + len(TARGETS)) + "|"]
    for program in programs:
        cells = results.get(program.key, {}).get("cells", {})
        if cells:
            name = f"{program.module} `{program.package}`{built_with(program)}"
            lines.append(f"| {name} | {program.version} | " + " | ".join(cell_of(cells.get(t)) for t in TARGETS) + " |")
    return lines + failures(programs, results) + impossible(programs)


def impossible(programs):
    rows = [f"| {program.module} `{program.package}` | {target} | {reason} |"
            for program in programs for target, reason in program.cannot.items()]
    return ["", "## What cannot exist", "", "| program | target | reason |", "|---|---|---|", *rows] if rows else []


def failures(programs, results):
    lines = ["", "## What failed", "", "| program | target | what tenon said | reason, and what was tried |", "|---|---|---|---|"]
    for program in programs:
        for target, cell in results.get(program.key, {}).get("cells", {}).items():
            result = cell.get("tenon", {})
            if cell["possible"] and word(result) not in ("built", "built, ran"):
                said = result.get("cause") or result.get("output") or result["state"]
                note = program.notes.get(target) or program.notes.get(target.partition("/")[0], "not explained")
                lines.append(f"| {program.module} `{program.package}` | {target} | {escaped(said)} | {note} |")
    return lines


def write_page(programs, results, options):
    """The results between the two marks of the page."""
    text = options.page.read_text()
    begin, end = "<!-- results -->\n", "<!-- end of results -->"
    head, _, rest = text.partition(begin)
    tail = rest.partition(end)[2]
    dated = f"{time.strftime('%Y-%m-%d')}, {tool_versions(results)}."
    options.page.write_text(head + begin + "\n".join([dated, "", *page_lines(programs, results)]) + "\n" + end + tail)


def tool_versions(results):
    engines = {cell.get("tenon", {}).get("engine") for record in results.values() for cell in record["cells"].values()}
    go = subprocess.run(["go", "version"], capture_output=True, text=True, check=False).stdout.split()
    return ", ".join([go[2] if len(go) > 2 else "go", *sorted(filter(None, engines))])


def unexplained(programs, results):
    rows = failures(programs, results)
    return [row for row in rows if row.endswith("| not explained |")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default="build/release/tenon")
    parser.add_argument("--list", type=Path, default=Path(__file__).with_name("programs.list"))
    parser.add_argument("--target", action="append", choices=TARGETS)
    parser.add_argument("--only", help="a part of the name")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--resume", action="store_true", help="do not repeat what was built")
    parser.add_argument("--no-zig", action="store_true", help="tenon only")
    parser.add_argument("--work", type=Path, default=Path(__file__).resolve().parent.parent / "build/programs")
    parser.add_argument("--toolchain", default="local", help="GOTOOLCHAIN")
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one build")
    parser.add_argument("--page", type=Path, help="write the results into this page and build nothing")
    options = parser.parse_args()
    options.tenon = str(Path(options.tenon).resolve())
    options.work.mkdir(parents=True, exist_ok=True)
    results = json.loads(options.results.read_text()) if options.results and options.results.exists() else {}
    programs = read_list(options.list)
    if options.page:
        write_page(programs, results, options)
        return 0
    for program in programs:
        if not options.only or options.only in program.key:
            try_program(program, options.target or list(TARGETS), options, results)
    save(results, options)
    return 1 if unexplained(programs, results) else 0


if __name__ == "__main__":
    sys.exit(main())
