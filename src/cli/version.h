// tenon --version
#pragma once

#include <string>
#include <vector>

namespace tenon {

[[nodiscard]] int show_version(const std::vector<std::string>& args);

}  // namespace tenon
