#include "link/pc/dependency.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "link/pc/version.h"
#include "link/pc/words.h"

namespace tenon::pc {
namespace {

bool is_separator(char c) { return c == ',' || is_blank(c); }

bool is_operator(char c) { return c == '<' || c == '>' || c == '!' || c == '='; }

template <class Condition>
std::string_view take_while(std::string_view& rest, Condition condition) {
  const auto* const end = std::ranges::find_if_not(rest, condition);
  const std::string_view out = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(out.size());
  return out;
}

void add(Dependency dependency, Dependencies& out) {
  const auto other = std::ranges::find_if(out, [&](const Dependency& one) {
    return one.name == dependency.name && one.flags != dependency.flags;
  });
  if (other != out.end()) {
    if (other->flags == 0) return;
    if (dependency.flags == 0) out.erase(other);
  }
  out.push_back(std::move(dependency));
}

}  // namespace

std::string Dependency::text() const {
  if (version.empty()) return name;
  return name + " " + std::string(comparator_text(comparator)) + " " + version;
}

void add_dependencies(std::string_view text, const Dependency& like, Dependencies& out) {
  const auto not_separator = [](char c) { return !is_separator(c); };
  for (;;) {
    take_while(text, is_separator);
    if (text.empty()) return;
    Dependency one = like;
    one.name = take_while(text, not_separator);
    std::string_view behind = text;
    take_while(behind, is_blank);
    if (!behind.empty() && is_operator(behind[0])) {
      one.comparator = comparator_of(take_while(behind, is_operator));
      take_while(behind, is_blank);
      if (behind.empty()) return;
      // The first character belongs to the version whatever it is.
      const std::string_view whole = behind;
      behind.remove_prefix(1);
      one.version = whole.substr(0, 1 + take_while(behind, not_separator).size());
      text = behind;
    }
    add(std::move(one), out);
  }
}

}  // namespace tenon::pc
