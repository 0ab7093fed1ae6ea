#include "format/plist/unicode.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::plist {
namespace {

// Order of UTF-16: what has surrogates (0xd800 and above) comes before U+E000 to U+FFFF.
std::uint32_t utf16_rank(std::uint32_t code) {
  if (code >= 0x10000) return code - 0x10000 + 0xd800;
  return code >= 0xe000 ? code + 0x200000 : code;
}

struct Lead {
  unsigned more = 0;
  std::uint32_t bits = 0, least = 0;
};

std::optional<Lead> lead_of(unsigned char byte) {
  if (byte < 0x80) return Lead{0, byte, 0};
  if ((byte & 0xe0U) == 0xc0) return Lead{1, byte & 0x1fU, 0x80};
  if ((byte & 0xf0U) == 0xe0) return Lead{2, byte & 0x0fU, 0x800};
  if ((byte & 0xf8U) == 0xf0) return Lead{3, byte & 0x07U, 0x10000};
  return std::nullopt;
}

}  // namespace

bool is_scalar(std::uint32_t code) { return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff); }

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
    return;
  }
  if (code < 0x800) {
    put(0xc0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      put(0xe0U | code >> 12U);
    } else {
      put(0xf0U | code >> 18U);
      put(0x80U | (code >> 12U & 0x3fU));
    }
    put(0x80U | (code >> 6U & 0x3fU));
  }
  put(0x80U | (code & 0x3fU));
}

std::optional<std::uint32_t> next_utf8(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return std::nullopt;
  const auto lead = lead_of(static_cast<unsigned char>(text[at]));
  if (!lead || text.size() - at <= lead->more) return std::nullopt;
  std::uint32_t code = lead->bits;
  for (unsigned i = 1; i <= lead->more; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xc0U) != 0x80) return std::nullopt;
    code = code << 6U | (byte & 0x3fU);
  }
  if (code < lead->least || !is_scalar(code)) return std::nullopt;
  at += lead->more + 1;
  return code;
}

std::size_t first_bad_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
    } else if (!next_utf8(text, at)) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool utf16_less(std::string_view a, std::string_view b) {
  std::size_t i = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  // Back to the start of the character.
  while (i > 0 && i < a.size() && (static_cast<unsigned char>(a[i]) & 0xc0U) == 0x80) --i;
  std::size_t j = i;
  const auto left = next_utf8(a, i), right = next_utf8(b, j);
  if (!left || !right) return a < b;
  return utf16_rank(*left) < utf16_rank(*right);
}

}  // namespace tenon::plist
