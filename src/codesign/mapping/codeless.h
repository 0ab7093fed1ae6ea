// Files of code that carry no signature, because linking copies them into a program that does.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace tenon::codesign {

enum class Codeless : std::uint8_t { archive, object };

// A static library or an object; a universal file when all of its slices are such. nullopt for
// anything else.
[[nodiscard]] std::optional<Codeless> codeless(ByteView file);

}  // namespace tenon::codesign
