// What the compiler wrapper tells the build that runs above it: lines in a file that TENON_TRACE
// names. Nothing here changes what is compiled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// One line: a word, then fields. Tabs and line ends in fields become blanks. Does nothing when no
// build listens.
// From here on nothing is written: for a call whose outcome go does not mind.
void stop_trace();

void trace(std::string_view word, const std::vector<std::string>& fields);

struct TraceLine {
  std::string word;
  std::vector<std::string> fields;
};

// The lines of a trace file behind `offset`, which is moved to the end of the last whole line.
[[nodiscard]] std::vector<TraceLine> read_trace(const std::string& path, std::size_t& offset);

}  // namespace tenon
