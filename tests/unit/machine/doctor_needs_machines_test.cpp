// Machines on which go fails though Go and a compiler are in order: the release that runs,
// downloads, caches, C++, git, vendor, clock and limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/explain_probe.h"
#include "machine/doctor/changes.h"
#include "machine/doctor/next_go.h"
#include "machine/doctor/running_go.h"
#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

using Installs = Fact<std::vector<GoInstall>>;

void module(Snapshot& m, std::string go, std::string toolchain = {}) {
  m.project.module = text("example.com/app");
  m.project.go = text(std::move(go));
  m.project.toolchain = toolchain.empty() ? no_text() : text(std::move(toolchain));
  m.project.cgo = Packages::of({}, "here");
  m.project.missing = ListFact::of({}, "here");
  m.go.toolchains = Installs::of({}, "PATH and ~/go/pkg/mod/golang.org");
}

void lacks_a_module(Snapshot& m) {
  module(m, "1.22");
  m.project.missing = ListFact::of({"example.org/lib"}, "here");
}

void with_cxx(Snapshot& m) {
  with_c(m);
  m.project.cgo.value.front().cxx = true;
  m.compiler.cxx_command = text("g++");
}

}  // namespace

TEST_CASE("doctor: machines on which go would fail") {
  check_machines({
      {"go.mod wants a release that GOTOOLCHAIN=auto can download",
       linux_machine,
       [](Snapshot& m) { module(m, "1.99"); },
       {"n go/toolchain-downloaded"}},
      {"the same, and GOPROXY is off",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.99");
         set(m, "GOPROXY", "off");
       },
       {"e go/toolchain-out-of-reach"}},
      {"the same, and it is in the module cache",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.99");
         set(m, "GOPROXY", "off");
         m.go.toolchains.value = {{"/c/bin/go", "/c", "go1.99.0", "amd64"}};
       },
       {}},
      {"GOTOOLCHAIN names a release that is not here, GOPROXY is off",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         set(m, "GOTOOLCHAIN", "go1.99.0", true);
         set(m, "GOPROXY", "off", true);
       },
       {"e go/toolchain-out-of-reach"}},
      {"GOTOOLCHAIN=path and go.mod wants more",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.99");
         set(m, "GOTOOLCHAIN", "path");
       },
       {"e go/toolchain-out-of-reach"}},
      {"GOTOOLCHAIN=local and go.mod wants more",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.99");
         set(m, "GOTOOLCHAIN", "local");
       },
       {"e not-toolchain/go-version-too-old"}},
      {"macOS 26, GOTOOLCHAIN names an old release that is here",
       mac,
       [](Snapshot& m) {
         module(m, "1.20");
         m.system.version = text("26.0");
         set(m, "GOTOOLCHAIN", "go1.21.13");
         m.go.toolchains.value = {{"/c/bin/go", "/c", "go1.21.13", "arm64"}};
       },
       {"e dyld/missing-lc-uuid"}},
      {"go.work asks for more than go.mod",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.project.work = text("/w/go.work");
         m.project.work_go = text("1.99.1");
         set(m, "GOPROXY", "off");
       },
       {"e go/toolchain-out-of-reach"}},
      {"modules are missing, GOPROXY=off",
       linux_machine,
       [](Snapshot& m) {
         lacks_a_module(m);
         set(m, "GOPROXY", "off");
       },
       {"e env/modules-cannot-be-downloaded"}},
      {"modules are missing, the proxy is dead",
       linux_machine,
       [](Snapshot& m) {
         lacks_a_module(m);
         set(m, "GOPROXY", "http://127.0.0.1:9,direct");
         m.network.dead = ListFact::of({"GOPROXY=http://127.0.0.1:9"}, "here");
       },
       {"e env/modules-cannot-be-downloaded"}},
      {"a dead proxy with another one behind it",
       linux_machine,
       [](Snapshot& m) {
         lacks_a_module(m);
         set(m, "GOPROXY", "http://127.0.0.1:9|direct");
         m.network.dead = ListFact::of({"GOPROXY=http://127.0.0.1:9"}, "here");
       },
       {}},
      {"the proxy is dead, and nothing has to be downloaded",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         set(m, "GOPROXY", "off");
       },
       {}},
      {"folders of GOCACHE belong to root",
       linux_machine,
       [](Snapshot& m) {
         m.storage.user = text("1000:1000");
         m.storage.closed = ListFact::of({"~/.cache/go-build/a0"}, "here");
       },
       {"e not-toolchain/build-cache-permission"}},
      {"the module cache belongs to root, modules are missing",
       linux_machine,
       [](Snapshot& m) {
         lacks_a_module(m);
         m.storage.user = text("1000:1000");
         m.storage.modules = text("~/go/pkg/mod");
         m.storage.modules_writable = flag(false);
       },
       {"e machine/module-cache-closed"}},
      {"the same, and all modules are there",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.storage.user = text("1000:1000");
         m.storage.modules = text("~/go/pkg/mod");
         m.storage.modules_writable = flag(false);
       },
       {"w machine/module-cache-closed"}},
      {"no inodes",
       linux_machine,
       [](Snapshot& m) { m.storage.cache_inodes = CountFact::of(0, "here"); },
       {"e not-toolchain/disk-full"}},
      {"a package has C++, no g++",
       linux_machine,
       [](Snapshot& m) {
         with_cxx(m);
         m.compiler.cxx = TextFact::none("PATH");
       },
       {"e cc/cxx-missing"}},
      {"a package has C++, g++ has no library",
       linux_machine,
       [](Snapshot& m) {
         with_cxx(m);
         m.compiler.cxx = text("/usr/bin/g++");
         m.compiler.cxx_probe = text("link");
         m.compiler.cxx_output = text("cannot find -lstdc++");
       },
       {"e cc/cxx-missing"}},
      {"gcc is a link to a gcc that is gone",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         with_c(m);
         m.compiler.broken_link = text("/usr/bin/gcc -> gcc-12");
         m.compiler.broken_package = text("gcc-12");
       },
       {"e cc/broken-link"}},
      {"binutils are gone",
       linux_machine,
       [](Snapshot& m) {
         with_c(m);
         m.compiler.assembler = TextFact::none("gcc -print-prog-name=as");
         m.compiler.probe = m.compiler.c_probe = text("compile");
         m.compiler.c_output = text("gcc: fatal error: cannot execute 'as'");
       },
       {"e cc/tool-missing"}},
      {"a linker that is not there is named",
       linux_machine,
       [](Snapshot& m) {
         with_c(m);
         set(m, "CGO_LDFLAGS", "-fuse-ld=mold", true);
         m.compiler.probe = m.compiler.c_probe = text("link");
         m.compiler.c_output = text("collect2: fatal error: cannot find 'ld'");
       },
       {"e cc/tool-missing"}},
      {"git refuses the repository",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.project.programs = flag(true);
         m.project.vcs = text("/srv/app");
         m.project.vcs_refused = text("it belongs to another user");
       },
       {"e project/vcs-refused"}},
      {"git refuses it, and nobody asks for a revision",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.project.programs = flag(true);
         m.project.vcs = text("/srv/app");
         m.project.vcs_refused = text("it belongs to another user");
         set(m, "GOFLAGS", "-buildvcs=false");
       },
       {}},
      {"GOFLAGS=-mod=vendor of the environment, no vendor",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.project.modules = CountFact::of(3, "go.mod");
         m.project.vendor = ListFact::none("/p/vendor");
         set(m, "GOFLAGS", "-mod=vendor");
       },
       {"e project/vendor-inconsistent"}},
      {"vendor is older than go.mod",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.project.vendor = ListFact::of({"example.org/lib is v2 in go.mod and v1 in vendor"}, "v");
       },
       {"e project/vendor-inconsistent"}},
      {"vendor is older than go.mod, and not used",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.project.vendor = ListFact::of({"example.org/lib is v2 in go.mod and v1 in vendor"}, "v");
         set(m, "GOFLAGS", "-mod=mod");
       },
       {}},
      {"no certificates, nothing to download",
       linux_machine,
       [](Snapshot& m) {
         module(m, "1.22");
         m.network.certificates = TextFact::none("/etc/ssl/certs");
       },
       {"w network/no-certificates"}},
      {"no certificates, and a module is missing",
       linux_machine,
       [](Snapshot& m) {
         lacks_a_module(m);
         m.network.certificates = TextFact::none("/etc/ssl/certs");
       },
       {"e network/no-certificates"}},
      {"the clock is older than Go",
       linux_machine,
       [](Snapshot& m) {
         m.system.day = text("1999-12-31");
         m.go.released = text("2026-09-01");
       },
       {"w system/clock-wrong"}},
      {"ulimit -n 10",
       linux_machine,
       [](Snapshot& m) { m.system.open_files = CountFact::of(10, "RLIMIT_NOFILE"); },
       {"e system/limit"}},
      {"ulimit -v 400000",
       linux_machine,
       [](Snapshot& m) {
         m.system.address_space = CountFact::of(390, "RLIMIT_AS");
         m.compiler.probe = text("compile");
         m.compiler.probe_output = text("fatal error: failed to reserve page summary memory");
       },
       {"e system/limit"}},
      {"a go command in quarantine",
       mac,
       [](Snapshot& m) { m.go.quarantine = flag(true); },
       {"w darwin/quarantined-go"}},
      {"Go 1.19 without gcc: cgo is on all the same",
       linux_machine,
       [](Snapshot& m) {
         go(m).version = "go1.19.8";
         no_compiler(m);
       },
       {"e cc/not-installed"}},
  });
}

TEST_CASE("doctor: without a C compiler cgo is called on or off as go has it") {
  Snapshot snapshot = linux_machine();
  no_compiler(snapshot);
  CHECK(diagnose_machine(snapshot).front().message.contains("cgo is off"));
  go(snapshot).version = "go1.19.8";
  CHECK(diagnose_machine(snapshot).front().message.contains("cgo is on"));
}

TEST_CASE("doctor: a group is red for its own findings only") {
  Snapshot snapshot = linux_machine();
  module(snapshot, "1.99");
  set(snapshot, "GOTOOLCHAIN", "local");
  for (const DoctorGroup& group : doctor_groups(snapshot, diagnose_machine(snapshot))) {
    CHECK((group.state == DoctorGroup::State::error) == (group.name == "Go"));
  }
}

TEST_CASE("doctor: what nobody wanted to know is not unknown") {
  Snapshot snapshot = linux_machine();
  snapshot.compiler.probe = snapshot.compiler.c_probe = TextFact::not_asked("--no-probe");
  for (const DoctorGroup& group : doctor_groups(snapshot, diagnose_machine(snapshot))) {
    CHECK(group.state == DoctorGroup::State::ok);
    if (group.name == "C compiler") CHECK(group.text.ends_with("cgo check declined"));
  }
}

TEST_CASE("doctor: a release that cannot exist yet is not said to be downloaded") {
  Snapshot snapshot = linux_machine();
  module(snapshot, "1.27");
  snapshot.system.day = text("2026-11-29");
  CHECK(running_go(snapshot).state == RunningGo::State::downloads);
  snapshot.project.go = text("1.99");
  CHECK(running_go(snapshot).state == RunningGo::State::refused);
  // A clock that is behind says nothing of releases.
  snapshot.system.day = text("1999-01-01");
  CHECK(running_go(snapshot).state == RunningGo::State::downloads);
}

TEST_CASE("doctor: a library that was found and is broken is not called missing") {
  Snapshot snapshot = linux_machine();
  with_c(snapshot);
  set(snapshot, "LD_LIBRARY_PATH", "/bad");
  snapshot.compiler.probe = snapshot.compiler.c_probe = text("compile");
  snapshot.compiler.probe_output =
      text("cc1: error while loading shared libraries: /bad/libgmp.so.10: file too short\n");
  auto findings = diagnose_machine(snapshot);
  explain_probe(snapshot, findings);
  REQUIRE(findings.size() == 1);
  CHECK(slug_of(findings.front().code) == "env/library-path-set");
  CHECK(findings.front().severity == Severity::error);
  CHECK(findings.front().message.contains("libgmp.so.10: file too short"));
}

TEST_CASE("doctor: what the tools said is held against the machine before it speaks") {
  Snapshot snapshot = mac();
  with_c(snapshot);
  snapshot.compiler.probe = snapshot.compiler.c_probe = text("link");
  snapshot.compiler.probe_output = text(
      "ld: malformed file\n/SDKs/MacOSX.sdk/usr/lib/libSystem.tbd:4:18: error: unknown enumerated "
      "scalar\ntargets: [ x86_64-macos, arm64-macos ]\nclang: error: linker command failed with "
      "exit code 1 (use -v to see invocation)\n");
  auto findings = diagnose_machine(snapshot);
  explain_probe(snapshot, findings);
  REQUIRE(findings.size() == 1);
  // Its clang is Apple's own.
  CHECK(slug_of(findings.front().code) != "darwin/non-apple-clang-on-path");
  CHECK_FALSE(findings.front().message.contains("Homebrew"));
}

TEST_CASE("doctor: a failure without a known cause names its line") {
  Snapshot snapshot = linux_machine();
  with_c(snapshot);
  snapshot.compiler.probe = snapshot.compiler.c_probe = text("compile");
  snapshot.compiler.probe_output = text("gcc: error: unrecognized command-line option '-mfoo'\n");
  auto findings = diagnose_machine(snapshot);
  explain_probe(snapshot, findings);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().message.contains("-mfoo"));
  CHECK_FALSE(findings.front().fixes.empty());
}

TEST_CASE("doctor: the next go command") {
  CHECK(next_go_command(linux_machine()).empty());
  Snapshot snapshot = linux_machine();
  with_cxx(snapshot);
  snapshot.project.missing = ListFact::of({"example.org/lib"}, "here");
  snapshot.compiler.cxx = TextFact::none("PATH");
  const auto state_of = [&](std::string_view what) {
    const auto steps = next_go_command(snapshot);
    const auto found = std::ranges::find(steps, what, &NextStep::what);
    REQUIRE(found != steps.end());
    return found->state;
  };
  CHECK(state_of("toolchain") == NextStep::State::ready);
  CHECK(state_of("modules") == NextStep::State::downloads);
  CHECK(state_of("C++") == NextStep::State::fails);
  CHECK(state_of("C") == NextStep::State::ready);
  set(snapshot, "GOPROXY", "off");
  CHECK(state_of("modules") == NextStep::State::fails);
}

TEST_CASE("doctor: what changed since the last run") {
  Snapshot before = linux_machine(), now = before;
  CHECK(changes_between(before, now).empty());
  now.compiler.version = text("13.1.0");
  now.compiler.probe = TextFact::not_asked("--no-probe");  // not asked has not changed
  set(now, "GOFLAGS", "-tags=x");
  const auto changes = changes_between(before, now);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].name == "C compiler version");
  CHECK(changes[0].before == "12.2.0");
  CHECK(changes[1].after == "-tags=x");
}

TEST_CASE("doctor: the first release of a language version is its .0") {
  Snapshot snapshot = linux_machine();
  module(snapshot, "1.99");
  CHECK(running_go(snapshot).version == "go1.99.0");
  snapshot.project.toolchain = text("go1.100.2");
  CHECK(running_go(snapshot).version == "go1.100.2");
  snapshot.project.toolchain = text("default");
  CHECK(running_go(snapshot).older);
  set(snapshot, "GOTOOLCHAIN", "go1.99.3+auto");
  CHECK(running_go(snapshot).version == "go1.99.3");
}
