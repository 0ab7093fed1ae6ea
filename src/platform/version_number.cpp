#include "platform/version_number.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace tenon {

std::string Version::text() const {
  if (patch != 0) return fmt::format("{}.{}.{}", major, minor, patch);
  return fmt::format("{}.{}", major, minor);
}

std::optional<Version> parse_version(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() > 3) return std::nullopt;
  std::uint32_t numbers[3] = {0, 0, 0};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_number(parts[i]);
    if (!number || *number > 0xffff) return std::nullopt;
    numbers[i] = static_cast<std::uint32_t>(*number);
  }
  return Version{numbers[0], numbers[1], numbers[2]};
}

}  // namespace tenon
