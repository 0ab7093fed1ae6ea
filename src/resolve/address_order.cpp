#include "resolve/address_order.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "resolve/address.h"

namespace tenon::resolve {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

struct Policy {
  Bytes prefix;
  int bits, precedence, label;
};

// RFC 6724, section 2.1; the longest prefix stands first.
constexpr std::array<Policy, 9> policies{{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, 50, 0},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 35, 4},
    {{}, 96, 1, 3},
    {{0x20, 0x01}, 32, 5, 5},
    {{0x20, 0x02}, 16, 30, 2},
    {{0x3f, 0xfe}, 16, 1, 12},
    {{0xfe, 0xc0}, 10, 1, 11},
    {{0xfc}, 7, 3, 13},
    {{}, 0, 40, 1},
}};

struct Attributes {
  int scope = 0, precedence = 0, label = 0;
};

struct Entry {
  std::string text;
  std::optional<Address> address, source;
  Attributes of_address, of_source;
};

Bytes as_six(const Address& address) {
  if (!address.four) return address.bytes;
  Bytes out{};
  out[10] = out[11] = 0xff;
  std::copy_n(address.bytes.begin(), 4, out.begin() + 12);
  return out;
}

bool is_four(const Address& address) { return address.four || address.mapped(); }

bool has_prefix(const Bytes& bytes, const Policy& policy) {
  for (int bit = 0; bit < policy.bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
    if ((bytes[at] & mask) != (policy.prefix[at] & mask)) return false;
  }
  return true;
}

int scope_of(const Address& address, const Bytes& bytes) {
  constexpr int link_local = 2, site_local = 5, global = 14;
  if (is_four(address))
    return bytes[12] == 127 || (bytes[12] == 169 && bytes[13] == 254) ? link_local : global;
  if (has_prefix(bytes, policies[0])) return link_local;
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80) return link_local;
  if (bytes[0] == 0xff) return bytes[1] & 0xf;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0xc0 ? site_local : global;
}

Attributes attributes_of(const std::optional<Address>& address) {
  if (!address) return {};
  const Bytes bytes = as_six(*address);
  const auto policy =
      std::ranges::find_if(policies, [&](const Policy& one) { return has_prefix(bytes, one); });
  return {scope_of(*address, bytes), policy->precedence, policy->label};
}

// Bits that both begin with, within the first 64.
int common_prefix(const Entry& entry) {
  const Bytes one = as_six(*entry.source), other = as_six(*entry.address);
  int out = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    unsigned difference = static_cast<unsigned>(one[i] ^ other[i]);
    if (difference == 0) {
      out += 8;
      continue;
    }
    while ((difference & 0x80U) == 0) {
      difference <<= 1U;
      ++out;
    }
    break;
  }
  return out;
}

bool before(const Entry& a, const Entry& b) {
  // Rule 1: what cannot be reached stands last.
  if (a.source.has_value() != b.source.has_value()) return a.source.has_value();
  if (!a.source) return false;
  // Rule 2: the scopes fit.
  const bool fits_a = a.of_address.scope == a.of_source.scope;
  const bool fits_b = b.of_address.scope == b.of_source.scope;
  if (fits_a != fits_b) return fits_a;
  // Rule 5: the labels fit.
  const bool label_a = a.of_source.label == a.of_address.label;
  const bool label_b = b.of_source.label == b.of_address.label;
  if (label_a != label_b) return label_a;
  // Rules 6 and 8: precedence, then the smaller scope.
  if (a.of_address.precedence != b.of_address.precedence)
    return a.of_address.precedence > b.of_address.precedence;
  if (a.of_address.scope != b.of_address.scope) return a.of_address.scope < b.of_address.scope;
  // Rule 9, for IPv6 only: the longest common prefix.
  if (is_four(*a.address) || is_four(*b.address)) return false;
  return common_prefix(a) > common_prefix(b);
}

}  // namespace

void order_addresses(std::vector<std::string>& addresses, const SourceOf& source_of) {
  if (addresses.size() < 2) return;
  std::vector<Entry> entries;
  for (std::string& text : addresses) {
    Entry one;
    one.address = parse_address(text);
    if (const auto source = source_of(text)) one.source = parse_address(*source);
    one.of_address = attributes_of(one.address);
    one.of_source = attributes_of(one.source);
    one.text = std::move(text);
    entries.push_back(std::move(one));
  }
  std::ranges::stable_sort(entries, before);
  std::ranges::transform(entries, addresses.begin(),
                         [](Entry& one) { return std::move(one.text); });
}

}  // namespace tenon::resolve
