#include "resolve/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon::resolve {
namespace {

bool parse_four(std::string_view text, std::uint8_t* out) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return false;
  for (const std::string_view part : parts) {
    if (part.empty() || part.size() > 3 || (part.size() > 1 && part.front() == '0')) return false;
    const auto value = parse_number(part);
    if (!value || *value > 255 ||
        !std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; }))
      return false;
    *out++ = static_cast<std::uint8_t>(*value);
  }
  return true;
}

std::optional<std::uint16_t> hex_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  std::uint32_t out = 0;
  for (const char c : text) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    out = out * 16 + digit;
  }
  return static_cast<std::uint16_t>(out);
}

// The groups of one side of "::"; an IPv4 address may stand last.
bool parse_groups(std::string_view text, bool may_end_in_four, std::vector<std::uint8_t>& out) {
  if (text.empty()) return true;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (may_end_in_four && i + 1 == parts.size() && parts[i].contains('.')) {
      std::array<std::uint8_t, 4> four{};
      if (!parse_four(parts[i], four.data())) return false;
      out.insert(out.end(), four.begin(), four.end());
      return true;
    }
    const auto group = hex_group(parts[i]);
    if (!group) return false;
    out.push_back(static_cast<std::uint8_t>(*group >> 8U));
    out.push_back(static_cast<std::uint8_t>(*group & 0xffU));
  }
  return true;
}

std::optional<Address> parse_six(std::string_view text) {
  Address out;
  out.four = false;
  if (const std::size_t percent = text.find('%'); percent != text.npos) {
    out.zone = text.substr(percent + 1);
    if (out.zone.empty()) return std::nullopt;
    text = text.substr(0, percent);
  }
  std::vector<std::uint8_t> front, back;
  const std::size_t gap = text.find("::");
  if (gap == text.npos) {
    if (!parse_groups(text, true, front) || front.size() != 16) return std::nullopt;
  } else {
    if (!parse_groups(text.substr(0, gap), false, front) ||
        !parse_groups(text.substr(gap + 2), true, back) || front.size() + back.size() > 14)
      return std::nullopt;
  }
  std::ranges::copy(front, out.bytes.begin());
  std::ranges::copy(back, out.bytes.end() - static_cast<std::ptrdiff_t>(back.size()));
  return out;
}

std::string four_text(const std::uint8_t* bytes) {
  return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

// The longest run of two or more zero groups, the first of equals: start and end.
std::pair<std::size_t, std::size_t> zero_run(const std::array<std::uint16_t, 8>& groups) {
  std::size_t best = 0, best_end = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i >= 2 && end - i > best_end - best) best = i, best_end = end;
  }
  return {best, best_end};
}

std::string six_text(const Address& address) {
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = static_cast<std::uint16_t>(address.bytes[2 * i] << 8U | address.bytes[2 * i + 1]);
  const auto [start, end] = zero_run(groups);
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (end > start && i == start) {
      out += "::";
      i = end;
      if (i >= groups.size()) break;
    } else if (i > 0) {
      out += ':';
    }
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

// strtoul with base 0, as inet_aton uses it: the whole text.
std::optional<std::uint64_t> c_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return parse_number(text.substr(2), 16);
  if (text.size() > 1 && text.front() == '0') return parse_number(text.substr(1), 8);
  return parse_number(text);
}

}  // namespace

bool Address::mapped() const {
  return !four &&
         std::ranges::all_of(bytes.begin(), bytes.begin() + 10,
                             [](std::uint8_t byte) { return byte == 0; }) &&
         bytes[10] == 0xff && bytes[11] == 0xff;
}

std::optional<Address> parse_address(std::string_view text) {
  for (const char c : text) {
    if (c == ':') return parse_six(text);
    if (c == '%') return std::nullopt;
    if (c == '.') break;
  }
  Address out;
  if (!parse_four(text, out.bytes.data())) return std::nullopt;
  return out;
}

std::string address_text(const Address& address) {
  if (address.four) return four_text(address.bytes.data());
  std::string out =
      address.mapped() ? "::ffff:" + four_text(address.bytes.data() + 12) : six_text(address);
  if (!address.zone.empty()) out += "%" + address.zone;
  return out;
}

std::string ip_text(const Address& address) {
  if (!address.mapped()) return address_text(address);
  std::string out = four_text(address.bytes.data() + 12);
  if (!address.zone.empty()) out += "%" + address.zone;
  return out;
}

std::optional<Address> short_address(std::string_view text) {
  if (text.empty() || parse_address(text)) return std::nullopt;
  const auto parts = split(text, '.');
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = c_number(parts[i]);
    if (!number) return std::nullopt;
    const bool last = i + 1 == parts.size();
    const std::size_t bits = last ? 8 * (5 - parts.size()) : 8;
    if (*number >> bits != 0) return std::nullopt;
    value = value << bits | *number;
  }
  Address out;
  for (std::size_t i = 0; i < 4; ++i)
    out.bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  return out;
}

}  // namespace tenon::resolve
