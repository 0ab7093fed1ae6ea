// Topic "other": names of hosts, memory and threads, and what is no failure of C at all.
#include "rules/causes/know.h"

namespace tenon {
namespace {

using namespace causes;

bool of_a_module(const Log& log) {
  return log.any("proxy.golang.org", "sum.golang.org", "go: downloading", "go mod", "go get",
                 "goproxy", "/@v/list", "/@v/v", "go install");
}

// "printer.local": one name before it. Longer ones are those of clusters and companies.
bool multicast(std::string_view host) {
  return host.ends_with(".local") && std::ranges::count(host, '.') == 1;
}

int split_dns(const Log& log, Proof& proof) {
  const auto hit = log.find("lookup {host}: no such host");
  auto on = log.find("lookup {host} on {server}:53: ");
  if (of_a_module(log)) return 0;
  if (on && !on->text.contains("[::1]:53")) {
    if (multicast(on->get("host"))) return 0;
    if (on->text.contains("cannot unmarshal")) return 0;
    if (on->text.contains("i/o timeout")) return proof.take(on), possible - 5;
    return proof.take(on), log.linux_os && !log.darwin ? possible : likely;
  }
  return hit ? (proof.take(hit), possible + 5) : 0;
}

int mdns(const Log& log, Proof& proof) {
  for (const std::string_view pattern : {"lookup {host} on ", "lookup {host}: "}) {
    for (const auto& hit : log.all(pattern)) {
      if (multicast(hit.get("host"))) return proof.take(hit), sure + 2;
    }
  }
  return 0;
}

int android_resolv(const Log& log, Proof& proof) {
  const auto hit = log.find("on [::1]:53: ");
  if (!hit) return 0;
  return proof.take(hit), log.android ? sure + 2 : likely;
}

int resolv_late(const Log& log, Proof& proof) {
  auto hit = log.find("on [::1]:53: ");
  if (!hit) hit = log.find("on 127.0.0.1:53: ");
  if (!hit || log.android) return 0;
  return proof.take(hit), log.any("systemd", "boot", "daemon", "service", "level=", "kubelet",
                                  "startup", "agent", "[error]", "linux")
                              ? likely + 6
                              : possible + 10;
}

int rejected_answer(const Log& log, Proof& proof) {
  if (proof.take(log.find("cannot unmarshal DNS message"))) return sure + 2;
  return proof.take(log.find("server misbehaving")) && log.has("dnsmessage") ? likely : 0;
}

int nsswitch(const Log& log, Proof& proof) {
  if (const auto hit = log.find("nsswitch.conf")) return proof.take(hit), sure;
  // /etc/hosts has this name everywhere; a server is asked for it only when the file is not.
  if (const auto hit = log.find("lookup localhost on {server}:53:"))
    return proof.take(hit), likely + 6;
  if (!log.any("/etc/hosts", "extra_hosts", "hosts file", "--add-host")) return 0;
  const auto* lookup = log.event(EventKind::lookup_failed);
  if (lookup != nullptr) return proof.take(lookup), log.alpine ? likely : likely - 8;
  const auto dial = log.find("dial tcp {address}: ");
  return dial ? (proof.take(dial), possible + 10) : 0;
}

int oom_compiler(const Log& log, Proof& proof) {
  if (const auto hit = log.find("compile: signal: killed")) return proof.take(hit), sure;
  if (const auto hit = log.find("fatal error: Killed signal terminated program"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("internal compiler error: Killed")) return proof.take(hit), sure;
  if (const auto hit = log.find("/compile: signal: killed")) return proof.take(hit), sure;
  if (log.has("/link: ") || log.has("running gcc failed") || log.has("running clang failed"))
    return 0;
  if (const auto hit = log.find(": signal: killed");
      hit && log.any("go build", "# ", "go install", "cgo"))
    return proof.take(hit), likely + 5;
  if (const auto hit = log.find("cc1: out of memory")) return proof.take(hit), sure;
  if (const auto hit = log.find("virtual memory exhausted")) return proof.take(hit), sure;
  return 0;
}

int oom_linker(const Log& log, Proof& proof) {
  if (const auto hit = log.find("/link: signal: killed")) return proof.take(hit), sure + 2;
  // The linkers of Go before 1.5 had a name for each processor.
  for (const std::string_view old : {"/5l: signal: killed", "/6l: signal: killed",
                                     "/7l: signal: killed", "/8l: signal: killed"}) {
    if (const auto hit = log.find(old)) return proof.take(hit), sure + 2;
  }
  if (const auto hit = log.find("/link: running {cc} failed: {why}cannot allocate memory"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("cannot allocate memory");
      hit && log.any("link", "gcc failed", "fork/exec"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("collect2: fatal error: ld terminated with signal 9"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("ld terminated with signal 9")) return proof.take(hit), sure;
  if (const auto hit = log.find("signal: killed");
      hit && log.any("link:", "running gcc", "running clang"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("runtime: out of memory"); hit && log.any("link", "go build"))
    return proof.take(hit), likely;
  if (const auto hit = log.find("ld: final link failed: Memory exhausted"))
    return proof.take(hit), sure;
  return 0;
}

int threads(const Log& log, Proof& proof) {
  if (proof.take(log.find("pthread_create failed: Resource temporarily unavailable")))
    return sure + 2;
  if (const auto hit = log.find("newosproc"); hit && log.any("errno=11", "Resource temporarily"))
    return proof.take(hit), sure;
  if (proof.take(log.find("runtime: failed to create new OS thread"))) return sure - 2;
  return proof.take(log.find("fork: Resource temporarily unavailable")) ||
                 proof.take(log.find("fork: retry: Resource temporarily"))
             ? likely
             : 0;
}

int old_docker(const Log& log, Proof& proof) {
  const auto hit = log.find("pthread_create failed: Operation not permitted");
  if (!hit) return 0;
  return proof.take(hit),
         log.any("seccomp filter", "gdb", "landlock", "seccomp-bpf") ? possible : sure;
}

int own_seccomp(const Log& log, Proof& proof) {
  if (const auto killed = log.find("SIGSYS: bad system call"))
    return proof.take(killed), log.any("clone3", "seccomp", "SystemCallFilter") ? sure : likely;
  if (const auto killed = log.find("status=31/SYS")) return proof.take(killed), likely + 8;
  auto hit = log.find("pthread_create failed: {why}");
  const bool crashed = log.any("SIGABRT", "fatalf", "SIGSEGV", "signal arrived");
  if (!hit && crashed) hit = log.find("_cgo_sys_thread_start");
  if (!hit || hit->get("why").contains("Resource temporarily")) return 0;
  if (log.has("_cgo_sys_thread_start") && crashed)
    return proof.take(hit), log.has("Operation not permitted") ? likely : sure;
  return proof.take(hit), log.has("seccomp") ? sure + 2 : weak;
}

// --- not of the C toolchain

int disk_full(const Log& log, Proof& proof) {
  if (proof.take(log.find("no space left on device"))) return sure + 8;
  if (proof.take(log.find("No space left on device"))) return sure + 8;
  return proof.take(log.find("There is not enough space on the disk")) ||
                 proof.take(log.find("disk quota exceeded"))
             ? sure + 8
             : 0;
}

int checksum(const Log& log, Proof& proof) {
  if (proof.take(log.find("checksum mismatch"))) return sure + 5;
  return proof.take(log.find("SECURITY ERROR")) ? sure + 5 : 0;
}

int sum_missing(const Log& log, Proof& proof) {
  if (proof.take(log.find("missing go.sum entry"))) return sure + 5;
  if (proof.take(log.find("updates to go.mod needed")) ||
      proof.take(log.find("updates to go.sum needed")))
    return sure;
  return proof.take(log.find("no required module provides package")) ||
                 proof.take(log.find("cannot find module providing package"))
             ? likely + 10
             : 0;
}

int go_old(const Log& log, Proof& proof) {
  if (const auto hit = log.find("requires go >= {version}")) return proof.take(hit), sure + 5;
  if (const auto hit = log.find("note: module requires Go {version}"))
    return proof.take(hit), sure + 3;
  // What every release has is missing for another reason than age.
  const bool old_names =
      log.any("package fmt is not", "package bytes is not", "package errors is not",
              "package os is not", "package net is not", "package runtime is not");
  if (const auto hit = log.find("package {name} is not in GOROOT");
      hit && !old_names && !log.has("runtime/cgo"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("package {name} is not in std"); hit && !old_names)
    return proof.take(hit), sure - 2;
  if (const auto hit = log.find("invalid go version '{version}'")) return proof.take(hit), sure + 5;
  if (const auto hit = log.find("unknown directive: toolchain")) return proof.take(hit), sure + 5;
  if (const auto hit = log.find("cannot use generic")) return proof.take(hit), likely;
  if (const auto hit = log.find("undefined: any")) return proof.take(hit), sure;
  if (const auto hit = log.find("type parameters require go1.18")) return proof.take(hit), sure + 5;
  if (const auto hit = log.find("cannot find package \"embed\"")) return proof.take(hit), sure;
  return 0;
}

int proxy(const Log& log, Proof& proof) {
  if (!of_a_module(log)) return 0;
  for (const std::string_view pattern :
       {"i/o timeout", "connection refused", "TLS handshake timeout", "connection reset by peer",
        "context deadline exceeded", "connectex:", "EOF"}) {
    if (const auto hit = log.find(pattern);
        hit && hit->text.contains("dial tcp: lookup") && hit->text.contains(":53"))
      return 0;
    if (const auto hit = log.find(pattern);
        hit && (hit->text.contains("http") || hit->text.contains("dial")))
      return proof.take(hit), sure + 3;
  }
  return proof.take(log.find("410 Gone")) ||
                 proof.take(log.find("reading https://proxy.golang.org"))
             ? likely
             : 0;
}

int git_auth(const Log& log, Proof& proof) {
  for (const std::string_view pattern :
       {"could not read Username", "terminal prompts disabled", "Permission denied (publickey",
        "Authentication failed for", "Repository not found", "remote: Not Found",
        "Host key verification failed", "could not read Password"}) {
    if (proof.take(log.find(pattern))) return sure + 5;
  }
  return 0;
}

int container_dns(const Log& log, Proof& proof) {
  if (!of_a_module(log)) return 0;
  if (const auto hit = log.find("lookup {host} on {server}: ")) return proof.take(hit), sure + 5;
  if (const auto hit = log.find("lookup {host}: ")) return proof.take(hit), sure;
  return 0;
}

int cache_permission(const Log& log, Proof& proof) {
  if (const auto hit = log.find("failed to initialize build cache at {path}"))
    return proof.take(hit), sure + 5;
  if (const auto hit = log.find("build cache is required"); hit) return proof.take(hit), sure + 3;
  if (const auto hit = log.find("permission denied");
      hit && log.any(".cache/go-build", "go-build", "GOCACHE", "pkg/mod/cache"))
    return proof.take(hit), sure;
  return proof.take(log.find("GOCACHE is not defined")) ? sure : 0;
}

int test_failure(const Log& log, Proof& proof) {
  if (log.any("[build failed]", "# runtime/cgo", "linker command failed", "_Cfunc",
              "signal arrived during cgo"))
    return 0;
  if (proof.take(log.find("--- FAIL: {name}"))) return likely + 12;
  if (proof.take(log.find("panic: test timed out after"))) return likely + 12;
  return proof.take(log.find("FAIL: Test")) ? likely : 0;
}

int nil_panic(const Log& log, Proof& proof) {
  if (log.any("_Cfunc_", "signal arrived during cgo execution", "_cgo_", "getaddrinfo")) return 0;
  if (proof.take(log.find("nil pointer dereference"))) return sure;
  if (proof.take(log.find("index out of range"))) return likely + 10;
  return proof.take(log.find("assignment to entry in nil map")) ? likely + 10 : 0;
}

int antivirus(const Log& log, Proof& proof) {
  if (proof.take(log.find("contains a virus"))) return sure + 5;
  if (proof.take(log.find("is not compatible with the version of Windows"))) return likely + 5;
  return proof.take(log.find("Access is denied")) && log.windows && log.any("go-build", ".exe")
             ? likely
             : 0;
}

int compile_error(const Log& log, Proof& proof) {
  if (log.any("C.", "_Cfunc", "import \"C\"", "build constraints", "cgo:", "ld:", "/bin/ld", "gcc",
              "clang", "redeclared", "pkg-config"))
    return 0;
  for (const std::string_view pattern :
       {".go:{line}:{column}: cannot use ", ".go:{line}:{column}: undefined: ",
        ".go:{line}:{column}: not enough arguments", ".go:{line}:{column}: too many arguments",
        ".go:{line}:{column}: syntax error", ".go:{line}:{column}: imported and not used",
        ".go:{line}:{column}: {name} declared and not used", ".go:{line}:{column}: missing return",
        ".go:{line}:{column}: {name} undefined (type",
        ".go:{line}:{column}: \"{name}\" imported and not used",
        ".go:{line}:{column}: assignment mismatch", ".go:{line}:{column}: invalid operation",
        "does not implement", ".go:{line}:{column}: expected ",
        ".go:{line}:{column}: unknown field", ".go:{line}:{column}: {name} redeclared",
        "import cycle not allowed", ".go:{line}: undefined: "}) {
    if (const auto hit = log.find(pattern)) {
      const bool undefined = pattern.contains("undefined: ");
      if (undefined && names_cgo_package(log)) return proof.take(hit), weak;
      return proof.take(hit), undefined ? possible + 6 : likely + 10;
    }
  }
  return 0;
}

// Words of tools that have nothing to do with a C toolchain, in the shapes that only they print.
int other_tool(const Log& log, Proof& proof) {
  constexpr auto patterns =
      std::to_array<std::string_view>({"npm ERR! {text}",
                                       "npm error {text}",
                                       "yarn run v",
                                       "error Command failed with exit code",
                                       "toomanyrequests:",
                                       "429 Too Many Requests",
                                       "pull access denied for",
                                       "manifest unknown",
                                       "failed to solve: failed to fetch",
                                       "Run golangci-lint",
                                       "(errcheck)",
                                       "(staticcheck)",
                                       "(govet)",
                                       "(revive)",
                                       "(gosec)",
                                       "(unused)",
                                       "(gofmt)",
                                       "arg {name} for printf verb",
                                       "format {verb} reads arg #",
                                       "possible formatting directive in",
                                       "struct field tag {tag} not compatible",
                                       "result of {call} call not used",
                                       "Traceback (most recent call last)",
                                       "CONFLICT (content): Merge conflict",
                                       "Automatic merge failed",
                                       "yaml: line {n}:",
                                       "error converting YAML to JSON",
                                       "did not find expected key",
                                       "could not find expected ':'",
                                       "invalid character '{c}' looking for",
                                       "pq: password authentication failed",
                                       "ECONNREFUSED",
                                       "connect: connection refused",
                                       "Access denied for user",
                                       "unexpected status code 5",
                                       "502 Bad Gateway",
                                       "503 Service Unavailable",
                                       "HTTP 404",
                                       "404 Not Found",
                                       "500 Internal Server Error",
                                       "address already in use",
                                       "open {file}: permission denied",
                                       "Unable to find image",
                                       "Error response from daemon",
                                       "terraform",
                                       "helm upgrade",
                                       "kubectl",
                                       "eslint",
                                       "error: failed to push some refs",
                                       "remote: Repository not found",
                                       "hint: Updates were rejected",
                                       "The runner has received a shutdown signal",
                                       "The operation was canceled"});
  for (const std::string_view pattern : patterns) {
    const auto hit = log.find(pattern);
    // DNS servers and name lookups refuse connections, too.
    if (!hit || hit->text.contains("lookup ") || hit->text.contains(":53")) continue;
    return proof.take(hit), possible - 13;
  }
  return 0;
}

constexpr std::string_view nothing =
    "No C is in it: this is not a failure of cgo or of a toolchain.";

constexpr Cause table[] = {
    {.code = "TN2601",
     .slug = "dns/darwin-nocgo-split-dns",
     .title = "A name behind a VPN, asked of the wrong server",
     .happens = "A macOS program without cgo, built before Go 1.20, asks the first server of "
                "resolv.conf and ignores scoped resolvers.",
     .tell = "`ping {host}` works, the program does not; `tenon inspect PROGRAM` names its Go.",
     .fix = "Build with Go 1.20 or newer, or with cgo.",
     .prevent = "Update Go.",
     .commands = {"scutil --dns", "dscacheutil -q host -a name {host}"},
     .match = split_dns},
    {.code = "TN2602",
     .slug = "dns/mdns-needs-nss",
     .title = ".local names need the system's resolver",
     .happens = "Go's resolver asks name servers; .local is answered by multicast.",
     .tell = "`getent hosts {host}.local` works.",
     .fix = "Build with cgo where nss-mdns is installed.",
     .prevent = "Use names that servers know.",
     .commands = {"env GODEBUG=netdns=cgo PROGRAM"},
     .match = mdns},
    {.code = "TN2603",
     .slug = "dns/no-resolv-conf-android",
     .title = "Android has no resolv.conf",
     .happens = "Go's resolver finds no server and asks this machine.",
     .tell = "[::1]:53 refuses.",
     .fix = "Build for android with cgo, or set a server in the program.",
     .prevent = "GOOS=android.",
     .commands = {"env GOOS=android CGO_ENABLED=1 go build"},
     .rivals = {"dns/resolv-conf-not-yet-written"},
     .match = android_resolv},
    {.code = "TN2604",
     .slug = "dns/resolv-conf-not-yet-written",
     .title = "resolv.conf was not there yet",
     .happens =
         "The program read resolv.conf before the network wrote it, and asks this machine since.",
     .tell = "It works after a restart.",
     .fix = "Start it after the network.",
     .prevent = "After=network-online.target.",
     .commands = {"env GODEBUG=netdns=cgo PROGRAM"},
     .rivals = {"dns/no-resolv-conf-android"},
     .match = resolv_late},
    {.code = "TN2605",
     .slug = "dns/server-response-rejected-by-go-resolver",
     .title = "An answer that Go's resolver refuses",
     .happens = "The name server's answer is not as the standard has it.",
     .tell = "cannot unmarshal DNS message.",
     .fix = "Update Go, or use the system's resolver.",
     .prevent = "Update the router.",
     .commands = {"env GODEBUG=netdns=cgo PROGRAM"},
     .match = rejected_answer},
    {.code = "TN2606",
     .slug = "dns/nsswitch-missing-hosts-ignored",
     .title = "Without nsswitch.conf /etc/hosts is ignored",
     .happens = "Before Go 1.16 a system without nsswitch.conf was taken to ask DNS first.",
     .tell = "`ls /etc/nsswitch.conf`.",
     .fix = "Write one, or update Go.",
     .prevent = "Put it into the image.",
     .match = nsswitch},
    {.code = "TN2607",
     .slug = "resource/oom-compiler",
     .title = "The compiler was killed for lack of memory",
     .happens = "The kernel ended the compiler: the machine or container has too little memory.",
     .tell = "`dmesg` names it.",
     .fix = "Give more memory, or compile less at once.",
     .prevent = "go build -p 1 on small machines.",
     .commands = {"go build -p 1"},
     .rivals = {"resource/oom-linker"},
     .match = oom_compiler},
    {.code = "TN2608",
     .slug = "resource/oom-linker",
     .title = "The linker was killed for lack of memory",
     .happens = "Linking takes the most memory of a build.",
     .tell = "`dmesg` names it.",
     .fix = "Give more memory or swap.",
     .prevent = "-ldflags=-s -w needs less.",
     .commands = {"go build -p 1 -ldflags=-w"},
     .match = oom_linker},
    {.code = "TN2609",
     .slug = "resource/thread-limit",
     .title = "No more threads are allowed",
     .happens = "A limit of processes or threads is reached.",
     .tell = "`ulimit -u`, pids.max of the container.",
     .fix = "Raise it.",
     .prevent = "Set limits for the sum of all threads.",
     .commands = {"ulimit -u"},
     .match = threads},
    {.code = "TN2610",
     .slug = "container/old-docker-seccomp-clone3",
     .title = "An old Docker blocks clone3",
     .happens = "New glibc starts threads by clone3, which the filter of an old Docker forbids "
                "with the wrong error.",
     .tell = "`docker version`: older than 20.10.10.",
     .fix = "Update Docker, or use an older base image.",
     .prevent = "Update Docker.",
     .commands = {"docker version"},
     .rivals = {"container/own-seccomp-filter-blocks-clone3"},
     .match = old_docker},
    {.code = "TN2611",
     .slug = "container/own-seccomp-filter-blocks-clone3",
     .title = "The program's own filter blocks clone3",
     .happens = "A seccomp filter that the program loads forbids clone3.",
     .tell = "It aborts at the first thread after the filter.",
     .fix = "Allow clone3, or answer ENOSYS.",
     .prevent = "Test filters with new glibc.",
     .rivals = {"container/old-docker-seccomp-clone3"},
     .match = own_seccomp},
    {.code = "TN2701",
     .slug = "not-toolchain/compile-error",
     .title = "A plain error in Go code",
     .happens = nothing,
     .tell = "The line names a Go file and a type error.",
     .fix = "Correct the code.",
     .prevent = "go vet ./...",
     .match = compile_error},
    {.code = "TN2702",
     .slug = "not-toolchain/module-checksum",
     .title = "A module differs from its checksum",
     .happens = nothing,
     .tell = "checksum mismatch.",
     .fix = "Find out why before you go on: the module was changed after its release.",
     .prevent = "Use a proxy that keeps releases.",
     .commands = {"go clean -modcache"},
     .match = checksum},
    {.code = "TN2703",
     .slug = "not-toolchain/go-sum-missing",
     .title = "go.sum is incomplete",
     .happens = nothing,
     .tell = "missing go.sum entry.",
     .fix = "Let go complete it.",
     .prevent = "Commit go.sum.",
     .commands = {"go mod tidy"},
     .match = sum_missing},
    {.code = "TN2704",
     .slug = "not-toolchain/go-version-too-old",
     .title = "The code needs a newer Go",
     .happens = nothing,
     .tell = "It names a release, or a package of one.",
     .fix = "Update Go.",
     .prevent = "Pin Go by the go line of go.mod.",
     .commands = {"go version"},
     .match = go_old},
    {.code = "TN2705",
     .slug = "not-toolchain/module-proxy-timeout",
     .title = "The module proxy was not reached",
     .happens = nothing,
     .tell = "A time limit or refusal of a proxy.",
     .fix = "Check the network, or name another proxy.",
     .prevent = "Keep a proxy of your own.",
     .commands = {"go env GOPROXY"},
     .match = proxy},
    {.code = "TN2706",
     .slug = "not-toolchain/git-auth",
     .title = "git may not read the repository",
     .happens = nothing,
     .tell = "git asks for a name or key.",
     .fix = "Give credentials, and set GOPRIVATE.",
     .prevent = "Configure them in CI.",
     .commands = {"go env -w GOPRIVATE=example.com/private"},
     .match = git_auth},
    {.code = "TN2707",
     .slug = "not-toolchain/container-dns",
     .title = "The container's name server does not answer",
     .happens = nothing,
     .tell = "A lookup fails while modules are fetched.",
     .fix = "Give the container a server that works.",
     .prevent = "Set dns in the daemon's configuration.",
     .match = container_dns},
    {.code = "TN2708",
     .slug = "not-toolchain/disk-full",
     .title = "The disk is full",
     .happens = "Whatever was written last fails; the message of the linker hides it.",
     .tell = "`df -h`.",
     .fix = "Make room.",
     .prevent = "Limit Go's cache.",
     .commands = {"go clean -cache", "df -h"},
     .match = disk_full},
    {.code = "TN2709",
     .slug = "not-toolchain/build-cache-permission",
     .title = "Go's cache cannot be written",
     .happens = nothing,
     .tell = "`go env GOCACHE` is another user's.",
     .fix = "Name a folder of your own.",
     .prevent = "Do not run go with sudo.",
     .commands = {"env GOCACHE=/tmp/go-cache go build"},
     .match = cache_permission},
    {.code = "TN2710",
     .slug = "not-toolchain/unit-test-failure",
     .title = "A test fails",
     .happens = nothing,
     .tell = "--- FAIL.",
     .fix = "Look at the test.",
     .prevent = "Nothing.",
     .match = test_failure},
    {.code = "TN2711",
     .slug = "not-toolchain/nil-pointer-panic",
     .title = "The program has a defect",
     .happens = nothing,
     .tell = "Only Go frames in the trace.",
     .fix = "Correct the code.",
     .prevent = "Nothing.",
     .match = nil_panic},
    {.code = "TN2712",
     .slug = "not-toolchain/antivirus",
     .title = "An antivirus program interferes",
     .happens = nothing,
     .tell = "A fresh .exe cannot be started.",
     .fix = "Exclude Go's folders.",
     .prevent = "Sign releases.",
     .match = antivirus},
    {.code = "TN2713",
     .slug = "not-toolchain/other-tool",
     .title = "Another tool failed",
     .happens =
         "The words are those of a registry, a linter, a server or a tool of another language.",
     .tell = "No compiler, linker or loader speaks.",
     .fix = "Look at that tool's own message.",
     .prevent = "Let steps of a pipeline fail apart from each other.",
     .match = other_tool},
};

}  // namespace

extern const CauseTopic causes_other;
const CauseTopic causes_other{"other", table};

}  // namespace tenon
