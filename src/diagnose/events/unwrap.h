// Lines that a terminal or a paste has cut: put together again before they are read.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "diagnose/log.h"

namespace tenon {

// How many characters a line of UTF-8 has.
[[nodiscard]] std::size_t characters(std::string_view line);

// Of a line as it came.
struct Edges {
  std::size_t width = 0;  // in characters
  bool begins_blank = false, ends_blank = false;
};
[[nodiscard]] Edges edges_of(std::string_view line);

// `edges`: of the lines, at the same index. Where no line of a log goes beyond a column of
// terminals, several end there, and one of them is a known message only with the next, all of these
// go on in the next line. Elsewhere two lines are one when only together they are a message:
// "fatal error: wasm." and "h: No such file or directory". A joined line has the number of its
// first.
void join_wrapped(std::vector<LogLine>& lines, const std::vector<Edges>& edges);

}  // namespace tenon
