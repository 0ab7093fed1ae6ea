// UTF-8 and UTF-16 as property lists need them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::plist {

// Surrogates and what lies above U+10FFFF are no characters.
[[nodiscard]] bool is_scalar(std::uint32_t code);
void append_utf8(std::string& out, std::uint32_t code);

// The character at `at`, which moves behind it; nullopt, and no move, when it is not valid UTF-8
// (RFC 3629: shortest form, no surrogates).
[[nodiscard]] std::optional<std::uint32_t> next_utf8(std::string_view text, std::size_t& at);
// The offset of the first byte that is not part of valid UTF-8; npos when there is none.
[[nodiscard]] std::size_t first_bad_utf8(std::string_view text);

// a < b in the order of UTF-16 code units, in which CoreFoundation sorts keys. It differs from that
// of bytes for characters above U+FFFF.
[[nodiscard]] bool utf16_less(std::string_view a, std::string_view b);

}  // namespace tenon::plist
