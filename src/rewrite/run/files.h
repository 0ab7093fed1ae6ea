// The files that a pack is for, below the paths that somebody named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/unread.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {

struct Found {
  std::vector<std::string> paths;  // sorted, each once
  std::vector<Unread> unread;      // directories and files that could not be looked at
};

// `endings` as in Pack::files. A directory is walked without following links and without the
// directories of version control; a path that is a file is taken whatever its ending. A link that
// leads to a file is none of them.
[[nodiscard]] Found find_files(const std::vector<std::string>& paths, std::string_view endings);
// Sources that read from the disk. `found` must outlive them.
[[nodiscard]] Sources sources_of(const Found& found);

}  // namespace tenon::rewrite
