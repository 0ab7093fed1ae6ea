// Base64 of RFC 4648, section 4.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tenon {

// In one line, with padding.
[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);

// The way back; nothing for text that is not base64 with its padding.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace tenon
