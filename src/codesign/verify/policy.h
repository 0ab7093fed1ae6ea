// What a signature must be beyond valid: the rules that a pipeline asks for by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/verify/verdict.h"

namespace tenon::signing {

struct PolicyName {
  std::string_view name;  // "team=ID": what follows '=' is a value
  std::string_view help;
};

[[nodiscard]] std::vector<PolicyName> policy_names();

// Holds every slice against the rules; what fails makes its trust invalid. Returns the first word
// that is no rule.
[[nodiscard]] std::optional<std::string> apply_policy(const std::vector<std::string>& rules,
                                                      FileVerdict& file);

}  // namespace tenon::signing
