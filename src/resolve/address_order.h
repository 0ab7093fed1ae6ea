// The order in which Go gives addresses: RFC 6724, section 6, without the rules that need more than
// the address that the machine would send from. Source: src/net/addrselect.go.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tenon::resolve {

// The address that the machine sends from to another one; nothing without a route.
using SourceOf = std::function<std::optional<std::string>(const std::string&)>;

// Stable: addresses that no rule tells apart stay as they are.
void order_addresses(std::vector<std::string>& addresses, const SourceOf& source_of);

}  // namespace tenon::resolve
