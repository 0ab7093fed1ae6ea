// CRC-32 of zip and gzip (ISO 3309, the polynomial 0xedb88320).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tenon {

// Of bytes that come in pieces: `before` is the value so far, 0 at the start.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace tenon
