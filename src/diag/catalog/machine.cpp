// Topic "machine": what `tenon doctor` finds and no log betrays. Codes TN10xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN1001",
     .slug = "go/several-on-path",
     .severity = Severity::note,
     .title = "Several Gos are on PATH",
     .message = "{program} runs; {others} are behind it on PATH",
     .fixes = {{{Fix::Safety::manual,
                 "Remove those that are not meant, or leave them: nothing is wrong as long as the "
                 "first is the right one."}}},
     .doc = R"md(
## What happens
Of several go commands the first on PATH runs. Another release behind it is a trap for whoever
changes PATH, and for programs that ask for one by its full path.

## How to see it
`which -a go` lists them; `go version` tells the release of the first.

## How to fix it
Remove those that are not meant, or leave them: nothing is wrong as long as the first is the right
one.
)md"},
    {.code = "TN1002",
     .slug = "go/gccgo-first",
     .severity = Severity::warning,
     .title = "The go command on PATH is that of gccgo",
     .message = "{program} is gccgo's go command",
     .fixes = {{{Fix::Safety::manual, "Put the Go project's release before it on PATH."}}},
     .doc = R"md(
## What happens
gccgo has no runtime/cgo of the Go project and needs libgo at run time; most instructions mean the
other Go.

## How to see it
`go version` says gccgo.

## How to fix it
Put the Go project's release before it on PATH.
)md"},
    {.code = "TN1003",
     .slug = "env/goflags-persisted",
     .severity = Severity::warning,
     .title = "GOFLAGS are set for every project",
     .message = "GOFLAGS={value} in {where} holds for every build",
     .fixes = {{{Fix::Safety::safe,
                 "Remove it, and set flags in the project's own build.",
                 {"go", "env", "-u", "GOFLAGS"}}}},
     .doc = R"md(
## What happens
What `go env -w GOFLAGS=...` wrote holds for all projects of the user, without a word in any
build: tags leave out files with C, -mod and -ldflags change results.

## How to see it
`go env GOFLAGS` prints it, `go env GOENV` names the file.

## How to fix it
Remove it, and set flags in the project's own build.
)md"},
    {.code = "TN1004",
     .slug = "cgo/off-cc-persisted",
     .severity = Severity::warning,
     .title = "CC of go env -w does not switch cgo on",
     .message = "CC={value} stands in {where} only, and {default} is not on PATH: cgo is off",
     .fixes = {{{Fix::Safety::review,
                 "Set CGO_ENABLED=1 beside it, or CC in the environment.",
                 {"go", "env", "-w", "CGO_ENABLED=1"}}}},
     .doc = R"md(
## What happens
Since Go 1.20 cgo is on by default only if CC is set in the environment or the default compiler is
on PATH. CC in the file of `go env -w` names the compiler and is not asked for that: cgo is off
without a word, though a compiler is set.

## How to see it
`go env CC CGO_ENABLED` prints the compiler and 0.

## How to fix it
Set CGO_ENABLED=1 beside it, or CC in the environment.
)md"},
    {.code = "TN1005",
     .slug = "cgo/off-by-setting",
     .severity = Severity::note,
     .title = "cgo is switched off by a setting",
     .message = "CGO_ENABLED=0 in {where} leaves out C code in every project",
     .fixes = {{{Fix::Safety::manual, "Remove it, and set it for single builds."}}},
     .doc = R"md(
## What happens
With CGO_ENABLED=0 Go leaves out every file that says `import "C"`. A program that needs none of
them is well served; one that does fails to compile, or holds a stub that fails on the user's
machine.

## How to see it
`go env CGO_ENABLED` prints 0.

## How to fix it
Remove it, and set it for single builds.
)md"},
    {.code = "TN1006",
     .slug = "cgo/probe-failed",
     .severity = Severity::error,
     .title = "Three lines with C do not build",
     .message = "A program of three lines with C came as far as: {stage}",
     .fixes = {{{Fix::Safety::manual, "Mend what the tools name."}}},
     .doc = R"md(
## What happens
tenon builds and runs a program of three lines with C. It failed, and no finding above it tells
why.

## How to see it
The evidence holds what the tools said; `tenon explain` reads it.

## How to fix it
Mend what the tools name.
)md"},
    {.code = "TN1007",
     .slug = "brew/two-prefixes",
     .severity = Severity::warning,
     .title = "Two Homebrews are installed",
     .message = "Homebrew is in {first} and in {second}",
     .fixes = {{{Fix::Safety::manual,
                 "Keep the one for this machine's processor, or put it first on PATH."}}},
     .doc = R"md(
## What happens
/opt/homebrew holds libraries for arm64, /usr/local those for Intel. pkg-config and the linker
take what stands first, and libraries of the wrong machine are passed over with a warning only.

## How to see it
`which -a brew pkg-config`.

## How to fix it
Keep the one for this machine's processor, or put it first on PATH.
)md"},
    {.code = "TN1008",
     .slug = "brew/intel-on-arm64",
     .severity = Severity::warning,
     .title = "Only the Intel Homebrew is installed",
     .message = "Homebrew in {first} brings Intel libraries to an Apple Silicon machine",
     .fixes = {{{Fix::Safety::manual,
                 "Install Homebrew for arm64, which lives in /opt/homebrew."}}},
     .doc = R"md(
## What happens
Libraries in /usr/local are for Intel. A Go for arm64 cannot link them.

## How to see it
`brew --prefix` prints /usr/local.

## How to fix it
Install Homebrew for arm64, which lives in /opt/homebrew.
)md"},
    {.code = "TN1009",
     .slug = "codesign/identity-expired",
     .severity = Severity::warning,
     .title = "A signing identity has expired",
     .message = "{name} has expired",
     .fixes = {{{Fix::Safety::manual, "Make a new certificate in the developer account."}}},
     .doc = R"md(
## What happens
Signatures made with an expired certificate are refused by Apple's notary.

## How to see it
`security find-identity -p codesigning` marks it.

## How to fix it
Make a new certificate in the developer account.
)md"},
    {.code = "TN1010",
     .slug = "machine/temporary-folder",
     .severity = Severity::error,
     .title = "Go's temporary folder cannot be used",
     .message = "{folder}: {problem}",
     .fixes = {{{Fix::Safety::manual,
                 "Set GOTMPDIR to a folder that can be written and allows programs to run."}}},
     .doc = R"md(
## What happens
go builds in the temporary folder, and `go run` and `go test` start programs from there.

## How to see it
`go env GOTMPDIR`, `echo $TMPDIR`, `mount`.

## How to fix it
Set GOTMPDIR to a folder that can be written and allows programs to run.
)md"},
    {.code = "TN1011",
     .slug = "sdk/arm64e-only-stubs",
     .severity = Severity::warning,
     .title = "The SDK's stubs name arm64e and not arm64",
     .message = "libSystem.tbd of SDK {version} lists {targets}",
     .fixes = {{{Fix::Safety::manual,
                 "Build with `tenon build`, which makes stubs of its own, or with a newer zig."}}},
     .doc = R"md(
## What happens
Stubs of SDK 26.4 and newer list arm64e-macos and not arm64-macos. Apple's linker takes one for
the other; zig up to 0.15.2 finds no libSystem in them.

## How to see it
`grep targets: $(xcrun --show-sdk-path)/usr/lib/libSystem.tbd`.

## How to fix it
Build with `tenon build`, which makes stubs of its own, or with a newer zig.
)md"},
    {.code = "TN1012",
     .slug = "env/path-not-there",
     .severity = Severity::warning,
     .title = "A setting names a folder that is not there",
     .message = "{name} names {paths}, which is not there",
     .fixes = {{{Fix::Safety::manual, "Take the folder out of the setting."}}},
     .doc = R"md(
## What happens
Compilers and pkg-config pass over most folders that do not exist without a word, and then miss
what was in them.

## How to see it
`ls` of the folder; `go env` and `env` show the setting.

## How to fix it
Take the folder out of the setting.
)md"},
    {.code = "TN1013",
     .slug = "env/library-path-set",
     .severity = Severity::note,
     .title = "A search path of libraries is set for all programs",
     .message = "{name}={value} holds for every program, compilers and go among them",
     .fixes = {{{Fix::Safety::manual, "Set it for the programs that need it."}}},
     .doc = R"md(
## What happens
LD_LIBRARY_PATH and LD_PRELOAD put libraries before those of the system for every program: a
compiler can load a foreign libstdc++, and a build finds libraries at run time that users do not
have.

## How to see it
`echo $LD_LIBRARY_PATH`, `env LD_DEBUG=libs PROGRAM`.

## How to fix it
Set it for the programs that need it, or give them a run path.
)md"},
    {.code = "TN1014",
     .slug = "linker/gnu-ld-too-old",
     .severity = Severity::note,
     .title = "GNU ld is too old for plugins on arm64",
     .message = "GNU ld {version} cannot link plugins and shared libraries of Go for arm64",
     .fixes = {{{Fix::Safety::manual, "Install binutils 2.36 or newer, or gold."}}},
     .doc = R"md(
## What happens
For -buildmode=plugin and -buildmode=shared on linux/arm64 Go takes gold, or GNU ld from 2.36 on:
"ARM64 external linker must be gold (issue #15696, 22040), or have fixed ld".

## How to see it
`gcc -Wl,--version`.

## How to fix it
Install binutils 2.36 or newer, or gold.
)md"},
    {.code = "TN1015",
     .slug = "codesign/identity-expires",
     .severity = Severity::warning,
     .title = "A signing identity ends soon",
     .message = "{name} ends on {day}",
     .fixes = {{{Fix::Safety::manual, "Make a new certificate in the developer account."}}},
     .doc = R"md(
## What happens
After that day the certificate makes no signatures that Apple's notary takes. Signatures with a
timestamp from before stay valid.

## How to see it
`security find-certificate -a -p | openssl x509 -noout -subject -enddate`.

## How to fix it
Make a new certificate in the developer account.
)md"},
    {.code = "TN1016",
     .slug = "codesign/intermediate-expires",
     .severity = Severity::note,
     .title = "The first Developer ID intermediate ends on 2027-02-01",
     .message = "{name} was issued by the intermediate that ends on {day}",
     .fixes = {{{Fix::Safety::manual,
                 "Make a new Developer ID certificate: it comes from the G2 intermediate."}}},
     .doc = R"md(
## What happens
Apple's first "Developer ID Certification Authority" certificate ends on 2027-02-01, and no
certificate from it holds longer. Signatures with a timestamp from before stay valid.

## How to see it
`codesign -dvv FILE` names the authorities; `security find-certificate -a -p -c "Developer ID
Certification Authority" | openssl x509 -noout -enddate`.

## How to fix it
Make a new Developer ID certificate: it comes from the G2 intermediate.
)md"},
};

}  // namespace

extern const RuleTopic rules_machine;
const RuleTopic rules_machine{"machine", "TN10", table};

}  // namespace tenon
