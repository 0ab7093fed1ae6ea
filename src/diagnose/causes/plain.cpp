// Topic "plain": failures that have nothing to do with C, of Go code, modules, tests and other
// tools.
#include <algorithm>
#include <array>

#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

int disk_full(const Log& log, Proof& proof) {
  if (proof.take(log.find("no space left on device"))) return sure + 8;
  if (proof.take(log.find("No space left on device"))) return sure + 8;
  return proof.take(log.find("There is not enough space on the disk")) ||
                 proof.take(log.find("disk quota exceeded")) ||
                 proof.take(log.find("Disk quota exceeded")) || proof.take(log.find("NoSpaceLeft"))
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

// What the standard library got since Go 1.12.
bool of_newer_std(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>({"slices",
                                                          "maps",
                                                          "cmp",
                                                          "iter",
                                                          "log/slog",
                                                          "embed",
                                                          "io/fs",
                                                          "math/rand/v2",
                                                          "net/netip",
                                                          "unique",
                                                          "weak",
                                                          "structs",
                                                          "testing/fstest",
                                                          "testing/slogtest",
                                                          "testing/synctest",
                                                          "runtime/metrics",
                                                          "runtime/coverage",
                                                          "runtime/cgo",
                                                          "crypto/ecdh",
                                                          "crypto/hkdf",
                                                          "crypto/pbkdf2",
                                                          "crypto/sha3",
                                                          "crypto/mlkem",
                                                          "crypto/fips140",
                                                          "crypto/ed25519",
                                                          "encoding/json/v2",
                                                          "encoding/json/jsontext",
                                                          "go/version",
                                                          "go/build/constraint",
                                                          "hash/maphash",
                                                          "time/tzdata",
                                                          "os/signal",
                                                          "arena",
                                                          "simd",
                                                          "sync/v2",
                                                          "container/heap/v2",
                                                          "debug/buildinfo",
                                                          "go/doc/comment",
                                                          "errors/v2"});
  return std::ranges::find(names, name) != names.end() || name.starts_with("internal/") ||
         name.starts_with("crypto/internal/");
}

int go_old(const Log& log, Proof& proof) {
  if (const auto hit = log.find("requires go >= {version}");
      hit && !hit->text.contains("switching to"))
    return proof.take(hit), sure + 5;
  if (const auto hit = log.find("note: module requires Go {version}"))
    return proof.take(hit), sure + 3;
  // What every release has is missing for another reason than age.
  const bool old_names =
      log.any("package fmt is not", "package bytes is not", "package errors is not",
              "package os is not", "package net is not", "package runtime is not");
  if (const auto hit = log.find("package {name} is not in GOROOT");
      hit && !old_names && !log.has("runtime/cgo") && of_newer_std(hit->get("name")))
    return proof.take(hit), sure;
  if (const auto hit = log.find("package {name} is not in std");
      hit && !old_names && of_newer_std(hit->get("name")))
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
  if (proof.take(log.find("module lookup disabled by GOPROXY=off"))) return sure;
  if (!of_a_module(log)) return 0;
  for (const std::string_view pattern :
       {"proxyconnect tcp:", "i/o timeout", "connection refused", "TLS handshake timeout",
        "connection reset by peer", "context deadline exceeded", "connectex:", "EOF"}) {
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
  for (const auto& hit : log.all("permission denied")) {
    for (const std::string_view folder :
         {".cache/go-build", "go-build", "GOCACHE", "pkg/mod/cache"}) {
      if (hit.text.contains(folder)) return proof.take(hit), sure;
    }
  }
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
  // Types that came from C, used wrongly: cgo and the C compiler have done their part.
  if (const auto hit = log.find(": cannot use {value} as {type} in ");
      hit && !speaks_of_c(log) &&
      (hit->text.contains("_Ctype_") || hit->text.contains("*C.") ||
       hit->text.contains("(type C."))) {
    proof.captures.emplace_back("said", hit->text);
    return proof.take(hit), likely;
  }
  // Where C itself is the matter, the words are of C; what else a log names, an installed gcc or a
  // stage of an image, says nothing.
  if (log.any("_Cfunc", "import \"C\"", "build constraints", "redeclared") ||
      log.event(EventKind::go_name_undefined,
                [](const LogEvent& one) { return one.get("name").starts_with("C."); }) != nullptr)
    return 0;
  if (speaks_of_c(log)) return 0;
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
      proof.captures.emplace_back("said", hit->text);
      const bool undefined = pattern.contains("undefined: ");
      if (undefined && (names_cgo_package(log) || lacks_many_names(log)))
        return proof.take(hit), weak;
      return proof.take(hit), undefined ? possible + 6 : likely + 10;
    }
  }
  // In other words: a position in a Go file, and nobody but Go's compiler and vet speaks.
  const auto* other = log.event(EventKind::go_error);
  if (other == nullptr || speaks_of_c(log) || other->text.contains("cgo") ||
      other->text.contains("missing function body"))
    return 0;
  proof.captures.emplace_back("said", other->text);
  return proof.take(other), possible + 10;
}

// Programs of a build that are neither compilers nor pkg-config.
const LogEvent* other_program_missing(const Log& log) {
  return log.event(EventKind::program_missing, [](const LogEvent& one) {
    const std::string_view program = one.get("program");
    constexpr std::array<std::string_view, 16> names{
        "go",   "git", "hg",      "docker", "protoc", "make",   "node",          "npm",
        "yarn", "jq",  "kubectl", "helm",   "curl",   "python", "golangci-lint", "bash"};
    return std::ranges::find(names, program) != names.end() || program.starts_with("protoc-gen");
  });
}

// Words of tools that have nothing to do with a C toolchain, in the shapes that only they print.
int other_tool(const Log& log, Proof& proof) {
  constexpr auto patterns = std::to_array<std::string_view>(
      {"npm ERR! {text}", "npm error {text}", "yarn run v", "error Command failed with exit code",
       "toomanyrequests:", "429 Too Many Requests", "pull access denied for", "manifest unknown",
       "failed to solve: failed to fetch", "Run golangci-lint", "(errcheck)", "(staticcheck)",
       "(govet)", "(revive)", "(gosec)", "(unused)", "(gofmt)", "arg {name} for printf verb",
       "format {verb} reads arg #", "possible formatting directive in",
       "struct field tag {tag} not compatible", "result of {call} call not used",
       "Traceback (most recent call last)", "CONFLICT (content): Merge conflict",
       "Automatic merge failed", "yaml: line {n}:", "error converting YAML to JSON",
       "did not find expected key", "could not find expected ':'",
       "invalid character '{c}' looking for", "pq: password authentication failed", "ECONNREFUSED",
       "connect: connection refused", "Access denied for user", "unexpected status code 5",
       "502 Bad Gateway", "503 Service Unavailable", "HTTP 404", "404 Not Found",
       "500 Internal Server Error", "address already in use", "open {file}: permission denied",
       "Unable to find image", "Error response from daemon", "terraform", "helm upgrade", "kubectl",
       "eslint", "error: failed to push some refs", "remote: Repository not found",
       "hint: Updates were rejected", "The runner has received a shutdown signal",
       "The operation was canceled",
       // of modules and packages
       "go.mod file not found", "cannot find main module", "does not contain main module",
       "unknown revision", "module declares its path as", "ambiguous import: found package",
       "inconsistent vendoring", "go: {module}: unexpected EOF", "no Go files in",
       "found packages {one} ({file}) and", "go run: cannot run", "matched no packages",
       "certificate signed by unknown authority",
       // of programs that run
       "all goroutines are asleep", "fatal error: concurrent map", "goroutine stack exceeds",
       "WARNING: DATA RACE", "flag provided but not defined", "sql: {text}", "too many open files",
       "open {file}: no such file or directory",
       // of other tools
       "denied: requested access to the resource", "UPGRADE FAILED", "No rule to make target",
       "Cannot find module '", "error[E{number}]: ", "gofmt ", "is not a git command",
       "program not found or is not executable"});
  if (const auto* missing = other_program_missing(log)) return proof.take(missing), possible;
  for (const std::string_view pattern : patterns) {
    const auto hit = log.find(pattern);
    // DNS servers and name lookups refuse connections, too.
    if (!hit || hit->text.contains("lookup ") || hit->text.contains(":53")) continue;
    return proof.take(hit), speaks_of_c(log) ? possible - 13 : possible - 5;
  }
  return 0;
}

constexpr Matcher table[] = {
    {Code::not_toolchain_compile_error, compile_error},
    {Code::not_toolchain_module_checksum, checksum},
    {Code::not_toolchain_go_sum_missing, sum_missing},
    {Code::not_toolchain_go_version_too_old, go_old},
    {Code::not_toolchain_module_proxy_timeout, proxy},
    {Code::not_toolchain_git_auth, git_auth},
    {Code::not_toolchain_container_dns, container_dns},
    {Code::not_toolchain_disk_full, disk_full},
    {Code::not_toolchain_build_cache_permission, cache_permission},
    {Code::not_toolchain_unit_test_failure, test_failure},
    {Code::not_toolchain_nil_pointer_panic, nil_panic},
    {Code::not_toolchain_antivirus, antivirus},
    {Code::not_toolchain_other_tool, other_tool},
};

}  // namespace

extern const Matchers matchers_plain;
const Matchers matchers_plain{table};

}  // namespace tenon
