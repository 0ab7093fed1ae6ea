// Topic "cgo": whether C takes part in the build at all. Codes TN02xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0201",
     .slug = "cgo/disabled-needs-cgo",
     .severity = Severity::error,
     .title = "cgo is off and packages need it",
     .message = "CGO_ENABLED={value} in {where} would leave out the C code of {packages}",
     .fixes = {{{Fix::Safety::safe,
                 "remove the setting for this build",
                 {"env", "-u", "CGO_ENABLED", "tenon", "build"}},
                {Fix::Safety::review,
                 "or say that the programs work without: tenon build --allow-no-cgo"}}},
     .doc = R"md(
## What happens
With cgo off, Go leaves out every file that says `import "C"` and builds what is left without a
word. Some packages then fail to compile with `undefined: ...`; others, go-sqlite3 among them,
compile to a stub that fails on the user's machine: "Binary was compiled with 'CGO_ENABLED=0',
go-sqlite3 requires cgo to work."

tenon turns cgo on for every target. It stops when the environment or the file of `go env -w` turns
it off explicitly and packages of this build have C code for the target.

## How to see it
`go env CGO_ENABLED` gives the value; `go env GOENV` names the file of `go env -w`. The finding
lists the packages.

## How to fix it
Unset CGO_ENABLED (or `go env -u CGO_ENABLED`). When the program really works without these
packages' C code, `--allow-no-cgo` builds it so.
)md"},
    {.code = "TN0202",
     .slug = "cgo/value-ignored",
     .severity = Severity::warning,
     .title = "A value of CGO_ENABLED that Go ignores",
     .message = "CGO_ENABLED={value} in {where} has no effect: Go knows 0 and 1 only",
     .fixes = {{{Fix::Safety::manual, "set it to 0 or 1, or remove it"}}},
     .doc = R"md(
## What happens
Go takes CGO_ENABLED=0 and 1; for any other text ("true", "off", "2") it uses its default without a
word: 1 for the machine's own platform, 0 for every other one. tenon builds with cgo on.

## How to see it
`go env CGO_ENABLED` prints the text, not the value that is used.

## How to fix it
Set it to 0 or 1, or remove it.
)md"},
    {.code = "TN0203",
     .slug = "cgo/left-out",
     .severity = Severity::warning,
     .title = "Built without the C code of some packages",
     .message = "--allow-no-cgo: the C code of {packages} is not in the program",
     .doc = R"md(
## What happens
The build was asked to go on with cgo off although packages have C code for the target.

## How to see it
`go version -m FILE` says `CGO_ENABLED=0`.

## How to fix it
Nothing, if this is what was meant.
)md"},
    {.code = "TN0204",
     .slug = "cgo/flag-not-allowed",
     .severity = Severity::error,
     .title = "go does not let a package use a compiler flag",
     .message = "go does not allow {flag} in #cgo {which}",
     .log = {"invalid flag in #cgo {which}: {flag} (see",
             "invalid flag in pkg-config {which}: {flag}"},
     .fixes = {{{Fix::Safety::review,
                 "allow it for this build, by a pattern for {which}_ALLOW with CGO_ in front",
                 {"env", "CGO_{which}_ALLOW={flag}", "tenon", "build"}}}},
     .doc = R"md(
## What happens
Flags in `#cgo` lines come with code from the network, so go passes on only those on a list of its own
(cmd/go/internal/work/security.go). This one is not on it.

## How to see it
`go help environment`: CGO_CFLAGS_ALLOW and its kin; https://go.dev/s/invalidflag

## How to fix it
Look at the flag. If it is harmless, allow it: CGO_CFLAGS_ALLOW, CGO_CXXFLAGS_ALLOW or
CGO_LDFLAGS_ALLOW hold a regular expression.

```log
example.com/m: invalid flag in #cgo LDFLAGS: -Wl,-rpath,@loader_path (see https://go.dev/s/invalidflag)
invalid flag in pkg-config --libs: -Wl,-z,nodelete
```
)md"},
    {.code = "TN0206",
     .slug = "cgo/c-files-without-cgo",
     .severity = Severity::error,
     .title = "A package has C files and no Go file that uses them",
     .message = "{package} has C files, but none of its Go files for this target says import \"C\"",
     .log = {"package {package}: C source files not allowed when not using cgo or SWIG:",
             "C source files not allowed when not using cgo or SWIG: {package}"},
     .fixes = {{{Fix::Safety::manual,
                 "the package is for other systems: import it behind a build constraint"}}},
     .doc = R"md(
## What happens
The Go files of the package that say `import "C"` are excluded for this target, by a file name such as
x_linux.go or by `//go:build`; its C files are not, and go refuses C files that nothing uses.

## How to see it
`GOOS=darwin go list -f '{{.CgoFiles}} {{.IgnoredGoFiles}} {{.CFiles}}' PACKAGE`

## How to fix it
Import the package only where it works: in a file with the same build constraint.

```log
package example.com/nsenter: C source files not allowed when not using cgo or SWIG: nsexec.c
C source files not allowed when not using cgo or SWIG: nsexec.c
```
)md"},
    {.code = "TN0205",
     .slug = "cgo/name-not-declared",
     .severity = Severity::error,
     .title = "The headers do not declare a name that Go code uses",
     .message = "no header declares {name} for this target",
     .log = {"could not determine what C.{name} refers to"},
     .fixes = {{{Fix::Safety::review,
                 "if it is a name of glibc: tenon build --target linux/arm64:gnu2.17"},
                {Fix::Safety::manual,
                 "else include the header that declares it, or keep the file from this target by a"
                 " build constraint"}}},
     .doc = R"md(
## What happens
Go code says `C.name`, and the headers in the comment above `import "C"` declare no such name for this
target. Names differ between systems and C libraries: RTLD_DEEPBIND and the like are of glibc only.

## How to see it
The line above names the file. `grep -rn NAME` in the target's headers.

## How to fix it
Target glibc if the name is its own, include what is missing, or let the file be built only where the
name exists (`//go:build darwin`).

```log
pkg/dl/dl_linux.go:32:18: could not determine what C.RTLD_DEEPBIND refers to
```
)md"},
};

}  // namespace

extern const RuleTopic rules_cgo;
const RuleTopic rules_cgo{"cgo", "TN02", table};

}  // namespace tenon
