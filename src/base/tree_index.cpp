#include "base/tree_index.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon {

using Kind = FileTree::Kind;

std::size_t TreeIndex::find(std::string_view path) const {
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

Result<std::size_t> TreeIndex::find(std::string_view path, Kind kind) const {
  const std::size_t at = find(path);
  if (at != npos && nodes_[at].kind == kind) return at;
  return fail(Errc::not_found, kind == Kind::file     ? "file"
                               : kind == Kind::folder ? "folder"
                                                      : "symbolic link");
}

TreeIndex::Placed TreeIndex::place(std::string_view path, Kind kind) {
  const std::vector<std::string_view> names = split(path, '/');
  Placed out{0, false};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || names[i] == "." || names[i] == "..") return {};
    const Kind wanted = i + 1 == names.size() ? kind : Kind::folder;
    const auto [next, fresh] =
        nodes_[out.node].children.emplace(std::string(names[i]), nodes_.size());
    out = {next->second, fresh};
    if (fresh) {
      nodes_.push_back({wanted, {}, false});
    } else if (nodes_[out.node].kind != wanted) {
      return {};
    }
  }
  return out;
}

bool TreeIndex::remove(std::string_view path) {
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

Kind TreeIndex::kind(std::string_view path) const {
  const std::size_t at = find(path);
  return at == npos ? Kind::none : nodes_[at].kind;
}

Result<std::vector<FileTree::Entry>> TreeIndex::list(std::string_view path) const {
  const std::size_t folder = TENON_TRY(find(path, Kind::folder));
  std::vector<FileTree::Entry> out;
  for (const auto& [name, node] : nodes_[folder].children) {
    out.push_back({name, nodes_[node].kind, nodes_[node].executable});
  }
  return out;
}

}  // namespace tenon
