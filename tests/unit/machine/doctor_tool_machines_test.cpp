// Machines and their findings: compilers, SDKs and libraries. Other spellings of the same faults,
// and machines that only look as if.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

void without_c_project(Snapshot& machine) {
  machine.project.module = text("example.com/app");
  machine.project.go = text("1.22");
  machine.project.cgo = Packages::of({}, "here");
}

void pc(Snapshot& machine, std::vector<PcFile> files) {
  machine.packages.pc_search = ListFact::of({"/usr/lib/pkgconfig"}, "pkg-config");
  machine.packages.pc_files = Fact<std::vector<PcFile>>::of(std::move(files), "here");
}

const std::vector<Machine>& tools_machines() {
  static const std::vector<Machine> all{
      {"NixOS: compiler and C library are elsewhere",
       linux_machine,
       [](Snapshot& m) {
         m.compiler.program = text("/run/current-system/sw/bin/gcc");
         m.compiler.headers = m.compiler.start_files = flag(false);
       },
       {}},
      {"Mac without tools, pure project",
       mac,
       [](Snapshot& m) {
         m.apple.developer_folder = no_text();
         m.apple.sdks = Sdks::none("here");
         m.compiler.kind = TextFact::open("would open a window");
         m.compiler.probe = TextFact::open("no tools");
         without_c_project(m);
       },
       {"n clt/missing-or-broken-after-os-upgrade"}},
      {"nix-darwin without Apple's tools, SDKROOT is there",
       mac,
       [](Snapshot& m) {
         m.apple.developer_folder = no_text();
         m.apple.developer_usable = FlagFact::none("here");
         set(m, "SDKROOT", "/nix/store/x-apple-sdk/MacOSX.sdk");
         m.apple.sdks.value.front().path = "/nix/store/x-apple-sdk/MacOSX.sdk";
         m.compiler.program = text("/nix/store/x/bin/clang");
         m.compiler.kind = text("clang");
       },
       {}},
      {"beta of Xcode with a number of its own, clang answers",
       xcode,
       [](Snapshot& m) { m.apple.license = flag(false); },
       {}},
      {"CC is ccache gcc",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "ccache gcc");
         m.compiler.command = text("ccache gcc");
       },
       {}},
      {"CC is an unquoted path and flags",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "/opt/my tools/gcc -O2", true);
         m.compiler.program = no_text();
         m.compiler.default_program = text("/usr/bin/gcc");
         m.compiler.probe = text("compile");
       },
       {"e cc/env-has-flags-or-spaces"}},
      {"CC: program and flags in one pair of quotes",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "'gcc -m64'");
         m.compiler.program = no_text();
         m.compiler.probe = text("compile");
       },
       {"e cc/env-has-flags-or-spaces"}},
      {"CC: a quoted path that is not there",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "'/opt/my tools/gcc' -O2");
         m.compiler.program = no_text();
         m.compiler.probe = text("compile");
       },
       {"e cc/env-points-to-missing-compiler"}},
      {"no compiler and CGO_ENABLED=1",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         without_c_project(m);
         set(m, "CGO_ENABLED", "1", true);
       },
       {"e cc/not-installed"}},
      {"CC has flags", linux_machine, [](Snapshot& m) { set(m, "CC", "gcc -m64 -O2"); }, {}},
      {"deployment target that fits",
       mac,
       [](Snapshot& m) { set(m, "MACOSX_DEPLOYMENT_TARGET", "13.0"); },
       {}},
      {"clang says the path is broken",
       mac,
       [](Snapshot& m) {
         m.compiler.kind = TextFact::open(
             "clang --version failed: xcrun: error: invalid active developer path "
             "(/Library/Developer/CommandLineTools)");
         m.apple.developer_usable = FlagFact::open("");
         m.compiler.probe = text("compile");
       },
       {"w clt/missing-or-broken-after-os-upgrade"}},
      {"DEVELOPER_DIR names a folder that is gone",
       mac,
       [](Snapshot& m) {
         set(m, "DEVELOPER_DIR", "/Applications/Xcode-15.app");
         m.apple.developer_folder = text("/Applications/Xcode-15.app/Contents/Developer");
         m.apple.developer_usable = flag(false);
         m.compiler.probe = text("compile");
       },
       {"w clt/missing-or-broken-after-os-upgrade"}},
      {"tools without an SDK",
       mac,
       [](Snapshot& m) {
         m.apple.sdks = Sdks::none("here");
         m.compiler.probe = text("compile");
       },
       {"w clt/missing-or-broken-after-os-upgrade"}},
      {"clang says the licence is not agreed to",
       xcode,
       [](Snapshot& m) {
         m.apple.license = FlagFact::open("");
         m.compiler.kind =
             TextFact::open("clang failed: You have not agreed to the Xcode license agreements.");
         m.compiler.probe = text("compile");
       },
       {"w clt/license-not-accepted"}},
      {"SDKROOT of iOS",
       xcode,
       [](Snapshot& m) {
         set(m, "SDKROOT",
             "/Applications/Xcode.app/Contents/Developer/Platforms/iPhoneOS.platform/Developer/"
             "SDKs/iPhoneOS.sdk");
         m.apple.sdks.value.front().path = m.settings.list.value.back().value;
         m.compiler.probe = text("link");
       },
       {"e darwin/goos-darwin-with-ios-sdk"}},
      {"SDK 26.4 and zig",
       mac,
       [](Snapshot& m) {
         m.apple.sdks.value.front().version = "26.4";
         m.apple.sdks.value.front().targets = {"arm64e-macos", "x86_64-macos"};
         m.engines.zig = text("0.15.2");
       },
       {"w sdk/arm64e-only-stubs"}},
      {"CGO_CFLAGS name an SDK that is gone",
       mac,
       [](Snapshot& m) {
         set(m, "CGO_CFLAGS", "-isysroot /X/MacOSX12.sdk", true);
         m.settings.missing = ListFact::of({"CGO_CFLAGS=/X/MacOSX12.sdk"}, "here");
         m.compiler.probe = text("compile");
       },
       {"e clt/stale-sdk-path"}},
      {"CGO_LDFLAGS name a Cellar that is gone",
       mac,
       [](Snapshot& m) {
         set(m, "CGO_LDFLAGS", "-L/opt/homebrew/Cellar/vips/8.15/lib");
         m.settings.missing =
             ListFact::of({"CGO_LDFLAGS=/opt/homebrew/Cellar/vips/8.15/lib"}, "here");
       },
       {"w cache/stale-cellar-path"}},
      {"deployment target newer than the system",
       mac,
       [](Snapshot& m) { set(m, "MACOSX_DEPLOYMENT_TARGET", "26.0"); },
       {"w darwin/deployment-target-mismatch-warning"}},
      {"deployment target older than Go's",
       mac,
       [](Snapshot& m) { set(m, "MACOSX_DEPLOYMENT_TARGET", "10.9", true); },
       {"w darwin/deployment-target-mismatch-warning"}},
      {"devbox clang first, not tried",
       mac,
       [](Snapshot& m) {
         m.compiler.program = text("/proj/.devbox/nix/profile/default/bin/clang");
         m.compiler.kind = text("clang");
         m.compiler.probe = TextFact::open("no answer");
       },
       {"w darwin/non-apple-clang-on-path"}},
      {"clang, and no gcc",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         m.compiler.other = text("/usr/bin/clang");
         with_c(m);
       },
       {"e cc/not-installed"}},
      {"CXX names nothing",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CXX", "clang++-12", true);
         m.settings.missing = ListFact::of({"CXX=clang++-12"}, "here");
       },
       {"w cc/env-points-to-missing-compiler"}},
      {"cross compiler with its GOARCH, CXX not set",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOARCH", "arm64");
         set(m, "CGO_ENABLED", "1");
         set(m, "CC", "aarch64-linux-gnu-gcc");
         m.compiler.target = text("aarch64-linux-gnu");
       },
       {"w env/goos-goarch-persisted", "n cross/cxx-not-set"}},
      {"cross clang without GOARCH",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "clang --target=aarch64-linux-gnu");
         m.compiler.kind = text("clang");
         m.compiler.target = text("aarch64-unknown-linux-gnu");
         m.compiler.probe = text("link");
       },
       {"e cross/target-cc-with-host-goarch"}},
      {"mingw as CC on Linux",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "x86_64-w64-mingw32-gcc");
         m.compiler.target = text("x86_64-w64-mingw32");
         m.compiler.probe = text("link");
       },
       {"e cross/target-cc-with-host-goarch"}},
      {"compiler for Linux as CC on a Mac",
       mac,
       [](Snapshot& m) {
         set(m, "CC", "x86_64-linux-musl-gcc", true);
         m.compiler.kind = text("gcc");
         m.compiler.target = text("x86_64-linux-musl");
         m.compiler.probe = TextFact::open("");
       },
       {"e cross/target-cc-with-host-goarch", "w darwin/non-apple-clang-on-path"}},
      {"compiler without an operating system",
       linux_machine,
       [](Snapshot& m) {
         set(m, "CC", "arm-none-eabi-gcc");
         m.compiler.target = text("arm-none-eabi");
         m.compiler.probe = text("compile");
       },
       {"e cross/bare-metal-compiler"}},
      {"compiler for glibc on musl",
       alpine,
       [](Snapshot& m) {
         m.compiler.target = text("x86_64-linux-gnu");
         m.compiler.probe = text("run");
       },
       {"w ldso/glibc-binary-on-musl"}},
      {"old GNU ld on arm64",
       linux_machine,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "arm64";
         m.compiler.target = text("aarch64-linux-gnu");
         m.compiler.linker_kind = text("GNU ld");
         m.compiler.linker_version = text("2.35.2");
         m.compiler.linker = text("/usr/bin/ld");
       },
       {"n linker/gnu-ld-too-old"}},
      {"GNU ld in order",
       linux_machine,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "arm64";
         m.compiler.target = text("aarch64-linux-gnu");
         m.compiler.linker_kind = text("GNU ld");
         m.compiler.linker_version = text("2.40");
       },
       {}},
      {"PKG_CONFIG_PATH: every folder is gone",
       mac,
       [](Snapshot& m) {
         set(m, "PKG_CONFIG_PATH", "/a:/b");
         m.settings.missing = ListFact::of({"PKG_CONFIG_PATH=/a", "PKG_CONFIG_PATH=/b"}, "here");
       },
       {"w pkgconfig/pc-not-in-search-path"}},
      {"PKG_CONFIG_PATH: one folder is gone",
       mac,
       [](Snapshot& m) {
         set(m, "PKG_CONFIG_PATH", "/a:/usr/lib/pkgconfig");
         m.settings.missing = ListFact::of({"PKG_CONFIG_PATH=/a"}, "here");
       },
       {"n env/path-not-there"}},
      {"a .pc file that lies elsewhere",
       mac,
       [](Snapshot& m) {
         with_c(m, {"libffi"});
         pc(m, {{"libffi", "/opt/homebrew/opt/libffi/lib/pkgconfig", false}});
       },
       {"e pkgconfig/pc-not-in-search-path"}},
      {"a .pc file that is nowhere",
       linux_machine,
       [](Snapshot& m) {
         with_c(m, {"vips"});
         pc(m, {{"zlib", "/usr/lib/pkgconfig", true}});
       },
       {"e pkgconfig/dev-package-missing"}},
      {"a .pc file that is found",
       linux_machine,
       [](Snapshot& m) {
         with_c(m, {"zlib"});
         pc(m, {{"zlib", "/usr/lib/pkgconfig", true}, {"zlib", "/opt/x", false}});
       },
       {}},
      {"a library of Homebrew's that clang does not see",
       mac,
       [](Snapshot& m) {
         with_c(m);
         m.project.cgo.value.front().libraries = {"zmq"};
         m.packages.brew_libraries =
             Fact<std::vector<PcFile>>::of({{"zmq", "/opt/homebrew/lib", false}}, "here");
       },
       {"w darwin/brew-prefix-not-searched"}},
      {"the same, and #cgo names the folder",
       mac,
       [](Snapshot& m) {
         with_c(m);
         m.project.cgo.value.front().libraries = {"zmq"};
         m.project.cgo.value.front().folders = {"/opt/homebrew/lib"};
         m.packages.brew_libraries =
             Fact<std::vector<PcFile>>::of({{"zmq", "/opt/homebrew/lib", false}}, "here");
       },
       {}},
  };
  return all;
}

}  // namespace

TEST_CASE("doctor: machines with their findings and no other: compilers, SDKs and libraries") {
  check_machines(tools_machines());
}
