// SHA-1 (FIPS 180-4), for comparing what older signatures hold and writing what older systems read.
// Nothing may be trusted because of it: two files of one SHA-1 can be made.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace tenon {

using Sha1 = std::array<std::byte, 20>;

[[nodiscard]] Sha1 sha1(std::span<const std::byte> bytes);

}  // namespace tenon
