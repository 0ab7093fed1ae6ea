// Go string literals, as strconv.Quote writes them.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "format/gobin/buildinfo.h"

namespace tenon::gobin {

namespace {

void append_utf8(std::string& out, std::uint32_t rune) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](int shift) { put(0x80U | ((rune >> shift) & 0x3fU)); };
  if (rune < 0x80) {
    put(rune);
  } else if (rune < 0x800) {
    put(0xc0U | (rune >> 6));
    tail(0);
  } else if (rune < 0x10000) {
    put(0xe0U | (rune >> 12));
    tail(6);
    tail(0);
  } else {
    put(0xf0U | (rune >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_scalar(std::uint64_t rune) {
  return rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000);
}

// \xHH and \OOO are bytes, \uHHHH and \UHHHHHHHH code points.
bool append_number(std::string& out, char kind, std::string_view digits) {
  const bool octal = kind >= '0' && kind <= '7';
  const auto value = parse_number(digits, octal ? 8 : 16);
  if (!value) return false;
  if (kind == 'u' || kind == 'U') {
    if (!is_scalar(*value)) return false;
    append_utf8(out, static_cast<std::uint32_t>(*value));
    return true;
  }
  if (*value > 0xff) return false;
  out += static_cast<char>(*value);
  return true;
}

std::size_t digit_count(char kind) {
  switch (kind) {
    case 'x': return 2;
    case 'u': return 4;
    case 'U': return 8;
    default: return kind >= '0' && kind <= '7' ? 3 : 0;
  }
}

// The escape at the start of `rest`, behind its backslash. How much was read, 0 when it is none.
std::size_t append_escape(std::string& out, std::string_view rest) {
  static constexpr std::string_view letters = "abfnrtv\\\"", values = "\a\b\f\n\r\t\v\\\"";
  if (rest.empty()) return 0;
  const char kind = rest.front();
  if (const std::size_t at = letters.find(kind); at != std::string_view::npos) {
    out += values[at];
    return 1;
  }
  const std::size_t digits = digit_count(kind);
  const std::size_t start = kind >= '0' && kind <= '7' ? 0 : 1;
  if (digits == 0 || rest.size() < start + digits) return 0;
  return append_number(out, kind, rest.substr(start, digits)) ? start + digits : 0;
}

std::optional<std::string> unquote_raw(std::string_view body) {
  if (body.contains('`')) return std::nullopt;
  std::string out;
  for (const char c : body) {
    if (c != '\r') out += c;
  }
  return out;
}

std::optional<std::string> unquote_interpreted(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  while (!body.empty()) {
    const char c = body.front();
    body.remove_prefix(1);
    if (c == '"' || c == '\n') return std::nullopt;
    if (c != '\\') {
      out += c;
      continue;
    }
    const std::size_t used = append_escape(out, body);
    if (used == 0) return std::nullopt;
    body.remove_prefix(used);
  }
  return out;
}

}  // namespace

std::optional<std::string> go_unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
  const std::string_view body = literal.substr(1, literal.size() - 2);
  if (literal.front() == '`') return unquote_raw(body);
  if (literal.front() == '"') return unquote_interpreted(body);
  return std::nullopt;
}

}  // namespace tenon::gobin
