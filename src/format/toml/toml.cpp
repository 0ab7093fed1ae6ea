#include "format/toml/toml.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace tenon {
namespace {

struct TomlAssertion {};

// The library bounds how deep brackets nest, but not "a.a.a": each dot is a table in a table, and
// they are destroyed by recursion. Dots of a text in quotes count as well.
bool nests_too_deep(std::string_view text) {
  constexpr std::size_t most_dots = 500;
  std::size_t dots = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\n') dots = 0;
    if (text[i] == '.' && text[i + 1] != '.' && ++dots > most_dots) return true;
  }
  return false;
}

}  // namespace

void refuse_toml() { throw TomlAssertion{}; }

std::optional<toml::parse_result> parse_toml(std::string_view text, std::string_view name) {
  if (nests_too_deep(text)) return std::nullopt;
  try {
    return toml::parse(text, name);
  } catch (const TomlAssertion&) {
    return std::nullopt;
  }
}

}  // namespace tenon
