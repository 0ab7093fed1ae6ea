// Reads a log into clean lines: colours, carriage returns, time stamps and the prefixes that CI
// services put before each line go; what the words say of machine and target is noted.
#pragma once

#include <string>
#include <string_view>

#include "diagnose/log.h"

namespace tenon {

// Of logs above this only the beginning, the end and lines that speak of trouble are kept.
inline constexpr std::size_t whole_log_size = std::size_t{1} << 20U;

[[nodiscard]] Log scan_log(std::string_view text);

// One line as scan_log() cleans it.
[[nodiscard]] std::string clean_line(std::string_view line);

}  // namespace tenon
