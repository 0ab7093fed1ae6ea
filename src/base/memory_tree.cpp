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
#include "base/text.h"

namespace tenon {

std::size_t MemoryTree::find(std::string_view path) const {
  std::size_t at = 0;
  if (path.empty()) return at;
  for (const std::string_view name : split(path, '/')) {
    const auto& children = nodes_[at].children;
    const auto next = children.find(name);
    if (next == children.end()) return npos;
    at = next->second;
  }
  return at;
}

std::size_t MemoryTree::place(std::string_view path, Kind kind) {
  const std::vector<std::string_view> names = split(path, '/');
  std::size_t at = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || names[i] == "." || names[i] == "..") return npos;
    const Kind wanted = i + 1 == names.size() ? kind : Kind::folder;
    const auto [next, fresh] = nodes_[at].children.emplace(std::string(names[i]), nodes_.size());
    at = next->second;
    if (fresh) {
      nodes_.push_back({wanted, {}, {}, false});
    } else if (nodes_[at].kind != wanted) {
      return npos;
    }
  }
  return at;
}

bool MemoryTree::add_file(std::string_view path, std::string bytes, bool executable) {
  const std::size_t at = place(path, Kind::file);
  if (at == npos) return false;
  nodes_[at].text = std::make_shared<const std::string>(std::move(bytes));
  nodes_[at].executable = executable;
  return true;
}

bool MemoryTree::add_link(std::string_view path, std::string target) {
  const std::size_t at = place(path, Kind::link);
  if (at == npos) return false;
  nodes_[at].text = std::make_shared<const std::string>(std::move(target));
  return true;
}

bool MemoryTree::remove(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const bool top = slash == std::string_view::npos;
  const std::size_t folder = find(top ? std::string_view() : path.substr(0, slash));
  if (folder == npos) return false;
  auto& children = nodes_[folder].children;
  const auto entry = children.find(top ? path : path.substr(slash + 1));
  if (entry == children.end()) return false;
  children.erase(entry);
  return true;
}

Result<FileTree::Kind> MemoryTree::kind(const std::string& path) {
  const std::size_t at = find(path);
  return at == npos ? Kind::none : nodes_[at].kind;
}

Result<std::vector<FileTree::Entry>> MemoryTree::list(const std::string& path) {
  if (kind(path) != Kind::folder) return fail(Errc::not_found, "folder");
  std::vector<Entry> entries;
  for (const auto& [name, index] : nodes_[find(path)].children) {
    entries.push_back({name, nodes_[index].kind, nodes_[index].executable});
  }
  return entries;
}

Result<FileTree::Content> MemoryTree::read(const std::string& path) {
  if (kind(path) != Kind::file) return fail(Errc::not_found, "file");
  const auto& text = nodes_[find(path)].text;
  return Content{view_of(*text), text};
}

Result<std::string> MemoryTree::link_target(const std::string& path) {
  if (kind(path) != Kind::link) return fail(Errc::not_found, "symbolic link");
  return *nodes_[find(path)].text;
}

}  // namespace tenon
