// Topic "artifact": what inspect finds in a file that somebody else made. Codes TN07xx. What the
// gate asks as well has its rule there (TN05xx).
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0701",
     .slug = "artifact/malformed",
     .severity = Severity::error,
     .title = "The file contradicts its own format",
     .message = "malformed: {value}",
     .doc = R"md(
## What happens
A structure of the file lies outside of it or says something that cannot be. A download that ended
early and a tool that cut the file are the usual reasons.

## How to see it
The finding names the structure and its offset in the file.

## How to fix it
Fetch or build the file again; compare sizes and checksums.
)md"},
    {.code = "TN0702",
     .slug = "artifact/unsigned-arm64",
     .severity = Severity::warning,
     .title = "A program for Apple Silicon without a signature",
     .message = "{value}",
     .fixes = {{{Fix::Safety::review,
                 "sign it ad hoc on a Mac",
                 {"codesign", "-s", "-", "-f", "{slice}"}}}},
     .doc = R"md(
## What happens
The kernel of Apple Silicon ends every arm64 program without a code signature ("Killed: 9"); an ad
hoc one is enough. Linkers sign by themselves; `strip`, `install_name_tool` of other systems and
editors of binaries take the signature away or break it.

## How to see it
`codesign -d FILE` on a Mac: "code object is not signed at all".

## How to fix it
Sign last. `tenon build` does.
)md"},
    {.code = "TN0703",
     .slug = "cgo/sqlite-stub",
     .severity = Severity::warning,
     .title = "go-sqlite3 was built without cgo",
     .message = "{value} is in the program, but CGO_ENABLED=0: its functions only return an error",
     .fixes =
         {{{Fix::Safety::safe, "build with cgo", {"tenon", "build", ".", "--target", "TARGET"}}}},
     .doc = R"md(
## What happens
Without cgo go-sqlite3 compiles to a stub whose driver answers "Binary was compiled with
'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub". A cross build turns cgo off by
itself, without a word.

## How to see it
`go version -m FILE`: CGO_ENABLED=0 and a line `dep github.com/mattn/go-sqlite3`.

## How to fix it
Build with CGO_ENABLED=1 and a C compiler for the target: `tenon build`.
)md"},
    {.code = "TN0704",
     .slug = "artifact/host-paths",
     .severity = Severity::note,
     .title = "The file names folders of the machine that built it",
     .message = "built without -trimpath: the function table names {value}",
     .fixes = {{{Fix::Safety::safe, "build with -trimpath"}}},
     .doc = R"md(
## What happens
Without `-trimpath` the names of source files are absolute. They show user names and folders to
everybody who has the file, and two machines never build the same bytes.

## How to see it
`strings FILE | grep '^/home/'`, or the stack trace of a panic.

## How to fix it
`go build -trimpath`. `tenon build` does so by itself.
)md"},
    {.code = "TN0705",
     .slug = "artifact/interpreter-only",
     .severity = Severity::warning,
     .title = "A program without C that still needs a loader",
     .message = "{value} has to exist where the program runs, although nothing else is needed",
     .fixes = {{{Fix::Safety::review, "build without -buildmode=pie, or link statically as PIE"}}},
     .doc = R"md(
## What happens
`CGO_ENABLED=0 go build -buildmode=pie` on Linux writes a program that needs no library but names
an interpreter. It does not start in an image without it: Alpine has no /lib/ld-linux-aarch64.so.1,
`FROM scratch` has nothing. The message says that the program itself does not exist.

## How to see it
`readelf -l FILE` shows INTERP, `readelf -d FILE` shows no NEEDED.

## How to fix it
Leave -buildmode=pie away, or build for musl: `tenon build --target linux/arm64`.
)md"},
    {.code = "TN0706",
     .slug = "artifact/text-relocations",
     .severity = Severity::warning,
     .title = "Code has to be changed while it is loaded",
     .message = "{value}",
     .fixes = {{{Fix::Safety::review, "compile the C code with -fPIC"}}},
     .doc = R"md(
## What happens
DT_TEXTREL makes the loader write into code pages. Hardened kernels and Android refuse it, and musl
does not support it everywhere.

## How to see it
`readelf -d FILE | grep TEXTREL`

## How to fix it
Some object was compiled without -fPIC; an assembly file or a prebuilt archive is the usual one.
)md"},
    {.code = "TN0707",
     .slug = "artifact/mixed-archive",
     .severity = Severity::warning,
     .title = "An archive holds objects of several architectures",
     .message = "{value}",
     .fixes = {{{Fix::Safety::manual,
                 "make one archive for each architecture, and join them with lipo"}}},
     .doc = R"md(
## What happens
A linker takes one architecture from an archive and leaves the other objects out, so that symbols
are missing that `nm` shows.

## How to see it
`tenon inspect FILE --json`: data.files[0].members.

## How to fix it
`ar` must not be fed with objects of several targets. For macOS a universal archive is made of whole
archives: `lipo -create -output lib.a arm64.a x86_64.a`.
)md"},
    {.code = "TN0708",
     .slug = "artifact/slices-disagree",
     .severity = Severity::warning,
     .title = "The slices of a universal file were not built alike",
     .message = "{value}",
     .fixes = {{{Fix::Safety::safe, "build both halves in one run: --target darwin/universal"}}},
     .doc = R"md(
## What happens
One half has another Go, another module version, another signing identifier or another deployment
target than the other. Users of the two kinds of Mac run different programs, and macOS ties keychain
items and permissions to the identifier.

## How to see it
`tenon inspect FILE` prints both.

## How to fix it
Build both halves from one commit in one run.
)md"},
    {.code = "TN0709",
     .slug = "artifact/arm64e",
     .severity = Severity::warning,
     .title = "An arm64e slice, which only Apple ships",
     .message = "{value}",
     .fixes = {{{Fix::Safety::safe, "build for arm64"}}},
     .doc = R"md(
## What happens
arm64e (pointer authentication) is a preview for everybody but Apple: macOS runs third-party arm64e
code only with the boot argument -arm64e_preview_abi. Go has no arm64e.

## How to see it
`lipo -archs FILE` on a Mac.

## How to fix it
Compile for arm64. A library that is arm64e only cannot be linked with Go code.
)md"},
    {.code = "TN0710",
     .slug = "artifact/exceptions-and-callbacks",
     .severity = Severity::note,
     .title = "C++ exceptions and calls from C into Go in one program",
     .message = "{value}",
     .doc = R"md(
## What happens
Exceptions inside C++ are no problem. One that has to pass through a Go frame is: Go has no unwind
tables that C++ understands, so the program ends with "terminate called after throwing an instance".

## How to see it
The program imports or defines `__cxa_throw` and has functions marked `//export`.

## How to fix it
Catch every exception before C++ returns to Go: a `try` around the body of each function that Go
calls, and around each call of a Go callback.
)md"},
    {.code = "TN0711",
     .slug = "artifact/build-machine-library",
     .severity = Severity::warning,
     .title = "A library of the build machine is needed",
     .message = "{value} is needed by its path; other machines do not have it",
     .fixes = {{{Fix::Safety::review,
                 "link the library statically, or ship it and refer to it by @rpath"}}},
     .doc = R"md(
## What happens
The install name of a dynamic library is copied into every program that links it. Homebrew's and
MacPorts' libraries carry the path of their own prefix, so the program starts only where the same
package is installed: "Library not loaded: /opt/homebrew/...".

## How to see it
`otool -L FILE` on a Mac.

## How to fix it
Take the static library (`libNAME.a`), or copy the library beside the program, give it an install
name with @rpath (`install_name_tool -id`) and the program an LC_RPATH of @loader_path.
)md"},
    {.code = "TN0712",
     .slug = "artifact/kind-unknown",
     .severity = Severity::error,
     .title = "Not a binary, an archive or a stub",
     .message = "the file is {value}, which inspect does not read",
     .doc = R"md(
## What happens
inspect reads Mach-O, ELF, PE, archives (ar), linker scripts and text stubs (.tbd).

## How to see it
`file FILE`

## How to fix it
Unpack archives (zip, tar, dmg, pkg) first, and name the file inside.
)md"},
};

}  // namespace

extern const RuleTopic rules_artifact;
const RuleTopic rules_artifact{"artifact", "TN07", table};

}  // namespace tenon
