// Machines and their findings: Go itself: its settings, toolchains and targets. Other spellings of
// the same faults, and machines that only look as if.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

const std::vector<Machine>& go_machines() {
  static const std::vector<Machine> all{
      {"universal Go", mac, [](Snapshot& m) { go(m).goarch = "universal"; }, {}},
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
       {"e dyld/missing-lc-uuid"}},
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
      {"GOARCH of the machine, go a script",
       linux_machine,
       [](Snapshot& m) {
         go(m).goarch.clear();
         set(m, "GOARCH", "amd64");
       },
       {}},
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

TEST_CASE(
    "doctor: machines with their findings and no other: Go itself: its settings, toolchains and "
    "targets") {
  check_machines(go_machines());
}
