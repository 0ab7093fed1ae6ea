// What a signature must be beyond valid: the rules that a pipeline asks for by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

struct PolicyName {
  std::string_view name;  // "team=ID": what follows '=' is a value
  std::string_view help;
};

[[nodiscard]] std::vector<PolicyName> policy_names();

// Whether "runtime" or "team=ID" is a rule.
[[nodiscard]] bool is_policy(std::string_view rule);

// Holds every signed slice against the rules; what fails makes its trust invalid. The caller has
// asked is_policy() of each: what is no rule is not applied.
void apply_policy(const std::vector<std::string>& rules, FileVerdict& file);

}  // namespace tenon::codesign
