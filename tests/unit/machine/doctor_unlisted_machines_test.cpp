// Machines that nobody had written down before they were staged, and Macs of public threads.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/explain_probe.h"
#include "machine/doctor/running_go.h"
#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

void module(Snapshot& m, std::string go) {
  m.project.module = text("example.com/app");
  m.project.go = text(std::move(go));
  m.project.toolchain = no_text();
  m.project.cgo = Packages::of({}, "here");
  m.project.missing = ListFact::of({}, "here");
}

void c_fails(Snapshot& m, std::string said) {
  with_c(m);
  m.compiler.probe = m.compiler.c_probe = text("compile");
  m.compiler.probe_output = m.compiler.c_output = text(std::move(said));
}

std::vector<Finding> explained(const Snapshot& snapshot) {
  auto out = diagnose_machine(snapshot);
  explain_probe(snapshot, out);
  return out;
}

}  // namespace

TEST_CASE("doctor: machines that nobody had written down") {
  check_machines({
      {"Go 1.19, go.mod wants 1.22: such a Go tries",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         go(m).version = "go1.19.8";
       },
       {"w not-toolchain/go-version-too-old"}},
      {"Go 1.19, go.mod wants 1.22.0: such a Go cannot read it",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22.0");
         go(m).version = "go1.19.8";
       },
       {"e not-toolchain/go-version-too-old"}},
      {"GOARCH is left over, and a package needs C",
       linux_machine,
       [](Snapshot& m) {
         with_c(m);
         set(m, "GOARCH", "arm64");
       },
       {"e env/goos-goarch-persisted"}},
      {"GOARCH is left over in a module without C: its tests cannot start",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         set(m, "GOARCH", "arm64");
       },
       {"e env/goos-goarch-persisted"}},
      {"386 runs on amd64",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         set(m, "GOARCH", "386");
       },
       {"w env/goos-goarch-persisted"}},
      {"cc1 is gone",
       linux_machine,
       [](Snapshot& m) {
         c_fails(m, "gcc: fatal error: cannot execute 'cc1': execvp: No such file or directory\n");
       },
       {"e cc/tool-missing"}},
      {"HOME does not exist",
       linux_machine,
       [](Snapshot& m) {
         m.storage.cache_writable = flag(false);
         m.storage.modules = text("~/go/pkg/mod");
         m.storage.modules_writable = flag(false);
         m.storage.home_missing = flag(true);
       },
       {"e not-toolchain/build-cache-permission"}},
      {"CGO_LDFLAGS names a directory that is gone, and C does not link",
       linux_machine,
       [](Snapshot& m) {
         c_fails(m, "/usr/bin/ld: cannot find -lclntsh: No such file or directory\n");
         set(m, "CGO_LDFLAGS", "-L/opt/oracle -lclntsh");
         m.settings.missing = ListFact::of({"CGO_LDFLAGS=/opt/oracle"}, "here");
       },
       {"e env/path-not-there"}},
      {"ulimit -f 200",
       linux_machine,
       [](Snapshot& m) { m.system.file_size = CountFact::of(0, "RLIMIT_FSIZE"); },
       {"e system/limit"}},
      {"GOWORK leads nowhere",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOWORK", "/gone/go.work");
         m.settings.missing = ListFact::of({"GOWORK=/gone/go.work"}, "here");
       },
       {"e env/path-not-there"}},
      {"the header of a package is not here",
       linux_machine,
       [](Snapshot& m) {
         with_c(m);
         m.project.cgo.value.front().said =
             "$WORK/preamble0.c:1:10: fatal error: sodium.h: No such file or directory\n";
       },
       {"e project/c-files-missing"}},
      {"a package names a directory that is not here",
       linux_machine,
       [](Snapshot& m) {
         with_c(m);
         m.project.cgo.value.front().missing = {"/opt/vendor/lib"};
       },
       {"w project/c-directory-missing"}},
  });
}

TEST_CASE("doctor: a part of the compiler that is gone is installed with its package") {
  Snapshot snapshot = linux_machine();
  c_fails(snapshot, "gcc: fatal error: cannot execute 'cc1': execvp: No such file or directory\n");
  const Finding found = explained(snapshot).front();
  CHECK(found.message.contains("cc1"));
  REQUIRE(!found.fixes.empty());
  CHECK(quoted(found.fixes.front().commands.front()) == "apt-get install --reinstall cpp-12");
}

TEST_CASE("doctor: a setting that the tool names is the one to take away") {
  Snapshot snapshot = linux_machine();
  c_fails(snapshot, "go: unknown GOEXPERIMENT such\n");
  snapshot.compiler.c_probe = text("works");
  set(snapshot, "GOEXPERIMENT", "nosuch");
  const auto findings = diagnose_machine(snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(std::ranges::any_of(findings.front().evidence,
                            [](const Evidence& one) { return one.text == "GOEXPERIMENT=nosuch"; }));
}

TEST_CASE("doctor: the package of the system is named for a header that is not here") {
  Snapshot snapshot = linux_machine();
  with_c(snapshot);
  snapshot.project.cgo.value.front().said =
      "$WORK/preamble0.c:1:10: fatal error: sodium.h: No such file or directory\n";
  const Finding found = explained(snapshot).front();
  CHECK(found.message.contains("sodium.h"));
  CHECK(!found.message.contains("$WORK"));
  REQUIRE(!found.fixes.empty());
  CHECK(quoted(found.fixes.front().commands.front()).contains("libsodium-dev"));
}

// Public threads: golang/go#68678 and its like, a scan of each new program, a tool in quarantine,
// and an old linker beside a newer SDK.
TEST_CASE("doctor: Macs of public threads") {
  check_machines({
      {"Go 1.22 on macOS 26",
       mac,
       [](Snapshot& m) {
         go(m).version = "go1.22.12";
         m.system.version = text("26.0");
       },
       {"e dyld/missing-lc-uuid"}},
      {"XProtect scans each new program: nothing of the machine is wrong",
       mac,
       [](Snapshot& m) {
         m.apple.xprotect = text("5310");
         m.apple.managed = flag(false);
       },
       {}},
      {"a go command in quarantine, on a managed Mac",
       mac,
       [](Snapshot& m) {
         m.go.quarantine = flag(true);
         m.apple.managed = flag(true);
       },
       {"w darwin/quarantined-go"}},
  });
}

TEST_CASE("doctor: the linker of an old Xcode beside a newer SDK is not another's clang") {
  Snapshot snapshot = mac();
  c_fails(snapshot,
          "ld: malformed file\n/Library/Developer/CommandLineTools/SDKs/MacOSX.sdk/usr/lib/"
          "libSystem.tbd:4:18: error: unknown enumerated scalar\nplatform:        zippered\n"
          "clang: error: linker command failed with exit code 1 (use -v to see invocation)\n");
  snapshot.compiler.probe = snapshot.compiler.c_probe = text("link");
  const auto findings = explained(snapshot);
  REQUIRE(!findings.empty());
  CHECK(findings.front().severity == Severity::error);
  for (const Finding& one : findings) {
    CHECK(slug_of(one.code) != "darwin/non-apple-clang-on-path");
    CHECK(!one.message.contains("Homebrew"));
  }
}
