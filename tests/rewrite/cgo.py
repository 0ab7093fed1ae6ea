#!/usr/bin/env python3
"""The pack cgo of `tenon rewrite`, judged by the go command.

    cgo.py --tenon build/release/tenon            staged packages, then public modules
    cgo.py --tenon build/release/tenon --staged   staged packages only

Staged: a small program with one fault; `go build` (or its run) must fail before the rule, and pass and print what is expected
after it; a second run changes nothing, --undo gives every byte back. Modules come by exact version through the go command, and
each is copied. As they are: `go build` of each package that built before must pass afterwards. With a fault put into them:
the package fails with it, and after the rule it builds again. Exit code 1: something was broken, or not repaired.
"""
import argparse
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


# rule: the fault
FAULTS = {"preamble-gap": put_gap, "system": put_apple, "directive": put_no_colon, "name": put_capitals, "build-line": put_plus_build,
          "framework": put_pair}
# Where a fault breaks the build of a package on Linux; flags of the linker are first used by a program.
BREAKS = {"preamble-gap", "directive", "name"}


class Judge:
    def __init__(self, program, place):
        self.program, self.place, self.problems = program, place, []
        self.env = {**os.environ, "XDG_STATE_HOME": str(place / "state"), "GOFLAGS": "-mod=mod", "GOWORK": "off", "CGO_ENABLED": "1",
                    "LC_ALL": "C"}

    def tenon(self, folder, *words):
        done = subprocess.run([self.program, "rewrite", *words, "--json"], cwd=folder, env=self.env, capture_output=True, text=True,
                              timeout=300, check=False)
        return done.returncode, json.loads(done.stdout)

    def go(self, folder, *words):
        return subprocess.run(["nice", "go", *words], cwd=folder, env=self.env, capture_output=True, text=True, timeout=1800, check=False)

    def problem(self, text):
        self.problems.append(text)
        print("PROBLEM", text, flush=True)


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
    """Packages that build; a package is a directory."""
    listed = judge.go(folder, "list", "-e", "-f", "{{if .CgoFiles}}{{.Dir}}{{end}}", "./...").stdout.split()
    return {one for one in listed if judge.go(one, "build", "-o", "/dev/null", ".").returncode == 0}


def natural(judge, module, folder, good, totals):
    code, done = judge.tenon(folder, "--rules", "cgo", ".", "--apply")
    if code not in (0, 1):
        judge.problem(f"{module}: exit code {code}")
    for row in done["data"]["rules"]:
        if row["edited"]:
            totals.setdefault(row["name"], set()).add(module)
    lost = good - {one for one in good if judge.go(one, "build", "-o", "/dev/null", ".").returncode == 0}
    if lost:
        judge.problem(f"{module}: does not build any more: {lost}")
    if judge.tenon(folder, "--rules", "cgo", ".")[1]["data"]["changed"]:
        judge.problem(f"{module}: a second run changes it again")
    judge.tenon(folder, "--undo")
    return done["data"]["sites"], done["data"]["left"]


def with_fault(judge, module, folder, good, rule, most, repaired):
    if len(repaired.setdefault(rule, set())) >= most:
        return
    tried = 0
    for package in sorted(good):
        for path in sorted(Path(package).glob("*.go")):
            old = path.read_bytes().decode("utf-8", "surrogateescape")
            if 'import "C"' not in old or path.name.endswith("_test.go"):
                continue
            fresh = FAULTS[rule](old)
            if fresh == old or tried == 2:
                continue
            tried += 1
            path.write_bytes(fresh.encode("utf-8", "surrogateescape"))
            try:
                failed = judge.go(package, "build", "-o", "/dev/null", ".").returncode != 0
                if rule in BREAKS and not failed:
                    continue  # this file is not built here
                judge.tenon(folder, "--rules", f"cgo,{rule}", str(path), "--apply")
                now = path.read_bytes().decode("utf-8", "surrogateescape")
                after = judge.go(package, "build", "-o", "/dev/null", ".")
                if now == fresh:
                    print(f"  {module} {rule}: left, {path.name}", flush=True)
                    continue
                if after.returncode != 0:
                    judge.problem(f"{module} {path.name} {rule}: not repaired: {after.stderr[-400:]}")
                repaired[rule].add(module)
                return
            finally:
                path.write_bytes(old.encode("utf-8", "surrogateescape"))


def run_modules(judge, modules, most):
    repaired, totals, judged, packages = {}, {}, 0, 0
    for module in modules:
        folder = copy_of(judge, module)
        if folder is None:
            print(f"{module}: not fetched", flush=True)
            continue
        good = built(judge, folder)
        sites, left = natural(judge, module, folder, good, totals)
        judged += bool(good)
        packages += len(good)
        for rule in FAULTS:
            with_fault(judge, module, folder, good, rule, most, repaired)
        print(f"{module}: {len(good)} packages build, {sites} sites, {left} left", flush=True)
        shutil.rmtree(folder)
    print(f"modules: {judged} with {packages} packages that build; edited as they are: "
          + str({rule: len(some) for rule, some in totals.items()}) + "; repaired: " + str({rule: len(some) for rule, some in repaired.items()}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", required=True)
    parser.add_argument("--staged", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--most", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenon-rewrite-cgo-") as place:
        judge = Judge(Path(options.tenon).resolve(), Path(place).resolve())
        for rule in STAGED:
            if options.only in rule:
                run_staged(judge, rule)
        if not options.staged:
            run_modules(judge, [one for one in MODULES if options.only in one], options.most)
        print(f"cgo: {len(judge.problems)} problems")
        return 1 if judge.problems else 0


if __name__ == "__main__":
    sys.exit(main())
