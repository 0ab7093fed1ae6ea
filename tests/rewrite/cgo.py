#!/usr/bin/env python3
"""The pack cgo of `tenon rewrite`, judged by the go command.

    cgo.py --tenon build/release/tenon            staged packages, then public modules
    cgo.py --tenon build/release/tenon --staged   staged packages only

Staged: a small program with one fault; `go build` (or its run) must fail before the rule, and pass and print what is expected
after it; a second run changes nothing, --undo gives every byte back. Modules come by exact version through the go command, and
each is copied. As they are: `go build` of each package that built before must pass afterwards. With a fault put into them:
the package, or its test, or a program that imports it, fails with it, and after the rule it builds again. Where `tenon build`
made a program of the package before, it makes one afterwards too, and no row of its gate is worse (--no-gate leaves that out).
Exit code 1: something was broken, or not repaired.
"""
import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MOD = "module example.com/m\n\ngo 1.22\n"
PLUS = "package main\n\n%s\nimport \"C\"\n\nfunc main() { println(int(C.answer())) }\n"
HEADER = "int answer(void);\n"
LIBRARY = {"lib/own.c": "int answer(void) { return 42; }\n"}


def library(folder, shared=False):
    """lib/libown.a, or libown.so.1 without its link."""
    subprocess.run(["cc", "-fPIC", "-c", "own.c", "-o", "own.o"], cwd=folder / "lib", check=True)
    if shared:
        subprocess.run(["cc", "-shared", "-Wl,-soname,libown.so.1", "-o", "libown.so.1", "own.o"], cwd=folder / "lib", check=True)
    else:
        subprocess.run(["ar", "rcs", "libown.a", "own.o"], cwd=folder / "lib", check=True)
    (folder / "lib" / "own.c").rename(folder / "own.c.txt")


# rule: files, what stderr has before, what is printed afterwards, what is prepared, how it fails ("build" or "run")
STAGED = {
    "directive": ({"main.go": PLUS % "// #cgo LDFLAGS -lm\n// #include <math.h>\n// static int answer(void) { return (int)sqrt(1764.0); }\n"
                              .rstrip("\n")}, "#cgo", "42", None, "build"),
    "srcdir": ({"p/p.go": "package p\n\n// #cgo LDFLAGS: ./lib/libown.a\n// int answer(void);\nimport \"C\"\n\n"
                          "func Answer() int { return int(C.answer()) }\n",
                "main.go": "package main\n\nimport \"example.com/m/p\"\n\nfunc main() { println(p.Answer()) }\n",
                "p/lib/own.c": LIBRARY["lib/own.c"]},
               "own", "42", lambda folder: library(folder / "p"), "build"),
    "system": ({"main.go": PLUS % "// #cgo LDFLAGS: -lm -framework Foundation -L/opt/homebrew/lib\n// #include <math.h>\n"
                           "// static int answer(void) { return (int)sqrt(1764.0); }"}, "framework", "42", None, "build"),
    "versioned-so": ({"main.go": PLUS % "// #cgo LDFLAGS: -L${SRCDIR}/lib -lown.so.1 -Wl,-rpath,${SRCDIR}/lib\n// int answer(void);",
                      **LIBRARY}, "own.so.1", "42", lambda folder: library(folder, True), "build"),
    "preamble-gap": ({"main.go": PLUS % "// static int answer(void) { return 42; }\n// #include <stdio.h>\n"}, "answer", "42", None,
                     "build"),
    "stdlib": ({"main.go": "package main\n\n// #include <stdio.h>\n// static int answer(void) { return 42; }\nimport \"C\"\nimport \"unsafe\"\n\n"
                           "func main() {\n\tc := C.CString(\"x\")\n\tdefer C.free(unsafe.Pointer(c))\n\tprintln(int(C.answer()))\n}\n"},
               "C.free", "42", None, "build"),
    "name": ({"main.go": "package main\n\n// #include <stdlib.h>\nimport \"C\"\nimport \"unsafe\"\n\n"
                         "func main() {\n\tc := C.Cstring(\"x\")\n\tdefer C.free(unsafe.Pointer(c))\n\tprintln(C.Gostring(c))\n}\n"},
             "string", "x", None, "build"),
    "export": ({"main.go": "package main\n\n/*\n#include <stdio.h>\n\nextern int twice(int);\n\nint count = 21;\n\nint answer(void) {\n"
                           "  return twice(count);\n}\n*/\nimport \"C\"\n\n//export twice\nfunc twice(n C.int) C.int { return 2 * n }\n\n"
                           "func main() { println(int(C.answer())) }\n"}, "multiple definition", "42", None, "build"),
    "test-import": ({"main.go": "package main\n\nfunc main() { println(42) }\n",
                     "m_test.go": "package main\n\nimport \"C\"\nimport \"testing\"\n\nfunc TestOne(t *testing.T) {}\n"}, "cgo in test", "42", None, "test"),
    "empty-slice": ({"main.go": "package main\n\n// static int answer(const char *p, int n) { return 42 + n; }\nimport \"C\"\nimport \"unsafe\"\n\n"
                                "func answer(data []byte) int {\n\tn := C.int(len(data))\n"
                                "\treturn int(C.answer((*C.char)(unsafe.Pointer(&data[0])), n))\n}\n\nfunc main() { println(answer(nil)) }\n"},
                    "index out of range", "42", None, "run"),
    "go-string": ({"main.go": "package main\n\n// #include <string.h>\n// static void fill(char *p) { memcpy(p, \"abcd\", 4); }\nimport \"C\"\n\n"
                              "func main() {\n\tvar name [4]C.char\n\tvar rest [4]C.char\n\trest[0] = 'X'\n\tC.fill(&name[0])\n"
                              "\tprintln(C.GoString(&name[0])[:4])\n\t_ = rest\n}\n"}, None, "abcd", None, "run"),
    "free": ({"main.go": "package main\n\n// #include <string.h>\nimport \"C\"\n\nfunc size(s string) int {\n\tc := C.CString(s)\n"
                         "\treturn int(C.strlen(c))\n}\n\nfunc main() { println(size(\"abc\")) }\n"}, None, "3", None, "run"),
    "framework": ({"main.go": "package main\n\n// #cgo darwin LDFLAGS: -framework Foundation Security\n"
                              "// static int answer(void) { return 42; }\nimport \"C\"\n\nfunc main() { println(int(C.answer())) }\n"},
                  None, "42", None, "list"),
    "build-line": ({"main.go": "package main\n\nfunc main() { println(42) }\n",
                    "w.go": "// +build windows plan9,amd64\n// +build !cgo\n\npackage main\n\nvar broken int = \"\"\n"}, None, "42", None, "run"),
}

# Public modules whose packages build on Linux with a C compiler alone, at least in part.
MODULES = """
github.com/uber/h3-go/v4@v4.1.0 github.com/mattn/go-pointer@v0.0.1 github.com/valyala/gozstd@v1.27.0 github.com/miekg/pkcs11@v1.1.2
github.com/yalue/onnxruntime_go@v1.27.0 github.com/golang-fips/openssl/v2@v2.0.3 github.com/karalabe/usb@v0.0.2
github.com/karalabe/hid@v1.0.1-0.20240306101548-573246063e52 github.com/winfsp/cgofuse@v1.6.0 github.com/bmatsuo/lmdb-go@v1.8.0
github.com/NVIDIA/go-nvml@v0.13.4-1 github.com/pjbgf/sha1cd@v0.3.2 github.com/google/gopacket@v1.1.19
github.com/tree-sitter/go-tree-sitter@v0.25.0 github.com/herumi/bls-eth-go-binary@v1.36.1 github.com/opencontainers/runc@v1.2.0
github.com/google/certificate-transparency-go@v1.3.2 github.com/googleapis/enterprise-certificate-proxy@v0.3.25
github.com/wasmerio/wasmer-go@v1.0.4 github.com/DataDog/zstd@v1.5.7 github.com/chai2010/webp@v1.4.0 github.com/elastic/gosigar@v0.14.3
github.com/dgraph-io/ristretto/v2@v2.1.0 github.com/supranational/blst@v0.3.17 github.com/godror/godror@v0.49.0
github.com/yanyiwu/gojieba@v1.4.6 github.com/caseymrm/menuet@v1.0.3 github.com/keybase/go-keychain@v0.0.1
github.com/gen2brain/malgo@v0.11.23 github.com/coreos/go-systemd/v22@v22.5.0 github.com/flier/gohs@v1.2.2
""".split()


def put_gap(text):
    """A blank line above import "C"."""
    return re.sub(r'\n(import "C")', r"\n\n\1", text, count=1)


def put_apple(text):
    return re.sub(r"\n((?:// ?)?)#cgo ([^\n:]*LDFLAGS: [^\n]*)", r"\n\1#cgo \2\n\1#cgo LDFLAGS: -framework CoreFoundation", text, count=1)


def put_no_colon(text):
    return re.sub(r"\n((?:// ?)?#cgo (?:[a-z!,]+ )*(?:CFLAGS|LDFLAGS)): -", r"\n\1 -", text, count=1)


def put_capitals(text):
    return text.replace("C.CString(", "C.Cstring(", 1) if only_standard(text) else text


def put_plus_build(text):
    return "//go:build !nosuchtag\n// +build !nosuchtag\n\n" + text if "//go:build" not in text and "+build" not in text else text


def put_pair(text):
    return re.sub(r"(#cgo [^\n:]*LDFLAGS:[^\n]*-framework \w+) -framework (\w+)", r"\1 \2", text, count=1)


def only_standard(text):
    names = re.findall(r"#\s*(?:include|import)\s*[<\"]([^>\"]+)", text)
    return all(name in ("stdlib.h", "stdio.h", "string.h", "stdint.h", "errno.h", "unistd.h", "stddef.h") for name in names)


def put_no_header(text):
    """Without the header that C.free needs, where the others do not bring it."""
    return re.sub(r"\n(?:// ?)?#\s*include\s*<stdlib\.h>[^\n]*", "", text, count=1) if "C.free(" in text else text


def put_no_free(text):
    return re.sub(r"\n\t+defer C\.free\(unsafe\.Pointer\(\w+\)\)(?=\n)", "", text, count=1)


def put_line(line):
    def put(text):
        """Into the comment above import "C"."""
        fresh = re.sub(r'\n(\*/\n(?:import "C"))', lambda m: f"\n{line}\n{m[1]}", text, count=1)
        return fresh if fresh != text else re.sub(r'\n(import "C")', lambda m: f"\n// {line}\n{m[1]}", text, count=1) if re.search(
            r'\n//[^\n]*\nimport "C"', text) else text
    return put


# rule: the fault
FAULTS = {"preamble-gap": put_gap, "system": put_apple, "directive": put_no_colon, "name": put_capitals, "build-line": put_plus_build,
          "framework": put_pair, "stdlib": put_no_header, "free": put_no_free, "srcdir": put_line("#cgo LDFLAGS: ./zz_lib/libown.a"),
          "versioned-so": put_line("#cgo LDFLAGS: -L${SRCDIR}/zz_lib -lown.so.1 -Wl,-rpath,${SRCDIR}/zz_lib")}
# Where a fault breaks the build of a package on Linux, or of a program that imports it.
BREAKS = {"preamble-gap", "directive", "name", "stdlib", "srcdir", "versioned-so"}
PROGRAM = {"srcdir", "versioned-so"}

# A file of its own for what few modules have; each is code that somebody wrote like this.
FILES = {
    "test-import": ("zz_test.go", 'package {package}\n\nimport "C"\n\nimport "testing"\n\nfunc TestZZ(t *testing.T) {{}}\n', ("vet", ".")),
    "export": ("zz_export.go", 'package {package}\n\n/*\nextern int zz_twice(int);\n\nint zz_count = 21;\n\n'
                               'int zz_answer(void) {{\n  return zz_twice(zz_count);\n}}\n*/\nimport "C"\n\n//export zz_twice\n'
                               'func zz_twice(n C.int) C.int {{ return 2 * n }}\n\nfunc ZZAnswer() int {{ return int(C.zz_answer()) }}\n', None),
    "empty-slice": ("zz_slice.go", 'package {package}\n\n// static int zz_sum(const char *p, int n) {{ return n; }}\nimport "C"\nimport "unsafe"\n\n'
                                   'func ZZSum(data []byte) int {{\n\tn := C.int(len(data))\n'
                                   '\treturn int(C.zz_sum((*C.char)(unsafe.Pointer(&data[0])), n))\n}}\n', None),
    "go-string": ("zz_string.go", 'package {package}\n\n// #include <string.h>\n// static void zz_fill(char *p) {{ memcpy(p, "abcd", 4); }}\nimport "C"\n\n'
                                  'func ZZName() string {{\n\tvar name [4]C.char\n\tC.zz_fill(&name[0])\n\treturn C.GoString(&name[0])\n}}\n', None),
}


class Judge:
    def __init__(self, program, place, no_gate):
        self.program, self.place, self.problems, self.no_gate, self.gated = program, place, [], no_gate, 0
        self.env = {**os.environ, "XDG_STATE_HOME": str(place / "state"), "GOFLAGS": "-mod=mod", "GOWORK": "off", "CGO_ENABLED": "1",
                    "LC_ALL": "C"}

    def tenon(self, folder, *words):
        done = subprocess.run([self.program, "rewrite", *words, "--json"], cwd=folder, env=self.env, capture_output=True, text=True,
                              timeout=300, check=False)
        return done.returncode, json.loads(done.stdout)

    def go(self, folder, *words):
        return subprocess.run(["nice", "go", *words], cwd=folder, env=self.env, capture_output=True, text=True, timeout=1800, check=False)

    def gate(self, package, imported):
        """Rows of the gate for a program of the package, by name; none: `tenon build` makes none."""
        if self.no_gate:
            return None
        with imported_by(package, imported) as program, tempfile.TemporaryDirectory(prefix="tenon-rewrite-out-") as out:
            done = subprocess.run(["nice", self.program, "build", program, "--target", "linux/amd64", "--out", out, "--json"], cwd=package,
                                  env=self.env, capture_output=True, text=True, timeout=1800, check=False)
        try:
            outputs = json.loads(done.stdout)["data"].get("outputs", [])
        except ValueError:
            return None
        self.said = done.stderr[-300:] + json.dumps(json.loads(done.stdout)["findings"])[:600]
        rows = {row.get("name") or row.get("check"): row.get("status") or row.get("state") for one in outputs for row in one.get("gate", [])}
        return rows or None

    def not_worse(self, what, package, imported, before):
        if before is None:
            return
        after = self.gate(package, imported)
        worse = [f"{name}: {state}, then {(after or {}).get(name)}" for name, state in before.items()
                 if state in ("ok", "pass") and (after or {}).get(name) != state]
        if after is None or worse:
            self.problem(f"{what}: tenon build afterwards: {worse if after else self.said}")
        else:
            self.gated += 1

    def problem(self, text):
        self.problems.append(text)
        print("PROBLEM", text, flush=True)


@contextlib.contextmanager
def imported_by(package, imported):
    """The words that name a program: the package itself, or one below it that imports it."""
    if imported is None:
        yield "."
        return
    folder = Path(package) / "zz_program"
    folder.mkdir()
    (folder / "main.go").write_text(f'package main\n\nimport _ "{imported}"\n\nfunc main() {{}}\n')
    try:
        yield "./zz_program"
    finally:
        shutil.rmtree(folder)


def texts(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run_staged(judge, rule):
    files, said, prints, prepare, how = STAGED[rule]
    folder = judge.place / f"staged-{rule}"
    for name, text in {"go.mod": MOD, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if prepare:
        prepare(folder)
    verb = {"build": ("build", "-o", "/dev/null", "."), "run": ("run", "."), "test": ("vet", "."), "list": ("list", "-e", "-json", ".")}[how]
    if how == "list":
        judge.env.update(GOOS="darwin", GOARCH="arm64")
    first = judge.go(folder, *verb)
    if said is not None and (first.returncode == 0 or said not in first.stderr):
        judge.problem(f"{rule}: without the rule go says: {first.stderr[-300:]}")
    for name in ("GOOS", "GOARCH"):
        judge.env.pop(name, None)
    before = texts(folder)
    code, done = judge.tenon(folder, "--rules", f"cgo,{rule}", ".", "--apply")
    if code != 0 or not done["data"].get("sites"):
        judge.problem(f"{rule}: exit code {code}, {json.dumps(done)[:1500]}")
        return
    after = judge.go(folder, *(verb if how == "test" else ("run", ".")))
    if after.returncode != 0 or (how != "test" and prints not in after.stderr + after.stdout):
        judge.problem(f"{rule}: afterwards: {after.stderr[-600:]}")
    for rules in (f"cgo,{rule}", "cgo"):
        again = judge.tenon(folder, "--rules", rules, ".")[1]["data"]
        if again["changed"]:
            judge.problem(f"{rule}: a second run with {rules} changes {again['changed']} files: {json.dumps(again['files'])[:600]}")
    judge.tenon(folder, "--undo")
    if texts(folder) != before:
        judge.problem(f"{rule}: --undo does not give every byte back")
    print(f"staged {rule}: {done['data']['sites']} sites", flush=True)


def copy_of(judge, module):
    got = subprocess.run(["go", "mod", "download", "-json", module], cwd=judge.place, capture_output=True, text=True, timeout=900, check=False)
    if got.returncode != 0:
        return None
    folder = judge.place / re.sub(r"[^a-zA-Z0-9]", "_", module)
    shutil.copytree(json.loads(got.stdout)["Dir"], folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    if not (folder / "go.mod").exists():
        (folder / "go.mod").write_text(f"module {module.split('@')[0]}\n\ngo 1.22\n")
    return folder


def built(judge, folder):
    """Packages that build, by directory: name and import path; without one where the package is a program."""
    listed = judge.go(folder, "list", "-e", "-f", "{{if .CgoFiles}}{{.Dir}} {{.Name}} {{.ImportPath}}{{end}}", "./...").stdout.splitlines()
    rows = [line.split() for line in listed if line.strip()]
    return {row[0]: (row[1], None if row[1] == "main" else row[2]) for row in rows
            if len(row) == 3 and judge.go(row[0], "build", "-o", "/dev/null", ".").returncode == 0}


def natural(judge, module, folder, good, totals, gates):
    code, done = judge.tenon(folder, "--rules", "cgo", ".", "--apply")
    if code not in (0, 1):
        judge.problem(f"{module}: exit code {code}")
    for row in done["data"]["rules"]:
        if row["edited"]:
            totals.setdefault(row["name"], set()).add(module)
    lost = {one for one in good if judge.go(one, "build", "-o", "/dev/null", ".").returncode != 0}
    if lost:
        judge.problem(f"{module}: does not build any more: {lost}")
    if done["data"]["changed"]:
        for package, rows in gates.items():
            judge.not_worse(f"{module} {Path(package).name}", package, good[package][1], rows)
    if judge.tenon(folder, "--rules", "cgo", ".")[1]["data"]["changed"]:
        judge.problem(f"{module}: a second run changes it again")
    judge.tenon(folder, "--undo")
    return done["data"]["sites"], done["data"]["left"]


def fails(judge, package, imported, rule):
    if rule not in PROGRAM:
        return judge.go(package, "build", "-o", "/dev/null", ".")
    # From a directory of its own: a path that is right below the package is right nowhere else.
    with imported_by(package, imported) as program:
        return judge.go(Path(package) / program, "build", "-o", "/dev/null", ".")


def with_fault(judge, module, folder, good, gates, rule, most, repaired):
    if len(repaired.setdefault(rule, set())) >= most:
        return
    tried = 0
    for package in sorted(good):
        if rule in PROGRAM and fails(judge, package, good[package][1], rule).returncode != 0:
            continue  # it does not link as it is
        for path in sorted(Path(package).glob("*.go")):
            old = path.read_bytes().decode("utf-8", "surrogateescape")
            if 'import "C"' not in old or path.name.endswith("_test.go"):
                continue
            fresh = FAULTS[rule](old)
            if fresh == old or tried == 2:
                continue
            tried += 1
            applied = False
            path.write_bytes(fresh.encode("utf-8", "surrogateescape"))
            if rule in PROGRAM:
                own = Path(tempfile.mkdtemp(dir=judge.place))
                (own / "lib").mkdir()
                (own / "lib/own.c").write_text(LIBRARY["lib/own.c"])
                library(own, rule == "versioned-so")
                (own / "lib").rename(Path(package) / "zz_lib")
            try:
                if rule in BREAKS and fails(judge, package, good[package][1], rule).returncode == 0:
                    continue  # this file is not built here
                applied = judge.tenon(folder, "--rules", f"cgo,{rule}", str(path), "--apply")[1]["data"].get("sites")
                now = path.read_bytes().decode("utf-8", "surrogateescape")
                if now == fresh:
                    print(f"  {module} {rule}: left, {path.name}", flush=True)
                    continue
                after = fails(judge, package, good[package][1], rule)
                if after.returncode != 0:
                    judge.problem(f"{module} {path.name} {rule}: not repaired: {after.stderr[-1500:]}")
                elif rule not in PROGRAM:  # their library is of this machine's C library
                    judge.not_worse(f"{module} {path.name} {rule}", package, good[package][1], gates.get(package))
                repaired[rule].add(module)
                return
            finally:
                if applied:
                    judge.tenon(folder, "--undo")
                path.write_bytes(old.encode("utf-8", "surrogateescape"))
                shutil.rmtree(Path(package) / "zz_lib", ignore_errors=True)


def with_file(judge, module, folder, good, gates, rule, most, repaired):
    if len(repaired.setdefault(rule, set())) >= most or not good:
        return
    package = min(good)
    name, text, verb = FILES[rule]
    path = Path(package) / name
    path.write_text(text.format(package=good[package][0]))
    verb = verb or ("build", "-o", "/dev/null", ".")
    try:
        before = judge.go(package, *verb)
        if rule == "test-import" and before.returncode == 0:
            judge.problem(f"{module} {rule}: the file is right without the rule")
        code, done = judge.tenon(folder, "--rules", f"cgo,{rule}", str(path), "--apply")
        if code == 0 and done["data"].get("left") and not done["data"].get("sites"):
            print(f"  {module} {rule}: left", flush=True)  # the module's Go is too old for the edit
            return
        if code != 0 or not done["data"].get("sites"):
            judge.problem(f"{module} {rule}: exit code {code}, nothing is changed")
        after = judge.go(package, *verb)
        if after.returncode != 0 and "zz_" in after.stderr:
            judge.problem(f"{module} {rule}: not repaired: {after.stderr[-400:]}")
        elif rule != "test-import":
            judge.not_worse(f"{module} {name} {rule}", package, good[package][1], gates.get(package))
        repaired[rule].add(module)
        if done["data"].get("sites"):
            judge.tenon(folder, "--undo")
    finally:
        for left in Path(package).glob("zz_*"):
            left.unlink()


def run_modules(judge, modules, rules, most):
    repaired, totals, judged, packages = {}, {}, 0, 0
    for module in modules:
        folder = copy_of(judge, module)
        if folder is None:
            print(f"{module}: not fetched", flush=True)
            continue
        good = built(judge, folder)
        gates = {package: judge.gate(package, good[package][1]) for package in sorted(good)[:2]}
        sites, left = natural(judge, module, folder, good, totals, gates)
        judged += bool(good)
        packages += len(good)
        for rule in (one for one in FAULTS if one in rules):
            with_fault(judge, module, folder, good, gates, rule, most, repaired)
        for rule in (one for one in FILES if one in rules):
            with_file(judge, module, folder, good, gates, rule, most, repaired)
        print(f"{module}: {len(good)} packages build, {sum(rows is not None for rows in gates.values())} by tenon build, {sites} sites, "
              f"{left} left", flush=True)
        shutil.rmtree(folder)
    print(f"modules: {judged} with {packages} packages that build, {judge.gated} edits whose program passes the gate as before; "
          "edited as they are: " + str({rule: len(some) for rule, some in totals.items()})
          + "; repaired: " + str({rule: len(some) for rule, some in repaired.items()}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", required=True)
    parser.add_argument("--staged", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--rules", help="the faults that are put in: RULE,RULE")
    parser.add_argument("--most", type=int, default=5)
    parser.add_argument("--no-gate", action="store_true", help="do not run tenon build")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenon-rewrite-cgo-") as place:
        judge = Judge(Path(options.tenon).resolve(), Path(place).resolve(), options.no_gate)
        for rule in STAGED:
            if options.only in rule:
                run_staged(judge, rule)
        if not options.staged:
            run_modules(judge, [one for one in MODULES if options.only in one], options.rules.split(",") if options.rules else [*FAULTS, *FILES],
                        options.most)
        print(f"cgo: {len(judge.problems)} problems")
        return 1 if judge.problems else 0


if __name__ == "__main__":
    sys.exit(main())
