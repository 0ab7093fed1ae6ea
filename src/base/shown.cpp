#include "base/shown.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon {
namespace {

struct Range {
  std::uint32_t first = 0, last = 0;
};

// Controls of Latin-1, and characters that reorder, break or hide what is read.
constexpr std::array<Range, 8> hidden{{{0x80, 0x9f},
                                       {0x061c, 0x061c},
                                       {0x200b, 0x200b},
                                       {0x200e, 0x200f},
                                       {0x2028, 0x202e},
                                       {0x2060, 0x206f},
                                       {0xfeff, 0xfeff},
                                       {0xe0000, 0xe007f}}};

bool is_hidden(std::uint32_t point) {
  return std::ranges::any_of(
      hidden, [=](const Range& one) { return point >= one.first && point <= one.last; });
}

// The character that the bytes of one spell.
std::uint32_t code_point(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return first;
  std::uint32_t out = first & (0xffU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) {
    out = out << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  }
  return out;
}

std::string escaped_byte(char c) { return fmt::format("\\x{:02x}", static_cast<unsigned char>(c)); }

// The front of `text` as it is printed; `size` is its length in `text`.
std::string front_shown(std::string_view text, std::size_t size) {
  if (size == 0) return escaped_byte(text.front());
  const std::string_view bytes = text.substr(0, size);
  const std::uint32_t point = code_point(bytes);
  if (point < 0x20 || point == 0x7f) return escaped_byte(text.front());
  if (is_hidden(point)) return fmt::format("\\u{{{:x}}}", point);
  return std::string(bytes);
}

std::string json_escape(std::uint32_t point) {
  if (point <= 0xffff) return fmt::format("\\u{:04x}", point);
  const std::uint32_t pair = point - 0x10000;
  return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (pair >> 10U), 0xdc00 + (pair & 0x3ffU));
}

// Runners find these anywhere in a line.
bool starts_command(std::string_view text) {
  return text.starts_with("##[") || text.starts_with("##vso[") || text.starts_with("##teamcity[");
}

// A runner takes blanks off a line before it looks for "::".
std::string line_start_escaped(std::string line) {
  const std::size_t start = line.find_first_not_of(" \t");
  if (start != line.npos && line.substr(start).starts_with("::")) line.replace(start, 1, "\\x3a");
  return line;
}

}  // namespace

Shown Shown::of(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  while (!value.empty()) {
    if (starts_command(value)) {
      out += "\\x23";
      value.remove_prefix(1);
      continue;
    }
    const std::size_t size = character_length(value);
    out += front_shown(value, size);
    value.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return ShownText::formatted(line_start_escaped(std::move(out)));
}

Shown Shown::lines_of(std::string_view value, const Shown& indent) {
  std::string blanks(value);
  std::ranges::replace(blanks, '\t', ' ');
  Shown out;
  bool first = true;
  for (const std::string_view line : split(blanks, '\n')) {
    if (!first) out += "\n";
    first = false;
    out += indent + Shown::of(line);
  }
  return out;
}

Shown shown_join(const std::vector<std::string>& values, const Shown& separator) {
  std::vector<Shown> parts;
  parts.reserve(values.size());
  for (const std::string& value : values) parts.push_back(Shown::of(value));
  return shown_join(parts, separator);
}

Shown shown_join(const std::vector<Shown>& parts, const Shown& separator) {
  Shown out;
  for (const Shown& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string printed(const Shown& text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    out += line_start_escaped(std::string(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return out;
}

std::string printed_json(std::string_view document) {
  const bool plain = !document.contains("##") &&
                     std::ranges::all_of(document, [](char c) { return c < 0x7f && c > 0; });
  std::string out;
  while (!document.empty() && !plain) {
    const std::size_t size = std::max<std::size_t>(character_length(document), 1);
    const std::string_view bytes = document.substr(0, size);
    const std::uint32_t point = code_point(bytes);
    out += is_hidden(point) || point == 0x7f || starts_command(document) ? json_escape(point)
                                                                         : std::string(bytes);
    document.remove_prefix(size);
  }
  return plain ? std::string(document) : out;
}

}  // namespace tenon
