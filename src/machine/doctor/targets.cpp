#include "machine/doctor/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "machine/doctor/judgement.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

using namespace doctor;

// What compiles C for another platform here.
std::vector<std::string> engines_for(const Snapshot& snapshot, const ProjectTarget& target) {
  std::vector<std::string> out;
  const std::string name = fmt::format("{}/{}", target.goos, target.goarch);
  // `tenon build` makes the stubs that zig needs for macOS.
  const bool zig = snapshot.engines.zig.known() || snapshot.compiler.kind.value == "zig";
  const Platform* platform = find_platform(target.goos, target.goarch);
  if (zig && platform != nullptr && platform->builds) {
    out.push_back("tenon build --target " + name + " (zig)");
  } else if (zig && platform != nullptr && platform->container == Container::pe) {
    out.push_back(fmt::format("zig cc -target {}-windows-gnu", platform->zig_arch));
  }
  for (const CrossCompiler& one : snapshot.engines.cross.value) {
    const bool broken = one.libc.known() && !one.libc.value;
    if (!broken && target_goos(one.triple) == target.goos &&
        goarch_of(one.triple) == target.goarch) {
      out.push_back(one.program);
    }
  }
  // One clang of Apple's makes both kinds of macOS programs.
  if (snapshot.system.goos == "darwin" && target.goos == "darwin" &&
      snapshot.compiler.program.known() && snapshot.compiler.kind.value != "gcc") {
    out.push_back(snapshot.compiler.program.value);
  }
  return out;
}

// A compiler for it without the C library that it needs.
std::string half_engine(const Snapshot& snapshot, const ProjectTarget& target) {
  for (const CrossCompiler& one : snapshot.engines.cross.value) {
    const bool broken = one.libc.known() && !one.libc.value;
    if (broken && target_goos(one.triple) == target.goos &&
        goarch_of(one.triple) == target.goarch) {
      return fmt::format("{} lacks its C library ({})", one.program, one.libc.source);
    }
  }
  return {};
}

void add(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

void needs_of(const Snapshot& snapshot, const ProjectTarget& target, const CgoPackage& package,
              TargetFit& out) {
  for (const std::string& name : package.pc) {
    add(out.needs, fmt::format("{}.pc for {} ({})", name, out.target, package.path));
  }
  for (const std::string& name : package.frameworks) {
    const bool mac = snapshot.system.goos == "darwin";
    add(out.needs, mac ? "framework " + name
                       : fmt::format("framework {}: a macOS SDK ({})", name, package.path));
  }
  if (!package.pc.empty() || target.goos == "darwin") return;
  for (const std::string& name : package.libraries) {
    // Those belong to every C library.
    constexpr std::string_view own[] = {"c", "m", "dl", "pthread", "rt", "util", "resolv"};
    if (std::ranges::find(own, name) == std::end(own)) {
      add(out.needs, fmt::format("lib{} for {} ({})", name, out.target, package.path));
    }
  }
}

std::string short_list(const std::vector<std::string>& names) {
  constexpr std::size_t most = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    out += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > most) out += fmt::format(" and {} more", names.size() - most);
  return out;
}

TargetFit fit(const Snapshot& snapshot, const ProjectTarget& target) {
  TargetFit out;
  out.target = fmt::format("{}/{}", target.goos, target.goarch);
  if (!target.cgo.known()) {
    out.text = "unknown: " + target.cgo.why;
    return out;
  }
  for (const CgoPackage& package : target.cgo.value) {
    if (!package.fallback || package.path.contains("sqlite3")) out.packages.push_back(package.path);
    needs_of(snapshot, target, package, out);
  }
  out.engines = engines_for(snapshot, target);
  if (out.packages.empty()) {
    out.state = TargetFit::State::pure;
    out.needs.clear();
    out.text = target.cgo.value.empty()
                   ? "no C: CGO_ENABLED=0 builds it"
                   : "builds with CGO_ENABLED=0; its C code has an alternative in Go";
    return out;
  }
  out.state = out.engines.empty() ? TargetFit::State::missing : TargetFit::State::ready;
  const std::string half = half_engine(snapshot, target);
  const std::string_view none = half.empty() ? std::string_view("none is installed") : half;
  out.text = fmt::format(
      "C in {}: plain go build excludes it and fails; needs CGO_ENABLED=1 and a compiler for "
      "it: "
      "{}",
      short_list(out.packages),
      out.engines.empty() ? fmt::format("{}; zig and `tenon build` can", none)
                          : join(out.engines, ", "));
  if (!out.needs.empty()) out.text += "; and " + short_list(out.needs);
  return out;
}

}  // namespace

std::vector<TargetFit> target_fits(const Snapshot& snapshot) {
  std::vector<TargetFit> out;
  for (const ProjectTarget& target : snapshot.project.targets.value) {
    out.push_back(fit(snapshot, target));
  }
  return out;
}

std::string_view target_state_name(TargetFit::State state) {
  switch (state) {
    case TargetFit::State::pure: return "pure";
    case TargetFit::State::ready: return "ready";
    case TargetFit::State::missing: return "missing";
    case TargetFit::State::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace tenon
