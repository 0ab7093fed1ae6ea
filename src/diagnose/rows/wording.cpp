#include "diagnose/rows/wording.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "diagnose/log_event.h"

namespace tenon::rows {

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

Names event_names() {
  Names out;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(EventKind::relay); ++i) {
    out.push_back(event_name(static_cast<EventKind>(i)));
  }
  return out;
}

bool is_template(std::string_view text) {
  return text.starts_with('^') || text.ends_with('$') || text.contains('{');
}

// Names of small letters in braces, text between two of them.
std::string template_problem(std::string_view text) {
  std::size_t captures = 0;
  while (true) {
    const std::size_t open = text.find_first_of("{}");
    if (open == text.npos) return {};
    const std::size_t close = text.find('}', open);
    if (text[open] == '}' || close == text.npos) return "has an unmatched brace";
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    if (name.empty() || !std::ranges::all_of(name, letter))
      return "has a capture whose name is not in lower case: {" + std::string(name) + "}";
    if (captures > 0 && open == 0) return "has two captures with nothing between them";
    if (++captures > 16) return "has more than 16 captures";
    text.remove_prefix(close + 1);
  }
}

}  // namespace tenon::rows
