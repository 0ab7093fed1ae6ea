#include "diagnose/failures/severity.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/text.h"
#include "diagnose/events/events.h"
#include "diagnose/log_event.h"

namespace tenon {
namespace {

// What says that something above failed, and nothing else.
constexpr auto relays = std::to_array<std::string_view>({"exit status ",
                                                         "exit code: ",
                                                         "exit code ",
                                                         "exited with ",
                                                         "returned a non-zero code",
                                                         "returned non-zero exit",
                                                         "returned error code",
                                                         "linker command failed",
                                                         "make: *** [",
                                                         "*** [",
                                                         "build failed",
                                                         "Build failed",
                                                         "BUILD FAILED",
                                                         "command failed",
                                                         "Command failed",
                                                         "did not complete successfully",
                                                         "npm ERR!",
                                                         "ELIFECYCLE",
                                                         "ninja: build stopped",
                                                         "Error: Process completed",
                                                         "Cleaning up project directory",
                                                         "compilation failed",
                                                         "compilation terminated",
                                                         "too many errors",
                                                         "errors generated",
                                                         "error generated",
                                                         "reached unexpected error",
                                                         "ld returned",
                                                         "Job failed"});

// Words of an error wherever they stand in a line.
constexpr auto errors =
    std::to_array<std::string_view>({"error: ",
                                     "Error: ",
                                     "ERROR: ",
                                     "error:\t",
                                     "ERROR ",
                                     "fatal: ",
                                     "FATAL: ",
                                     "Fatal error",
                                     "fatal error",
                                     "FATAL ",
                                     "panic: ",
                                     "CANNOT LINK EXECUTABLE",
                                     "did not produce error at completed:",
                                     "undefined reference to",
                                     "undefined symbol: ",
                                     "Undefined symbols for",
                                     "multiple definition of",
                                     "duplicate symbol",
                                     "Assertion failed",
                                     "assertion failed",
                                     "Assertion `",
                                     "Segmentation fault",
                                     "segmentation fault",
                                     "SIGSEGV",
                                     "SIGILL",
                                     "SIGABRT",
                                     "SIGBUS",
                                     "SIGKILL",
                                     "SIGTRAP",
                                     "Illegal instruction",
                                     "illegal instruction",
                                     "Bus error",
                                     "core dumped",
                                     "Killed: 9",
                                     "command not found",
                                     "No such file or directory",
                                     "no such file or directory",
                                     "Permission denied",
                                     "permission denied",
                                     "Operation not permitted",
                                     "operation not permitted",
                                     "cannot execute binary file",
                                     "exec format error",
                                     "Exec format error",
                                     "--- FAIL: ",
                                     "error[E",
                                     "\xe9\x94\x99\xe8\xaf\xaf",
                                     "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc",
                                     "Fehler: ",
                                     "erreur",
                                     "\xd0\xbe\xd1\x88\xd0\xb8\xd0\xb1\xd0\xba\xd0\xb0"});

// Words of an error behind the name of a program: elsewhere prose has them too.
constexpr auto refusals = std::to_array<std::string_view>(
    {"cannot ",       "can't ",        "could not ",
     "couldn't ",     "unable to ",    "failed to ",
     "Failed to ",    "failed: ",      " failed",
     "invalid ",      "Invalid ",      "unsupported",
     "unknown ",      "unrecognized ", "not found",
     "not allowed",   "not supported", "missing ",
     "no matching ",  "does not ",     "is not ",
     "not permitted", "refused",       "too old",
     "too new",       "mismatch",      "incompatible",
     "inconsistent ", "unexpected ",   "requires ",
     "malformed",     "ambiguous ",    "was built with a different version",
     "timeout",       "timed out",     "no required module",
     "undefined",     "redeclared",    "no space left",
     "overflow"});

bool holds_any(std::string_view line, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return line.contains(word); });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "x.go:12:3: ": the position that a compiler puts before its words.
bool has_position(std::string_view line) {
  for (std::size_t at = line.find(':'); at != line.npos; at = line.find(':', at + 1)) {
    std::size_t end = at + 1;
    while (end < line.size() && is_digit(line[end])) ++end;
    if (end == at + 1 || end >= line.size() || line[end] != ':') continue;
    const std::string_view file = line.substr(0, at);
    return file.contains('.') && !file.contains("://") && !file.contains(' ');
  }
  return false;
}

// Go's compiler and vet give a column; what a test prints of itself has none.
bool has_go_position(std::string_view line) {
  const std::size_t at = line.find(".go:");
  if (at == line.npos) return false;
  std::string_view rest = line.substr(at + 4);
  for (int i = 0; i < 2; ++i) {
    const auto end = std::ranges::find_if_not(rest, is_digit);
    const auto digits = static_cast<std::size_t>(end - rest.begin());
    if (digits == 0 || digits == rest.size() || rest[digits] != ':') return false;
    rest.remove_prefix(digits + 1);
  }
  return true;
}

// "/usr/bin/ld: ", "go: ", "protoc-gen-go: ": the program that speaks.
std::string speaker(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == line.npos || colon == 0 || colon > 120) return {};
  const std::string_view head = line.substr(0, colon);
  const bool name = std::ranges::none_of(head, [](char c) {
    return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '=' || c == '(' || c == '[';
  });
  if (!name || has_position(line)) return {};
  const std::string_view base = base_name(head);
  if (base.empty() || is_digit(base.front()) || base.contains(':')) return {};
  constexpr auto severities = std::to_array<std::string_view>(
      {"error", "Error", "ERROR", "fatal", "FATAL", "panic", "warning", "Warning", "note", "info",
       "INFO", "debug", "Fehler", "erreur"});
  if (std::ranges::find(severities, base) != severities.end()) return {};
  return std::string(base);
}

bool is_warning(std::string_view line) {
  const bool warns = line.contains("warning: ") || line.contains("Warning: ") ||
                     line.contains("WARNING") || line.contains("warning:") ||
                     line.starts_with("W0") || line.contains("WARN ");
  return warns && !line.contains("error: ") && !line.contains("-Werror");
}

// A command that a build prints, "+ set -e", "$ go build", and numbers of errors that are none.
bool is_quiet(std::string_view line) {
  return line.starts_with("+ ") || line.starts_with("$ ") || line.starts_with("go: downloading ") ||
         line.contains(" 0 errors") || line.contains("no error") || line.starts_with("ok  \t") ||
         line.starts_with("In file included from ") || line.starts_with("from ") ||
         line.starts_with("=== RUN") || line.starts_with("--- PASS") || line.starts_with("note: ");
}

}  // namespace

std::optional<Trouble> trouble_of(std::string_view line) {
  line = trim(line);
  if (line.size() < 4 || is_quiet(line) || is_warning(line)) return std::nullopt;
  Trouble out;
  out.voice = voice_of(line);
  out.tool = speaker(line);
  if (out.tool.empty()) out.tool = out.voice.tool;
  const bool go_file = has_go_position(line);
  const bool named = !speaker(line).empty() || has_position(line);
  if (holds_any(line, relays)) {
    out.weight = Weight::relay;
    return out;
  }
  // "FAIL" and "FAIL<tab>package" repeat the test's own line.
  if (line == "FAIL" || line.starts_with("FAIL\t")) {
    out.weight = Weight::relay;
    out.voice = {"go test", "test"};
    out.tool = "go test";
    return out;
  }
  if (holds_any(line, errors) || go_file || (named && holds_any(line, refusals))) {
    if (go_file && out.voice.tool.empty()) out.voice = {"Go's compiler", "compile"};
    if (out.tool.empty()) out.tool = out.voice.tool;
    return out;
  }
  return std::nullopt;
}

}  // namespace tenon
