// Base64 of RFC 4648, section 4.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace tenon {

// In one line, with padding.
[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);

}  // namespace tenon
