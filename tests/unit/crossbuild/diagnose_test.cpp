// What a failing `tenon build` says of go's output.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crossbuild/run/build.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diagnose/answer.h"

using namespace tenon;

namespace {

Finding diagnosed(const std::string& log, std::string_view target = "darwin/arm64") {
  GoBuildResult result;
  result.log = log;
  const auto findings = diagnose(result, parse_target(target).value());
  REQUIRE(findings.size() == 1);
  return findings.front();
}

// The lines of the fenced blocks ```log of a page.
std::vector<std::string> examples(const CodeEntry& texts) {
  std::vector<std::string> lines;
  bool inside = false;
  for (const std::string_view line : split(texts.page, '\n')) {
    if (line.starts_with("```")) {
      inside = line == "```log";
    } else if (inside) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

// What the causes say of a line in a build for a target; none when nothing fits.
Code cause_of(const std::string& line, std::string_view goos) {
  const explain::Answer answer = explain::read_answer(
      line, "log",
      {.goos = std::string(goos), .goarch = "arm64", .host_goos = "linux", .tenon = true});
  return answer.best() == nullptr ? Code::none : answer.best()->cause->code;
}

Code code(const std::string& log, std::string_view target = "linux/arm64") {
  return diagnosed(log, target).code;
}

}  // namespace

TEST_CASE("diagnose: a log that nobody knows keeps its end") {
  const Finding finding = diagnosed("first\nsomething new\n");
  CHECK(finding.code == Code::project_build_failed);
  CHECK(finding.confidence == Confidence::possible);
  REQUIRE(finding.evidence.size() == 1);
  CHECK(finding.evidence[0].text.contains("something new"));
}

TEST_CASE("diagnose: a framework's header is told from any other, and its package is named") {
  const std::string log =
      "# example.com/audio\n./a.go:3:10: fatal error: 'CoreAudio/CoreAudio.h'"
      " file not found\n";
  const Finding mac = diagnosed(log);
  CHECK(mac.code == Code::sdk_framework_header_missing);
  CHECK(mac.subject == "example.com/audio");
  CHECK(mac.message.contains("framework CoreAudio"));
  CHECK(code("a.c:1:10: fatal error: 'pcap.h' file not found", "darwin/arm64") ==
        Code::sdk_header_missing);
  CHECK(code("a.c:1:10: fatal error: 'X11/Xlib.h' file not found", "darwin/arm64") ==
        Code::sdk_header_missing);
  CHECK(code("a.c:1:10: fatal error: 'pcap.h' file not found") == Code::linux_dev_headers_missing);
}

TEST_CASE("diagnose: every missing header of a build is named once") {
  GoBuildResult result;
  result.log =
      "# example.com/files\n./f.go:3:10: fatal error: 'CoreServices/CoreServices.h' file not "
      "found\n"
      "# example.com/lines\n./l.go:4:10: fatal error: 'ldap.h' file not found\n"
      "# example.com/again\n./g.go:5:10: fatal error: 'ldap.h' file not found\n";
  const auto findings = diagnose(result, parse_target("darwin/arm64").value());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].code == Code::sdk_framework_header_missing);
  CHECK(findings[0].message.contains("CoreServices"));
  CHECK(findings[1].code == Code::sdk_header_missing);
  CHECK(findings[1].message.contains("ldap.h"));
  CHECK(findings[1].subject == "example.com/lines");
  REQUIRE_FALSE(findings[1].evidence.empty());
  CHECK(findings[1].evidence[0].where == "go build output, line 4");
}

TEST_CASE("diagnose: what zig, lld, cgo and go print, by target") {
  for (const std::string_view target : {"linux/arm64", "linux/amd64:gnu2.17", "darwin/arm64"}) {
    CAPTURE(target);
    CHECK(code("example.com/m: invalid flag in #cgo LDFLAGS: -Wl,-x (see y)", target) ==
          Code::cgo_flag_rejected_ldflags);
    CHECK(code("bad.c:3:5: error: use of undeclared identifier 'x'", target) ==
          Code::project_c_error);
    CHECK(code("./main.go:7:2: undefined: sqlite3", target) == Code::not_toolchain_compile_error);
    CHECK(code("ld.lld: error: undefined symbol: my_function", target) ==
          Code::link_undefined_symbol);
    CHECK(code("write /tmp/x.a: no space left on device", target) == Code::not_toolchain_disk_full);
    CHECK(code("error: unable to build C object: NoSpaceLeft", target) ==
          Code::not_toolchain_disk_full);
    CHECK(code("No package 'zlib' found", target) == Code::pkgconfig_dev_package_missing);
    CHECK(code("go: cannot find main module, but found .git/config in /home/u", target) ==
          Code::project_no_module);
    CHECK(code("go: warning: \"./cmd/...\" matched no packages", target) ==
          Code::project_package_not_found);
    CHECK(code("go: parsing $GOFLAGS: unknown flag -nope", target) == Code::project_bad_go_flag);
    CHECK(code("go: example.com/m@v1.0.0 requires go >= 1.30 (running go 1.26.8)", target) ==
          Code::not_toolchain_go_version_too_old);
    CHECK(code("go: example.com/x@v1.0.0: Get \"https://p.example/x\": dial tcp: lookup p.example: "
               "no such host",
               target) == Code::not_toolchain_container_dns);
  }
  CHECK(code("error: unable to find dynamic system library 'x' using strategy 'paths_first'.") ==
        Code::linux_dev_lib_missing);
  CHECK(code("ld64.lld: error: library not found for -lssl", "darwin/arm64") ==
        Code::sdk_library_missing);
  CHECK(code("ld64.lld: error: framework not found for -framework CoreAudio", "darwin/arm64") ==
        Code::sdk_library_missing);
  CHECK(code("ld64.lld: error: /usr/lib/libz.so: unhandled file type", "darwin/arm64") ==
        Code::sdk_wrong_format_library);
}

TEST_CASE("diagnose: a general C error does not hide the cause behind it") {
  CHECK(code("a.c:1:1: error: unknown type name 'x'\nNo package 'zlib' found") ==
        Code::pkgconfig_dev_package_missing);
}

TEST_CASE("diagnose: what cgo would say without C cannot be of a build that has it on") {
  const Finding finding = diagnosed("./main.go:7:2: undefined: sqlite3.Open\n", "linux/arm64");
  CHECK_FALSE(slug_of(finding.code).starts_with("cgo/disabled"));
}

TEST_CASE("diagnose: the build and explain give one code and one fix for one log") {
  for (const std::string_view log :
       {"# p\n./main.go:3:11: fatal error: 'sodium.h' file not found\n",
        "# p\n./main.go:3:11: fatal error: sodium.h: No such file or directory\n",
        "error: unable to find dynamic system library 'sodium' using strategy 'paths_first'.\n",
        "/usr/bin/ld: cannot find -lsodium: No such file or directory\n",
        "ld.lld: error: undefined symbol: g\n", "main.cgo2.c:54: undefined reference to `g'\n",
        "./main.go:3:3: error: #error no luck today\n"}) {
    CAPTURE(log);
    GoBuildResult result;
    result.log = log;
    // This machine's own target: nothing is for another one.
    const auto built = diagnose(result, parse_target("linux/amd64").value());
    const explain::Answer answer = explain::read_answer(log, "log");
    REQUIRE(answer.best() != nullptr);
    CHECK(built.front().code == answer.best()->cause->code);
    CHECK(built.front().fixes.front().text == answer.best()->fix);
  }
}

TEST_CASE(
    "diagnose: the examples of a page are explained by its code, those of a retired one by "
    "others") {
  std::size_t count = 0;
  for (const CodeArea& area : code_areas()) {
    for (const Code each : area.codes) {
      const CodeEntry& texts = entry(each);
      for (const std::string& line : examples(texts)) {
        CAPTURE(line);
        ++count;
        const Code linux_code = cause_of(line, "linux"), darwin_code = cause_of(line, "darwin");
        const bool own = linux_code == each || darwin_code == each;
        CHECK(own == texts.retired.empty());
        const bool told = linux_code != Code::none || darwin_code != Code::none;
        CHECK(told);
      }
    }
  }
  CHECK(count > 20);
}

TEST_CASE("diagnose: a C++ library for GNU's gets the cross compiler of the target at hand") {
  const std::string log =
      "ld.lld: error: undefined symbol: std::__cxx11::basic_string<char>::f()\n";
  for (const auto& [target, compiler] : {std::pair("linux/amd64", "CXX=x86_64-linux-gnu-g++"),
                                         std::pair("linux/arm64", "CXX=aarch64-linux-gnu-g++")}) {
    const Finding finding = diagnosed(log, target);
    CHECK(finding.code == Code::link_libstdcxx_archive);
    const Shown command = quoted(finding.fixes.front().commands.front());
    CHECK(command.contains(compiler));
  }
}
