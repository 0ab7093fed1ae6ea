// Everything below a folder, in the order of names. Links are not followed: they lead out, or round
// in a circle. What cannot be listed or looked at is told, and the walk goes on: a directory
// without permission, a path that is too long, a name that vanishes meanwhile.
#pragma once

#include <functional>
#include <string>

#include "base/unread.h"

namespace tenon {

struct FolderWalk {
  std::function<void(const std::string& path)> file;
  // Whether to go into it; empty: into each.
  std::function<bool(const std::string& path)> folder;
  std::function<void(const Unread& unread)> unread;
};

void walk_folder(const std::string& folder, const FolderWalk& walk);

}  // namespace tenon
