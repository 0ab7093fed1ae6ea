// Go itself: which one runs, for which machine, and what stands in its way.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shown.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon::doctor {
namespace {

void architecture(const Snapshot& snapshot, const GoInstall& go, Findings& out) {
  const SystemState& system = snapshot.system;
  if (go.goarch.empty() || go.goarch == "universal" || system.goarch.empty()) return;
  if (go.goarch == system.goarch) return;
  const Evidence evidence =
      fact(go.program, fmt::format("{} for {}", go.version.empty() ? "go" : go.version, go.goarch));
  const Evidence processor = fact("processor", system.goarch);
  if (system.goos != "darwin") {
    // A 32-bit system on a 64-bit kernel is meant to have Gos of its own kind.
    if (go.goarch == "386" || go.goarch == "arm") return;
    out.push_back(
        of_cause(Code::goroot_go_arch_not_host_arch,
                 {Severity::error,
                  go.program,
                  fmt::format("Go is for {}, but the machine is {}", go.goarch, system.goarch),
                  {evidence, processor}}));
    return;
  }
  const unsigned minor = go_minor(go.version);
  if (minor != 0 && minor < 16) {
    out.push_back(
        of_cause(Code::go_version_lacks_darwin_arm64,
                 {Severity::error,
                  go.program,
                  fmt::format("{} does not support darwin/arm64, which needs Go 1.16", go.version),
                  {evidence, processor}}));
    return;
  }
  out.push_back(of_cause(Code::darwin_amd64_go_on_apple_silicon,
                         {Severity::error,
                          go.program,
                          "an amd64 Go runs under Rosetta on Apple Silicon: it builds for amd64 "
                          "and cannot link arm64 libraries",
                          {evidence, processor},
                          {{Fix::Safety::review,
                            "install Go for arm64 and put it first on PATH",
                            {{"arch", "-arm64", "brew", "install", "go"}}}}}));
}

void root(const Snapshot& snapshot, const GoInstall& go, Findings& out) {
  const Setting* set = active(snapshot, "GOROOT");
  if (set == nullptr) return;
  const TextFact& real = snapshot.go.set_root;
  const TextFact& version = snapshot.go.set_root_version;
  if (!go.root.empty() &&
      (same_folder(set->value, go.root) || (real.known() && same_folder(real.value, go.root)))) {
    return;
  }
  const bool relative = !set->value.starts_with('/') && !set->value.starts_with("~/");
  const bool no_root = version.state == FactState::absent && real.known();
  if (go.root.empty() && !relative && !no_root) return;
  // Another copy of the same release does no harm.
  const bool same = version.known() && !go.version.empty() && version.value == go.version;
  const std::string what =
      no_root ? "contains no Go" : fmt::format("is not where {} has its files", go.program);
  out.push_back(of_cause(
      Code::goroot_relative_or_wrong_goroot,
      {same && !relative ? Severity::note : Severity::error,
       "GOROOT",
       fmt::format("GOROOT={} {}: a go command finds its own GOROOT", set->value, what),
       {fact(set->where, "GOROOT=" + set->value),
        fact(go.program, go.root.empty() ? "its GOROOT is not known" : "GOROOT is " + go.root)},
       {unset(*set)}}));
}

void path_is_root(const Snapshot& snapshot, const GoInstall& go, Findings& out) {
  const Setting* path = active(snapshot, "GOPATH");
  if (path == nullptr || go.root.empty() || !same_folder(path->value, go.root)) return;
  out.push_back(of_cause(
      Code::goroot_gopath_goroot_mixed_up,
      {Severity::error,
       "GOPATH",
       fmt::format("GOPATH={} is the GOROOT of {}", path->value, go.program),
       {fact(path->where, "GOPATH=" + path->value), fact(go.program, "GOROOT is " + go.root)},
       {unset(*path)}}));
}

// 10.15 for Go 1.21 and 1.22, 10.13 from 1.17 on, 10.12 from 1.15 on.
bool old_ten(const Snapshot& snapshot, unsigned minor) {
  const auto numbers = numbers_of(snapshot.system.version.value);
  const unsigned least = minor >= 21 ? 15 : minor >= 17 ? 13 : minor >= 15 ? 12 : 0;
  return numbers.size() > 1 && numbers[1] < least;
}

// Since 1.24 Go's own linker writes LC_UUID; dyld of macOS 26 refuses programs without.
void no_uuid(const Snapshot& snapshot, const RunningGo& runs, unsigned macos, Findings& out) {
  if (macos < 26 || go_minor(runs.version) >= 24) return;
  const std::string where = runs.program.empty() ? runs.rule : runs.program;
  Finding found =
      of_rule(Code::dyld_missing_lc_uuid, {}, where,
              {fact(where, runs.version), fact(runs.where, runs.rule),
               fact(snapshot.system.version.source, "macOS " + snapshot.system.version.value)});
  found.severity = Severity::error;
  found.message = shown_format(
      "{} links programs without LC_UUID, which macOS {} does not start: tests and programs that "
      "use no C abort",
      runs.version, snapshot.system.version.value);
  found.fixes = {{Fix::Safety::manual, "use Go 1.24 or newer", {}},
                 {Fix::Safety::review,
                  "until then let Apple's linker link, which writes it",
                  {{"go", "env", "-w", "GOFLAGS=-ldflags=-linkmode=external"}}}};
  out.push_back(std::move(found));
}

// The release that go.mod asks for is newer than all that may be used.
void too_old(const Snapshot& snapshot, const GoInstall& go, const RunningGo& runs, Findings& out) {
  const Setting* set = active(snapshot, "GOTOOLCHAIN");
  const std::string file = snapshot.project.work.known() ? "go.work" : "go.mod";
  std::vector<Evidence> evidence{fact(file, "go " + runs.wanted), fact(go.program, go.version)};
  const bool told = go_minor(go.version) >= 21 && set != nullptr;
  if (told) evidence.push_back(fact(set->where, "GOTOOLCHAIN=" + set->value));
  Note note{
      runs.tries ? Severity::warning : Severity::error, go.program,
      told ? fmt::format("the module needs Go {}, but GOTOOLCHAIN={} allows only {}", runs.wanted,
                         set->value, runs.version)
           : fmt::format("the module needs Go {}, but {} is installed{}", runs.wanted, runs.version,
                         runs.tries ? ": it builds what uses nothing newer" : ""),
      std::move(evidence)};
  if (told && !set->where.ends_with("/go.env")) note.fixes.push_back(unset(*set));
  note.fixes.push_back({Fix::Safety::manual,
                        shown_format("install Go {} or newer from https://go.dev/dl and put it "
                                     "first on PATH",
                                     runs.wanted),
                        {}});
  out.push_back(of_cause(Code::not_toolchain_go_version_too_old, std::move(note)));
}

void not_available(const Snapshot& snapshot, const RunningGo& runs, Findings& out) {
  const Setting* set = active(snapshot, "GOTOOLCHAIN");
  std::vector<Evidence> evidence{fact(runs.where, runs.rule + ": " + runs.version)};
  std::vector<Fix> fixes;
  const auto refusal = proxy_refusal(snapshot);
  if (set != nullptr && runs.rule == "GOTOOLCHAIN") {
    evidence.push_back(fact(set->where, "GOTOOLCHAIN=" + set->value));
    fixes.push_back(unset(*set));
  }
  if (refusal) {
    evidence.push_back(fact(refusal->where, refusal->setting));
    const Setting* proxy = active(snapshot, "GOPROXY");
    if (proxy != nullptr && refusal->setting.starts_with("GOPROXY=")) {
      fixes.push_back(unset(*proxy));
    }
  }
  fixes.push_back(
      {Fix::Safety::manual, shown_format("install {} and put it first on PATH", runs.version), {}});
  Finding found = of_rule(Code::go_toolchain_out_of_reach,
                          {{"version", runs.version}, {"rule", runs.rule}, {"why", runs.why}},
                          runs.version, std::move(evidence));
  found.fixes = std::move(fixes);
  out.push_back(std::move(found));
}

void chosen(const Snapshot& snapshot, const GoInstall& go, const RunningGo& runs, Findings& out) {
  if (runs.state == RunningGo::State::refused || runs.tries) {
    return runs.older ? too_old(snapshot, go, runs, out) : not_available(snapshot, runs, out);
  }
  if (runs.state != RunningGo::State::downloads) return;
  out.push_back(of_rule(Code::go_toolchain_downloaded,
                        {{"version", runs.version}, {"rule", runs.rule}}, runs.version,
                        {fact(runs.where, runs.rule), fact(go.program, go.version)}));
}

void release(const Snapshot& snapshot, const GoInstall& go, Findings& out) {
  const RunningGo runs = running_go(snapshot);
  chosen(snapshot, go, runs, out);
  if (snapshot.system.goos != "darwin" || !snapshot.system.version.known()) return;
  // Release notes of Go: the oldest macOS of each.
  const unsigned have = go_minor(runs.version);
  const unsigned floor = oldest_macos(have);
  const unsigned macos = major_of(snapshot.system.version.value);
  if (have == 0 || macos == 0) return;
  no_uuid(snapshot, runs, macos, out);
  if (macos >= floor && !(floor == 10 && macos == 10 && old_ten(snapshot, have))) return;
  out.push_back(
      of_cause(Code::dyld_macos_too_old_for_go,
               {Severity::error,
                go.program,
                fmt::format("{} needs macOS {} or newer, but this is {}", runs.version, floor,
                            snapshot.system.version.value),
                {fact(runs.program.empty() ? runs.rule : runs.program, runs.version),
                 fact(snapshot.system.version.source, "macOS " + snapshot.system.version.value)}}));
}

void others(const Snapshot& snapshot, Findings& out) {
  const auto& installs = snapshot.go.installs.value;
  std::string names;
  std::vector<Evidence> evidence;
  for (const GoInstall& one : installs) {
    evidence.push_back(fact(one.program, fmt::format("{} {}", one.version, one.goarch)));
    if (&one == installs.data()) continue;
    const bool same =
        one.version == installs.front().version && one.goarch == installs.front().goarch;
    if (!same) names += (names.empty() ? "" : ", ") + one.program;
  }
  if (names.empty()) return;
  out.push_back(of_rule(Code::go_several_on_path,
                        {{"program", installs.front().program}, {"others", names}},
                        installs.front().program, std::move(evidence)));
}

}  // namespace

void diagnose_go(const Snapshot& snapshot, Findings& out) {
  if (snapshot.go.installs.state == FactState::absent) {
    Finding none =
        of_rule(Code::go_not_installed, {}, "go", {fact("PATH", "no program of the name go")});
    if (none.message.contains('{')) none.message = "there is no go command on PATH";
    for (const GoInstall& one : snapshot.go.off_path.value) {
      none.evidence.push_back(fact(one.program, one.version + ", not on PATH"));
    }
    if (!snapshot.go.off_path.value.empty()) {
      const std::string& program = snapshot.go.off_path.value.front().program;
      none.fixes.insert(none.fixes.begin(),
                        Fix{Fix::Safety::manual,
                            shown_format("put {} on PATH", program.substr(0, program.rfind('/'))),
                            {}});
    }
    out.push_back(std::move(none));
    return;
  }
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr) return;
  architecture(snapshot, *go, out);
  root(snapshot, *go, out);
  path_is_root(snapshot, *go, out);
  release(snapshot, *go, out);
  if (go->gccgo) {
    out.push_back(of_rule(Code::go_gccgo_first, {{"program", go->program}}, go->program,
                          {fact("PATH", go->program)}));
  }
  const ListFact& stale = snapshot.go.stale_files;
  if (stale.known() && !stale.value.empty()) {
    std::vector<Evidence> evidence;
    for (const std::string& path : stale.value) {
      evidence.push_back({Evidence::Kind::file, path, "not part of " + go->version});
    }
    out.push_back(of_cause(
        Code::goroot_mixed_install,
        {Severity::error,
         go->root,
         fmt::format("{} contains files of another release: one was unpacked over the other",
                     go->root),
         std::move(evidence),
         {{Fix::Safety::manual,
           shown_format("delete {} and unpack the release again", go->root),
           {}}}}));
  }
  others(snapshot, out);
}

}  // namespace tenon::doctor
