// Topic "watch": what `tenon watch` says of a command that is silent. Codes TN11xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN1101",
     .slug = "watch/compiling",
     .severity = Severity::note,
     .title = "A large file or package is being compiled",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Nothing: wait. Go keeps the result, the next build takes it from the cache."}}},
     .doc = R"md(
## What happens
One compiler has been at work for longer than the limit of silence, and uses a processor. go prints
nothing while it compiles. The first build of a package with one large C file, such as the ten
megabytes of go-sqlite3, takes about a minute; so do large generated Go packages.

## How to see it
The verdict names the file or package, its size and the time on a processor. `top` shows the same.

## How to fix it
Wait. The result goes to Go's build cache (`go env GOCACHE`); the next build takes it from there. In
continuous integration keep that folder between runs.
)md"},
    {.code = "TN1102",
     .slug = "watch/zig-library",
     .severity = Severity::note,
     .title = "zig builds the C library of its target",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Nothing: wait. zig keeps the library, the next call takes it from its cache."}}},
     .doc = R"md(
## What happens
The first time that zig compiles for a target it builds that target's C library from source: about
a minute without output. `tenon build` does this in a step of its own, with a word.

## How to see it
The verdict names zig and its time on a processor; zig's cache folder grows (`zig env`).

## How to fix it
Wait. zig keeps the library in its global cache. Keep that folder between runs of a container.
)md"},
    {.code = "TN1103",
     .slug = "watch/linking",
     .severity = Severity::note,
     .title = "A program is being linked",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Nothing: wait."}}},
     .doc = R"md(
## What happens
The linker has been at work for longer than the limit of silence, and uses a processor. Programs with
large C++ libraries or much debug information take long, the more so when memory is scarce.

## How to see it
The verdict names the linker and its time on a processor.

## How to fix it
Wait. `-ldflags=-w` leaves out debug information; lld and mold link faster than the old linkers.
)md"},
    {.code = "TN1104",
     .slug = "watch/downloading",
     .severity = Severity::note,
     .title = "A download is under way",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Nothing: wait. If it never ends, look at the size of what is fetched."}}},
     .doc = R"md(
## What happens
go or git has a connection on which data arrives. go prints a line when a download begins and nothing
until its end.

## How to see it
The verdict names the address, and the last line of the command the module.

## How to fix it
Wait. A module proxy nearby (GOPROXY), or a kept module cache, saves the time.
)md"},
    {.code = "TN1105",
     .slug = "watch/no-answer",
     .severity = Severity::warning,
     .title = "The other end of a connection does not answer",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Check GOPROXY and the proxy settings, and whether the address can be reached "
                 "from here."}}},
     .doc = R"md(
## What happens
The command waits for a connection that is not accepted, or for an answer that does not come. A dead
module proxy, a firewall that drops packets and a wrong HTTPS_PROXY look like this: go itself gives up
only after minutes, or never.

## How to see it
The verdict names the address and the state of the socket. `go env GOPROXY` and the variables
HTTP_PROXY, HTTPS_PROXY and NO_PROXY tell who is asked. `ss -tpn` shows the same socket.

## How to fix it
Mend the setting or the network. `GOPROXY=direct` asks the repositories themselves, `GOFLAGS=-mod=vendor`
nobody. See `tenon explain not-toolchain/module-proxy-timeout`.
)md"},
    {.code = "TN1106",
     .slug = "watch/dns",
     .severity = Severity::warning,
     .title = "The name server does not answer",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Check the name servers in /etc/resolv.conf, and the network of the container."}}},
     .doc = R"md(
## What happens
The command asked a name server and gets no answer. Each server is asked several times with a pause of
seconds before go gives up.

## How to see it
The verdict names the server. `cat /etc/resolv.conf` lists them; `getent hosts proxy.golang.org` waits
as long.

## How to fix it
Name a server that can be reached. In a container: the network it was started with, or `--dns`. See
`tenon explain not-toolchain/container-dns`.
)md"},
    {.code = "TN1107",
     .slug = "watch/terminal",
     .severity = Severity::warning,
     .title = "A program waits for an answer on the terminal",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Answer it. To be never asked: GIT_TERMINAL_PROMPT=0 and credentials that git "
                 "finds by itself."}}},
     .doc = R"md(
## What happens
A program of the command reads from the terminal: git asks for a name or a password, ssh for a pass
phrase or whether it may trust a host. Its question may stand far above, or under a status line.

## How to see it
The verdict names the program and the terminal.

## How to fix it
Answer it. For private modules set GOPRIVATE and give git a credential helper or an ssh key;
`GIT_TERMINAL_PROMPT=0` makes git fail instead of asking. See `tenon explain not-toolchain/git-auth`.
)md"},
    {.code = "TN1108",
     .slug = "watch/lock",
     .severity = Severity::warning,
     .title = "Another process holds a lock",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Let the holder finish, or end it if it hangs."}}},
     .doc = R"md(
## What happens
The command waits for a lock on a file. go locks its module cache while it fetches (cache/lock, and one
file a module): a second go waits until the first has finished, without a word.

## How to see it
The verdict names the file and the holder; Linux lists them in /proc/locks.

## How to fix it
Let the holder finish, or end it if it hangs. Do not remove the file: the lock is not the file. On a
network file system the holder may be on another machine.
)md"},
    {.code = "TN1109",
     .slug = "watch/sleeps",
     .severity = Severity::warning,
     .title = "A compiler or tool does nothing",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Run the named tool by hand; look at what CC and CXX name."}}},
     .doc = R"md(
## What happens
The process that the others wait for uses no processor and waits for nothing but time: a wrapper script
around a compiler, a tool that waits for a server, a test that sleeps. cmd/go asks CC several questions
(`-###`, `-E`, `--version`) before it compiles, and has no limit for any of them.

## How to see it
The verdict names the process, and the compiler when go started one. `go env CC` may be asked; `go env`
alone runs the compiler and hangs with it.

## How to fix it
Run the named program by hand. Set CC to the compiler itself. A licence server, a compile server or a
cache that cannot be reached is the usual reason.
)md"},
    {.code = "TN1110",
     .slug = "watch/pipe-full",
     .severity = Severity::warning,
     .title = "Nobody reads a pipe that is full",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Read the output where the pipe ends, or send it to a file."}}},
     .doc = R"md(
## What happens
A process writes to a pipe that holds as much as it can, and waits until somebody reads. The reader has
stopped reading but keeps the pipe open, or only the writer itself still holds it.

## How to see it
The verdict names the writer and, when there is one, the reader.

## How to fix it
Look at the reader. A program that starts another with a pipe must read it to the end.
)md"},
    {.code = "TN1111",
     .slug = "watch/stopped",
     .severity = Severity::warning,
     .title = "A process is stopped",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Let it go on: kill -CONT and the number of the process."}}},
     .doc = R"md(
## What happens
A signal has stopped a process: Ctrl-Z, SIGSTOP, or SIGTTIN and SIGTTOU, which a program in the
background gets when it uses the terminal. A debugger holds processes in the same way.

## How to see it
The verdict names the process; `ps -o pid,stat,args` shows T, or t under a debugger.

## How to fix it
`kill -CONT NUMBER`, or `fg` in the shell that started it. If it stops again at once it wants the
terminal: run it in the foreground, or with `</dev/null`.
)md"},
    {.code = "TN1112",
     .slug = "watch/fifo",
     .severity = Severity::warning,
     .title = "A file that is opened is a FIFO",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Remove the FIFO, or let something open its other end."}}},
     .doc = R"md(
## What happens
Opening a FIFO waits until a second program opens the other end. A FIFO where a compiler looks for a
header or a source is nearly always left over or there by mistake.

## How to see it
The verdict names the file when its name could be read; `ls -l` shows a p before its permissions.

## How to fix it
Remove the FIFO, or let something open its other end.
)md"},
    {.code = "TN1113",
     .slug = "watch/memory",
     .severity = Severity::warning,
     .title = "There is too little memory",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Build with less at a time: go build -p 1; or give the machine more memory."}}},
     .doc = R"md(
## What happens
Tasks wait for memory for a large part of their time: pages are fetched from disk again and again, or
swapped. The build may still end, many times slower, or a process is killed. Several C++ compilers or
one linker with debug information can take gigabytes each.

## How to see it
The verdict quotes /proc/pressure/memory, what is available, and the limit of the control group.

## How to fix it
`go build -p 1` runs one compiler at a time; GOMEMLIMIT does not bind C compilers. Raise the limit of the
container, add swap. See `tenon explain resource/oom-compiler`.
)md"},
    {.code = "TN1114",
     .slug = "watch/dialog",
     .severity = Severity::warning,
     .title = "A window waits for an answer on the desktop",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Answer the window, or run: xcode-select --install"}}},
     .doc = R"md(
## What happens
Without Apple's command line tools /usr/bin/clang, git and make are stand-ins that open a window and ask
whether to install them. Whoever works in a terminal, or from another machine, does not see it.

## How to see it
The verdict names the program that shows the window. `xcode-select -p` fails.

## How to fix it
Answer the window, or run `xcode-select --install` and wait until it has finished.
)md"},
    {.code = "TN1115",
     .slug = "watch/input",
     .severity = Severity::warning,
     .title = "A program waits for input that does not come",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Give it input, or start it with </dev/null."}}},
     .doc = R"md(
## What happens
A process reads from a pipe, and no process of the command writes to it.

## How to see it
The verdict names the process, the pipe and who could write.

## How to fix it
Give it input, or start the command with `</dev/null`.
)md"},
    {.code = "TN1116",
     .slug = "watch/disk",
     .severity = Severity::warning,
     .title = "A process waits for a disk or a network file system",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Look at the disk, the mount or the server behind it."}}},
     .doc = R"md(
## What happens
A process waits for a device and cannot be interrupted: a slow or full disk, a network file system
whose server is gone, a file system that another program serves.

## How to see it
The verdict quotes the state D and the place in the kernel. `dmesg` tells of disks, `mount` of servers.

## How to fix it
Mend the mount. Keep GOCACHE and GOTMPDIR on a local disk.
)md"},
    {.code = "TN1117",
     .slug = "watch/busy",
     .severity = Severity::note,
     .title = "A program works and says nothing",
     .message = "{process} {reason}",
     .fixes =
         {{{Fix::Safety::manual,
            "Wait, or look at the named program: whether it ends cannot be told from outside."}}},
     .doc = R"md(
## What happens
A process uses a processor and prints nothing. Whether it gets on cannot be told from outside.

## How to see it
The verdict names the process and its time on a processor.

## How to fix it
Wait. A test that loops is found with `go test -timeout 1m`, which prints all goroutines.
)md"},
    {.code = "TN1118",
     .slug = "watch/unknown",
     .severity = Severity::note,
     .title = "The command does nothing, and the reason is not known",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual, "Look at the evidence in --report FILE."}}},
     .doc = R"md(
## What happens
No process of the command works, and what they wait for is none of the states that tenon knows or could
not be read.

## How to see it
`--report FILE` lists what was seen: each last process, its state and where it waits, and what could
not be read.

## How to fix it
On Linux the same user or root can read it; in a container, one that may trace processes. On a Mac the
system tells less: `sample NUMBER` shows where a process waits.
)md"},
    {.code = "TN1119",
     .slug = "watch/held-open",
     .severity = Severity::note,
     .title = "The command has ended, its output is still open",
     .message = "{process} {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "Wait for the named process, or press Ctrl-C: the exit code stays that of the "
                 "command."}}},
     .doc = R"md(
## What happens
The command started a process that outlives it and has inherited its output. As behind a pipe, tenon
waits for the end of the output so that nothing is lost.

## How to see it
The verdict names the process that holds the output.

## How to fix it
Start such servers with their output sent elsewhere. Ctrl-C ends the wait; the exit code is that of the
command.
)md"},
    {.code = "TN1120",
     .slug = "watch/not-read",
     .severity = Severity::warning,
     .title = "Nobody reads the output of tenon watch",
     .message = "{process} {reason}",
     .fixes =
         {{{Fix::Safety::manual,
            "Read on where the output goes to, or press Ctrl-Q if Ctrl-S stopped the terminal."}}},
     .doc = R"md(
## What happens
What the command prints could not be passed on for longer than the limit: a pager that waits for a key,
a program behind the pipe that does not read, a terminal that Ctrl-S has stopped. The command itself
will wait, too, as soon as its pipe is full.

## How to see it
Look at what stands behind the pipe.

## How to fix it
Let it read on. Ctrl-Q resumes a terminal.
)md"},
};

}  // namespace

extern const RuleTopic rules_watch;
const RuleTopic rules_watch{"watch", "TN11", table};

}  // namespace tenon
