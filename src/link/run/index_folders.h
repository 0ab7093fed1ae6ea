// Reads the libraries of a sysroot into an index, and keeps what was read in the user's cache.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "diag/progress.h"
#include "host/file_identity.h"
#include "link/index/library_index.h"
#include "platform/platforms.h"

namespace tenon::link {

struct IndexRequest {
  const Platform* platform = nullptr;
  std::vector<std::string> folders;  // that the linker searches, in its order
  std::vector<std::string> below;    // archives anywhere below these are indexed as `outside`
  bool use_cache = true;
  // Whether the times of files below a path tell every change; asked once a folder. Where they do
  // not, the bytes are read for their digest.
  bool (*times_tell)(const std::string& path) = identity_tells_changes;
};

struct IndexCost {
  std::size_t files = 0;  // looked at
  std::size_t read = 0;   // of which were read and not taken from the cache
  std::size_t members = 0, symbols = 0;
};

// A folder that does not exist is left out; one that cannot be listed is in `unread`.
[[nodiscard]] LibraryIndex index_folders(const IndexRequest& request, Progress& progress,
                                         IndexCost& cost);

}  // namespace tenon::link
