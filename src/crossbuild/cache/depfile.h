// The list of dependencies that a compiler writes for make (-MD).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// The prerequisites of all rules, each once, in order. gcc and clang escape blanks and '#' with a
// backslash and write "$$" for "$"; a backslash before a line end goes on.
[[nodiscard]] std::vector<std::string> parse_depfile(std::string_view text);

}  // namespace tenon
