#include "diagnose/causes/commands.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/install.h"
#include "diagnose/events/scan.h"
#include "platform/contents.h"

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
  CHECK(commands_for(*find_cause("container/image-arch-mismatch"), log).front() ==
        ShellCommand{"docker", "build", "--platform", "linux/riscv64", "."});
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
                 .front())
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

TEST_CASE("commands: a processor that lacks an instruction gets the setting of its own kind") {
  CHECK(first_command("SIGILL: illegal instruction\nuname: linux/amd64\n") ==
        "env GOAMD64=v1 go build -a");
  CHECK(first_command("pi@zero:~ $ ./meter\nIllegal instruction\n") == "env GOARM=6 go build -a");
  CHECK(first_command("SIGILL: illegal instruction\nuname: linux/arm64\n") == "none");
}

TEST_CASE("commands: a sysroot is of the distribution that the build tells, with its usual name") {
  const auto command = [](std::string distribution) {
    Log log = scan_log("# example.com/p\n./main.go:3:11: fatal error: 'pcap.h' file not found\n");
    note_build(log, {.goos = "linux",
                     .goarch = "arm64",
                     .host_goos = "linux",
                     .host_goarch = "amd64",
                     .distribution = std::move(distribution),
                     .tenon = true});
    const auto found = explain_log(log);
    REQUIRE_FALSE(found.empty());
    REQUIRE_FALSE(found.front().commands.empty());
    return quoted(found.front().commands.front()).text();
  };
  CHECK(command("ubuntu:24.04") == "tenon sysroot ubuntu:24.04/arm64 libpcap-dev");
  CHECK(command("debian:13") == "tenon sysroot debian:13/arm64 libpcap-dev");
  CHECK(command("") == "tenon sysroot debian:12/arm64 libpcap-dev");
}

TEST_CASE("commands: the machine's index names the package, and nobody's stays to be put in") {
  const auto commands = [](std::string header, std::vector<PackageOfFile> found) {
    Log log =
        scan_log("# example.com/p\n./main.go:3:11: fatal error: '" + header + "' file not found\n");
    note_build(log, {.goos = "linux",
                     .goarch = "arm64",
                     .host_goos = "linux",
                     .host_goarch = "amd64",
                     .distribution = "debian:12",
                     .tenon = true,
                     .packages = {true, "apt's index", "apt-get", std::move(found)}});
    const auto candidates = explain_log(log);
    REQUIRE_FALSE(candidates.empty());
    REQUIRE(candidates.front().commands.size() == 2);
    const auto evidence = package_evidence(log, candidates.front().lines.front());
    return quoted(candidates.front().commands.front()).text() + "; " +
           (evidence.empty() ? "" : evidence.front().text);
  };
  const SoughtFile amqp{SoughtFile::Kind::header, "amqp.h"};
  CHECK(commands("amqp.h", {{amqp, "librabbitmq-dev", "usr/include/amqp.h"}}) ==
        "tenon sysroot debian:12/arm64 librabbitmq-dev; librabbitmq-dev has /usr/include/amqp.h");
  CHECK(commands("amqp.h", {}) ==
        "tenon sysroot debian:12/arm64 PACKAGE; unknown package: none has amqp.h");
  CHECK(commands("pcap.h", {}) == "tenon sysroot debian:12/arm64 libpcap-dev; ");
}

namespace {

std::string commands_for(std::string_view log) {
  const auto found = explain_log(scan_log(log));
  std::string out;
  if (found.empty()) return out;
  for (const ShellCommand& one : found.front().commands) out += quoted(one).text() + "\n";
  return out;
}

}  // namespace

TEST_CASE("commands: a log of one system has no package manager of another") {
  const std::string windows = commands_for(
      "C:\\src\\app>go build\n# runtime/cgo\n"
      "cgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found in %PATH%\n");
  CHECK(windows.contains("pacman -S mingw-w64-ucrt-x86_64-gcc"));
  CHECK_FALSE(windows.contains("apt-get"));
  CHECK_FALSE(windows.contains("apk"));
  // %PATH% alone tells it.
  CHECK(commands_for("exec: \"gcc\": executable file not found in %PATH%\n") == windows);
  const std::string mac =
      commands_for("/Users/dev/app\nexec: \"clang\": executable file not found in $PATH\n");
  CHECK(mac.contains("xcode-select --install"));
  CHECK_FALSE(mac.contains("apt-get"));
  CHECK_FALSE(mac.contains("pacman"));
  const std::string debian = commands_for(
      "FROM golang:1.24-bookworm\nexec: \"gcc\": executable file not found in $PATH\n");
  CHECK(debian.contains("apt-get install build-essential"));
  CHECK_FALSE(debian.contains("apk"));
  // Of a machine that nothing tells what most builds run on is said.
  const std::string any = commands_for("exec: \"gcc\": executable file not found in $PATH\n");
  CHECK(any.contains("apt-get"));
  CHECK(any.contains("apk"));
  CHECK_FALSE(any.contains("pacman"));
}

TEST_CASE("commands: an undefined function of a known library names the library") {
  const std::string known = commands_for(
      "# example.com/store\n"
      "/usr/bin/ld: $WORK/b001/_x002.o: in function `_cgo_1_Cfunc_git_libgit2_init':\n"
      "cgo-gcc-prolog:50: undefined reference to `git_libgit2_init'\n"
      "collect2: error: ld returned 1 exit status\n");
  CHECK(known.contains("env CGO_LDFLAGS=-lgit2 go build\n"));
  CHECK(known.contains("pkg-config --libs libgit2\n"));
  const std::string unknown = commands_for(
      "# example.com/store\n"
      "cgo-gcc-prolog:50: undefined reference to `quark_open'\n"
      "collect2: error: ld returned 1 exit status\n");
  CHECK_FALSE(unknown.contains("CGO_LDFLAGS="));
  CHECK_FALSE(unknown.contains("pkg-config"));
}

TEST_CASE("commands: a shared library that is missing at the start names its package") {
  constexpr auto loader = [](std::string name) {
    return "./app: error while loading shared libraries: " + name +
           ": cannot open shared object file: No such file or directory\n";
  };
  CHECK(commands_for("FROM debian:12\n" + loader("libvips.so.42")) ==
        "apt-get install libvips42\n");
  CHECK(commands_for("FROM alpine:3.21\n" + loader("libsqlite3.so.0")) == "apk add sqlite-libs\n");
  // Without glibc nothing that is linked with it starts.
  CHECK(commands_for(loader("libdl.so.2")).contains("env CGO_ENABLED=0 go build\n"));
  CHECK(commands_for(loader("libquark.so.1")).contains("apt-file search libquark.so.1\n"));
}

TEST_CASE("commands: a kit of a vendor is named where its installer puts it") {
  CHECK(commands_for("# gorgonia.org/cu\n"
                     "addressing.go:3:11: fatal error: cuda.h: No such file or directory\n")
            .contains("env CGO_CPPFLAGS=-I/usr/local/cuda/include "
                      "CGO_LDFLAGS=-L/usr/local/cuda/lib64 go build\n"));
}

TEST_CASE("commands: Homebrew's name is that in the path of the library") {
  const std::string text = commands_for(
      "dyld[1]: Library not loaded: /opt/homebrew/opt/quark/lib/libquark.1.dylib\n"
      "  Referenced from: <0> /Users/u/app\n"
      "  Reason: tried: '/opt/homebrew/opt/quark/lib/libquark.1.dylib' (no such file)\n");
  CHECK(text.starts_with("brew install quark\n"));
}

TEST_CASE("commands: a newer Go is named with all of its numbers") {
  CHECK(commands_for("go: go.mod requires go >= 1.25 (running go 1.24.3; GOTOOLCHAIN=local)\n")
            .starts_with("env GOTOOLCHAIN=go1.25.0 go build ./...\n"));
  CHECK(commands_for("go: go.mod requires go >= 1.25.3 (running go 1.24.3)\n")
            .starts_with("env GOTOOLCHAIN=go1.25.3 go build ./...\n"));
}

TEST_CASE("commands: a compiler that is missing is installed by its name") {
  const auto command = [](std::string cc) {
    return commands_for("# runtime/cgo\ncgo: C compiler \"" + cc + "\" not found: exec: \"" + cc +
                        "\": executable file not found in $PATH\n");
  };
  CHECK(command("aarch64-linux-gnu-gcc").starts_with("apt-get install gcc-aarch64-linux-gnu\n"));
  CHECK(command("x86_64-w64-mingw32-gcc").starts_with("apt-get install gcc-mingw-w64-x86-64\n"));
  CHECK(command("x86_64-conda-linux-gnu-cc").starts_with("conda install gcc_linux-64\n"));
  CHECK(command("/opt/cc/zcc").starts_with("go env -u CC\n"));
}

TEST_CASE("commands: the target of a cross build follows from what is in the log") {
  // The release tool names it.
  CHECK(commands_for("  error=failed to build for linux_arm64_v8.0: # runtime/cgo\n"
                     "gcc_arm64.S:28: Error: no such instruction: `stp x29,x30,[sp,'\n")
            .contains("CC=aarch64-linux-gnu-gcc"));
  // GOARCH alone, and a compiler for Linux.
  const std::string libc = commands_for(
      "$ CC=aarch64-linux-gnu-gcc CGO_ENABLED=1 GOARCH=arm64 go build\n"
      "# runtime/cgo\n"
      "_cgo_export.c:3:10: fatal error: stdlib.h: No such file or directory\n");
  CHECK(libc.contains("apt-get install libc6-dev-arm64-cross\n"));
  const std::string library = commands_for(
      "$ CC=aarch64-linux-gnu-gcc CGO_ENABLED=1 GOARCH=arm64 go build\n"
      "/usr/lib/gcc-cross/aarch64-linux-gnu/12/../../../../aarch64-linux-gnu/bin/ld: cannot find "
      "-lsqlite3: No such file or directory\n");
  CHECK(library.contains("apt-get install libsqlite3-dev:arm64\n"));
}

// The names are those of FreeBSD's ports; its clang does not search /usr/local.
TEST_CASE("commands: FreeBSD has its own packages and directory") {
  const std::string_view log =
      "FreeBSD 14.0-RELEASE\n./x.go:5:10: fatal error: 'zmq.h' file not found\n";
  CHECK(first_command(log) == "pkg install libzmq4");
  const auto found = explain_log(scan_log(log));
  REQUIRE(!found.empty());
  REQUIRE(found.front().commands.size() == 2);
  CHECK(quoted(found.front().commands[1]).text() ==
        "env CGO_CPPFLAGS=-I/usr/local/include CGO_LDFLAGS=-L/usr/local/lib go build");
}

TEST_CASE("commands: the directory of a .pc file that a line shows, or that Homebrew has") {
  const std::string missing = "Package openssl was not found in the pkg-config search path.\n";
  CHECK(first_command("studio:shop user$ go build\n" + missing) ==
        "env PKG_CONFIG_PATH=/opt/homebrew/opt/openssl@3/lib/pkgconfig go build");
  CHECK(first_command(missing + "/usr/local/Cellar/openssl@3/3.4.0/lib/pkgconfig/openssl.pc\n") ==
        "env PKG_CONFIG_PATH=/usr/local/Cellar/openssl@3/3.4.0/lib/pkgconfig go build");
}

// The compiler of this machine makes no program for a Mac.
TEST_CASE("commands: osxcross's clang is not replaced by the machine's compiler") {
  const auto found = explain_log(
      scan_log("cgo: exec o64-clang: exec: \"o64-clang\": executable file not found in $PATH\n"));
  REQUIRE(!found.empty());
  for (const ShellCommand& command : found.front().commands)
    CHECK(quoted(command).text() != "env CC=cc go build");
  CHECK(quoted(found.front().commands.front()).text() == "tenon build --target darwin/amd64");
}
