// Machines that are in order, to be changed by one thing each.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "diag/catalog.h"
#include "diag/render/render.h"
#include "machine/doctor/doctor.h"
#include "machine/snapshot.h"
#include "machine/snapshot_data.h"

namespace tenon::machines {

using Sdks = Fact<std::vector<Sdk>>;
using Brews = Fact<std::vector<BrewPrefix>>;
using Crosses = Fact<std::vector<CrossCompiler>>;
using Packages = Fact<std::vector<CgoPackage>>;

inline TextFact text(std::string value) { return TextFact::of(std::move(value), "here"); }
inline TextFact no_text() { return TextFact::none("here"); }
inline FlagFact flag(bool value) { return FlagFact::of(value, "here"); }

inline Snapshot healthy(std::string goos, std::string goarch) {
  Snapshot out;
  out.system.goos = goos;
  out.system.goarch = goarch;
  out.system.translated = flag(false);
  out.go.installs = Fact<std::vector<GoInstall>>::of(
      {{"/usr/local/go/bin/go", "/usr/local/go", "go1.26.8", goarch, false, false}}, "PATH");
  out.go.stale_files = ListFact::of({}, "/usr/local/go");
  out.settings.file = text("~/.config/go/env");
  out.settings.list = Fact<std::vector<Setting>>::of({}, "here");
  out.compiler.version = text("12.2.0");
  out.compiler.headers = flag(true);
  out.compiler.start_files = flag(true);
  out.compiler.probe = text("works");
  out.packages.pkg_config = text("/usr/bin/pkg-config");
  out.packages.brew = Brews::none("no Mac");
  out.engines.cross = Crosses::of({}, "PATH");
  out.engines.zig = no_text();
  out.storage.temporary = text("/tmp");
  out.storage.cache = text("~/.cache/go-build");
  out.storage.temporary_writable = out.storage.temporary_runs = out.storage.cache_writable =
      flag(true);
  out.storage.temporary_free = out.storage.cache_free = CountFact::of(10'000, "here");
  out.identities.list = Fact<std::vector<SigningIdentity>>::of({}, "here");
  return out;
}

inline Snapshot linux_machine() {
  Snapshot out = healthy("linux", "amd64");
  out.system.name = text("debian");
  out.system.version = text("12");
  out.system.libc = text("glibc");
  out.compiler.command = text("gcc");
  out.compiler.program = out.compiler.default_program = text("/usr/bin/gcc");
  out.compiler.kind = text("gcc");
  out.compiler.target = text("x86_64-linux-gnu");
  return out;
}

inline Snapshot alpine() {
  Snapshot out = linux_machine();
  out.system.name = text("alpine");
  out.system.libc = text("musl");
  out.compiler.target = text("x86_64-alpine-linux-musl");
  return out;
}

inline Snapshot mac() {
  Snapshot out = healthy("darwin", "arm64");
  out.system.name = text("macOS");
  out.system.version = text("15.5");
  out.system.libc = text("libSystem");
  out.compiler.command = text("clang");
  out.compiler.program = out.compiler.default_program = text("/usr/bin/clang");
  out.compiler.kind = text("apple clang");
  out.compiler.target = text("arm64-apple-darwin24.5.0");
  out.compiler.headers = out.compiler.start_files = FlagFact::open("those of the SDK");
  out.apple.developer_folder = text("/Library/Developer/CommandLineTools");
  out.apple.developer_usable = out.apple.tools_usable = flag(true);
  out.apple.tools_version = text("16.4");
  out.apple.xcode = flag(false);
  out.apple.license = FlagFact::none("no Xcode");
  out.apple.sdks = Sdks::of({{"/Library/Developer/CommandLineTools/SDKs/MacOSX.sdk",
                              "15.5",
                              {"arm64-macos", "arm64e-macos", "x86_64-macos"}}},
                            "here");
  out.packages.brew = Brews::of({{"/opt/homebrew", "arm64", true}}, "here");
  return out;
}

inline Snapshot xcode() {
  Snapshot out = mac();
  out.apple.developer_folder = text("/Applications/Xcode.app/Contents/Developer");
  out.apple.xcode = flag(true);
  out.apple.license = flag(true);
  return out;
}

inline void set(Snapshot& machine, std::string name, std::string value, bool persisted = false) {
  machine.settings.list.value.push_back({std::move(name), std::move(value),
                                         persisted ? "~/.config/go/env" : "the environment", true});
}

inline void with_c(Snapshot& machine, std::vector<std::string> pc = {}) {
  machine.project.module = text("example.com/app");
  machine.project.go = text("1.22");
  machine.project.cgo =
      Packages::of({{"github.com/mattn/go-sqlite3", std::move(pc), {}, {}}}, "here");
}

inline void no_compiler(Snapshot& machine) {
  machine.compiler.program = machine.compiler.default_program = TextFact::none("PATH");
  machine.compiler.kind = machine.compiler.target = TextFact::open("the program does not exist");
  machine.compiler.headers = machine.compiler.start_files =
      FlagFact::open("the program does not exist");
  machine.compiler.probe = text("compile");
}

inline GoInstall& go(Snapshot& machine) { return machine.go.installs.value.front(); }

inline void line(Snapshot& machine, std::string name, std::string value, bool alone = true) {
  machine.settings.shell_lines = Fact<std::vector<ShellLine>>::of(
      {{"~/.zshrc", 12, std::move(name), std::move(value), alone}}, "here");
}

// The group that a finding counts in is at least as grave as the finding.
inline void check_groups(const Snapshot& snapshot, const std::vector<Finding>& findings) {
  using State = DoctorGroup::State;
  const auto groups = doctor_groups(snapshot, findings);
  for (const Finding& one : findings) {
    CAPTURE(slug_of(one.code));
    const bool counted = std::ranges::any_of(groups, [&](const DoctorGroup& group) {
      if (one.severity == Severity::note) return group.state != State::ok;
      return group.state == State::error ||
             (group.state == State::warning && one.severity == Severity::warning);
    });
    CHECK(counted);
  }
}

struct Machine {
  const char* name;
  Snapshot (*base)();
  std::function<void(Snapshot&)> change;
  std::vector<std::string> causes;  // gravest first: "e ", "w " or "n " and the slug
};

// Each has its findings and no other, also after a way through JSON; every finding has a page,
// evidence and a fix.
inline void check_machines(const std::vector<Machine>& all) {
  for (const Machine& machine : all) {
    CAPTURE(machine.name);
    Snapshot snapshot = machine.base();
    machine.change(snapshot);
    std::string found, expected;
    for (const std::string& one : machine.causes) expected += one + "\n";
    const auto findings = diagnose_machine(snapshot);
    for (const Finding& one : findings) {
      found += std::string(1, severity_name(one.severity).front()) + " " +
               std::string(slug_of(one.code)) + "\n";
      CHECK_FALSE(one.evidence.empty());
      CHECK_FALSE(one.fixes.empty());
      CHECK_FALSE(one.message.contains('{'));
      CHECK(entry(one.code).group != Group::none);
    }
    CHECK(found == expected);
    check_groups(snapshot, findings);
    const std::string written = render_data(snapshot_data(snapshot));
    const auto data = parse_data(written);
    REQUIRE(data.has_value());
    const auto again = snapshot_from(*data);
    REQUIRE(again.has_value());
    CHECK(render_data(snapshot_data(*again)) == written);
    const auto second = diagnose_machine(*again);
    REQUIRE(findings.size() == second.size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
      CHECK(findings[i].message == second[i].message);
    }
  }
}

}  // namespace tenon::machines
