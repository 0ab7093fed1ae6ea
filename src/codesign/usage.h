// What the requests of `sign` and `verify` have in common.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"

namespace tenon::codesign {

// The command line is wrong: TN0101, about "tenon sign" or "tenon verify".
[[nodiscard]] std::unexpected<Finding> usage_error(std::string message, std::string_view command);

// The parts of a list, without empty ones.
[[nodiscard]] std::vector<std::string> list_parts(std::string_view list);

}  // namespace tenon::codesign
