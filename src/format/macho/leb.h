// The LEB128 numbers of dyld's link-edit data.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::macho {

struct Leb {
  std::uint64_t value = 0, next = 0;  // next: offset behind the number
};

// An unsigned number. truncated when the bytes end in it, malformed when it needs more than 64
// bits.
[[nodiscard]] inline Result<Leb> read_uleb(ByteView bytes, std::uint64_t at, const char* what) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = *TENON_TRY(bytes.at<std::uint8_t>(at++, what));
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return Leb{value, at};
  }
  return fail(Errc::malformed, what, bytes.base() + at);
}

// The offset behind a number, signed or not, of which nothing is wanted.
[[nodiscard]] inline Result<std::uint64_t> skip_leb(ByteView bytes, std::uint64_t at,
                                                    const char* what) {
  for (unsigned length = 0; length < 10; ++length) {
    const auto byte = *TENON_TRY(bytes.at<std::uint8_t>(at++, what));
    if ((byte & 0x80U) == 0) return at;
  }
  return fail(Errc::malformed, what, bytes.base() + at);
}

}  // namespace tenon::macho
