// IP addresses as Go's package net/netip reads and writes them: no leading zeros, no short forms.
// Source: src/net/netip/netip.go, RFC 5952.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::resolve {

struct Address {
  bool four = true;
  std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four
  std::string zone;

  // Whether it is an IPv4 address inside of IPv6, ::ffff:a.b.c.d.
  [[nodiscard]] bool mapped() const;

  friend bool operator==(const Address&, const Address&) = default;
};

[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
// As netip.Addr.String does.
[[nodiscard]] std::string address_text(const Address& address);
// As net.IP.String and net.IPAddr.String do: a mapped address is an IPv4 one.
[[nodiscard]] std::string ip_text(const Address& address);
// Whether libc's inet_aton takes the text for an IPv4 address where Go does not: 127.1, 0x7f.1,
// 010.
[[nodiscard]] std::optional<Address> short_address(std::string_view text);

}  // namespace tenon::resolve
