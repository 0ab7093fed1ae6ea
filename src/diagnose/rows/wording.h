// What the texts of a row may be: lists of allowed words, and templates.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::rows {

using Names = std::vector<std::string_view>;

// "a, b, c".
[[nodiscard]] std::string listed(std::span<const std::string_view> names);
// The members `name` of rows of a table.
template <class Range>
[[nodiscard]] Names names_of(const Range& range) {
  Names out;
  for (const auto& one : range) out.push_back(one.name);
  return out;
}
[[nodiscard]] Names event_names();

// A text with a capture, or bound to an end of the line, is a template; others occur anywhere.
[[nodiscard]] bool is_template(std::string_view text);
// What base/template.h does not take in a text; empty: it is right.
[[nodiscard]] std::string template_problem(std::string_view text);

}  // namespace tenon::rows
