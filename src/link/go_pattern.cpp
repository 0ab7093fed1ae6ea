#include "link/go_pattern.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

namespace tenon {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

bool is_letter(char c) { return is_small(c) || (c >= 'A' && c <= 'Z'); }

bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

using Accepts = bool (*)(char c);

// What a class takes: its first character, all others, and how few.
struct Class {
  std::string_view name;
  Accepts first;
  Accepts rest;
  std::size_t least;
};

bool no_line(char c) { return c != '\n'; }

bool no_option(char c) { return c != '@' && c != '-'; }

constexpr std::array classes{
    Class{"id", [](char c) { return is_letter(c) || c == '_'; }, is_name, 1},
    Class{"names", is_name, is_name, 0},
    Class{"arg", no_option, no_line, 1},
    Class{"some", no_line, no_line, 1},
    Class{"map", [](char c) { return c != '@'; }, [](char c) { return c != '@'; }, 1},
    Class{"value", no_option, no_option, 0},
    Class{"value,", [](char c) { return no_option(c) && c != ','; },
          [](char c) { return no_option(c) && c != ','; }, 0},
    Class{"warning", [](char c) { return c != '@' && c != ','; },
          [](char c) { return c != '@' && c != ','; }, 1},
    Class{"part", [](char c) { return no_option(c) && c != ','; }, [](char c) { return c != ','; },
          1},
    Class{"path", [](char c) { return no_option(c) && c != ','; },
          [](char c) { return c != ',' && c != '@'; }, 1},
    Class{"list", [](char c) { return c != ','; }, [](char c) { return c != ','; }, 1},
    Class{"number", is_digit, is_digit, 1},
    Class{"digits", is_digit, is_digit, 0},
    Class{"alnum", [](char c) { return is_letter(c) || is_digit(c); },
          [](char c) { return is_letter(c) || is_digit(c); }, 1},
    Class{"model", [](char c) { return is_small(c) || is_digit(c) || c == '-'; },
          [](char c) { return is_small(c) || is_digit(c) || c == '-'; }, 1},
    Class{"math", [](char c) { return is_small(c) || is_digit(c) || c == ',' || c == '+'; },
          [](char c) { return is_small(c) || is_digit(c) || c == ',' || c == '+'; }, 0},
    Class{"level", [](char c) { return is_small(c) || is_digit(c) || c == '.'; },
          [](char c) { return is_small(c) || is_digit(c) || c == '.'; }, 0},
    Class{"version", [](char c) { return is_digit(c) || c == '.'; },
          [](char c) { return is_digit(c) || c == '.'; }, 0},
    Class{"kind", [](char c) { return is_small(c) || is_digit(c) || c == '-' || c == '+'; },
          [](char c) { return is_small(c) || is_digit(c) || c == '-' || c == '+'; }, 0},
};

// The place of the bracket that closes the group at the start of `pattern`.
std::size_t end_of_group(std::string_view pattern) {
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '[' || c == '(' || c == '{') ++depth;
    if ((c == ']' || c == ')' || c == '}') && --depth == 0) return i;
  }
  return pattern.size() - 1;
}

using Next = std::function<bool(std::string_view rest)>;

bool match(std::string_view pattern, std::string_view text, const Next& next);

// One of the parts between "|" at the outermost level.
bool match_alternatives(std::string_view parts, std::string_view text, const Next& next) {
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= parts.size(); ++i) {
    const char c = i < parts.size() ? parts[i] : '|';
    if (c == '[' || c == '(' || c == '{') ++depth;
    if (c == ']' || c == ')' || c == '}') --depth;
    if (c != '|' || depth != 0) continue;
    if (match(parts.substr(start, i - start), text, next)) return true;
    start = i + 1;
  }
  return false;
}

bool match_class(std::string_view name, std::string_view text, const Next& next) {
  const auto* one = std::ranges::find(classes, name, &Class::name);
  if (one == classes.end()) return false;
  std::size_t most = 0;
  while (most < text.size() && (most == 0 ? one->first : one->rest)(text[most])) ++most;
  for (std::size_t size = most + 1; size-- > one->least;) {
    if (next(text.substr(size))) return true;
  }
  return false;
}

bool match(std::string_view pattern, std::string_view text, const Next& next) {
  while (!pattern.empty() && !std::string_view("[({").contains(pattern[0])) {
    if (text.empty() || text[0] != pattern[0]) return false;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  if (pattern.empty()) return next(text);
  const std::size_t end = end_of_group(pattern);
  const std::string_view inner = pattern.substr(1, end - 1);
  const std::string_view behind = pattern.substr(end + 1);
  const Next follow = [&](std::string_view rest) { return match(behind, rest, next); };
  switch (pattern[0]) {
    case '[': return match_alternatives(inner, text, follow) || follow(text);
    case '(': return match_alternatives(inner, text, follow);
    default: return match_class(inner, text, follow);
  }
}

}  // namespace

bool matches_go_pattern(std::string_view pattern, std::string_view text) {
  return match(pattern, text, [](std::string_view rest) { return rest.empty(); });
}

}  // namespace tenon
