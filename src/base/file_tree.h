// How pure code sees a folder with all that is below it: a bundle on the disk, in an archive, or in
// a test. Symbolic links are entries of their own and never followed here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon {

// Paths are relative to the root of the tree, which is "", with '/' between names that are not
// empty, "." or "..". They are bytes: whether they are UTF-8 is for the caller to ask. A path
// through a link names nothing (Kind::none, not_found). What is there and cannot be looked at is an
// error, never Kind::none.
class FileTree {
 public:
  enum class Kind : std::uint8_t { none, file, folder, link, other };

  struct Entry {
    std::string name;
    Kind kind = Kind::none;
    bool executable = false;  // of files: anyone may execute it
  };

  // The bytes of a file; they are valid as long as the owner, which may outlive the tree.
  struct Content {
    ByteView bytes;
    std::shared_ptr<const void> owner;
  };

  FileTree() = default;
  FileTree(const FileTree&) = delete;
  FileTree& operator=(const FileTree&) = delete;
  virtual ~FileTree() = default;

  // Of the root, without the folders above it; empty when it has none.
  [[nodiscard]] virtual std::string name() const { return {}; }

  [[nodiscard]] virtual Result<Kind> kind(const std::string& path) = 0;
  // In the order of the bytes of their names. not_found for what is no folder.
  [[nodiscard]] virtual Result<std::vector<Entry>> list(const std::string& path) = 0;
  // not_found for what is no regular file.
  [[nodiscard]] virtual Result<Content> read(const std::string& path) = 0;
  // The text of a link. not_found for what is no link.
  [[nodiscard]] virtual Result<std::string> link_target(const std::string& path) = 0;
};

[[nodiscard]] inline std::string join_tree_path(const std::string& folder,
                                                const std::string& name) {
  if (folder.empty() || name.empty()) return folder + name;
  return folder + '/' + name;
}

}  // namespace tenon
