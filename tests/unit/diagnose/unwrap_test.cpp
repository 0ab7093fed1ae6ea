#include "diagnose/events/unwrap.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/answer.h"
#include "diagnose/events/scan.h"

using namespace tenon;

namespace {

// As a terminal of so many columns prints it.
std::string wrapped(std::string_view log, std::size_t columns) {
  std::string out;
  std::size_t column = 0;
  for (const char c : log) {
    if (c != '\n' && column == columns) {
      out += '\n';
      column = 0;
    }
    out += c;
    column = c == '\n' ? 0 : column + 1;
  }
  return out;
}

std::string cause_of(std::string_view log) {
  const auto said = explain::read_answer(log, "log");
  return said.candidates.empty() ? "" : std::string(said.candidates.front().cause->slug);
}

constexpr std::string_view vendor =
    "# github.com/bytecodealliance/wasmtime-go\n"
    "vendor/github.com/bytecodealliance/wasmtime-go/v12/internal/binding/config.go:3:11: fatal "
    "error: wasm.h: No such file or directory\n"
    "vendor/github.com/bytecodealliance/wasmtime-go/v12/internal/binding/engine.go:3:11: fatal "
    "error: wasm.h: No such file or directory\n"
    "vendor/github.com/bytecodealliance/wasmtime-go/v12/internal/binding/module.go:3:11: fatal "
    "error: wasm.h: No such file or directory\n"
    "compilation terminated.\n";

}  // namespace

TEST_CASE("unwrap: a log of a terminal of 80 or 120 columns") {
  CHECK(cause_of(vendor) == "cgo/go-mod-vendor-drops-c-files");
  CHECK(cause_of(wrapped(vendor, 80)) == "cgo/go-mod-vendor-drops-c-files");
  CHECK(cause_of(wrapped(vendor, 120)) == "cgo/go-mod-vendor-drops-c-files");
}

TEST_CASE("unwrap: two lines that only together are a message") {
  const Log log = scan_log("config.go:3:11: fatal error: wasm.\nh: No such file or directory\n");
  REQUIRE(log.lines().size() == 1);
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0].get("header") == "wasm.h");
  CHECK(log.events[0].line == 1);
  // Two messages stay two.
  CHECK(
      scan_log("/usr/bin/ld: cannot find -lfoo\n/usr/bin/ld: cannot find -lbar\n").lines().size() ==
      2);
  CHECK(scan_log("x.go:3:1: undefined: a\nx.go:4:1: undefined: b\n").lines().size() == 2);
}

TEST_CASE("unwrap: characters of UTF-8") {
  CHECK(characters("abc\r") == 3);
  CHECK(characters("\xe4\xb8\xad\xe6\x96\x87") == 2);
}

// 400 KB of warnings behind the failure, and 40,000 around it.
TEST_CASE("scan: warnings do not push out what failed") {
  std::string warnings;
  while (warnings.size() < 400'000)
    warnings += "sqlite3.c:1:2: warning: 'p' may be used uninitialized [-Wmaybe-uninitialized]\n";
  const std::string error = "a.go:3:10: fatal error: sodium.h: No such file or directory\n";
  CHECK(cause_of(error + warnings) == "linux/dev-headers-missing");
  std::string many;
  for (int i = 0; i < 20'000; ++i)
    many += "clang: warning: argument unused during compilation: '-mthreads' [-Wunused]\n";
  CHECK(scan_log(many + error + many).event(EventKind::header_missing) != nullptr);
}

TEST_CASE("scan: a message inside a logger's JSON") {
  CHECK(
      cause_of(
          R"({"level":"error","ts":1,"msg":"build failed","error":"# runtime/cgo\ncgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found in $PATH"})"
          "\n") == "cc/not-installed");
}
