// Versions of systems, C libraries and tools.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon {

// A dotted version such as macOS 12.0 or glibc 2.17. Missing parts are 0.
struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  auto operator<=>(const Version&) const = default;

  [[nodiscard]] constexpr bool empty() const { return major == 0 && minor == 0 && patch == 0; }

  // "12.0", "2.17", "11.7.1": always two parts, the third when it is not 0.
  [[nodiscard]] std::string text() const;
};

// "12", "12.0", "2.17", "11.7.1"; nullopt for anything else.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

}  // namespace tenon
