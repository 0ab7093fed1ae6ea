#include "machine/doctor/answer.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/fact.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"

namespace tenon::decide {

using namespace doctor;

Answer yes(Evidence evidence) { return {Support::supported, std::move(evidence)}; }
Answer no(Evidence evidence) { return {Support::contradicted, std::move(evidence)}; }
Answer open(std::string where, std::string why) {
  return {Support::unknown, fact(std::move(where), why.empty() ? "not checked" : std::move(why))};
}
Answer either(bool holds, const Evidence& evidence) { return holds ? yes(evidence) : no(evidence); }

Answer when(std::string name, const FlagFact& flag, bool value) {
  if (flag.known()) {
    return either(flag.value == value,
                  fact(flag.source, fmt::format("{}: {}", name, flag.value ? "yes" : "no")));
  }
  if (flag.state == FactState::absent) return no(fact(flag.source, name + ": not there"));
  return open(std::move(name), flag.why);
}

Evidence setting_fact(const Setting& set) {
  return fact(set.where, fmt::format("{}={}", set.name, set.value));
}

bool on_mac(const Snapshot& snapshot) { return snapshot.system.goos == "darwin"; }

Answer other_system(const Snapshot& snapshot) {
  if (snapshot.system.goos.empty()) return open("system", "");
  return no(fact("system", snapshot.system.goos));
}

Answer settings_open(const Snapshot& snapshot) {
  return open("settings", snapshot.settings.list.why);
}

const Setting* other_platform(const Snapshot& snapshot) {
  for (const char* name : {"GOOS", "GOARCH"}) {
    const Setting* set = active(snapshot, name);
    if (set == nullptr) continue;
    const bool os = name == std::string_view("GOOS");
    const GoInstall* go = first_go(snapshot);
    const std::string& own = os              ? snapshot.system.goos
                             : go != nullptr ? go->goarch
                                             : snapshot.system.goarch;
    if (!own.empty() && set->value != own) return set;
  }
  return nullptr;
}

}  // namespace tenon::decide
