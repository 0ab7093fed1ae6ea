// Decompression of zlib streams (RFC 1950), behind one front so that builds without the library
// work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace tenon {

// `size` is what the stream must unfold to; unsupported where tenon was built without zlib.
[[nodiscard]] Result<std::vector<std::byte>> inflate(std::span<const std::byte> stream,
                                                     std::uint64_t size);

}  // namespace tenon
