#include "machine/doctor/changes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon {
namespace {

void compare(std::string_view name, const TextFact& before, const TextFact& now,
             std::vector<FactChange>& out) {
  const auto told = [](const TextFact& fact) {
    return fact.known() || fact.state == FactState::absent;
  };
  if (!told(before) || !told(now) || before.value == now.value) return;
  out.push_back({std::string(name), before.value, now.value});
}

void go_commands(const Snapshot& before, const Snapshot& now, std::vector<FactChange>& out) {
  const GoInstall *one = doctor::first_go(before), *other = doctor::first_go(now);
  if (one == nullptr || other == nullptr) return;
  if (one->version != other->version) out.push_back({"go", one->version, other->version});
  if (one->program != other->program) out.push_back({"go command", one->program, other->program});
}

void settings(const Snapshot& before, const Snapshot& now, std::vector<FactChange>& out) {
  if (!before.settings.list.known() || !now.settings.list.known()) return;
  const auto value = [](const Snapshot& snapshot, std::string_view name) {
    const Setting* found = doctor::active(snapshot, name);
    return found == nullptr ? std::string() : found->value;
  };
  std::vector<std::string> names;
  for (const Snapshot* snapshot : {&before, &now}) {
    for (const Setting& one : snapshot->settings.list.value) names.push_back(one.name);
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
  for (const std::string& name : names) {
    const std::string was = value(before, name), is = value(now, name);
    if (was != is) out.push_back({name, was, is});
  }
}

}  // namespace

std::vector<FactChange> changes_between(const Snapshot& before, const Snapshot& now) {
  std::vector<FactChange> out;
  compare("system version", before.system.version, now.system.version, out);
  go_commands(before, now, out);
  const CompilerState &was = before.compiler, &is = now.compiler;
  compare("C compiler", was.program, is.program, out);
  compare("C compiler version", was.version, is.version, out);
  compare("linker", was.linker, is.linker, out);
  compare("linker version", was.linker_version, is.linker_version, out);
  compare("cgo check", was.probe, is.probe, out);
  compare("Xcode", before.apple.xcode_version, now.apple.xcode_version, out);
  compare("Command Line Tools", before.apple.tools_version, now.apple.tools_version, out);
  compare("pkg-config", before.packages.pkg_config, now.packages.pkg_config, out);
  compare("zig", before.engines.zig, now.engines.zig, out);
  settings(before, now, out);
  return out;
}

}  // namespace tenon
