// The tags of DER entitlements (X.690). Not for other folders.
#pragma once

#include <cstdint>

namespace tenon::entitlements::der {

inline constexpr std::uint8_t boolean = 0x01, integer = 0x02, octet_string = 0x04,
                              utf8_string = 0x0c, sequence = 0x30, set = 0x31, application = 0x70,
                              dictionary = 0xb0;
inline constexpr std::int64_t version = 1;

}  // namespace tenon::entitlements::der
