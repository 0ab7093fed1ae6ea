// When the ports for one destination run out. A port is free for a destination when no connection
// and no entry of TIME_WAIT from there holds it; an entry stays 60 s (TCP_TIMEWAIT_LEN in
// include/net/tcp.h), or 1 s where tcp_tw_reuse lets a new connection take it over.
#pragma once

#include <cstdint>
#include <optional>

#include "trace/event.h"
#include "trace/owners.h"

namespace tenon::trace {

struct Forecast {
  OwnerKey owner;
  std::int64_t at = 0;            // when it was made
  std::uint32_t ports = 0;        // for this destination
  std::int64_t used = 0;          // entries that hold one at this moment
  double rate = 0;                // entries a second, of the last seconds
  std::uint32_t stay = 60;        // seconds
  double steady = 0;              // rate * stay: what it settles at
  std::optional<double> seconds;  // until none is left; nothing: they do not run out
};

constexpr std::uint32_t entry_seconds = 60;

// nullopt: too little was seen, or it takes no ports (a server, the side that did not connect).
// `older`: entries to this destination from before the trace began, at `began`.
[[nodiscard]] std::optional<Forecast> forecast(const OwnerKey& key, const Owner& owner,
                                               const Limits& limits, std::int64_t now,
                                               std::int64_t older, std::int64_t began);

}  // namespace tenon::trace
