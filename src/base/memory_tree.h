// A tree of files that lives in memory: what an archive holds, and what tests make up.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/tree_index.h"

namespace tenon {

// Owns its bytes; contents given out keep them alive. Adding makes the folders on the way.
class MemoryTree final : public FileTree {
 public:
  // False when something else stands there or on the way, or a name in the path is empty, "." or
  // "..". A file takes the place of an earlier file.
  bool add_file(std::string_view path, std::string bytes, bool executable = false);
  bool add_folder(std::string_view path);
  bool add_link(std::string_view path, std::string target);
  // Takes an entry away, a folder with all that is in it.
  bool remove(std::string_view path) { return index_.remove(path); }

  [[nodiscard]] Result<Kind> kind(const std::string& path) override;
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override;
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override;

 private:
  bool add(std::string_view path, Kind kind, std::string text, bool executable);

  TreeIndex index_;
  // Of each node: bytes of a file, target of a link.
  std::vector<std::shared_ptr<const std::string>> texts_;
};

}  // namespace tenon
