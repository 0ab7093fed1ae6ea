// Logs as failures: what stands for itself, what follows, and what a fix of each needs and changes.
#include "diagnose/failures/failures.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diagnose/answer.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/scan.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/failures/severity.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

using namespace tenon;

namespace {

explain::Answer answer_of(std::string_view log) {
  explain::Answer out = explain::read_answer(log, "log");
  explain::group_failures(out, nullptr);
  return out;
}

std::string causes_of(const explain::Answer& answer) {
  std::string out;
  for (const Failure& one : answer.failures) {
    out += out.empty() ? "" : " ";
    out += one.causes.empty() ? std::string_view("-") : one.causes.front().cause->slug;
  }
  return out;
}

bool fails(std::string_view line) {
  const auto trouble = trouble_of(line);
  return trouble && trouble->weight == Weight::failure;
}

}  // namespace

TEST_CASE("severity: what tools, shells, kernels and run times say of a failure") {
  for (const std::string_view line :
       {"protoc-gen-foo: cannot open x.proto", "panic: runtime error: index out of range [3]",
        "SIGILL: illegal instruction", "fatal: not a git repository",
        "x.c:3:1: error: unknown type", "ld: Assertion failed: (x), file Layout.cpp, line 5690.",
        "FATAL: kernel too old", "./main.go:4:2: undefined: foo", "/bin/sh: 1: cc: not found",
        "gomobile: unsupported API version 19 (not in 21..34)",
        "error: unable to create compilation cache: AccessDenied"}) {
    CAPTURE(line);
    CHECK(fails(line));
  }
}

TEST_CASE("severity: what only looks like one") {
  for (const std::string_view line :
       {"x.c:3:1: warning: unused variable 'error'", "go: downloading example.com/errors v1.2.3",
        "=== RUN   TestError", "ok  \texample.com/failed\t0.1s", "+ set -e", "compiling errors.c",
        "    store_test.go:41: got 1, want 2", "0 errors", "", "found 95 undefined symbols"}) {
    CAPTURE(line);
    CHECK_FALSE(fails(line));
  }
  CHECK(trouble_of("make: *** [all] Error 2")->weight == Weight::relay);
  CHECK(trouble_of("FAIL\texample.com/x\t0.1s")->weight == Weight::relay);
}

TEST_CASE("failures: a test that fails does not hide a header that is missing, nor the reverse") {
  const auto said = answer_of(
      "# example.com/a\na.go:3:10: fatal error: zlib.h: No such file or directory\n"
      "compilation terminated.\n--- FAIL: TestX (0.00s)\nFAIL\texample.com/b\t0.1s\n");
  CHECK(causes_of(said) == "linux/dev-headers-missing not-toolchain/unit-test-failure");
  CHECK(said.failures[0].line == 2);
  CHECK(said.failures[0].package == "example.com/a");
  CHECK(said.failures[0].consequences == std::vector<std::size_t>{3});
  CHECK(said.failures[1].package == "example.com/b");
  CHECK(said.candidates.front().cause->slug == "linux/dev-headers-missing");
}

TEST_CASE("failures: each package that is missing has its own answer") {
  const auto said = answer_of(
      "# pkg-config --cflags  -- vips\nPackage vips was not found in the pkg-config search path.\n"
      "# example.com/z\nz.go:3:10: fatal error: zlib.h: No such file or directory\n"
      "# example.com/p\np.go:3:10: fatal error: png.h: No such file or directory\n");
  REQUIRE(said.failures.size() == 3);
  CHECK(causes_of(said) ==
        "pkgconfig/dev-package-missing linux/dev-headers-missing "
        "linux/dev-headers-missing");
  CHECK(said.failures[1].causes.front().message.contains("zlib.h"));
  CHECK(said.failures[2].causes.front().message.contains("png.h"));
}

TEST_CASE("failures: a harmless warning answers no failure") {
  const auto said = answer_of(
      "ld: warning: -bind_at_load is deprecated on macOS\n"
      "ld: malformed trie, offset out of range\n"
      "clang: error: linker command failed with exit code 1\n");
  CHECK(said.candidates.empty());
  REQUIRE(said.failures.size() == 1);
  CHECK(said.failures[0].line == 2);
  CHECK(said.failures[0].tool == "ld");
  CHECK(said.failures[0].kind == FailureClass::link_failed);
  REQUIRE(said.harmless.size() == 1);
  CHECK(said.harmless[0].cause->slug == "darwin/harmless-deprecated-ld-flag");
}

TEST_CASE("failures: a relay that nothing accounts for is a failure, and nothing is certain") {
  const auto said = answer_of(
      "# example.com/a\na.go:3:10: fatal error: zlib.h: No such file or directory\n"
      "# example.com/b\nclang: error: linker command failed with exit code 1\n");
  REQUIRE(said.failures.size() == 2);
  CHECK(said.failures[0].explained);
  CHECK_FALSE(said.failures[1].explained);
  CHECK(said.failures[1].package == "example.com/b");
  CHECK(said.candidates.front().sureness <= Sureness::likely);
}

TEST_CASE("failures: what is proved far from the failure is not certain") {
  const std::string proof = "taskgated[77]: no signature for pid=4711\n";
  std::string far(2000, '.');
  for (std::size_t i = 99; i < far.size(); i += 100) far[i] = '\n';
  const std::string failure = "# example.com/a\na.go:3:7: undefined: thing\n";
  const auto sure = [&](const std::string& log) {
    const auto said = answer_of(log);
    REQUIRE_FALSE(said.candidates.empty());
    return said.candidates.front().sureness;
  };
  CHECK(sure(proof) == Sureness::certain);
  CHECK(sure(failure + far + proof) <= Sureness::likely);
}

TEST_CASE("failures: what a tool announces of no package belongs to the error below it") {
  const auto said = answer_of(
      "gomobile: go build -o /tmp/w/lib.so example.com/a failed: exit status 2\n"
      "# example.com/a\n"
      "clang: error: argument unused during compilation: '-stdlib=libc++' [-Werror,-Wunused]\n");
  REQUIRE(said.failures.size() == 1);
  CHECK(said.failures[0].line == 3);
}

TEST_CASE("failures: what go announces belongs to what the linker says below it") {
  const auto said = answer_of(
      "# example.com/a\n/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: exit status "
      "1\n"
      "/usr/bin/ld: cannot find -lfoo\ncollect2: error: ld returned 1 exit status\n");
  REQUIRE(said.failures.size() == 1);
  CHECK(said.failures[0].line == 3);
  CHECK(said.failures[0].consequences == std::vector<std::size_t>{2, 4});
}

TEST_CASE("failures: targets of one log are told apart") {
  const auto said = answer_of(
      "building target=linux_arm64_v8.0\nx.go:3:10: fatal error: zlib.h: No such file or "
      "directory\n"
      "building target=darwin_arm64\nx.go:3:10: fatal error: zlib.h: No such file or directory\n");
  REQUIRE(said.failures.size() >= 1);
  CHECK(said.failures.front().target == "linux/arm64");
}

TEST_CASE("failures: where tenon has answered, its findings are the failures") {
  const auto said = answer_of(
      "./main.go:2:11: fatal error: 'sodium.h' file not found\n1 error generated.\n"
      "error[TN2006]: example.com/p: The package needs sodium.h of a C library.\n"
      "  go build output, line 2: ./main.go:2:11: fatal error: 'sodium.h' file not found\n"
      "error[TN0612]: bin/app: the program ended with exit code 1.\n");
  REQUIRE(said.failures.size() == 2);
  CHECK(said.failures[0].line == 3);
  CHECK(causes_of(said) == "linux/dev-headers-missing run/smoke-failed");
  CHECK(said.failures[0].consequences == std::vector<std::size_t>{1, 2, 4});
}

TEST_CASE("failures: a log without trouble has none") {
  CHECK(read_failures(scan_log("ok  \texample.com/a\t0.1s\nbuilding\n")).empty());
}

TEST_CASE("failures: hostile sizes end") {
  std::string many;
  for (int i = 0; i < 30000; ++i) many += "# p" + std::to_string(i) + "\nx: cannot open\n";
  CHECK(read_failures(scan_log(many)).size() <= most_failures);
}

TEST_CASE("checks: complete commands that change nothing") {
  const Log log = scan_log("x");
  for (std::size_t i = 0; i < failure_classes; ++i) {
    const auto kind = static_cast<FailureClass>(i);
    CAPTURE(class_name(kind));
    const auto checks = checks_of(kind, log, {});
    CHECK(checks.size() <= 3);
    for (const ShellCommand& one : checks) {
      CHECK(is_complete(one));
      const FixFacts facts = fix_facts(one);
      CHECK_FALSE(facts.destructive);
      CHECK(facts.changes != Changes::packages);
      CHECK(facts.changes != Changes::user_settings);
    }
  }
  CHECK_FALSE(checks_of(FailureClass::unknown, log, {}).empty());
  // A name that would be an option gives no command.
  CHECK(checks_of(FailureClass::file_refused, log, {{"file", "a\nb"}}).size() == 1);
}

TEST_CASE("fix facts: environment, needs and changes of a command") {
  const FixFacts env = fix_facts({"env", "-u", "GOROOT", "CC=gcc", "go", "build"});
  CHECK(env.argv == std::vector<std::string>{"go", "build"});
  CHECK(env.env == std::vector<std::pair<std::string, std::string>>{{"GOROOT", ""}, {"CC", "gcc"}});
  CHECK(env.changes == Changes::this_command);
  const FixFacts install = fix_facts({"apt-get", "install", "gcc"});
  CHECK(install.needs == std::vector<std::string>{"tool:apt-get", "system:debian", "rights:root"});
  CHECK(install.changes == Changes::packages);
  CHECK(fix_facts({"go", "env", "-w", "CC=gcc"}).changes == Changes::user_settings);
  CHECK(fix_facts({"go", "env", "CC"}).changes == Changes::nothing);
  CHECK(fix_facts({"sudo", "rm", "-rf", "/x"}).destructive);
  CHECK(fix_facts({"env", "A=b", "rm", "x"}).destructive);
  CHECK(fix_facts({}).argv.empty());
}

TEST_CASE("fix facts: no cause offers what cannot be taken back") {
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) {
      const Cause& cause = *entry(code).cause;
      CAPTURE(cause.slug);
      for (const CommandText& command : cause.commands)
        CHECK_FALSE(fix_facts(filled_command(command.words, {})).destructive);
      CHECK_FALSE(fix_facts(filled_command(cause.decide.words, {})).destructive);
    }
  }
}

TEST_CASE("failures: a warning of a linker does not answer for its assertion") {
  const auto said = answer_of(
      "ld: warning: -bind_at_load is deprecated on macOS\n"
      "ld: Assertion failed: (x), file Layout.cpp, line 5690.\n"
      "clang: error: linker command failed with exit code 1\n");
  REQUIRE_FALSE(said.candidates.empty());
  CHECK(said.candidates[0].cause->slug == "darwin/apple-linker-assertion");
  REQUIRE(said.harmless.size() == 1);
  CHECK(answer_text(said).text().contains("\nknown since 2023-09: "));
}

TEST_CASE("failures: one command installs what several failures miss") {
  const auto said = answer_of(
      "Runner image: ubuntu-24.04\n"
      "# [pkg-config --cflags  -- gtk+-3.0 webkit2gtk-4.1]\n"
      "Package gtk+-3.0 was not found in the pkg-config search path.\n"
      "Package 'webkit2gtk-4.1', required by 'virtual:world', not found\n");
  REQUIRE(said.install.size() == 1);
  CHECK(quoted(said.install[0]).text() == "apt-get install libgtk-3-dev libwebkit2gtk-4.1-dev");
  CHECK(explain::answer_diagnoses(said).size() == 2);
}

// The log of a release for three targets: each failure is judged for its own.
TEST_CASE("failures: each target of a release has its cause") {
  const auto said = answer_of(
      "  building binary target=linux_arm64\n"
      "# runtime/cgo\n"
      "gcc_arm64.S:30: Error: no such instruction: `stp x29,x30,[sp,'\n"
      "  building binary target=darwin_amd64\n"
      "# runtime/cgo\n"
      "gcc: error: unrecognized command-line option '-arch'\n"
      "  building binary target=windows_amd64\n"
      "# runtime/cgo\n"
      "gcc: error: unrecognized command-line option '-mthreads'; did you mean '-pthread'?\n");
  std::vector<std::string> slugs;
  for (const auto& one : said.failures)
    slugs.emplace_back(one.causes.empty() ? "" : one.causes.front().cause->slug);
  std::ranges::sort(slugs);
  CHECK(slugs == std::vector<std::string>{"cross/darwin-from-linux-needs-osxcross-or-zig",
                                          "cross/host-cc-used-for-target",
                                          "cross/windows-needs-mingw"});
}

TEST_CASE("failures: what is missed after the start files of the C library is no second failure") {
  const auto alpine = answer_of(
      "# runtime/cgo\n"
      "/usr/lib/gcc/x86_64-alpine-linux-musl/13/../../../../x86_64-alpine-linux-musl/bin/ld: "
      "cannot "
      "find Scrt1.o: No such file or directory\n"
      "/usr/lib/gcc/x86_64-alpine-linux-musl/13/../../../../x86_64-alpine-linux-musl/bin/ld: "
      "cannot "
      "find -lpthread: No such file or directory\n"
      "/usr/lib/gcc/x86_64-alpine-linux-musl/13/../../../../x86_64-alpine-linux-musl/bin/ld: "
      "cannot "
      "find -lssp_nonshared: No such file or directory\n"
      "collect2: error: ld returned 1 exit status\n");
  CHECK(causes_of(alpine) == "alpine/musl-dev-missing");
  // A library of somebody else is one.
  const auto two = answer_of(
      "# runtime/cgo\n"
      "/usr/lib/gcc/x86_64-alpine-linux-musl/13/../../../../x86_64-alpine-linux-musl/bin/ld: "
      "cannot "
      "find Scrt1.o: No such file or directory\n"
      "/usr/lib/gcc/x86_64-alpine-linux-musl/13/../../../../x86_64-alpine-linux-musl/bin/ld: "
      "cannot "
      "find -lzmq: No such file or directory\n");
  CHECK(two.failures.size() == 2);
}

TEST_CASE("failures: names of a framework that is not found follow from it") {
  const auto answer = answer_of(
      "# example.com/keys\n"
      "error: unable to find framework 'Security'. searched paths: none\n"
      "error: undefined symbol: _SecTrustEvaluateWithError\n"
      "    note: referenced by /tmp/go-link-1/go.o\n"
      "error: undefined symbol: _SecTrustCopyCertificateChain\n");
  REQUIRE(answer.failures.size() == 1);
  CHECK(answer.failures.front().line == 2);
  CHECK(answer.failures.front().consequences.size() >= 2);
}

TEST_CASE("failures: where a file was included from is none") {
  const auto answer = answer_of(
      "# command-line-arguments\n"
      "In file included from ./call.go:4:0:\n"
      "                 from ./all.go:9:0:\n"
      "./app/app.h:40:48: fatal error: enclave.h: No such file or directory\n"
      "compilation terminated.\n");
  REQUIRE(answer.failures.size() == 1);
  CHECK(answer.failures.front().line == 4);
}

TEST_CASE("failures: an undefined name beside a library that is missing is no second failure") {
  const auto answer = answer_of(
      "# example.com/db\n"
      "/usr/bin/ld: cannot find -lrocks: No such file or directory\n"
      "/usr/bin/ld: /tmp/go-link-2/000003.o: undefined reference to `rocks_open'\n"
      "collect2: error: ld returned 1 exit status\n");
  CHECK(causes_of(answer) == "linux/dev-lib-missing");
}

TEST_CASE("failures: a status alone is told with the line before it") {
  const auto answer = answer_of("quarkctl: nothing to see for stage two\nexit status 3\n");
  REQUIRE(answer.failures.size() == 1);
  CHECK(answer.failures.front().line == 1);
  CHECK(answer.failures.front().text.contains("stage two"));
  CHECK_FALSE(answer.failures.front().explained);
  // A command is none, nor what stands further above.
  CHECK(answer_of("$ go build ./...\nexit status 3\n").failures.front().line == 2);
  CHECK(answer_of("all is well here\n\nexit status 3\n").failures.front().line == 3);
}

TEST_CASE("failures: what Gatekeeper refuses is killed, and that is one failure") {
  const auto answer = answer_of(
      "\"quark\" cannot be opened because the developer cannot be verified.\n"
      "zsh: killed     ./quark\n");
  CHECK(causes_of(answer) == "gatekeeper/quarantined-unnotarized");
}

TEST_CASE("failures: a message without the words of an error is the failure of its cause") {
  const auto answer = answer_of(
      "Last login: Mon Sep  1 09:12:44 on ttys001\n"
      "You can\xe2\x80\x99t open the application \xe2\x80\x9cquark\xe2\x80\x9d because it may be "
      "damaged or incomplete.\n");
  REQUIRE(answer.failures.size() == 1);
  CHECK(answer.failures.front().line == 2);
  CHECK(causes_of(answer) == "gatekeeper/quarantined-unnotarized");
}

TEST_CASE("failures: Go's run time is no C compiler, and no memory is no error of C") {
  const auto answer = answer_of(
      "runtime: VirtualAlloc of 1048576 bytes failed with errno=1455\n"
      "fatal error: out of memory\n");
  REQUIRE(answer.failures.size() == 1);
  CHECK(answer.failures.front().kind == FailureClass::resource_exhausted);
  CHECK(causes_of(answer) == "resource/oom-program");
  const auto asleep = answer_of("fatal error: all goroutines are asleep - deadlock!\n");
  REQUIRE(asleep.failures.size() == 1);
  CHECK(asleep.failures.front().kind == FailureClass::crashed);
  CHECK(asleep.failures.front().tool == "the Go run time");
}
