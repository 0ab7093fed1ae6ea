// Serves cmd/go's build cache from the store: `GOCACHEPROG="tenon cache prog"`.
//
// An action's record names the output and its size; the output is a blob, whose path go gets. What
// is found is read and hashed before go hears of it, so that a file that somebody broke is a miss;
// what go brings is hashed before it is kept. go reads what it has put from the path that it gets,
// and fails without one: what the store does not take, because it is read only, full or not there,
// lies in a temporary directory until go closes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "cache/run/remote_store.h"

namespace tenon {

struct ProgCounts {
  std::uint64_t hits = 0, misses = 0, puts = 0, spilled = 0, errors = 0;
};

// Until go closes, or its end of the pipe does. An empty `folder` is a store that is not there.
// `remote`: where else a result may be found, and goes to.
[[nodiscard]] Result<ProgCounts> serve_prog(const std::string& folder,
                                            std::optional<RemoteSetting> remote, bool read_only);

}  // namespace tenon
