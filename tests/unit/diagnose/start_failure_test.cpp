// The texts are those of glibc 2.36, musl 1.2.3, dyld-1378, bash 5.2 and Go 1.26.
#include "diagnose/failures/start_failure.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "diagnose/events/scan.h"

namespace tenon::explain {
namespace {

using Names = std::vector<std::string>;
using Speaker = StartFailure::Speaker;

StartFailure read(std::string_view text) {
  const auto found = start_failure(scan_log(text));
  REQUIRE(found);
  return *found;
}

TEST_CASE("glibc: missing library, symbol and version") {
  auto one = read("ok\n/app/a b: error while loading shared libraries: libx.so.1: cannot open x\n");
  CHECK(one.files == Names{"/app/a b"});
  CHECK(one.library == "libx.so.1");
  CHECK(one.line == 2);
  CHECK(one.names_program);
  one = read("./app: symbol lookup error: /lib/libb.so: undefined symbol: a, version V_2\n");
  CHECK(one.files == Names{"./app", "/lib/libb.so"});
  CHECK(one.symbol == "a");
  CHECK(one.version == "V_2");
  one = read("./app: symbol lookup error: ./app: undefined symbol: b\n");
  CHECK(one.symbol == "b");
  CHECK(one.version.empty());
  one = read("./app: /lib/libc.so.6: version `GLIBC_2.99' not found (required by ./app)\n");
  CHECK(one.files == Names{"./app", "./app"});
  CHECK(one.library == "/lib/libc.so.6");
  CHECK(one.version == "GLIBC_2.99");
}

TEST_CASE("a translation of glibc names the program too") {
  const auto one = read(
      "./app: Fehler beim Laden der Shared Libraries: libx.so.1: Kann die Datei nicht finden\n");
  CHECK(one.files == Names{"./app"});
  CHECK(one.library == "libx.so.1");
}

TEST_CASE("musl names the file that asks") {
  auto one = read("Error loading shared library libx.so: No such file (needed by /lib/libb.so)\n");
  CHECK(one.files == Names{"/lib/libb.so"});
  CHECK(one.library == "libx.so");
  CHECK_FALSE(one.names_program);
  one = read("Error relocating ./app: __snprintf_chk: symbol not found\n");
  CHECK(one.files == Names{"./app"});
  CHECK(one.symbol == "__snprintf_chk");
}

TEST_CASE("dyld: the file is in one of the lines that follow") {
  auto one = read(
      "dyld[811]: Library not loaded: @rpath/libb.dylib\n"
      "  Referenced from: <0D1DEADA-90CF-3E86-D15E-3A513AC21411> /u/my tool (built for macOS 14.0 "
      "which is newer than running OS)\n  Reason: tried: '/u/libb.dylib' (no such file)\n");
  CHECK(one.speaker == Speaker::dyld);
  CHECK(one.library == "@rpath/libb.dylib");
  CHECK(one.uuid == "0D1DEADA-90CF-3E86-D15E-3A513AC21411");
  CHECK(one.files == Names{"/u/my tool"});
  one = read("dyld: Symbol not found: _x\n  Referenced from: /u/tool\n  Expected in: /usr/lib/y\n");
  CHECK(one.symbol == "_x");
  CHECK(one.files == Names{"/u/tool"});
  CHECK(one.uuid.empty());
}

TEST_CASE("errors of execve in the words of a shell and of Go") {
  CHECK(read("bash: line 1: ./app: cannot execute: required file not found\n").files ==
        Names{"./app"});
  CHECK(read("-bash: ./app: cannot execute binary file: Exec format error\n").files ==
        Names{"./app"});
  CHECK(read("fork/exec /tmp/go-build1/b001/p.test: exec format error\n").files ==
        Names{"/tmp/go-build1/b001/p.test"});
  CHECK(read("fork/exec ./app: no such file or directory\n").speaker == Speaker::kernel);
}

TEST_CASE("a log without a loader's words") {
  CHECK_FALSE(start_failure(scan_log("main.c:1: undefined reference to `a'\n")));
  CHECK_FALSE(start_failure(scan_log("")));
}

}  // namespace
}  // namespace tenon::explain
