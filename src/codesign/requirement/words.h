// Words of the requirement language. Not for other folders.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codesign/requirement/requirement.h"

namespace tenon::requirement {

// The literals of requirements.grammar: as names they need quotes.
inline constexpr std::array<std::string_view, 29> keywords{
    "guest",   "host",        "designated", "library", "plugin",   "or",
    "and",     "always",      "true",       "never",   "false",    "identifier",
    "cdhash",  "platform",    "notarized",  "legacy",  "anchor",   "apple",
    "generic", "certificate", "cert",       "trusted", "info",     "entitlement",
    "exists",  "absent",      "leaf",       "root",    "timestamp"};

[[nodiscard]] inline bool is_keyword(std::string_view word) {
  return std::ranges::find(keywords, word) != keywords.end();
}

[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes that the grammar's strings may hold: those that occur in UTF-8.
[[nodiscard]] constexpr bool is_vocabulary(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0xbf || (byte >= 0xc2 && byte <= 0xf4);
}

// Names of the types of a set by number (requirement.cpp, typeNames).
inline constexpr std::array<std::string_view, 6> type_names{"invalid",    "host",    "guest",
                                                            "designated", "library", "plugin"};

[[nodiscard]] inline bool is_known(const Expression& e) { return e.kind() != Op::unknown; }

inline constexpr std::size_t sha1_size = 20;

[[nodiscard]] constexpr bool is_time_match(Match match) {
  return match >= Match::on && match <= Match::on_or_after;
}

// A calendar day and its time, UTC; `seconds` are since 2001-01-01.
struct Civil {
  std::int64_t year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

inline constexpr std::int64_t last_year = 9999;  // that four digits name

// Whether civil_of can count so far: some 8000 years.
[[nodiscard]] constexpr bool is_near(std::int64_t seconds) {
  constexpr std::int64_t most = 250000000000;
  return seconds <= most && seconds >= -most;
}

[[nodiscard]] Civil civil_of(std::int64_t seconds);
[[nodiscard]] std::int64_t seconds_of(const Civil& civil);

}  // namespace tenon::requirement
