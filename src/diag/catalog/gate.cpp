// Topic "gate": what the post-link gate found in a produced file. Codes TN05xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0501",
     .slug = "gate/unreadable",
     .severity = Severity::error,
     .title = "The produced file is not what it should be",
     .message = "{value}",
     .doc = R"md(
## What happens
The linker said that all was well, but the file cannot be read as a program of the target's format.

## How to see it
The finding names the structure and its offset.

## How to fix it
Build again with another engine (`--engine clang`); please report it.
)md"},
    {.code = "TN0502",
     .slug = "gate/wrong-architecture",
     .severity = Severity::error,
     .title = "The file is for another architecture",
     .message = "the file is for {value}",
     .doc = R"md(
## What happens
The file's header names another CPU than the target's.

## How to see it
`file FILE`

## How to fix it
A CC that ignores its target is the usual cause: look for CC in the environment or in `go env`.
)md"},
    {.code = "TN0503",
     .slug = "gate/build-mode",
     .severity = Severity::error,
     .title = "Build info and header disagree on the build mode",
     .message = "{value}",
     .fixes = {{{Fix::Safety::safe,
                 "name the mode to go build, not to the linker: -buildmode=pie"}}},
     .doc = R"md(
## What happens
`-ldflags=-buildmode=pie` makes a PIE while the build info goes on saying exe. Tools that trust the
build info (`go version -m`, scanners) are then wrong about the file.

## How to see it
`go version -m FILE | grep buildmode` against `readelf -h FILE`.

## How to fix it
`tenon build -buildmode=pie` instead of the linker flag.
)md"},
    {.code = "TN0504",
     .slug = "gate/deployment-target",
     .severity = Severity::error,
     .title = "The file wants a newer macOS than was asked for",
     .message = "{value}",
     .fixes = {{{Fix::Safety::review, "ask for that version: --min VERSION"}}},
     .doc = R"md(
## What happens
LC_BUILD_VERSION holds the oldest macOS that the program claims to run on. It is above the one that
was asked for, so users of older systems would be turned away.

## How to see it
`llvm-objdump --macho --private-headers FILE`, load command LC_BUILD_VERSION.

## How to fix it
Raise `--min`, or find the object that was compiled for the newer version; prebuilt archives of
modules are the usual ones.
)md"},
    {.code = "TN0505",
     .slug = "dyld/missing-lc-uuid",
     .severity = Severity::error,
     .title = "LC_UUID is missing",
     .message = "the file has no LC_UUID; macOS 26 does not start such programs",
     .fixes = {{{Fix::Safety::safe,
                 "remove -ldflags=-B=none and -Wl,-no_uuid; use Go 1.24 or newer"}}},
     .doc = R"md(
## What happens
dyld of macOS 26 stops at programs without LC_UUID; on macOS 15 the permission for the local network
does not stick. Go's own linker writes it since 1.24.

## How to see it
`llvm-objdump --macho --private-headers FILE` shows no LC_UUID.

## How to fix it
Use Go 1.24 or newer, or have the program linked externally: `-ldflags=-linkmode=external`.
)md"},
    {.code = "TN0506",
     .slug = "dyld/data-const-not-read-only",
     .severity = Severity::error,
     .title = "__DATA_CONST is not marked read-only",
     .message = "segment __DATA_CONST lacks SG_READ_ONLY; macOS 26 does not start such programs",
     .fixes = {{{Fix::Safety::safe, "link with zig or ld64.lld: --engine zig or --engine clang"}}},
     .doc = R"md(
## What happens
dyld of macOS 26 stops at a __DATA_CONST segment without the flag SG_READ_ONLY. Old linkers (ld64 of
osxcross with a low deployment target) leave it out.

## How to see it
`llvm-objdump --macho --private-headers FILE`: flags of __DATA_CONST are not READ_ONLY.

## How to fix it
Another engine, or a newer linker.
)md"},
    {.code = "TN0507",
     .slug = "gate/signature",
     .severity = Severity::error,
     .title = "The code signature is not valid",
     .message = "{value}",
     .doc = R"md(
## What happens
On Apple Silicon the kernel compares every page of a program with its signature and ends the program
("Killed: 9") when one differs or when there is none. The pages of this file were hashed and do not
agree.

## How to see it
`codesign --verify --verbose FILE` on a Mac.

## How to fix it
Nothing may change the file after signing: run strip, install_name_tool or upx before.
)md"},
    {.code = "TN0508",
     .slug = "gate/needed-library",
     .severity = Severity::error,
     .title = "A library that the target does not have is needed",
     .message = "{value}",
     .fixes = {{{Fix::Safety::manual,
                 "link it statically, or ship it and name it with @rpath or $ORIGIN"}}},
     .doc = R"md(
## What happens
The file names a dynamic library that is not part of the target's system: it would not start on a
user's machine.

## How to see it
`llvm-objdump --macho --dylibs-used FILE`, `readelf -d FILE`

## How to fix it
Link the library's archive (.a), or ship the library beside the program and refer to it with
`@executable_path` (macOS) or `$ORIGIN` (Linux).
)md"},
    {.code = "TN0509",
     .slug = "gate/interpreter",
     .severity = Severity::error,
     .title = "The program interpreter is not the target's",
     .message = "{value}",
     .doc = R"md(
## What happens
A dynamic Linux program names its loader. This one names a loader that the target does not have, so
the shell would say "No such file or directory" although the program is there. A static target has
none at all.

## How to see it
`readelf -l FILE | grep interpreter`

## How to fix it
A pure-Go PIE names glibc's loader even with cgo off; build it with the default mode, or for a glibc
target.
)md"},
    {.code = "TN0510",
     .slug = "loader/glibc-too-old",
     .severity = Severity::error,
     .title = "The program needs a newer glibc than the target's",
     .message = "{value}",
     .doc = R"md(
## What happens
A symbol version of the C library is newer than the glibc that was asked for: on such a system the
program stops with "version `GLIBC_...' not found".

## How to see it
`readelf -V FILE`

## How to fix it
Raise the version in the target (`linux/arm64:gnu2.28`), or find the prebuilt object that needs it.
)md"},
    {.code = "TN0511",
     .slug = "gate/rpath",
     .severity = Severity::error,
     .title = "A run path names a folder of the building machine",
     .message = "{value}",
     .fixes = {{{Fix::Safety::manual, "use @loader_path or $ORIGIN, or drop -Wl,-rpath"}}},
     .doc = R"md(
## What happens
The run path is where the loader searches for libraries on the user's machine. A folder of the
building machine does not exist there, and lets others plant libraries if it can be made.

## How to see it
`readelf -d FILE | grep -i path`, or LC_RPATH in `llvm-objdump --macho --private-headers FILE`.

## How to fix it
`-Wl,-rpath,@loader_path/...` or `-Wl,-rpath,$ORIGIN/...` in CGO_LDFLAGS; in `#cgo LDFLAGS` Go
refuses these spellings.
)md"},
    {.code = "TN0512",
     .slug = "gate/host-path",
     .severity = Severity::error,
     .title = "Paths of the building machine are in the file",
     .message = "{value}",
     .fixes = {{{Fix::Safety::review,
                 "compile the C code that names it with CGO_CFLAGS=-fmacro-prefix-map=FOLDER=."},
                {Fix::Safety::review, "or let the paths stay: --keep-paths"}}},
     .doc = R"md(
## What happens
The file holds folders of the building machine: the home folder, the module cache, temporary
folders. They tell strangers about the machine and make builds differ from place to place.

## How to see it
`strings FILE | grep "$HOME"`

## How to fix it
tenon passes `-trimpath` by itself unless `--keep-paths` is given. What remains is text that C code
put there, usually `__FILE__`: compile it with `CGO_CFLAGS=-fmacro-prefix-map=...`.
)md"},
    {.code = "TN0513",
     .slug = "gate/lost-export",
     .severity = Severity::error,
     .title = "An exported Go function is missing in the file",
     .message = "{value}",
     .doc = R"md(
## What happens
A Go function marked `//export` is not among the exported symbols: dlsym and C callers will not find
it. zig's linker removes unreferenced code when it is told to optimise; tenon tells it not to.

## How to see it
`llvm-nm -g --defined-only FILE | grep NAME`

## How to fix it
`--engine clang`; remove `-Wl,-dead_strip` from the flags.
)md"},
    {.code = "TN0514",
     .slug = "gate/file-type",
     .severity = Severity::error,
     .title = "The file is of another type",
     .message = "{value}",
     .doc = R"md(
## What happens
A program was asked for and the file is a library, or the other way round.

## How to see it
`file FILE`

## How to fix it
Look at -buildmode and at the linker flags.
)md"},
    {.code = "TN0515",
     .slug = "gate/cgo-stub",
     .severity = Severity::error,
     .title = "The program was built without its C code",
     .message = "{value}",
     .doc = R"md(
## What happens
The build info says CGO_ENABLED=0 although cgo was on: something between tenon and the linker turned
it off.

## How to see it
`go version -m FILE | grep CGO_ENABLED`

## How to fix it
Look for a `-toolexec` or a wrapper of go that sets CGO_ENABLED.
)md"},
    {.code = "TN0516",
     .slug = "gate/not-reproducible",
     .severity = Severity::error,
     .title = "Two builds of the same source differ",
     .message = "{value}",
     .doc = R"md(
## What happens
`--check-reproducible` built twice, in separate caches, and the bytes differ.

## How to see it
The finding names the first offset and the section that differs.

## How to fix it
`__DATE__` and `__TIME__` in C code, `-ldflags=-X` with a time, `-buildid` given by hand, and code
generators are the usual causes.
)md"},
    {.code = "TN0517",
     .slug = "gate/static",
     .severity = Severity::error,
     .title = "The file is not static",
     .message = "{value}",
     .doc = R"md(
## What happens
A musl target gives static programs, which run on every Linux and in an empty container. This file
needs dynamic libraries or a loader.

## How to see it
`readelf -d FILE`

## How to fix it
Remove `-dynamic` or `-rdynamic` from CGO_LDFLAGS; build for `linux/arm64:gnu2.17` if dynamic
loading (plugins, dlopen) is what the program needs.
)md"},
    {.code = "TN0518",
     .slug = "gate/exec-stack",
     .severity = Severity::error,
     .title = "The file asks for an executable stack",
     .message = "{value}",
     .doc = R"md(
## What happens
An assembler file without a .note.GNU-stack section makes the whole program ask for an executable
stack; hardened kernels and newer glibc refuse it.

## How to see it
`readelf -lW FILE | grep GNU_STACK`

## How to fix it
Add `.section .note.GNU-stack,"",%progbits` to the assembler file.
)md"},
};

}  // namespace

extern const RuleTopic rules_gate;
const RuleTopic rules_gate{"gate", "TN05", table};

}  // namespace tenon
