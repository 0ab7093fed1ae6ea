// Serves cmd/go's build cache from the store: `GOCACHEPROG="tenon cache prog"`.
//
// An action's record names the output and its size; the output is a blob, whose path go gets. What
// is found is read and hashed before go hears of it, so that a file that somebody broke is a miss;
// what go brings is hashed before it is kept. A store that cannot be written answers go's put with
// an error, which go bears: it has built the thing already.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace tenon {

struct ProgCounts {
  std::uint64_t hits = 0, misses = 0, puts = 0, errors = 0;
};

// Until go closes, or its end of the pipe does.
[[nodiscard]] Result<ProgCounts> serve_prog(const std::string& folder, bool read_only);

}  // namespace tenon
