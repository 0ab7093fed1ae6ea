// Topic "sdk": headers, libraries and symbols of the target that are not there. Codes TN04xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0401",
     .slug = "sdk/framework-header-missing",
     .severity = Severity::error,
     .title = "A header of an Apple framework is missing",
     .message = "{header} belongs to Apple's framework {framework}, whose headers only an SDK has",
     .fixes = {{{Fix::Safety::manual,
                 "bring the SDK from your own Mac: there, tar -C \"$(xcrun --show-sdk-path)\" -chzf"
                 " MacOSX.sdk.tgz . ; here, unpack it and build with --sdk DIR"},
                {Fix::Safety::manual, "or build for Linux only: --target linux/arm64"}}},
     .doc = R"md(
## What happens
A package includes a header of an Apple framework. zig brings the headers of libc, mach, dispatch
and objc for macOS, but none of a framework; Apple's licence keeps them on Apple's computers and in
the SDK that comes with Xcode. Code that needs no such header needs no SDK: tenon makes the stubs
that the linker wants itself.

## How to see it
The finding names the package, the header and the framework.

## How to fix it
On a Mac of yours with the Command Line Tools:
`tar -C "$(xcrun --show-sdk-path)" -chzf MacOSX.sdk.tgz .`
Then unpack it here and build with `--sdk DIR`, or set SDKROOT. SDKs of macOS 26.4 and newer, whose
stubs list only arm64e, are taken too. Whether your licence lets you use the SDK on another machine
is for you to check.
)md"},
    {.code = "TN0402",
     .slug = "sdk/header-missing",
     .severity = Severity::error,
     .title = "A header for the target is missing",
     .message = "{header} is not among the headers for {target}",
     .log = {"fatal error: '{header}' file not found", "fatal error: {header}: No such file or"},
     .fixes = {{{Fix::Safety::manual,
                 "give the library for the target: --sysroot DIR with usr/include and usr/lib of"
                 " that system, or CGO_CFLAGS=-I... and CGO_LDFLAGS=-L..."}}},
     .doc = R"md(
## What happens
A package includes a header of a library that is neither part of the target's C library nor of the
module. Headers of this machine are not used for another target: they describe other binaries.

## How to see it
The finding names the package and the header.

## How to fix it
Get the library for the target (for Debian's arm64: `dpkg --add-architecture arm64`, then unpack the
-dev:arm64 packages into a folder) and pass `--sysroot DIR`; or point CGO_CFLAGS and CGO_LDFLAGS to
a build of it. Many modules have a tag that uses their bundled copy.

```log
./pcap.go:8:10: fatal error: 'pcap.h' file not found
pcap.c:3:10: fatal error: pcap.h: No such file or directory
```
)md"},
    {.code = "TN0403",
     .slug = "sdk/library-missing",
     .severity = Severity::error,
     .title = "A library for the target is missing",
     .message = "the link asks for {library}, which is not part of the target's system and in no"
                " folder that the link names",
     .log = {"error: unable to find dynamic system library '{library}'",
             "error: unable to find dynamic system library \"{library}\"",
             "error: unable to find framework '{library}'",
             "error: unable to find system framework \"{library}\"",
             "ld64.lld: error: library not found for -l{library}",
             "ld64.lld: error: framework not found for -framework {library}"},
     .fixes = {{{Fix::Safety::manual,
                 "build the library for the target and name its folder: CGO_LDFLAGS=-L/path, or"
                 " --sysroot DIR for Linux, --sdk DIR for macOS"}}},
     .doc = R"md(
## What happens
`#cgo LDFLAGS` names a library that has to exist for the target. macOS has the libraries that the
list in docs/stubs.md names; everything else comes with the program or not at all. Libraries of this
machine are not taken: they are for another system.

## How to see it
`go list -deps -f '{{.ImportPath}} {{.CgoLDFLAGS}}' PACKAGE` shows who asks for it.

## How to fix it
Build it for the target, for example with `CC="tenon cc --target darwin/arm64"`, and name its folder
with CGO_LDFLAGS=-L.

```log
error: unable to find dynamic system library 'resolv' using strategy 'paths_first'. searched paths: none
error: unable to find dynamic system library "resolv" using strategy paths_first. searched paths: none
error: unable to find framework 'CoreFoundation'. searched paths: none
error: unable to find system framework "CoreFoundation". searched paths: none
ld64.lld: error: library not found for -lssl
ld64.lld: error: framework not found for -framework CoreAudio
```
)md"},
    {.code = "TN0404",
     .slug = "sdk/unknown-home",
     .severity = Severity::error,
     .title = "Symbols whose library is not known",
     .message = "{count} undefined symbols belong to no library that the link names: {symbols}",
     .fixes = {{{Fix::Safety::review,
                 "name the library in #cgo LDFLAGS, or bring an SDK with --sdk DIR"},
                {Fix::Safety::review,
                 "or have them looked up in all libraries at start-up: --flat-lookup"}}},
     .doc = R"md(
## What happens
A macOS program records for every symbol the library that it comes from. Without an SDK tenon
derives that from the libraries that the link names and from Apple's naming conventions, which are
the rules of docs/stubs.md. A symbol that fits no rule is refused: the wrong library would stop the
program at start-up with "Symbol not found ... Expected in".

## How to see it
The evidence lists each symbol, the object that wants it and libraries that it may belong to.

## How to fix it
Add the missing `-framework` or `-l` to `#cgo LDFLAGS`; or give an SDK, whose stubs are complete; or
accept a flat look-up with `--flat-lookup`: the symbol is then searched in all loaded libraries when
the program starts, and a missing one is found only there.
)md"},
    {.code = "TN0405",
     .slug = "sdk/flat-lookup-used",
     .severity = Severity::warning,
     .title = "Symbols are looked up in all libraries",
     .message = "{count} symbols are bound by name at start-up: {symbols}",
     .doc = R"md(
## What happens
`--flat-lookup`, or `-Wl,-U,NAME` of a package, leaves these symbols without a library. dyld
searches all loaded libraries for them when the program starts.

## How to see it
`llvm-objdump --bind FILE` shows them as flat-namespace.

## How to fix it
Nothing, if the library is loaded; else see TN0404.
)md"},
    {.code = "TN0406",
     .slug = "sdk/not-an-sdk",
     .severity = Severity::error,
     .title = "The folder is not a macOS SDK",
     .message = "{path} is not a macOS SDK: {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "name the folder that holds usr/include and System/Library/Frameworks"}}},
     .doc = R"md(
## What happens
`--sdk` or SDKROOT names a folder that lacks the parts of an SDK.

## How to see it
`ls DIR/usr DIR/System/Library/Frameworks`

## How to fix it
On a Mac, `xcrun --show-sdk-path` prints the right folder; copy it with its links resolved
(`tar -ch`).
)md"},
    {.code = "TN0407",
     .slug = "sdk/wrong-format-library",
     .severity = Severity::error,
     .title = "A library is for another system",
     .message = "{path} is not for {target}",
     .log = {"ld64.lld: error: {path}: unhandled file type",
             "ld.lld: error: {path} is incompatible with {target}"},
     .fixes = {{{Fix::Safety::manual, "use a build of the library for the target"}}},
     .doc = R"md(
## What happens
The link found a library or object of another format or architecture: in a folder of this machine,
or shipped by a module that has none for the target.

## How to see it
`file PATH`

## How to fix it
Upgrade the module, or build the library for the target.

```log
ld64.lld: error: /usr/lib/x86_64-linux-gnu/libz.so: unhandled file type
ld.lld: error: /usr/lib/libz.a(adler32.o) is incompatible with aarch64linux
```
)md"},
    {.code = "TN0408",
     .slug = "link/undefined-symbol",
     .severity = Severity::error,
     .title = "A symbol is defined nowhere",
     .message = "undefined symbol {symbol}",
     .log = {"^ld.lld: error: undefined symbol: {symbol}$", "^error: undefined symbol: {symbol}$",
             "ld64.lld: error: undefined symbol: {symbol}"},
     .fixes = {{{Fix::Safety::manual, "link the library that defines it, for the target"}}},
     .doc = R"md(
## What happens
C code calls a function that no object and no library of the link has.

## How to see it
The linker names the object that refers to it.

## How to fix it
Add the library to `#cgo LDFLAGS`. Names that end in 64 (`open64`, `pread64`) or in `_chk` come from
objects that were built for glibc: build for `linux/arm64:gnu2.17` instead of musl.

```log
ld.lld: error: undefined symbol: my_function
error: undefined symbol: _my_function
ld64.lld: error: undefined symbol: _my_function
```
)md"},
    {.code = "TN0409",
     .slug = "sdk/glibc-archive-on-musl",
     .severity = Severity::error,
     .title = "A prebuilt library was made for glibc",
     .message = "{symbol} is a name of glibc that musl does not have: a prebuilt library of this"
                " build was made for glibc",
     .fixes = {{{Fix::Safety::review, "build for glibc: tenon build --target {glibc_target}"},
                {Fix::Safety::review,
                 "or use the module's own switch for musl, if it has one"
                 " (confluent-kafka-go: -tags musl)"}}},
     .doc = R"md(
## What happens
A module ships a compiled library for Linux that was built against glibc. It uses names that only
glibc has.

## How to see it
`llvm-nm -u LIBRARY | grep -E '64$|_chk$'`

## How to fix it
Target `linux/arm64:gnu2.17`, which runs on every glibc distribution since 2012, or the version that
the finding names; or the module's musl tag.
)md"},
    {.code = "TN0412",
     .slug = "link/libstdcxx-archive",
     .severity = Severity::error,
     .title = "A library was compiled with GNU's libstdc++",
     .message = "{name} is a name of GNU's libstdc++; zig links LLVM's libc++",
     .fixes =
         {{{Fix::Safety::review,
            "link with a cross g++, which brings libstdc++ (Debian: g++-aarch64-linux-gnu)",
            {"env", "CC=aarch64-linux-gnu-gcc", "CXX=aarch64-linux-gnu-g++", "CGO_ENABLED=1",
             "GOARCH=arm64", "go", "build"}},
           {Fix::Safety::manual,
            "or compile the C++ library from its source with tenon, not as a prebuilt archive"}}},
     .doc = R"md(
## What happens
A module ships a compiled C++ library for Linux that was made with g++. Its names of std::string and
std::list carry the mark `__cxx11`, which only GNU's libstdc++ knows. zig, and with it tenon, links
LLVM's libc++, whose classes have other names and another layout; no flag joins the two. For macOS
the same module ships a library made with libc++, which links.

## How to see it
`llvm-nm -uC LIBRARY | grep __cxx11`

## How to fix it
Link with a compiler that has libstdc++ for the target, or build the library from source (many
modules have a build tag for that).
)md"},
    {.code = "TN0413",
     .slug = "link/newer-glibc-name",
     .severity = Severity::error,
     .title = "A name that the chosen glibc does not have yet",
     .message = "{symbol} is in glibc since {version}; {target} was asked for",
     .fixes = {{{Fix::Safety::review, "target that version: tenon build --target {glibc_target}"}}},
     .doc = R"md(
## What happens
A prebuilt library, or C code that declares functions by itself, uses a function that glibc got in a
newer version than the target names. A program that needs it does not start on older systems, so the
link refuses it.

## How to see it
`llvm-nm -u LIBRARY`; the finding names the version that has all of the names.

## How to fix it
Name that version in the target, `linux/arm64:gnu2.28` for instance, when your users' systems have it;
else take a library that was built on an older system.
)md"},
    {.code = "TN0411",
     .slug = "sdk/glibc-names-provided",
     .severity = Severity::note,
     .title = "A library made for glibc was linked with musl",
     .message = "{library} was compiled for glibc; tenon provides the names that musl lacks",
     .doc = R"md(
## What happens
A module ships a compiled library for Linux that uses names of glibc such as `open64`. On 64-bit Linux
they mean the plain functions; tenon adds a small library that forwards them, and links libunwind
where the library unwinds. The C library itself is musl: behaviour that only glibc has (locales, NSS,
dlopen of other libraries) is not there.

## How to see it
`llvm-nm -u LIBRARY | grep 64$`

## How to fix it
Nothing, if the program runs (`--smoke`). Else target `linux/arm64:gnu2.17`.
)md"},
    {.code = "TN0410",
     .slug = "darwin/deployment-target-mismatch-warning",
     .severity = Severity::warning,
     .title = "An object was compiled for a newer macOS",
     .message = "{object} was compiled for macOS {version}",
     .log = {"{object} has version {version}, which is newer than target minimum of {minimum}"},
     .fixes = {{{Fix::Safety::review, "say which macOS you support: --min VERSION"}}},
     .doc = R"md(
## What happens
A prebuilt library of a module holds objects for a newer macOS than Go needs. They may use functions
that older systems lack. Without `--min` tenon builds the program for the newer version, so that
older systems say so at once; with `--min` your version stands.

## How to see it
`llvm-objdump --macho --private-headers OBJECT`, load command LC_BUILD_VERSION.

## How to fix it
Choose the version with `--min`. If it is below the object's, test on such a Mac.

```log
ld64.lld: warning: librdkafka.a(rdkafka.o) has version 13.0.0, which is newer than target minimum of 12.0.0
```
)md"},
};

}  // namespace

extern const RuleTopic rules_sdk;
const RuleTopic rules_sdk{"sdk", "TN04", table};

}  // namespace tenon
