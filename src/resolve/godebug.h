// GODEBUG as far as name resolution depends on it. Sources: src/internal/godebug/godebug.go, and
// goDebugNetDNS of src/net/conf.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::resolve {

// The value of `name`: the last one in the environment, else the last of the defaults that the
// linker wrote (DefaultGODEBUG). What stands behind '#' is a pattern for bisect and is cut off.
[[nodiscard]] std::optional<std::string> godebug_value(std::string_view environment,
                                                       std::string_view defaults,
                                                       std::string_view name);

struct NetDns {
  std::string mode;         // "go", "cgo", or what else was written there; empty: none
  std::uint32_t level = 0;  // of debugging

  [[nodiscard]] bool go() const { return mode == "go"; }
  [[nodiscard]] bool cgo() const { return mode == "cgo"; }
  // Go ignores it.
  [[nodiscard]] bool invalid() const { return !mode.empty() && !go() && !cgo(); }
};

// "cgo+2", "1+go", "go", "2".
[[nodiscard]] NetDns parse_netdns(std::string_view value);

}  // namespace tenon::resolve
