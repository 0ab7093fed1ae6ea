// Topic "project": what is wrong with the Go project or its C code itself. Codes TN06xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0601",
     .slug = "project/no-module",
     .severity = Severity::error,
     .title = "There is no Go module here",
     .message = "no go.mod was found",
     .log = {"go: go.mod file not found in current directory or any parent directory",
             "go: cannot find main module"},
     .fixes = {{{Fix::Safety::manual, "run tenon in the project's folder"}}},
     .doc = R"md(
## What happens
The go command builds packages of a module and found none in this folder or above it.

## How to see it
`go env GOMOD` prints nothing or /dev/null.

## How to fix it
Change to the project's folder, or pass `-C DIR`.

```log
go: go.mod file not found in current directory or any parent directory; see 'go help modules'
go: cannot find main module, but found .git/config in /home/u/app
```
)md"},
    {.code = "TN0602",
     .slug = "project/no-main",
     .severity = Severity::error,
     .title = "The packages hold no program",
     .message = "the packages named hold no package main",
     .log = {"no main packages to build"},
     .fixes = {{{Fix::Safety::manual, "name the folder of a program: tenon build ./cmd/app"}}},
     .doc = R"md(
## What happens
tenon makes programs and C libraries; the packages named are ordinary libraries.

## How to see it
`go list -f '{{.Name}} {{.ImportPath}}' ./... | grep ^main`

## How to fix it
Name a package whose files say `package main`.

```log
go: no main packages to build
```
)md"},
    {.code = "TN0603",
     .slug = "project/package-not-found",
     .severity = Severity::error,
     .title = "A package cannot be found",
     .message = "Go cannot find {package}",
     .log = {"no required module provides package {package};",
             "stat {package}: directory not found", "\"{package}\" matched no packages",
             "package {package} is not in std ("},
     .doc = R"md(
## What happens
Go cannot find a package that the command line or an import names.

## How to see it
`go list ./...`

## How to fix it
Correct the path; `go mod tidy` adds missing modules.

```log
main.go:3:8: no required module provides package example.com/x; to add it:
stat /home/u/app/cmd/none: directory not found
go: warning: "./cmd/..." matched no packages
main.go:2:8: package foo/bar is not in std (/usr/local/go/src/foo/bar)
```
)md"},
    {.code = "TN0604",
     .slug = "project/c-error",
     .severity = Severity::error,
     .title = "The C code does not compile",
     .message = "{file}:{line}: {text}",
     .log = {"^{file}:{line}:{column}: error: {text}"},
     .doc = R"md(
## What happens
The C compiler reports an error in C code of a package. The first one counts; those behind it are
often consequences.

## How to see it
The message names file and line.

## How to fix it
Code that compiles with gcc on Linux but not here usually misses a header that other systems include
by themselves, or uses something that only exists on Linux.

```log
bad.c:3:5: error: use of undeclared identifier 'x'
```
)md"},
    {.code = "TN0605",
     .slug = "project/go-error",
     .severity = Severity::error,
     .title = "The Go code does not compile",
     .message = "{file}.go:{line}: {text}",
     .log = {"^{file}.go:{line}:{column}: undefined: {text}",
             "^{file}.go:{line}:{column}: syntax error{text}",
             "^{file}.go:{line}:{column}: cannot use {text}",
             "^{file}.go:{line}:{column}: declared and not used{text}"},
     .doc = R"md(
## What happens
The Go compiler reports an error. When a name is undefined that a package with C code should
provide, the file that defines it may be excluded on this target.

## How to see it
`go list -f '{{.IgnoredGoFiles}}' PACKAGE` with the target's GOOS and GOARCH shows excluded files.

## How to fix it
Correct the code, or upgrade the module.

```log
./main.go:7:2: undefined: sqlite3
./main.go:9:1: syntax error: non-declaration statement outside function body
./main.go:12:9: cannot use x (variable of type int) as string value in return statement
./main.go:14:2: declared and not used: y
```
)md"},
    {.code = "TN0606",
     .slug = "project/network",
     .severity = Severity::error,
     .title = "Modules or a toolchain cannot be downloaded",
     .message = "the network does not give what Go asks for",
     .log = {"dial tcp: lookup {host}", "dial tcp {address}: connect: {text}",
             "proxyconnect tcp: {text}", "net/http: TLS handshake timeout",
             "module lookup disabled by GOPROXY=off"},
     .fixes = {{{Fix::Safety::review,
                 "fetch modules where there is a network, then build offline",
                 {"go", "mod", "vendor"}}}},
     .doc = R"md(
## What happens
Go wanted a module or a toolchain that is not in its cache and could not reach the proxy.

## How to see it
`go env GOPROXY GOFLAGS GOTOOLCHAIN`

## How to fix it
Check the proxy; on a machine without a network use a vendor folder or a filled module cache, and
GOTOOLCHAIN=local when the installed Go is new enough.

```log
go: example.com/x@v1.0.0: Get "https://proxy.example/x": dial tcp: lookup proxy.example: no such host
go: example.com/x@v1.0.0: Get "https://proxy.example/x": dial tcp 192.0.2.1:443: connect: connection refused
go: example.com/x@v1.0.0: Get "https://proxy.example/x": proxyconnect tcp: EOF
go: example.com/x@v1.0.0: Get "https://proxy.example/x": net/http: TLS handshake timeout
main.go:3:8: cannot find module providing package example.com/x: module lookup disabled by GOPROXY=off
```
)md"},
    {.code = "TN0607",
     .slug = "project/build-failed",
     .severity = Severity::error,
     .title = "go build failed",
     .message = "go build failed for {target}; no known cause was recognised",
     .doc = R"md(
## What happens
go build ended with an error that no rule of tenon recognises. The evidence is the end of its
output.

## How to see it
Run again with `-x` to see every command.

## How to fix it
Read the first error, not the last line.
)md"},
    {.code = "TN0608",
     .slug = "pkgconfig/dev-package-missing",
     .severity = Severity::error,
     .title = "pkg-config knows no such library for the target",
     .message = "pkg-config has no {package} for the target",
     .log = {"Package {package} was not found in the pkg-config search path",
             "Package '{package}', required by", "No package '{package}' found"},
     .fixes =
         {{{Fix::Safety::manual,
            "give the target's libraries: --sysroot DIR (its usr/lib/pkgconfig is searched)"}}},
     .doc = R"md(
## What happens
A package says `#cgo pkg-config:`. For a target other than this machine, pkg-config must not answer
with this machine's libraries; tenon shows it only those of `--sysroot`, and there this one is
missing.

## How to see it
`PKG_CONFIG_LIBDIR=SYSROOT/usr/lib/pkgconfig pkg-config --list-all`

## How to fix it
Put the library's .pc file, headers and libraries for the target into a folder and name it with
`--sysroot`.

```log
Package zlib was not found in the pkg-config search path.
Package 'zlib', required by 'libpng', not found
No package 'zlib' found
```
)md"},
    {.code = "TN0609",
     .slug = "pkgconfig/not-installed",
     .severity = Severity::error,
     .title = "pkg-config is not installed",
     .message = "a package asks pkg-config for its flags, and there is no pkg-config",
     .log = {"exec: \"pkg-config\": executable file not found"},
     .fixes = {{{Fix::Safety::review, "install it", {"apt-get", "install", "pkg-config"}}}},
     .doc = R"md(
## What happens
`#cgo pkg-config:` runs the program pkg-config (or what PKG_CONFIG names).

## How to see it
`command -v pkg-config`

## How to fix it
Install pkg-config, and the library for the target (see TN0608).

```log
exec: "pkg-config": executable file not found in $PATH
```
)md"},
    {.code = "TN0610",
     .slug = "pkgconfig/cross-uses-host-pc",
     .severity = Severity::error,
     .title = "pkg-config would answer for this machine",
     .message = "{variable}={value} makes pkg-config answer with another system's libraries",
     .fixes = {{{Fix::Safety::safe,
                 "unset it for this build and name the target's: --sysroot DIR"}}},
     .doc = R"md(
## What happens
PKG_CONFIG_PATH only adds folders and PKG_CONFIG_LIBDIR replaces them; a folder outside the target's
sysroot gives headers and libraries of this machine, which the target's linker cannot use.

## How to see it
`pkg-config --variable pc_path pkg-config`

## How to fix it
Unset the variable; `--sysroot DIR` sets PKG_CONFIG_LIBDIR and PKG_CONFIG_SYSROOT_DIR rightly.
)md"},
    {.code = "TN0611",
     .slug = "build/host-folder-ignored",
     .severity = Severity::warning,
     .title = "A folder of this machine was left out",
     .message = "{flag} of {package} names a folder of this machine; it was left out of the build"
                " for {target}",
     .doc = R"md(
## What happens
A package's `#cgo` lines name /usr/include, /usr/local/lib, /opt/homebrew or the like. For another
target these hold the wrong headers and libraries. tenon leaves them out: what is missing then is
reported as missing, instead of being built wrongly.

## How to see it
`go list -deps -f '{{.ImportPath}} {{.CgoCFLAGS}} {{.CgoLDFLAGS}}' PACKAGE`

## How to fix it
Nothing if the build passes. Else give the library for the target with `--sysroot` or CGO_CFLAGS
and CGO_LDFLAGS.
)md"},
    {.code = "TN0612",
     .slug = "run/smoke-failed",
     .severity = Severity::error,
     .title = "The program failed when it was run",
     .message = "{program} ended with {status}",
     .doc = R"md(
## What happens
`--smoke` ran the finished program (under qemu-user for a foreign architecture) and it did not end
with exit code 0 within the time limit.

## How to see it
The evidence quotes the end of its output.

## How to fix it
Run it by hand with the same arguments. Programs built with -race cannot run under qemu: its address
space is too small for the race detector.
)md"},
    {.code = "TN0613",
     .slug = "run/no-emulator",
     .severity = Severity::warning,
     .title = "The program could not be run here",
     .message = "{program} was not run: {reason}",
     .fixes = {{{Fix::Safety::review,
                 "install the emulator",
                 {"apt-get", "install", "qemu-user-static"}}}},
     .doc = R"md(
## What happens
`--smoke` needs qemu-user for another architecture, a glibc for the target for dynamic programs, and
cannot run macOS programs at all. What was not run is unknown, not ok.

## How to see it
`command -v qemu-aarch64-static`

## How to fix it
Install qemu-user-static; for glibc targets also the target's libc (Debian: libc6-arm64-cross).
)md"},
    {.code = "TN0614",
     .slug = "zig/internal-link-symbol-missing",
     .severity = Severity::error,
     .title = "Go's internal linker meets C objects it cannot link",
     .message = "Go's own linker does not know {symbol}",
     .log = {": relocation target {symbol} not defined"},
     .fixes = {{{Fix::Safety::safe, "link with the C linker: -ldflags=-linkmode=external"}}},
     .doc = R"md(
## What happens
A program whose only C code is net and os/user is linked by Go itself, which cannot take all objects
of a foreign C library.

## How to see it
The message says "relocation target ... not defined".

## How to fix it
tenon build passes -linkmode=external by itself; with your own go build add
`-ldflags=-linkmode=external`, or `-tags netgo,osusergo`.

```log
net(.text): relocation target gai_strerror not defined
```
)md"},
    {.code = "TN0615",
     .slug = "build/timeout",
     .severity = Severity::error,
     .title = "The build ran into its time limit",
     .message = "go build did not end within {limit}",
     .fixes = {{{Fix::Safety::review, "give it more time: --timeout 2h"}}},
     .doc = R"md(
## What happens
Every child process has a time limit, so that a compiler that blocks cannot block a CI run for ever.

## How to see it
The last progress line names what was being compiled.

## How to fix it
`--timeout` takes a longer limit. The largest known C file of a Go module takes about a minute.
)md"},
    {.code = "TN0616",
     .slug = "project/go-too-old-for-module",
     .severity = Severity::error,
     .title = "A module asks for a newer Go",
     .message = "a go.mod asks for Go {wanted}",
     .log = {"requires go >= {wanted} (running"},
     .fixes =
         {{{Fix::Safety::review, "let go fetch that version", {"go", "env", "-u", "GOTOOLCHAIN"}},
           {Fix::Safety::manual, "or install a newer Go"}}},
     .doc = R"md(
## What happens
The line `go 1.N` of a go.mod, the project's or a dependency's, names the oldest Go that may build it.
With GOTOOLCHAIN=local, or without a network, go cannot fetch that version by itself.

## How to see it
`go version` and the line `go` in go.mod; `go env GOTOOLCHAIN`.

## How to fix it
Install the version, or allow the download: `go env -u GOTOOLCHAIN`.

```log
go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)
go: example.com/m@v1.0.0 requires go >= 1.30 (running go 1.26.8)
```
)md"},
    {.code = "TN0617",
     .slug = "project/go-sum-entry",
     .severity = Severity::error,
     .title = "go.sum lacks an entry",
     .message = "go.sum or go.mod is not up to date: {what}",
     .log = {"missing go.sum entry for {what};", "updates to {what} needed"},
     .fixes = {{{Fix::Safety::safe, "write what is missing", {"go", "mod", "tidy"}}}},
     .doc = R"md(
## What happens
go builds only with modules whose checksums stand in go.sum, and does not change go.mod or go.sum by
itself.

## How to see it
`go mod verify`, `go mod tidy -diff`

## How to fix it
`go mod tidy`, and commit both files.

```log
main.go:3:8: missing go.sum entry for module providing package example.com/m; to add:
go: updates to go.mod needed; to update it:
```
)md"},
    {.code = "TN0618",
     .slug = "project/bad-go-flag",
     .severity = Severity::error,
     .title = "go does not know a flag or a build mode",
     .message = "go refuses {what}",
     .log = {"^buildmode={what}", "^-buildmode={what}", "go: parsing $GOFLAGS: {what}",
             "flag provided but not defined: {what}", "invalid value {what} for flag"},
     .doc = R"md(
## What happens
A flag on the command line or in GOFLAGS is unknown to this Go, or does not fit the target.

## How to see it
`go env GOFLAGS`; `go help build`, `go help buildmode`.

## How to fix it
Correct the flag; `go env -u GOFLAGS` forgets flags that were stored with `go env -w`.

```log
buildmode=nope not supported
-buildmode=plugin not supported on linux/mips
go: parsing $GOFLAGS: unknown flag -nope
flag provided but not defined: -nope
invalid value "x" for flag -p: parse error
```
)md"},
    {.code = "TN0619",
     .slug = "project/library-for-musl",
     .severity = Severity::warning,
     .title = "A Go library for C with musl does not start",
     .message = "a {mode} for musl crashes when a C program starts: build it for glibc",
     .fixes = {{{Fix::Safety::review, "name a glibc: --target linux/ARCH:gnu2.17"}}},
     .doc = R"md(
## What happens
A Go library (`-buildmode=c-archive` or `c-shared`) starts its runtime from a constructor and takes
argc and argv from the arguments of that. glibc hands them over, musl does not, and the program ends
with a segmentation fault before main (golang/go#13492).

## How to see it
Link a C program with the library and run it.

## How to fix it
Build for glibc: `--target linux/arm64:gnu2.17`.
)md"},
};

}  // namespace

extern const RuleTopic rules_project;
const RuleTopic rules_project{"project", "TN06", table};

}  // namespace tenon
