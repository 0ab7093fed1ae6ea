// Digests behind one front, so that no layer names a crypto library (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace tenon {

// Only for comparing what older signatures hold and writing what older systems read. Nothing may be
// trusted because of it: two files of one SHA-1 can be made.
using Sha1 = std::array<std::byte, 20>;
using Sha256 = std::array<std::byte, 32>;
using Sha384 = std::array<std::byte, 48>;

[[nodiscard]] Sha1 sha1(std::span<const std::byte> bytes);
[[nodiscard]] Sha256 sha256(std::span<const std::byte> bytes);
[[nodiscard]] Sha384 sha384(std::span<const std::byte> bytes);
[[nodiscard]] std::string hex(const Sha256& digest);

}  // namespace tenon
