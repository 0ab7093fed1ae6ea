// Topic "usage": the command line and what it names. Codes TN01xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0101",
     .slug = "usage/bad-option",
     .severity = Severity::error,
     .title = "An option or its value is not known",
     .message = "{message}",
     .doc = R"md(
## What happens
The command line names an option, a target or a version that tenon does not have. Nothing was run
and nothing was written. The exit code is 3.

## How to see it
The message quotes the word; when another spelling is near, it is named.

## How to fix it
`tenon build --help` lists the options with examples. Targets are `darwin/arm64`, `darwin/amd64`,
`darwin/universal`, and for Linux `linux/arm64` or `linux/amd64` with `:musl` (the default) or
`:gnu2.17` behind it. Flags of `go build` (`-tags`, `-ldflags`, ...) keep their single dash and are
passed on.
)md"},
    {.code = "TN0102",
     .slug = "usage/output-not-writable",
     .severity = Severity::error,
     .title = "The output cannot be written",
     .message = "{path} cannot be written: {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "choose another folder with --out, or make this one writable"}}},
     .doc = R"md(
## What happens
The build itself went well, but the finished file could not be put where it was asked for. What
stood there before is unchanged: outputs are written under a temporary name and renamed.

## How to see it
The message holds the path and the operating system's reason.

## How to fix it
Name another folder with `--out DIR` (or `-o FILE` for one target), or change the owner or the
permissions of the folder.
)md"},
    {.code = "TN0103",
     .slug = "usage/disk-full",
     .severity = Severity::error,
     .title = "The disk is full",
     .message = "no space is left on the device",
     .log = {"no space left on device", "No space left on device", "NoSpaceLeft",
             "disk quota exceeded", "Disk quota exceeded"},
     .fixes = {{{Fix::Safety::review,
                 "free space; Go's build cache is often the largest part",
                 {"go", "clean", "-cache"}}}},
     .doc = R"md(
## What happens
Go, the C compiler or tenon could not write. The line names the program that noticed first; the
errors behind it are consequences. Finished outputs of earlier builds are unchanged.

## How to see it
`df -h` for the folder of the output, for `$TMPDIR` (or /tmp) and for the caches that
`go env GOCACHE` and `tenon --version --json` name.

## How to fix it
Free space, or point `GOCACHE`, `TMPDIR` or `TENON_CACHE` to a larger disk. A first build for a
target needs about 1 GB.

```log
write /tmp/go-build1/b001/_pkg_.a: no space left on device
error: unable to open output file 'sqlite3.o': 'No space left on device'
error: unable to build C object: NoSpaceLeft
write /home/u/.cache/go-build/0a/0a1b-d: disk quota exceeded
error: unable to open output file 'sqlite3.o': 'Disk quota exceeded'
```
)md"},
    {.code = "TN0104",
     .slug = "usage/interrupted",
     .severity = Severity::error,
     .title = "Interrupted",
     .message = "interrupted; outputs of earlier builds are unchanged",
     .doc = R"md(
## What happens
The build was stopped by Ctrl-C or a termination signal. All child processes were ended and
temporary files removed. The exit code is 130.

## How to see it
Nothing was written to the output folder by this run, except outputs that were complete before.

## How to fix it
Run it again; what was compiled stays in Go's cache and zig's.
)md"},
    {.code = "TN0105",
     .slug = "usage/unreadable-input",
     .severity = Severity::error,
     .title = "A file cannot be read",
     .message = "{path}: {reason}",
     .doc = R"md(
## What happens
A file that the command needs does not exist, may not be read, or is not what it has to be.

## How to see it
The message holds the path and the operating system's reason.

## How to fix it
Correct the path or its permissions.
)md"},
    {.code = "TN0106",
     .slug = "usage/build-lock",
     .severity = Severity::error,
     .title = "Another build of the same kind is running",
     .message = "another tenon build holds {path}",
     .doc = R"md(
## What happens
Two builds of one project for one target share a staging folder. The second one waits for the
first; this message comes when the first did not end within the time limit.

## How to see it
`ps` shows the other `tenon build`.

## How to fix it
Wait for it, end it, or give this build a cache of its own: `TENON_CACHE=DIR tenon build ...`.
)md"},
    {.code = "TN0107",
     .slug = "usage/work-folder-not-writable",
     .severity = Severity::error,
     .title = "A working folder cannot be written",
     .message = "{path} cannot be written: {reason}",
     .fixes = {{{Fix::Safety::manual, "name another folder: {variable}=DIR"}}},
     .doc = R"md(
## What happens
tenon and go keep intermediate files in a cache and in a temporary folder. One of them is missing,
full or not writable, so the build did not begin. No output was touched.

## How to see it
The message holds the path and the operating system's reason.

## How to fix it
`TENON_CACHE=DIR` names another cache, `TMPDIR=DIR` another folder for temporary files, `GOCACHE=DIR`
another build cache of go. In containers with a read-only root, mount a writable folder for them.
)md"},
    {.code = "TN0170",
     .slug = "usage/tenon-bug",
     .severity = Severity::error,
     .title = "A defect in tenon",
     .message = "{message}",
     .doc = R"md(
## What happens
tenon found itself in a state that its authors held to be impossible. The exit code is 70.

## How to see it
The message names the place in the source.

## How to fix it
Please report it with the command line and the version.
)md"},
};

}  // namespace

extern const RuleTopic rules_usage;
const RuleTopic rules_usage{"usage", "TN01", table};

}  // namespace tenon
