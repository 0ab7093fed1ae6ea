#include "base/memory_tree.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "base/tree_index.h"

namespace tenon {

bool MemoryTree::add(std::string_view path, Kind kind, std::string text, bool executable) {
  const std::size_t node = index_.place(path, kind).node;
  if (node == TreeIndex::npos) return false;
  index_.set_executable(node, executable);
  texts_.resize(index_.size());
  texts_[node] = std::make_shared<const std::string>(std::move(text));
  return true;
}

bool MemoryTree::add_file(std::string_view path, std::string bytes, bool executable) {
  return add(path, Kind::file, std::move(bytes), executable);
}

bool MemoryTree::add_link(std::string_view path, std::string target) {
  return add(path, Kind::link, std::move(target), false);
}

bool MemoryTree::add_folder(std::string_view path) {
  return index_.place(path, Kind::folder).node != TreeIndex::npos;
}

Result<FileTree::Kind> MemoryTree::kind(const std::string& path) { return index_.kind(path); }

Result<std::vector<FileTree::Entry>> MemoryTree::list(const std::string& path) {
  return index_.list(path);
}

Result<FileTree::Content> MemoryTree::read(const std::string& path) {
  const std::size_t node = TENON_TRY(index_.find(path, Kind::file));
  return Content{view_of(*texts_[node]), texts_[node]};
}

Result<std::string> MemoryTree::link_target(const std::string& path) {
  return *texts_[TENON_TRY(index_.find(path, Kind::link))];
}

}  // namespace tenon
