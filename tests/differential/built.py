"""Go programs whose settings are known because they are built here: the truth for link mode, cgo and
linker, which no other tool tells. Built once into the cache; what lacks a tool is left out with a word.
"""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import corpus

FULL_VERSIONS = ("1.16.15", "1.18.10", "1.20.14", "1.21.13", "1.22.12", "1.24.11", "1.26.8", "1.27.3")
TARGETS = ("darwin/arm64", "darwin/amd64", "linux/amd64", "linux/arm64", "windows/amd64")
PURE = """package main

import "fmt"

var Version = "none"

func main() { fmt.Println("pure", Version) }
"""
# The standard library's own C, and no other: linked by Go itself.
USER = """package main

import (
	"fmt"
	"net"
	"os/user"
)

func main() {
	u, _ := user.Current()
	a, _ := net.LookupHost("localhost")
	fmt.Println(u != nil, len(a))
}
"""
CGO = """package main

/*
#include <stdlib.h>
static int add(int a, int b) { return a + b; }
extern int goTwice(int);
static int viaGo(int x) { return goTwice(x); }
*/
import "C"

import (
	"fmt"
	"unsafe"
)

//export goTwice
func goTwice(x C.int) C.int { return x * 2 }

func main() {
	text := C.CString("x")
	defer C.free(unsafe.Pointer(text))
	fmt.Println(C.add(40, 2), C.viaGo(4))
}
"""
SOURCES = {"pure": PURE, "user": USER, "cgo": CGO}


class Spec:
    """One program: how it is built, and what therefore must be said about it."""

    def __init__(self, program, target, go="", flags=(), env=None, needs=(), fast=False, tag="", **truth):
        self.program, self.target, self.go, self.fast = program, target, go, fast
        self.flags, self.env, self.needs, self.tag = list(flags), env or {}, needs, tag
        self.truth = {"goarch": target.split("/")[1], **truth}
        self.truth["go.cgo_used"] = truth.get("go.cgo_used", program != "pure")
        self.truth["go.cgo_packages"] = {"pure": [], "user": None, "cgo": ["main"]}[program]
        if target.endswith("arm64") and program == "pure":
            self.truth["x18"] = []  # Go's compiler and assembler leave the register alone
        if self.truth["go.cgo_packages"] is None:
            del self.truth["go.cgo_packages"]

    @property
    def name(self):
        return "_".join(word for word in ("go" + self.go if self.go else "go", self.target.replace("/", "-"),
                                          self.program, self.tag) if word)

    def missing(self):
        return [tool for tool in self.needs if not tool or not (shutil.which(tool) or os.path.exists(tool))]


def zig():
    return os.environ.get("TENON_ZIG") or shutil.which("zig") or ""


INTERNAL = {"link_mode": "internal", "linker": "Go"}
STATIC = {"linux": {"linkage": "static", "libc": None, "interpreter": None}, "darwin": {"linkage": "dynamic", "libc": "libSystem"},
          "windows": {"linkage": "dynamic"}}


def pure_specs(go, fast, targets=TARGETS):
    """CGO_ENABLED=0 for all targets, with and without symbols."""
    for target in targets:
        system = target.split("/")[0]
        truth = {**INTERNAL, **STATIC[system], "go.cgo_allowed": False if not old(go) else "unknown"}
        none = {"CGO_ENABLED": "0"}
        yield Spec("pure", target, go, env=none, fast=fast, dwarf=True, **truth)
        yield Spec("pure", target, go, ["-ldflags=-s -w"], none, fast=fast, tag="stripped", dwarf=False, **truth)
        yield Spec("pure", target, go, ["-trimpath", "-ldflags=-s -w"], none, tag="trimmed", dwarf=False, **truth)


def old(go):
    return go and int(go.split(".")[1]) < 18


def linux_specs(go, fast):
    external = {"link_mode": "external"}
    glibc = {"linkage": "dynamic", "libc": "glibc"}
    on, host = {"CGO_ENABLED": "1", "CC": "gcc"}, "linux/amd64"
    yield Spec("pure", host, go, ["-buildmode=pie"], {"CGO_ENABLED": "0"}, tag="pie", fast=fast,
               **{**INTERNAL, "linkage": "interpreter only", "libc": None, "go.cgo_used": False})
    yield Spec("user", host, go, [], on, ["gcc"], tag="std", fast=fast, **INTERNAL, **glibc)
    yield Spec("user", host, go, ["-ldflags=-linkmode=external -s -w"], on, ["gcc"], tag="forced", fast=fast,
               linker=None, **external, **glibc)
    yield Spec("cgo", host, go, [], on, ["gcc"], fast=fast, linker=None, **external, **glibc)
    yield Spec("cgo", host, go, ["-ldflags=-s -w"], on, ["gcc"], tag="stripped", linker=None, **external, **glibc)
    yield Spec("cgo", host, go, ["-buildmode=c-shared"], on, ["gcc"], tag="shared", linker=None, type="shared library",
               **external, **glibc)
    yield Spec("cgo", host, go, ["-buildmode=pie"], on, ["gcc"], tag="pie", linker=None, **external, **glibc)
    yield Spec("cgo", host, go, ["-ldflags=-extldflags=-static"], on, ["gcc"], tag="static", linker=None,
               linkage="static", libc="glibc", interpreter=None, **external)
    for name, said in (("lld", "lld"), ("gold", "gold"), ("mold", "mold")):
        tool = {"lld": "ld.lld-19", "gold": "ld.gold", "mold": "ld.mold"}[name]
        use = f"-fuse-ld={'lld' if name == 'lld' else name}"
        env = {**on, "CC": "clang-19" if name == "lld" else "gcc"}
        yield Spec("cgo", host, go, [f"-ldflags=-linkmode=external -extldflags={use}"], env, [env["CC"], tool],
                   tag=name, fast=fast and name == "lld", linker=said, **external, **glibc)


def zig_specs(go, fast):
    external = {"link_mode": "external", "linker": "zig, lld"}
    for target, triple, libc in (("linux/arm64", "aarch64-linux-gnu", "glibc"), ("linux/arm64", "aarch64-linux-musl", "musl"),
                                 ("windows/amd64", "x86_64-windows-gnu", None)):
        if target.startswith("windows") and go and int(go.split(".")[1]) < 26:
            continue  # zig's linker does not know a flag of theirs
        env = {"CGO_ENABLED": "1", "CC": f"{zig()} cc -target {triple}"}
        truth = dict(external)
        if target.startswith("linux"):
            truth.update({"linkage": "static" if libc == "musl" else "dynamic", "libc": libc})
        else:
            truth["linker"] = "lld"
        yield Spec("cgo", target, go, [], env, [zig()], tag="zig-" + triple.split("-")[2], fast=fast, **truth)
    for target in ("darwin/arm64", "darwin/amd64"):
        for engine, tool, said in (("zig", zig(), "zig"), ("clang", "ld64.lld-19", "lld")):
            yield Spec("cgo", target, go, ["--tenon", engine], {}, [tool], tag="tenon-" + engine, fast=fast,
                       linkage="dynamic", libc="libSystem", link_mode="external", linker=said)


# C of all kinds of fixups: opcodes and chains in three formats of imports, weak and lazy ones.
FIXUPS = """extern int puts(const char *);
extern int maybe(void) __attribute__((weak_import));
extern int other(void);
static int inside(void) { return 1; }
int (*pointers[])(void) = {maybe, other, inside};
int shown(void) { return puts("x") + other() + (maybe ? maybe() : 0); }
__attribute__((weak)) int weak_definition(void) { return 2; }
"""
STUB = """--- !tapi-tbd
tbd-version: 4
targets: [ arm64-macos, x86_64-macos ]
install-name: '/usr/lib/libSystem.B.dylib'
exports:
  - targets: [ arm64-macos, x86_64-macos ]
    symbols: [ _puts, _maybe, _other, dyld_stub_binder ]
...
"""


def fixups(cache):
    """[(name, path)] of libraries that clang and lld link, for both kinds of fixups."""
    needed = [tool for tool in ("clang-19", "ld64.lld-19") if not shutil.which(tool)]
    if needed:
        raise corpus.Offline(f"no {needed[0]} here")
    folder = cache / "built/fixups"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "f.c").write_text(FIXUPS)
    (folder / "System.tbd").write_text(STUB)
    out = []
    for arch in ("arm64", "x86_64"):
        run = lambda *argv: subprocess.run([str(word) for word in argv], cwd=folder, check=True, capture_output=True)
        run("clang-19", f"--target={arch}-apple-macos13", "-c", "f.c", "-o", f"{arch}.o")
        for kind in ("-fixup_chains", "-no_fixup_chains"):
            path = folder / f"{arch}{kind}.dylib"
            run("ld64.lld-19", "-dylib", kind, "-arch", arch, "-platform_version", "macos", "13.0", "13.0", "-weak_library",
                "System.tbd", "-install_name", "@rpath/f.dylib", "-rpath", "@loader_path/../lib", f"{arch}.o", "-o", path)
            out.append((path.name, path))
        out.append((f"{arch}.o", folder / f"{arch}.o"))
    return out


def specs(every):
    fast = [*pure_specs("", True), *linux_specs("", True), *zig_specs("", True)]
    if not every:
        return [spec for spec in fast if spec.fast]
    out = fast
    for version in FULL_VERSIONS:
        out += pure_specs(version, False)
        if not old(version):
            out += linux_specs(version, False)
    for version in FULL_VERSIONS[4:]:
        out += [spec for spec in zig_specs(version, False) if "tenon" not in spec.tag]
    return out


def command(spec, go, tenon, output):
    if "--tenon" in spec.flags:
        return [tenon, "build", ".", "--target", spec.target, "--engine", spec.flags[1], "-o", str(output)]
    return [str(go), "build", *spec.flags, "-o", str(output), "."]


def build(spec, cache, tenon):
    """The path of the program, and its truth with the version of Go in it."""
    missing = spec.missing()
    if missing:
        raise corpus.Offline(f"no {missing[0] or 'zig'} here")
    go = corpus.go_toolchain(spec.go, cache) if spec.go else Path(shutil.which("go"))
    version = spec.go or subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True,
                                        env={**os.environ, "GOTOOLCHAIN": "local"}).stdout.strip()[2:]
    suffix = ".exe" if spec.target.startswith("windows") else ""
    output = cache / "built" / f"{spec.name}{'' if spec.go else '-' + version}{suffix}"
    if not output.exists():
        output.parent.mkdir(parents=True, exist_ok=True)
        system, arch = spec.target.split("/")
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            Path(folder, "main.go").write_text(SOURCES[spec.program])
            Path(folder, "go.mod").write_text("module example.com/built\n\ngo 1.16\n")
            env = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "CGO_CFLAGS": "-g -O2", **spec.env}
            if "--tenon" not in spec.flags:
                env.update(GOOS=system, GOARCH=arch)
            env.pop("GOROOT", None)
            done = subprocess.run(command(spec, go, tenon, output), cwd=folder, env=env, capture_output=True,
                                  text=True, timeout=900)
            if done.returncode != 0 or not output.exists():
                raise RuntimeError((done.stderr or done.stdout).strip()[-400:])
    truth = {"go.version": "go" + version, **spec.truth}
    return output, truth
