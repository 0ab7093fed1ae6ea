// SHA-256 behind one front, so that no layer names a crypto library (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace tenon {

using Sha256 = std::array<std::byte, 32>;

[[nodiscard]] Sha256 sha256(std::span<const std::byte> bytes);
[[nodiscard]] std::string hex(const Sha256& digest);

}  // namespace tenon
