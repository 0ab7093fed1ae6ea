// Not for other folders.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/file_tree.h"
#include "base/path.h"
#include "notarize/lint.h"

namespace tenon::notarize {

// A directory, or an archive as one: with the code of it that a bundle's verdict covered already.
struct Linter::Scope {
  FileTree& tree;
  Head head;
  std::string name;
  unsigned depth = 0;
  bool of_archive = false;
  std::set<std::string, std::less<>> judged = {};

  // How a file of it is shown, and how a command names it.
  [[nodiscard]] std::string shown(const std::string& path) const {
    return path.empty() ? name : join_path(name, path);
  }
  [[nodiscard]] std::string file(const std::string& path) const {
    return of_archive ? path : shown(path);
  }
};

}  // namespace tenon::notarize
