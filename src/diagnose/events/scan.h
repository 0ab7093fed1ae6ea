// Reads a log into clean lines: colours, carriage returns, time stamps and the prefixes that CI
// services put before each line go; what the words say of machine and target is noted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnose/log.h"

namespace tenon {

// Of logs above this only the beginning, the end and lines that speak of trouble are kept.
inline constexpr std::size_t whole_log_size = std::size_t{1} << 20U;

[[nodiscard]] Log scan_log(std::string_view text);

// The same of lines that are clean.
[[nodiscard]] Log read_lines(std::vector<LogLine> lines, bool journal);

// What the caller knows of the build: a target that the log does not name is taken from there, and
// one of which the caller is sure stands above the log's words.
void note_build(Log& log, const BuildContext& build);

// One line as scan_log() cleans it.
[[nodiscard]] std::string clean_line(std::string_view line);

}  // namespace tenon
