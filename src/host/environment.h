// All variables of the environment at once.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tenon {

// Names and values, in the order of the process.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> environment_entries();

}  // namespace tenon
