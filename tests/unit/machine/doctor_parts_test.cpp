// Where a setting comes from, and what a project needs elsewhere.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "machine/doctor/doctor.h"
#include "machine/doctor/targets.h"
#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

TEST_CASE("doctor: the line of a start-up file is named, and never run as a safe fix") {
  Snapshot snapshot = mac();
  set(snapshot, "CC", "/no/such/cc");
  snapshot.compiler.program = no_text();
  snapshot.compiler.probe = text("compile");
  line(snapshot, "CC", "/no/such/cc");
  auto findings = diagnose_machine(snapshot);
  REQUIRE(findings.size() == 1);
  const Finding& found = findings.front();
  CHECK(std::ranges::find(found.evidence, "~/.zshrc:12", &Evidence::where) != found.evidence.end());
  CHECK(found.fixes.front().safety == Fix::Safety::review);
  CHECK(found.fixes.front().commands ==
        std::vector<ShellCommand>{{"tenon", "doctor", "--fix", "--shell-files"}});
  bool told = false;
  for (const Decision& one : decisions(snapshot)) {
    told = told || (one.name == "CC" && one.where == "the environment, from ~/.zshrc:12");
  }
  CHECK(told);
  // Another value, or a line that does more: it is not the one, or not to be taken out.
  line(snapshot, "CC", "/other");
  CHECK(diagnose_machine(snapshot).front().fixes.front().commands.empty());
  line(snapshot, "CC", "/no/such/cc", false);
  CHECK(diagnose_machine(snapshot).front().fixes.front().commands.empty());
  CHECK(diagnose_machine(snapshot).front().evidence.size() == found.evidence.size());
}

TEST_CASE("doctor: what a project needs for other platforms") {
  Snapshot snapshot = linux_machine();
  CHECK(target_fits(snapshot).empty());
  CgoPackage sqlite, pure, screen;
  sqlite.path = "github.com/mattn/go-sqlite3";
  sqlite.fallback = true;  // a stub
  pure.path = "example.com/pure";
  pure.fallback = true;
  screen.path = "example.com/screen";
  screen.pc = {"sdl2"};
  screen.frameworks = {"Cocoa"};
  snapshot.project.targets =
      Fact<std::vector<ProjectTarget>>::of({{"linux", "arm64", Packages::of({sqlite}, "here")},
                                            {"darwin", "arm64", Packages::of({screen}, "here")},
                                            {"windows", "amd64", Packages::of({pure}, "here")},
                                            {"darwin", "amd64", Packages::open("not downloaded")}},
                                           "here");
  auto fits = target_fits(snapshot);
  REQUIRE(fits.size() == 4);
  CHECK(fits[0].state == TargetFit::State::missing);
  CHECK(fits[0].packages == std::vector<std::string>{"github.com/mattn/go-sqlite3"});
  CHECK(fits[1].needs.size() == 2);
  CHECK(fits[2].state == TargetFit::State::pure);
  CHECK(fits[3].state == TargetFit::State::unknown);
  snapshot.engines.cross.value = {
      {"aarch64-linux-gnu", "/usr/bin/aarch64-linux-gnu-gcc", flag(true)}};
  fits = target_fits(snapshot);
  CHECK(fits[0].engines == std::vector<std::string>{"/usr/bin/aarch64-linux-gnu-gcc"});
  CHECK(fits[1].state == TargetFit::State::missing);
  // Without its C library it compiles nothing.
  snapshot.engines.cross.value.front().libc = flag(false);
  CHECK(target_fits(snapshot)[0].state == TargetFit::State::missing);
  snapshot.engines.zig = text("0.15.2");
  fits = target_fits(snapshot);
  CHECK(fits[0].state == TargetFit::State::ready);
  CHECK(fits[0].engines.front().contains("tenon build --target linux/arm64"));
  CHECK(fits[1].state == TargetFit::State::ready);
}

TEST_CASE("doctor: what is missing as a whole is not unknown in parts") {
  const auto unknown = [](const Snapshot& snapshot) {
    std::string out;
    for (const DoctorGroup& one : doctor_groups(snapshot, diagnose_machine(snapshot))) {
      if (one.state == DoctorGroup::State::unknown) out += one.name + " ";
    }
    return out;
  };
  // A container without C and a project that needs none: nothing is wrong, nothing is open.
  Snapshot snapshot = linux_machine();
  no_compiler(snapshot);
  snapshot.project.module = text("example.com/app");
  snapshot.project.cgo = Packages::of({}, "here");
  CHECK(unknown(snapshot).empty());
  snapshot = mac();
  snapshot.apple.developer_folder = no_text();
  snapshot.compiler.kind = TextFact::open("would open a window");
  snapshot.compiler.probe = TextFact::open("no developer tools");
  snapshot.project.cgo = Packages::of({}, "here");
  CHECK(unknown(snapshot).empty());
  snapshot = linux_machine();
  snapshot.compiler.kind = TextFact::open("no answer");
  CHECK(unknown(snapshot) == "C compiler ");
}

namespace {

// "Go ok, System error, ...": what turns when one thing is wrong.
std::string turned(const Snapshot& snapshot) {
  std::string out;
  for (const DoctorGroup& one : doctor_groups(snapshot, diagnose_machine(snapshot))) {
    if (one.state == DoctorGroup::State::error) out += one.name + " error ";
    if (one.state == DoctorGroup::State::warning) out += one.name + " warning ";
  }
  return out;
}

}  // namespace

TEST_CASE("doctor: a seccomp filter is no matter of the network") {
  Snapshot snapshot = linux_machine();
  snapshot.network.proxies = ListFact::of({}, "environment");
  snapshot.network.resolv_conf = flag(true);
  snapshot.system.threads_refused = flag(true);
  CHECK(turned(snapshot) == "System error ");
}

TEST_CASE("doctor: an expired identity counts in its group, on whatever system") {
  for (Snapshot snapshot : {mac(), linux_machine()}) {
    CHECK(turned(snapshot).empty());
    snapshot.identities.list = Fact<std::vector<SigningIdentity>>::of(
        {{.name = "Developer ID Application: Example", .not_after = "2020-01-31", .expired = true}},
        "here");
    CHECK(turned(snapshot) == "Identities warning ");
  }
}

TEST_CASE("doctor: an identity whose end, or whose authority's, is not known is not in order") {
  const auto identity = [](const char* end, const char* issuer, const char* today) {
    Snapshot snapshot = mac();
    snapshot.system.day = *today == 0 ? TextFact::open("not told") : text(today);
    snapshot.identities.list = Fact<std::vector<SigningIdentity>>::of(
        {{.name = "Developer ID Application: Example", .not_after = end, .issuer = issuer}},
        "here");
    for (const DoctorGroup& one : doctor_groups(snapshot, diagnose_machine(snapshot))) {
      if (one.name == "Identities") return one.state;
    }
    return DoctorGroup::State::error;
  };
  using State = DoctorGroup::State;
  constexpr const char* second = "Developer ID Certification Authority G2";
  CHECK(identity("2030-01-01", second, "2026-11-28") == State::ok);
  CHECK(identity("2030-01-01", "Example CA", "2026-11-28") == State::unknown);
  CHECK(identity("", "", "2026-11-28") == State::unknown);
  CHECK(identity("2030-01-01", second, "") == State::unknown);
  CHECK(identity("2026-12-10", "Example CA", "2026-11-28") == State::warning);
}

TEST_CASE("doctor: what was read in the output of a C compiler counts there") {
  Finding finding;
  finding.code = Code::link_libstdcxx_missing;
  const Snapshot snapshot = linux_machine();
  check_groups(snapshot, {finding});
}

TEST_CASE("doctor: commands of other systems are not for this one") {
  const auto commands = [](const char* system) {
    Snapshot snapshot = linux_machine();
    no_compiler(snapshot);
    snapshot.system.name = text(system);
    const auto findings = diagnose_machine(snapshot);
    REQUIRE(findings.size() == 1);
    const Fix& fix = findings.front().fixes.front();
    CHECK((fix.safety == Fix::Safety::manual) == fix.commands.empty());
    return fix.commands;
  };
  using Commands = std::vector<ShellCommand>;
  CHECK(commands("debian") == Commands{{"apt-get", "install", "build-essential"}});
  CHECK(commands("alpine") == Commands{{"apk", "add", "build-base"}});
  CHECK(commands("haiku").empty());
}
