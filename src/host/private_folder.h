// A folder of this user alone, for caches and state: what lies in it is trusted, and run.
#pragma once

#include <string>

#include "base/result.h"

namespace tenon {

// Makes the folder, mode 0700, where there is none. It must be a directory and no link, belong to
// who runs this, and not be writable by others: permission otherwise. Folders above it must not be
// replaceable by others either: each belongs to this user or to root, and is writable by others
// only with the sticky bit. Returns the path with links above it resolved.
[[nodiscard]] Result<std::string> private_folder(const std::string& path);

// cache_folder(), checked and made; empty where there is none or where others could change it: what
// is kept there is trusted, so nothing is kept then. Checked once in a process.
[[nodiscard]] std::string private_cache();

// The same check without making anything: for a folder that a program was started from.
[[nodiscard]] Result<void> check_private(const std::string& path);

}  // namespace tenon
