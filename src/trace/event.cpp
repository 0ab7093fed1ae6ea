#include "trace/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::trace {
namespace {

// The length of the character that begins here; 0: these bytes are none that is shown.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  if (first >= 0x20 && first < 0x7f) return 1;
  if (first >= 0xc3 && first < 0xe0 && follows(at + 1)) return 2;  // 0xc2: C1 controls among them
  if ((first & 0xf0U) == 0xe0U && follows(at + 1) && follows(at + 2)) {
    const unsigned value = ((first & 0xfU) << 12U) | ((byte(at + 1) & 0x3fU) << 6U);
    const bool surrogate = value >= 0xd800 && value < 0xe000;
    return value < 0x800 || surrogate ? 0 : 3;
  }
  if ((first & 0xf8U) == 0xf0U && follows(at + 1) && follows(at + 2) && follows(at + 3)) {
    const unsigned value = ((first & 0x7U) << 18U) | ((byte(at + 1) & 0x3fU) << 12U);
    return value < 0x10000 || value > 0x10ffff ? 0 : 4;
  }
  return 0;
}

std::string ipv4_text(const std::uint8_t* bytes) {
  return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

// RFC 5952: the longest run of zero groups is left out, the first one of equals.
std::string ipv6_text(const std::array<std::uint8_t, 16>& bytes) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = static_cast<unsigned>(bytes[2 * i]) << 8U | bytes[2 * i + 1];
  std::size_t best = 0, best_size = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > best_size) best = i, best_size = end - i;
  }
  if (best_size < 2) best_size = 0, best = groups.size();
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == best) {
      out += "::";
      i += best_size - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

}  // namespace

std::string endpoint_text(const Endpoint& endpoint) {
  if (endpoint.address.contains(':'))
    return fmt::format("[{}]:{}", endpoint.address, endpoint.port);
  return fmt::format("{}:{}", endpoint.address, endpoint.port);
}

std::string address_text(bool ipv6, const std::array<std::uint8_t, 16>& bytes) {
  if (!ipv6) return ipv4_text(bytes.data());
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    return "::ffff:" + ipv4_text(bytes.data() + mapped.size());
  return ipv6_text(bytes);
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

std::string clean_text(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = character_at(bytes, at);
    if (size == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[at]));
      ++at;
    } else {
      out += bytes.substr(at, size);
      at += size;
    }
  }
  return out;
}

std::string_view role_name(Role role) {
  switch (role) {
    case Role::unknown: return "unknown";
    case Role::client: return "client";
    case Role::server: return "server";
  }
  return "unknown";
}

}  // namespace tenon::trace
