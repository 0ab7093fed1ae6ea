// More machines: other spellings of the same faults, and machines that only look as if.
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

void identity(Snapshot& machine, std::string end, std::string issuer = {}) {
  machine.system.day = text("2026-11-28");
  SigningIdentity one;
  one.name = "Developer ID Application: X (Y)";
  one.not_after = std::move(end);
  one.issuer = std::move(issuer);
  machine.identities.list.value.push_back(std::move(one));
}

void pc(Snapshot& machine, std::vector<PcFile> files) {
  machine.packages.pc_search = ListFact::of({"/usr/lib/pkgconfig"}, "pkg-config");
  machine.packages.pc_files = Fact<std::vector<PcFile>>::of(std::move(files), "here");
}

const std::vector<Machine>& more_machines() {
  static const std::vector<Machine> all{
      {"Fedora",
       linux_machine,
       [](Snapshot& m) {
         m.system.name = text("fedora");
         m.system.version = text("43");
         m.compiler.target = text("x86_64-redhat-linux");
       },
       {}},
      {"Arch",
       linux_machine,
       [](Snapshot& m) {
         m.system.name = text("arch");
         m.system.version = no_text();
         m.compiler.target = text("x86_64-pc-linux-gnu");
       },
       {}},
      {"NixOS: compiler and C library are elsewhere",
       linux_machine,
       [](Snapshot& m) {
         m.compiler.program = text("/run/current-system/sw/bin/gcc");
         m.compiler.headers = m.compiler.start_files = flag(false);
       },
       {}},
      {"Debian for ARM boards",
       linux_machine,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "arm";
         m.compiler.target = text("arm-linux-gnueabihf");
       },
       {}},
      {"container without C, pure project",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         without_c_project(m);
       },
       {"n cc/not-installed"}},
      {"container without C, CGO_ENABLED=0",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         set(m, "CGO_ENABLED", "0");
       },
       {"n cgo/off-by-setting", "n cc/not-installed"}},
      {"Alpine without musl-dev, pure project",
       alpine,
       [](Snapshot& m) {
         m.compiler.headers = m.compiler.start_files = flag(false);
         m.compiler.probe = text("compile");
         without_c_project(m);
       },
       {"n alpine/musl-dev-missing"}},
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
      {"universal Go", mac, [](Snapshot& m) { go(m).goarch = "universal"; }, {}},
      {"LD_LIBRARY_PATH of a graphics card",
       linux_machine,
       [](Snapshot& m) { set(m, "LD_LIBRARY_PATH", "/usr/local/cuda/lib64"); },
       {"n env/library-path-set"}},
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
      {"SHELL of Homebrew's on arm64",
       mac,
       [](Snapshot& m) {
         m.system.shell = text("/opt/homebrew/bin/fish");
         m.system.shell_goarch = text("arm64");
         m.system.shell_translated = flag(false);
       },
       {}},
      {"DYLD_FALLBACK_LIBRARY_PATH",
       mac,
       [](Snapshot& m) { set(m, "DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib"); },
       {}},
      {"deployment target that fits",
       mac,
       [](Snapshot& m) { set(m, "MACOSX_DEPLOYMENT_TARGET", "13.0"); },
       {}},
      {"project with a second half in Go, CGO_ENABLED=0",
       linux_machine,
       [](Snapshot& m) {
         with_c(m);
         m.project.cgo.value.front() = {"github.com/x/y", {}, {}, {}, true, {}};
         set(m, "CGO_ENABLED", "0");
       },
       {"n cgo/off-by-setting"}},
      {"GOROOT is a link to the GOROOT",
       mac,
       [](Snapshot& m) {
         set(m, "GOROOT", "/opt/homebrew/opt/go/libexec");
         m.go.set_root = text("/usr/local/go");
         m.go.set_root_version = text("go1.26.8");
       },
       {}},
      {"GOROOT with a slash at its end",
       linux_machine,
       [](Snapshot& m) { set(m, "GOROOT", "/usr/local/go/"); },
       {}},
      {"GOROOT below a masked home, the right one",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOROOT", "~/go1");
         m.go.set_root = text("~/go1");
         m.go.set_root_version = text("go1.26.8");
         go(m).root = "~/go1";
       },
       {}},
      {"GOROOT of another release",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOROOT", "/usr/lib/go-1.19", true);
         m.go.set_root = text("/usr/lib/go-1.19");
         m.go.set_root_version = text("go1.19.8");
       },
       {"e goroot/relative-or-wrong-goroot"}},
      {"GOROOT of another copy of the same release",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOROOT", "/opt/go");
         m.go.set_root = text("/opt/go");
         m.go.set_root_version = text("go1.26.8");
       },
       {"n goroot/relative-or-wrong-goroot"}},
      {"GOROOT is a folder without Go, the go command a shim",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOROOT", "/opt/gone");
         go(m).root.clear();
         m.go.set_root = text("/opt/gone");
         m.go.set_root_version = no_text();
       },
       {"e goroot/relative-or-wrong-goroot"}},
      {"GOROOT of asdf, the go command a shim",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOROOT", "~/.asdf/installs/golang/1.26.8/go");
         go(m).root.clear();
         m.go.set_root = text("~/.asdf/installs/golang/1.26.8/go");
         m.go.set_root_version = text("go1.26.8");
       },
       {}},
      {"GOPATH is the GOROOT",
       linux_machine,
       [](Snapshot& m) { set(m, "GOPATH", "/usr/local/go", true); },
       {"e goroot/gopath-goroot-mixed-up"}},
      {"older Go unpacked over a newer one",
       linux_machine,
       [](Snapshot& m) {
         m.go.stale_files.value = {"/usr/local/go/api/go1.27.txt"};
         m.compiler.probe = text("compile");
       },
       {"e goroot/mixed-install"}},
      {"GOTOOLCHAIN names an older one",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOTOOLCHAIN", "go1.21.5");
         m.project.module = text("m");
         m.project.go = text("1.23");
       },
       {"e not-toolchain/go-version-too-old"}},
      {"GOTOOLCHAIN names one and lets it be newer",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOTOOLCHAIN", "go1.21.5+auto");
         m.project.module = text("m");
         m.project.go = text("1.23");
       },
       {}},
      {"local+auto is auto",
       linux_machine,
       [](Snapshot& m) {
         go(m).version = "go1.22.1";
         set(m, "GOTOOLCHAIN", "local+auto");
         m.project.module = text("m");
         m.project.go = text("1.23");
       },
       {}},
      {"a patch release too old",
       linux_machine,
       [](Snapshot& m) {
         go(m).version = "go1.22.1";
         set(m, "GOTOOLCHAIN", "local");
         m.project.module = text("m");
         m.project.go = text("1.22.5");
       },
       {"e not-toolchain/go-version-too-old"}},
      {"Go not on PATH, and there",
       linux_machine,
       [](Snapshot& m) {
         m.go.off_path = Fact<std::vector<GoInstall>>::of(std::move(m.go.installs.value), "here");
         m.go.installs = Fact<std::vector<GoInstall>>::none("PATH");
         m.compiler.probe = TextFact::open("no go");
       },
       {"e go/not-installed"}},
      {"Go 1.23 on macOS 26",
       mac,
       [](Snapshot& m) {
         m.system.version = text("26.1");
         go(m).version = "go1.23.4";
       },
       {"w dyld/missing-lc-uuid"}},
      {"Go 1.24 on macOS 26",
       mac,
       [](Snapshot& m) {
         m.system.version = text("26.1");
         go(m).version = "go1.24.0";
       },
       {}},
      {"Go 1.22 on macOS 10.13",
       mac,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "amd64";
         m.packages.brew.value.clear();
         m.system.version = text("10.13.6");
         go(m).version = "go1.22.0";
       },
       {"e dyld/macos-too-old-for-go"}},
      {"native tenon in a translated shell",
       mac,
       [](Snapshot& m) { m.system.shell_translated = flag(true); },
       {"w rosetta/translated-shell-selects-x86-clang"}},
      {"login shell for Intel",
       mac,
       [](Snapshot& m) {
         m.system.shell = text("/usr/local/bin/bash");
         m.system.shell_goarch = text("amd64");
       },
       {"w rosetta/translated-shell-selects-x86-clang"}},
      {"Intel shell on an Intel Mac",
       mac,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "amd64";
         m.packages.brew.value = {{"/usr/local", "amd64", true}};
         m.system.shell = text("/bin/zsh");
         m.system.shell_goarch = text("amd64");
       },
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
      {"DYLD_INSERT_LIBRARIES",
       mac,
       [](Snapshot& m) { set(m, "DYLD_INSERT_LIBRARIES", "/x/libfoo.dylib"); },
       {"w dyld/library-path-shadows-system"}},
      {"devbox clang first, not tried",
       mac,
       [](Snapshot& m) {
         m.compiler.program = text("/proj/.devbox/nix/profile/default/bin/clang");
         m.compiler.kind = text("clang");
         m.compiler.probe = TextFact::open("no answer");
       },
       {"w darwin/non-apple-clang-on-path"}},
      {"identity that ended",
       mac,
       [](Snapshot& m) { identity(m, "2026-01-01"); },
       {"w codesign/identity-expired"}},
      {"identity that ends in two weeks",
       mac,
       [](Snapshot& m) { identity(m, "2026-12-10"); },
       {"w codesign/identity-expires"}},
      {"identity in order", mac, [](Snapshot& m) { identity(m, "2030-01-01"); }, {}},
      {"identity of the first intermediate",
       mac,
       [](Snapshot& m) { identity(m, "2027-02-01", "Developer ID Certification Authority"); },
       {"n codesign/intermediate-expires"}},
      {"the same in January",
       mac,
       [](Snapshot& m) {
         identity(m, "2027-02-01", "Developer ID Certification Authority");
         m.system.day = text("2027-01-20");
       },
       {"w codesign/identity-expires", "w codesign/intermediate-expires"}},
      {"the day is not known",
       mac,
       [](Snapshot& m) {
         identity(m, "2020-01-01");
         m.system.day = TextFact::open("");
       },
       {}},
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
      {"GOOS=windows with gcc",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOOS", "windows");
         set(m, "CGO_ENABLED", "1");
       },
       {"w env/goos-goarch-persisted", "w cross/windows-needs-mingw"}},
      {"GOOS=linux with cgo on a Mac",
       mac,
       [](Snapshot& m) {
         set(m, "GOOS", "linux", true);
         set(m, "CGO_ENABLED", "1");
       },
       {"w env/goos-goarch-persisted", "w cross/host-clang-for-linux-target"}},
      {"GOOS=darwin with cgo on Linux",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOOS", "darwin");
         set(m, "CGO_ENABLED", "1");
       },
       {"w env/goos-goarch-persisted", "w cross/darwin-from-linux-needs-osxcross-or-zig"}},
      {"GOARCH=amd64 with clang on a Mac",
       mac,
       [](Snapshot& m) {
         set(m, "GOARCH", "amd64");
         set(m, "CGO_ENABLED", "1");
       },
       {"w env/goos-goarch-persisted"}},
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
      {"GOARCH of the machine, go a script",
       linux_machine,
       [](Snapshot& m) {
         go(m).goarch.clear();
         set(m, "GOARCH", "amd64");
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
      {"old Docker",
       linux_machine,
       [](Snapshot& m) {
         m.system.threads_refused = flag(true);
         m.compiler.probe = text("run");
       },
       {"e container/old-docker-seccomp-clone3"}},
      {"GOCACHE=off",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOCACHE", "off");
         m.storage.cache = text("off");
         m.storage.cache_writable = FlagFact::none("here");
         m.storage.cache_free = CountFact::none("here");
       },
       {"e not-toolchain/build-cache-permission"}},
      {"no HOME",
       linux_machine,
       [](Snapshot& m) {
         m.storage.cache = no_text();
         m.storage.cache_writable = FlagFact::none("here");
         m.storage.cache_free = CountFact::none("here");
       },
       {"e not-toolchain/build-cache-permission"}},
      {"GOFLAGS come from a start-up file",
       linux_machine,
       [](Snapshot& m) {
         set(m, "GOFLAGS", "-tags=netgo");
         line(m, "GOFLAGS", "-tags=netgo");
       },
       {"w env/goflags-persisted"}},
      {"CGO_ENABLED=0 comes from a start-up file",
       mac,
       [](Snapshot& m) {
         with_c(m);
         set(m, "CGO_ENABLED", "0");
         line(m, "CGO_ENABLED", "0");
       },
       {"e cgo/disabled-needs-cgo"}},
  };
  return all;
}

}  // namespace

TEST_CASE("doctor: more machines with their findings and no other") {
  check_machines(more_machines());
}
