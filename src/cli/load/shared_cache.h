// What is known of the libraries that a Mac has in its shared cache only: from a list that a Mac
// exported, from the stubs of an SDK, else from what tenon's own build knows of them.
#pragma once

#include <string>

#include "diag/finding.h"
#include "loader/macho/mac.h"
#include "platform/platforms.h"

namespace tenon {

struct SharedCacheRequest {
  std::string list;  // paths, a line each; may be empty
  std::string sdk;   // a folder; may be empty
};

[[nodiscard]] Outcome<dyld::SharedCache> shared_cache(const SharedCacheRequest& request,
                                                      const Platform& platform);

}  // namespace tenon
