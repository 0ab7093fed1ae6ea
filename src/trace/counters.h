// Numbers of the kernel out of its text files. Formats: proc(5) and
// Documentation/networking/ip-sysctl.rst of the kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "trace/event.h"

namespace tenon::trace {

// /proc/net/netstat: a line of names and a line of numbers for each group. nullopt when the group
// TcpExt or its counter TW is missing; other counters are 0 then.
[[nodiscard]] std::optional<Counters> parse_netstat(std::string_view text);

// "32768\t60999" of ip_local_port_range. False: it is not that, and `out` stays.
[[nodiscard]] bool parse_port_range(std::string_view text, Limits& out);
// How many ports of the range ip_local_reserved_ports ("8080,9000-9010") holds.
[[nodiscard]] std::uint32_t reserved_ports(std::string_view text, const Limits& limits);

}  // namespace tenon::trace
