// A tree of files that lives in memory: what an archive holds, and what tests make up.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"

namespace tenon {

// Owns its bytes; contents given out keep them alive. Adding makes the folders on the way.
class MemoryTree final : public FileTree {
 public:
  MemoryTree() { nodes_.push_back({Kind::folder, {}, {}, false}); }

  // False when something else stands there or on the way, or a name in the path is empty, "." or
  // "..". A file takes the place of an earlier file.
  bool add_file(std::string_view path, std::string bytes, bool executable = false);
  bool add_folder(std::string_view path) { return place(path, Kind::folder) != npos; }
  bool add_link(std::string_view path, std::string target);
  // Takes an entry away, a folder with all that is in it.
  bool remove(std::string_view path);

  [[nodiscard]] Result<Kind> kind(const std::string& path) override;
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override;
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override;

 private:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  struct Node {
    Kind kind = Kind::none;
    std::map<std::string, std::size_t, std::less<>> children;  // of a folder: index of the node
    std::shared_ptr<const std::string> text;                   // bytes of a file, target of a link
    bool executable = false;
  };

  // The node of a path, or npos.
  [[nodiscard]] std::size_t find(std::string_view path) const;
  std::size_t place(std::string_view path, Kind kind);

  std::vector<Node> nodes_;
};

}  // namespace tenon
