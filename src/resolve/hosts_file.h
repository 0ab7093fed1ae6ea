// /etc/hosts as Go reads it: all lines of a name add up, whatever host.conf says. Source:
// src/net/hosts.go.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/config_file.h"

namespace tenon::resolve {

struct HostsAnswer {
  std::vector<std::string> addresses;  // in file order, as netip writes them
  std::vector<std::size_t> lines;      // from 1, one for each address
  std::string canonical;               // with a dot behind it where it has one inside
};

// Empty addresses: the name is not there. Comparison is without case, and a name with a dot may end
// in one.
[[nodiscard]] HostsAnswer find_host(const ConfigFile& file, std::string_view name);

}  // namespace tenon::resolve
