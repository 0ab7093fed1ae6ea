// The door: a helper of this user that speaks to the second home of the cache on the network, for
// compiles that do not (cache/run/remote_store.h). It answers by a socket in the private folder of
// the caches, and ends when nobody has asked for a while.
//
// Nobody waits for a network that is slow or wrong: an answer has to begin within 400 ms, and goes
// on at 4 MB/s at least. After a failure everybody hears "down" at once, until a trial in the
// background went well. What is put goes in the background as well.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cache/run/remote_store.h"
#include "diag/finding.h"

namespace tenon::fleet {

struct DoorEnd {
  std::uint64_t records = 0;  // found on the network
  std::uint64_t blobs = 0;    // brought
  std::uint64_t puts = 0;     // records that went there, with their blobs
  std::uint64_t lost = 0;     // given up
  std::uint64_t faults = 0;
  std::optional<Finding> finding;  // why it could not serve
};

// Serves until nobody has asked for `idle`, the folder is gone, or SIGINT or SIGTERM. At once where
// another one serves already.
[[nodiscard]] DoorEnd run_door(const RemoteSetting& setting, std::chrono::seconds idle);

}  // namespace tenon::fleet
