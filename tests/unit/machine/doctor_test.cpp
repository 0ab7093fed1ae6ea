// Machines: each is a healthy one with one thing changed, and has the findings of that and no
// other.
#include "machine/doctor/doctor.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "diag/catalog.h"
#include "diag/render/render.h"
#include "diagnose/causes/causes.h"
#include "machine/machines.h"
#include "machine/snapshot_data.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

const std::vector<Machine>& all_machines() {
  static const std::vector<Machine> all{
      {"Debian", linux_machine, [](Snapshot&) {}, {}},
      {"Alpine", alpine, [](Snapshot&) {}, {}},
      {"Mac with the Command Line Tools", mac, [](Snapshot&) {}, {}},
      {"Mac with Xcode", xcode, [](Snapshot&) {}, {}},
      {"Mac, Xcode-beta chosen",
       xcode,
       [](Snapshot& m) {
         m.apple.developer_folder = text("/Applications/Xcode-beta.app/Contents/Developer");
       },
       {}},
      {"Intel Mac",
       mac,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "amd64";
         m.packages.brew.value = {{"/usr/local", "amd64", true}};
       },
       {}},
      {"nothing is installed",
       linux_machine,
       [](Snapshot& m) {
         m.go.installs = Fact<std::vector<GoInstall>>::none("PATH");
         m.compiler.probe = TextFact::open("no go");
       },
       {"e go/not-installed"}},
      {"Debian without gcc, no project", linux_machine, no_compiler, {"w cc/not-installed"}},
      {"Debian without gcc, project with C",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         with_c(m);
       },
       {"e cc/not-installed"}},
      {"gcc without libc6-dev",
       linux_machine,
       [](Snapshot& m) {
         m.compiler.headers = m.compiler.start_files = flag(false);
         m.compiler.probe = text("compile");
         with_c(m);
       },
       {"e linux/libc-dev-missing"}},
      {"gcc without glibc-devel, no project",
       linux_machine,
       [](Snapshot& m) {
         m.compiler.headers = flag(false);
         m.compiler.probe = text("compile");
       },
       {"w linux/libc-dev-missing"}},
      {"Alpine without musl-dev",
       alpine,
       [](Snapshot& m) {
         m.compiler.headers = m.compiler.start_files = flag(false);
         m.compiler.probe = text("compile");
         with_c(m);
       },
       {"e alpine/musl-dev-missing"}},
      {"Alpine without a compiler", alpine, no_compiler, {"w cc/not-installed"}},
      {"CC names nothing",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "clang-12");
         m.compiler.command = text("clang-12");
         m.compiler.program = TextFact::none("PATH");
         m.compiler.probe = text("compile");
       },
       {"e cc/env-points-to-missing-compiler"}},
      {"CC is an unquoted path",
       mac,
       [](Snapshot& m) {
         set(m, "CC", "/Applications/My Tools/clang");
         m.compiler.program = TextFact::none("PATH");
         m.compiler.probe = text("compile");
       },
       {"e cc/env-has-flags-or-spaces"}},
      {"CC persisted and in order",
       linux_machine,
       [](Snapshot& m) { set(m, "CC", "gcc", true); },
       {}},
      {"CC persisted, gcc not on PATH",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "/opt/cc/bin/cc", true);
         m.compiler.program = text("/opt/cc/bin/cc");
         m.compiler.default_program = TextFact::none("PATH");
       },
       {"w cgo/off-cc-persisted"}},
      {"the same with a project that needs C",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "/opt/cc/bin/cc", true);
         m.compiler.program = text("/opt/cc/bin/cc");
         m.compiler.default_program = TextFact::none("PATH");
         with_c(m);
       },
       {"e cgo/off-cc-persisted"}},
      {"CC in the environment, gcc not on PATH",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "/opt/cc/bin/cc");
         m.compiler.default_program = TextFact::none("PATH");
       },
       {}},
      {"CGO_ENABLED=true",
       linux_machine,
       [](Snapshot& m) { set(m, "CGO_ENABLED", "true"); },
       {"w cgo/value-ignored"}},
      {"CGO_ENABLED=0 persisted",
       linux_machine,
       [](Snapshot& m) { set(m, "CGO_ENABLED", "0", true); },
       {"n cgo/off-by-setting"}},
      {"CGO_ENABLED=0, project with C",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CGO_ENABLED", "0");
         with_c(m);
       },
       {"e cgo/disabled-needs-cgo"}},
      {"CGO_ENABLED=1",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CGO_ENABLED", "1");
         with_c(m);
       },
       {}},
      {"GOOS persisted",
       mac,
       [](Snapshot& m) { set(m, "GOOS", "linux", true); },
       {"w env/goos-goarch-persisted"}},
      {"GOARCH in the shell",
       mac,
       [](Snapshot& m) { set(m, "GOARCH", "amd64"); },
       {"w env/goos-goarch-persisted"}},
      {"GOOS and GOARCH of the machine itself",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOOS", "linux");
         set(m, "GOARCH", "amd64", true);
       },
       {}},
      {"GOFLAGS with tags persisted",
       linux_machine,
       [](Snapshot& m) { set(m, "GOFLAGS", "-tags=netgo", true); },
       {"w env/goflags-persisted"}},
      {"GOFLAGS that change nothing built",
       linux_machine,
       [](Snapshot& m) { set(m, "GOFLAGS", "-buildvcs=false", true); },
       {"n env/goflags-persisted"}},
      {"GOFLAGS of one shell",
       linux_machine,
       [](Snapshot& m) { set(m, "GOFLAGS", "-mod=mod"); },
       {}},
      {"PKG_CONFIG names nothing",
       linux_machine,
       [](Snapshot& m) {
         set(m, "PKG_CONFIG", "/opt/pc", true);
         m.packages.pkg_config = TextFact::none("PATH");
       },
       {"e pkgconfig/env-points-to-missing-tool"}},
      {"no pkg-config, nobody asks for it",
       linux_machine,
       [](Snapshot& m) {
         m.packages.pkg_config = TextFact::none("PATH");
         with_c(m);
       },
       {}},
      {"no pkg-config, a package asks for it",
       linux_machine,
       [](Snapshot& m) {
         m.packages.pkg_config = TextFact::none("PATH");
         with_c(m, {"vips"});
       },
       {"e pkgconfig/not-installed"}},
      {"GOROOT of another Go",
       linux_machine,
       [](Snapshot& m) { set(m, "GOROOT", "/opt/go1.20"); },
       {"e goroot/relative-or-wrong-goroot"}},
      {"GOROOT relative",
       linux_machine,
       [](Snapshot& m) { set(m, "GOROOT", "go"); },
       {"e goroot/relative-or-wrong-goroot"}},
      {"GOROOT as it is anyway",
       linux_machine,
       [](Snapshot& m) { set(m, "GOROOT", "/usr/local/go"); },
       {}},
      {"new Go unpacked over an old one",
       mac,
       [](Snapshot& m) {
         m.go.stale_files.value = {"/usr/local/go/src/runtime/cgo/gcc_signal_darwin_armx.c"};
         m.compiler.probe = text("link");
       },
       {"e goroot/mixed-install"}},
      {"Intel Go on Apple Silicon",
       mac,
       [](Snapshot& m) { go(m).goarch = "amd64"; },
       {"e darwin/amd64-go-on-apple-silicon"}},
      {"Intel Go in a translated shell",
       mac,
       [](Snapshot& m) {
         go(m).goarch = "amd64";
         m.system.translated = flag(true);
       },
       {"e darwin/amd64-go-on-apple-silicon"}},
      {"Go 1.15 on Apple Silicon",
       mac,
       [](Snapshot& m) {
         go(m).goarch = "amd64";
         go(m).version = "go1.15.15";
       },
       {"e go/version-lacks-darwin-arm64"}},
      {"translated shell, native Go",
       mac,
       [](Snapshot& m) { m.system.translated = flag(true); },
       {"w rosetta/translated-shell-selects-x86-clang"}},
      {"amd64 Go on arm64 Linux",
       linux_machine,
       [](Snapshot& m) {
         m.system.goarch = "arm64";
         m.compiler.target = TextFact::open("");
       },
       {"e goroot/go-arch-not-host-arch"}},
      {"32-bit system on a 64-bit kernel",
       linux_machine,
       [](Snapshot& m) {
         m.system.goarch = "arm64";
         go(m).goarch = "arm";
         m.compiler.target = text("arm-linux-gnueabihf");
       },
       {}},
      {"two Gos of one release",
       linux_machine,
       [](Snapshot& m) {
         m.go.installs.value.push_back(
             {"/usr/bin/go", "/usr/lib/go", "go1.26.8", "amd64", false, false});
       },
       {}},
      {"two Gos",
       linux_machine,
       [](Snapshot& m) {
         m.go.installs.value.push_back(
             {"/usr/bin/go", "/usr/lib/go-1.19", "go1.19.8", "amd64", false, false});
       },
       {"n go/several-on-path"}},
      {"gccgo first",
       linux_machine,
       [](Snapshot& m) { go(m) = {"/usr/bin/go", "", "", "amd64", true, false}; },
       {"w go/gccgo-first"}},
      {"go.mod newer, GOTOOLCHAIN=local",
       linux_machine,
       [](Snapshot& m) {
         go(m).version = "go1.22.1";
         m.project.module = text("m");
         m.project.go = text("1.24");
         set(m, "GOTOOLCHAIN", "local", true);
       },
       {"e not-toolchain/go-version-too-old"}},
      {"go.mod newer, Go 1.20",
       linux_machine,
       [](Snapshot& m) {
         go(m).version = "go1.20.1";
         m.project.module = text("m");
         m.project.go = text("1.22");
       },
       {"w not-toolchain/go-version-too-old"}},
      {"go.mod newer, Go fetches it",
       linux_machine,
       [](Snapshot& m) {
         go(m).version = "go1.22.1";
         m.project.module = text("m");
         m.project.go = text("1.24");
       },
       {}},
      {"Command Line Tools missing",
       mac,
       [](Snapshot& m) {
         m.apple.developer_folder = no_text();
         m.apple.developer_usable = FlagFact::none("here");
         m.apple.tools_usable = FlagFact::none("here");
         m.apple.tools_version = no_text();
         m.apple.sdks = Sdks::none("here");
         no_compiler(m);
         with_c(m);
       },
       {"e clt/missing-or-broken-after-os-upgrade"}},
      {"Command Line Tools broken after an upgrade",
       mac,
       [](Snapshot& m) {
         m.apple.developer_usable = m.apple.tools_usable = flag(false);
         m.compiler.kind = TextFact::open("xcrun: error: invalid active developer path");
         m.compiler.probe = text("compile");
       },
       {"w clt/missing-or-broken-after-os-upgrade"}},
      {"a moved Xcode",
       mac,
       [](Snapshot& m) {
         m.apple.developer_folder = text("/Applications/Xcode-old.app/Contents/Developer");
         m.apple.developer_usable = flag(false);
         m.compiler.kind = TextFact::open("xcrun: error");
         m.compiler.probe = text("compile");
       },
       {"w clt/missing-or-broken-after-os-upgrade"}},
      {"licence not agreed to",
       xcode,
       [](Snapshot& m) {
         m.apple.license = flag(false);
         m.compiler.kind = TextFact::open("exit status 69");
         m.compiler.probe = text("compile");
         with_c(m);
       },
       {"e clt/license-not-accepted"}},
      {"stale SDKROOT",
       mac,
       [](Snapshot& m) {
         set(m, "SDKROOT", "/Library/Developer/CommandLineTools/SDKs/MacOSX12.3.sdk");
         m.compiler.probe = text("compile");
       },
       {"e clt/stale-sdk-path"}},
      {"SDK 26.4 with stubs for arm64e only",
       mac,
       [](Snapshot& m) {
         m.apple.sdks.value.front().version = "26.4";
         m.apple.sdks.value.front().targets = {"arm64e-macos", "x86_64-macos"};
       },
       {"n sdk/arm64e-only-stubs"}},
      {"SDK older than Go wants",
       mac,
       [](Snapshot& m) {
         m.apple.sdks.value.front().version = "11.3";
         m.compiler.probe = text("link");
       },
       {"w sdk/too-old-for-go"}},
      {"macOS older than Go wants",
       mac,
       [](Snapshot& m) { m.system.version = text("11.7"); },
       {"e dyld/macos-too-old-for-go"}},
      {"nix clang first on PATH",
       mac,
       [](Snapshot& m) {
         m.compiler.program = m.compiler.default_program = text("/nix/store/x/bin/clang");
         m.compiler.kind = text("clang");
         m.compiler.probe = text("link");
       },
       {"e darwin/non-apple-clang-on-path"}},
      {"conda clang first on PATH, not tried",
       mac,
       [](Snapshot& m) {
         m.compiler.program = text("/opt/conda/bin/clang");
         m.compiler.kind = text("clang");
         m.compiler.probe = TextFact::open("not tried");
       },
       {"w darwin/non-apple-clang-on-path"}},
      {"Homebrew's llvm that works",
       mac,
       [](Snapshot& m) {
         m.compiler.program = text("/opt/homebrew/opt/llvm/bin/clang");
         m.compiler.kind = text("clang");
       },
       {}},
      {"two Homebrews",
       mac,
       [](Snapshot& m) { m.packages.brew.value.push_back({"/usr/local", "amd64", true}); },
       {"w brew/two-prefixes"}},
      {"Intel Homebrew alone",
       mac,
       [](Snapshot& m) { m.packages.brew.value = {{"/usr/local", "amd64", true}}; },
       {"w brew/intel-on-arm64"}},
      {"DYLD_LIBRARY_PATH",
       mac,
       [](Snapshot& m) { set(m, "DYLD_LIBRARY_PATH", "/opt/lib"); },
       {"w dyld/library-path-shadows-system"}},
      {"expired identity",
       mac,
       [](Snapshot& m) {
         m.identities.list.value.push_back({"Developer ID Application: X (Y)", "", true});
       },
       {"w codesign/identity-expired"}},
      {"cross compiler without its C library",
       linux_machine,
       [](Snapshot& m) {
         m.engines.cross.value.push_back(
             {"aarch64-linux-gnu", "/usr/bin/aarch64-linux-gnu-gcc", flag(false)});
       },
       {"w cross/target-libs-missing"}},
      {"cross compiler, complete",
       linux_machine,
       [](Snapshot& m) {
         m.engines.cross.value.push_back(
             {"aarch64-linux-gnu", "/usr/bin/aarch64-linux-gnu-gcc", flag(true)});
       },
       {}},
      {"CC is a cross compiler, GOARCH is not set",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "aarch64-linux-gnu-gcc");
         m.compiler.program = text("/usr/bin/aarch64-linux-gnu-gcc");
         m.compiler.target = text("aarch64-linux-gnu");
         m.compiler.probe = text("compile");
       },
       {"e cross/target-cc-with-host-goarch"}},
      {"GOARCH=arm64 with gcc of the machine",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOARCH", "arm64");
         set(m, "CGO_ENABLED", "1");
       },
       {"w env/goos-goarch-persisted", "w cross/host-cc-used-for-target"}},
      {"disk full",
       linux_machine,
       [](Snapshot& m) { m.storage.cache_free = CountFact::of(3, "here"); },
       {"e not-toolchain/disk-full"}},
      {"temporary folder mounted noexec",
       linux_machine,
       [](Snapshot& m) { m.storage.temporary_runs = flag(false); },
       {"e machine/temporary-folder"}},
      {"temporary folder cannot be written",
       linux_machine,
       [](Snapshot& m) { m.storage.temporary_writable = flag(false); },
       {"e machine/temporary-folder"}},
      {"cache of another user",
       linux_machine,
       [](Snapshot& m) { m.storage.cache_writable = flag(false); },
       {"e not-toolchain/build-cache-permission"}},
      {"cgo check fail for a reason nobody knows",
       linux_machine,
       [](Snapshot& m) {
         m.compiler.probe = text("link");
         m.compiler.probe_output = text("ld: strange");
         with_c(m);
       },
       {"e cgo/probe-failed"}},
      {"nothing is known", [] { return Snapshot{}; }, [](Snapshot&) {}, {}},
      {"every program hangs",
       linux_machine,
       [](Snapshot& m) {
         m.compiler.kind = m.compiler.version = m.compiler.target = TextFact::open("no answer");
         m.compiler.probe = TextFact::open("no answer");
         m.engines.zig = TextFact::open("no answer");
       },
       {}},
  };
  return all;
}

}  // namespace

TEST_CASE("doctor: each machine has its findings and no other") {
  CHECK(all_machines().size() >= 40);
  check_machines(all_machines());
}

TEST_CASE("doctor: what is no snapshot is refused, what is missing is unknown") {
  CHECK_FALSE(parse_data("{").has_value());
  CHECK_FALSE(parse_data(std::string(5000, '[')).has_value());
  CHECK_FALSE(snapshot_from(*parse_data("[]")).has_value());
  CHECK_FALSE(snapshot_from(*parse_data("{\"snapshot\":99}")).has_value());
  const auto empty =
      snapshot_from(*parse_data("{\"snapshot\":1,\"go\":{\"installs\":7},\"new\":{}}"));
  REQUIRE(empty.has_value());
  CHECK(empty->go.installs.state == FactState::unknown);
  CHECK(diagnose_machine(*empty).empty());
  for (const DoctorGroup& group : doctor_groups(*empty, {})) {
    if (group.name == "C compiler") CHECK(group.state == DoctorGroup::State::unknown);
  }
}

TEST_CASE("doctor: names of users and their homes are masked") {
  Snapshot snapshot = linux_machine();
  set(snapshot, "CC", "/home/zebra/bin/cc");
  snapshot.storage.temporary = text("/var/zebra/tmp");
  mask_snapshot(snapshot, "/home/zebra", "zebra");
  const std::string written = render_data(snapshot_data(snapshot));
  CHECK_FALSE(written.contains("zebra"));
  CHECK(written.contains("~/bin/cc"));
  // Other people's homes, logins and secrets; and what only looks like them.
  snapshot = linux_machine();
  set(snapshot, "CGO_CFLAGS", "-I/home/anna/x -I/srv/home/kept -I/System/Volumes/Data/Users/carl");
  set(snapshot, "GOPROXY", "https://anna:pw@proxy.example/a@b,https://plain.example");
  set(snapshot, "GOFLAGS", "-ldflags=-X=main.Token=abc -tags=token");
  snapshot.identities.list.value.resize(2);
  snapshot.identities.list.value[0].name = "Apple Development: Anna B (TEAM)";
  snapshot.identities.list.value[1].name = "Developer ID Application: Foo (TEAM)";
  mask_snapshot(snapshot, "/root", "debian");
  std::string told;
  for (const Setting& one : snapshot.settings.list.value) told += one.value + "\n";
  CHECK(told ==
        "-I/home/user/x -I/srv/home/kept -I/System/Volumes/Data/Users/user\n"
        "https://***@proxy.example/a@b,https://plain.example\n"
        "-ldflags=-X=main.Token=*** -tags=token\n");
  CHECK(snapshot.identities.list.value[0].name == "Apple Development: user (TEAM)");
  CHECK(snapshot.identities.list.value[1].name == "Developer ID Application: Foo (TEAM)");
  // A user called as the system is.
  CHECK(snapshot.system.name.value == "debian");
}

// Go's own rule (cmd/go/internal/cfg, 1.20 and later), each line measured with `go env
// CGO_ENABLED`.
TEST_CASE("doctor: which rule decided CGO_ENABLED") {
  Snapshot machine = linux_machine();
  CHECK(cgo_decision(machine).value == "1");
  set(machine, "CGO_ENABLED", "2");
  CHECK(cgo_decision(machine).value == "1");
  machine = linux_machine();
  machine.compiler.default_program = TextFact::none("PATH");
  CHECK(cgo_decision(machine).value == "0");
  set(machine, "CC", "anything", true);
  CHECK(cgo_decision(machine).value == "0");
  set(machine, "CC", "anything");
  machine.settings.list.value.front().active = false;
  CHECK(cgo_decision(machine).value == "1");
  set(machine, "GOARCH", "arm64");
  CHECK(cgo_decision(machine).value == "0");
  machine = linux_machine();
  machine.compiler.default_program = TextFact::none("PATH");
  go(machine).version = "go1.19.13";
  CHECK(cgo_decision(machine).value == "1");
  machine.go.installs = Fact<std::vector<GoInstall>>::open("");
  CHECK(cgo_decision(machine).value.empty());
}
