#include "diagnose/causes/commands.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/scan.h"

using namespace tenon;

namespace {

// A log for a target, and for none.
Log log_for(std::string_view goos, std::string_view goarch) {
  Log log = scan_log("");
  note_build(log, {.goos = std::string(goos), .goarch = std::string(goarch)});
  return log;
}

std::vector<ShellCommand> commands_for(const Cause& cause, const Log& log) {
  Captures captures;
  add_target_names(log, captures);
  return commands_of(cause, log, captures);
}

template <class Fn>
void each_cause(Fn fn) {
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) {
      CAPTURE(slug_of(code));
      fn(*entry(code).cause);
    }
  }
}

std::string first_command(std::string_view log) {
  const auto found = explain_log(scan_log(log));
  if (found.empty() || found.front().commands.empty()) return "none";
  return quoted(found.front().commands.front()).text();
}

}  // namespace

TEST_CASE("commands: none switches a guard off for everything") {
  each_cause([](const Cause& cause) {
    for (const CommandText& command : cause.commands) {
      for (const std::string_view word : command.words) CHECK_FALSE(word.contains(".*"));
    }
    CHECK_FALSE(cause.fix.contains(".*"));
  });
}

TEST_CASE("commands: none names a machine that the log does not") {
  constexpr auto machines = std::to_array<std::string_view>(
      {"arm64", "amd64", "aarch64", "x86_64", "x86-64", "gnueabi", "mingw32", "i686"});
  each_cause([&](const Cause& cause) {
    for (const auto& argv : commands_for(cause, log_for("", ""))) {
      const std::string command = quoted(argv).text();
      CAPTURE(command);
      // Of a Mac with two processors in one: the cause is about just that.
      if (command.starts_with("arch -arm64 ")) continue;
      for (const std::string_view machine : machines) CHECK_FALSE(command.contains(machine));
    }
  });
}

TEST_CASE("commands: for a target they name that one") {
  const Log log = log_for("linux", "riscv64");
  CHECK(commands_for(*find_cause("cross/cxx-not-set"), log) ==
        std::vector<ShellCommand>{{"env", "CXX=riscv64-linux-gnu-g++", "go", "build"}});
  CHECK(commands_for(*find_cause("cross/bare-metal-compiler"), log) ==
        std::vector<ShellCommand>{{"apt-get", "install", "gcc-riscv64-linux-gnu"}});
  CHECK(commands_for(*find_cause("container/image-arch-mismatch"), log) ==
        std::vector<ShellCommand>{{"docker", "build", "--platform", "linux/riscv64", "."}});
  CHECK(commands_for(*find_cause("cross/target-libs-missing"), log_for("linux", "arm")).front() ==
        ShellCommand{"dpkg", "--add-architecture", "armhf"});
  CHECK(commands_for(*find_cause("cross/windows-needs-mingw"), log_for("windows", "386"))
            .front()[2] == "CC=i686-w64-mingw32-gcc");
  CHECK(commands_for(*find_cause("cross/cxx-not-set"), log_for("plan9", "mips")).empty());
}

// explain once offered tenon build for arm64 and not for riscv64.
TEST_CASE("commands: two targets that tenon builds for get the same advice") {
  each_cause([](const Cause& cause) {
    const auto arm64 = commands_for(cause, log_for("linux", "arm64"));
    for (const std::string_view goarch : {"riscv64", "s390x", "ppc64le", "loong64"}) {
      CAPTURE(goarch);
      const auto other = commands_for(cause, log_for("linux", goarch));
      REQUIRE(other.size() == arm64.size());
      for (std::size_t i = 0; i < other.size(); ++i) CHECK(other[i].front() == arm64[i].front());
    }
  });
  CHECK(
      quoted(commands_for(*find_cause("cgo/disabled-by-cross-compile"), log_for("linux", "riscv64"))
                 .back())
          .contains("riscv64"));
}

TEST_CASE("commands: a blank within a word stays there") {
  const auto lines = commands_for(*find_cause("codesign/upx-breaks-macho"), log_for("", ""));
  REQUIRE(lines.size() == 1);
  CHECK(lines.front() == ShellCommand{"go", "build", "-ldflags=-s -w"});
}

TEST_CASE("commands: one refused flag is allowed, and none that loads code") {
  CHECK(first_command("p: invalid flag in #cgo CFLAGS: -march=armv8.2-a+crypto (see https://x)") ==
        "env 'CGO_CFLAGS_ALLOW=^-march=armv8\\.2-a\\+crypto$' go build");
  CHECK(first_command("p: invalid flag in #cgo LDFLAGS: -Wl,-rpath,@loader_path (see https://x)") ==
        "env 'CGO_LDFLAGS_ALLOW=^-Wl,-rpath,@loader_path$' go build");
  CHECK(first_command("p: invalid flag in #cgo CXXFLAGS: -fno-rtti (see https://x)") ==
        "env 'CGO_CXXFLAGS_ALLOW=^-fno-rtti$' go build");
  CHECK(first_command("p: invalid flag in #cgo CFLAGS: -fplugin=x.so (see https://x)") == "none");
  CHECK(first_command("p: invalid flag in #cgo LDFLAGS: @x.rsp (see https://x)") == "none");
  const auto found = explain_log(scan_log("p: invalid flag in #cgo CFLAGS: -fplugin=x.so (see y)"));
  REQUIRE_FALSE(found.empty());
  CHECK(found.front().message.contains("-fplugin=x.so is not on"));
  CHECK(candidate_fix(found.front()).safety == Fix::Safety::manual);
}
