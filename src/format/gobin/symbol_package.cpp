// Package paths in the names of Go functions.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "format/gobin/pclntab.h"

namespace tenon::gobin {

namespace {

// "type:" and "go:" since Go 1.20; before, "type.." and "go." in front of a type literal.
constexpr std::array<std::string_view, 7> made_by_compiler = {
    "type:", "go:", "type..", "go.(", "go.struct {", "go.interface {", "go.buildid"};

bool is_made_by_compiler(std::string_view name) {
  if (!name.starts_with('t') && !name.starts_with('g')) return false;
  return std::ranges::any_of(made_by_compiler,
                             [&](std::string_view start) { return name.starts_with(start); });
}

// Type arguments name other packages. What stands behind them, methods and closures, does not
// matter for the package.
std::string_view without_arguments(std::string_view name) {
  const std::size_t open = name.find('[');
  if (open == std::string_view::npos || !name.substr(open).contains(']')) return name;
  return name.substr(0, open);
}

}  // namespace

std::string_view go_symbol_prefix(std::string_view name) {
  if (is_made_by_compiler(name)) return {};
  name = without_arguments(name);
  const std::size_t slash = name.rfind('/');
  const auto start = name.begin() + (slash == std::string_view::npos ? 0 : std::ptrdiff_t(slash));
  // Dots behind the last slash are escaped in a path. The linker makes "runtime/cgo(.text)".
  const auto end = std::find_if(start, name.end(), [](char c) { return c == '.' || c == '('; });
  return end == name.end() ? std::string_view() : std::string_view(name.begin(), end);
}

std::string go_symbol_package(std::string_view name) {
  const std::string_view prefix = go_symbol_prefix(name);
  std::string path;
  path.reserve(prefix.size());
  for (std::size_t at = 0; at < prefix.size(); ++at) {
    if (prefix[at] != '%') {
      path += prefix[at];
      continue;
    }
    const std::string_view digits = prefix.substr(at + 1, 2);
    const auto byte = digits.size() == 2 ? parse_number(digits, 16) : std::nullopt;
    if (!byte) return std::string(prefix);
    path += static_cast<char>(*byte);
    at += 2;
  }
  return path;
}

}  // namespace tenon::gobin
