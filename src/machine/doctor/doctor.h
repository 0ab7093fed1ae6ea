// What a snapshot of a machine means: pure functions of it, no question is asked.
//
// A finding needs facts that are known. What is unknown makes no finding and is never taken for
// "absent" or for "in order": doctor_groups() counts it as unknown.
#pragma once

#include <string>
#include <vector>

#include "diag/finding.h"
#include "machine/snapshot.h"

namespace tenon {

// Findings with the codes of the rules and causes, the gravest first.
[[nodiscard]] std::vector<Finding> diagnose_machine(const Snapshot& snapshot);

// Which value holds, and which rule and file made it so.
struct Decision {
  std::string name;   // "CGO_ENABLED"
  std::string value;  // empty: not known
  std::string rule;   // why
  std::string where;  // "the environment", a file, "default"
};

[[nodiscard]] std::vector<Decision> decisions(const Snapshot& snapshot);
// "1", "0", or empty when it cannot be told.
[[nodiscard]] Decision cgo_decision(const Snapshot& snapshot);

// One line a group, for people.
struct DoctorGroup {
  enum class State { ok, note, warning, error, unknown };
  std::string name, text;
  State state = State::ok;
  std::vector<std::string> unknown;  // what could not be found out, with the reason
  bool counted = false;              // a finding counts in it
};

[[nodiscard]] std::vector<DoctorGroup> doctor_groups(const Snapshot& snapshot,
                                                     const std::vector<Finding>& findings);

}  // namespace tenon
