// The names of a tree in memory: which path is what, and what is in a folder. Who uses it keeps
// what belongs to a node, by its number, beside it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"

namespace tenon {

class TreeIndex {
 public:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  TreeIndex() { nodes_.push_back({FileTree::Kind::folder, {}, false}); }

  struct Placed {
    std::size_t node = npos;  // npos: something else stands there or on the way, or a name in the
                              // path is empty, "." or ".."
    bool fresh = false;       // it was not there before
  };

  // Adds an entry, and the folders on the way.
  Placed place(std::string_view path, FileTree::Kind kind);
  // Takes an entry away, a folder with all that is in it. False when there is none.
  bool remove(std::string_view path);
  void set_executable(std::size_t node, bool executable) { nodes_[node].executable = executable; }

  // Nodes are numbered from 0, the root.
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  // npos for none.
  [[nodiscard]] std::size_t find(std::string_view path) const;
  // The node of a file or a link; not_found for anything else.
  [[nodiscard]] Result<std::size_t> find(std::string_view path, FileTree::Kind kind) const;
  [[nodiscard]] FileTree::Kind kind(std::string_view path) const;
  [[nodiscard]] Result<std::vector<FileTree::Entry>> list(std::string_view path) const;

 private:
  struct Node {
    FileTree::Kind kind = FileTree::Kind::none;
    std::map<std::string, std::size_t, std::less<>> children;  // of a folder: numbers of nodes
    bool executable = false;
  };

  std::vector<Node> nodes_;
};

}  // namespace tenon
