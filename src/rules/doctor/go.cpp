// Go itself: which one runs, for which machine, and what stands in its way.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "rules/doctor/parts.h"

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
        of_cause("goroot/go-arch-not-host-arch",
                 {Severity::error,
                  go.program,
                  fmt::format("Go is for {}, the machine is {}", go.goarch, system.goarch),
                  {evidence, processor}}));
    return;
  }
  const unsigned minor = go_minor(go.version);
  if (minor != 0 && minor < 16) {
    out.push_back(
        of_cause("go/version-lacks-darwin-arm64",
                 {Severity::error,
                  go.program,
                  fmt::format("{} does not know darwin/arm64: 1.16 was the first", go.version),
                  {evidence, processor}}));
    return;
  }
  out.push_back(of_cause(
      "darwin/amd64-go-on-apple-silicon",
      {Severity::error,
       go.program,
       "an Intel Go runs translated on Apple Silicon: it builds for Intel and cannot link arm64 "
       "libraries",
       {evidence, processor},
       {{Fix::Safety::review,
         "install Go for arm64 and put it first on PATH",
         {{"arch", "-arm64", "brew", "install", "go"}}}}}));
}

void root(const Snapshot& snapshot, const GoInstall& go, Findings& out) {
  const Setting* set = active(snapshot, "GOROOT");
  if (set == nullptr || set->value == go.root) return;
  const bool relative = !set->value.starts_with('/');
  const bool wrong = relative || (!go.root.empty() && set->value != go.root);
  if (!wrong) return;
  out.push_back(of_cause(
      "goroot/relative-or-wrong-goroot",
      {Severity::error,
       "GOROOT",
       fmt::format("GOROOT={} is not where {} has its files: a go command finds its own GOROOT",
                   set->value, go.program),
       {fact(set->where, "GOROOT=" + set->value), fact(go.program, "GOROOT is " + go.root)},
       {unset(*set)}}));
}

void release(const Snapshot& snapshot, const GoInstall& go, Findings& out) {
  const TextFact& wanted = snapshot.project.go;
  const Setting* toolchain = active(snapshot, "GOTOOLCHAIN");
  const unsigned have = go_minor(go.version), need = go_minor(wanted.value);
  if (wanted.known() && have != 0 && need > have) {
    // Since 1.21 go fetches the newer release itself, unless it is told not to.
    const bool local = toolchain != nullptr && toolchain->value.starts_with("local");
    if (have < 21 || local) {
      std::vector<Evidence> evidence{fact("go.mod", "go " + wanted.value),
                                     fact(go.program, go.version)};
      if (local) evidence.push_back(fact(toolchain->where, "GOTOOLCHAIN=" + toolchain->value));
      Note note{Severity::error, go.program,
                fmt::format("the module wants Go {}, and {} is here", wanted.value, go.version),
                std::move(evidence)};
      if (local) note.fixes.push_back(unset(*toolchain));
      out.push_back(of_cause("not-toolchain/go-version-too-old", std::move(note)));
    }
  }
  if (snapshot.system.goos != "darwin" || !snapshot.system.version.known()) return;
  // Release notes of Go: the oldest macOS of each.
  const unsigned floor = oldest_macos(have);
  const unsigned macos = major_of(snapshot.system.version.value);
  if (have == 0 || macos == 0 || macos >= floor) return;
  out.push_back(
      of_cause("dyld/macos-too-old-for-go",
               {Severity::error,
                go.program,
                fmt::format("{} needs macOS {} or newer, this is {}", go.version, floor,
                            snapshot.system.version.value),
                {fact(go.program, go.version),
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
  out.push_back(of_rule("TN1001", {{"program", installs.front().program}, {"others", names}},
                        installs.front().program, std::move(evidence)));
}

}  // namespace

void diagnose_go(const Snapshot& snapshot, Findings& out) {
  if (snapshot.go.installs.state == FactState::absent) {
    Finding none = of_rule("TN0301", {}, "go", {fact("PATH", "no program of the name go")});
    if (none.message.contains('{')) none.message = "there is no go command on PATH";
    out.push_back(std::move(none));
    return;
  }
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr) return;
  architecture(snapshot, *go, out);
  root(snapshot, *go, out);
  release(snapshot, *go, out);
  if (go->gccgo) {
    out.push_back(
        of_rule("TN1002", {{"program", go->program}}, go->program, {fact("PATH", go->program)}));
  }
  const ListFact& stale = snapshot.go.stale_files;
  if (stale.known() && !stale.value.empty()) {
    std::vector<Evidence> evidence;
    for (const std::string& path : stale.value) {
      evidence.push_back({Evidence::Kind::file, path, "not part of " + go->version});
    }
    out.push_back(of_cause(
        "goroot/mixed-install",
        {Severity::error,
         go->root,
         fmt::format("{} holds files of an older release: it was unpacked over one", go->root),
         std::move(evidence),
         {{Fix::Safety::manual,
           fmt::format("remove {} as a whole and unpack the release again", go->root),
           {}}}}));
  }
  others(snapshot, out);
}

}  // namespace tenon::doctor
