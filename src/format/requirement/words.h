// Words of the requirement language. Not for other folders.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace tenon::requirement {

// The literals of requirements.grammar: as names they need quotes.
inline constexpr std::array<std::string_view, 27> keywords{
    "guest",     "host",   "designated",  "library", "plugin",     "or",          "and",
    "always",    "true",   "never",       "false",   "identifier", "cdhash",      "platform",
    "notarized", "legacy", "anchor",      "apple",   "generic",    "certificate", "cert",
    "trusted",   "info",   "entitlement", "exists",  "absent",     "timestamp"};

[[nodiscard]] inline bool is_keyword(std::string_view word) {
  return word == "leaf" || word == "root" || std::ranges::find(keywords, word) != keywords.end();
}

[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace tenon::requirement
