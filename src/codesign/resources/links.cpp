#include "codesign/resources/links.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon::resources {
namespace {

using Outcome = Resolved::Outcome;

constexpr unsigned max_links = 64;
constexpr std::size_t max_names = 4096;

// Puts the names of a path in front of what is still to be walked, which is kept backwards.
void push_names(std::vector<std::string>& pending, std::string_view path) {
  const std::vector<std::string_view> names = split(path, '/');
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!name->empty() && *name != ".") pending.emplace_back(*name);
  }
}

class Walk {
 public:
  Walk(FileTree& tree, std::string_view path) : tree_(tree) { push_names(pending_, path); }

  Result<Resolved> run() {
    std::size_t steps = 0;
    while (!pending_.empty()) {
      if (++steps > max_names) return Resolved{Outcome::circle, {}, {}};
      const std::string name = std::move(pending_.back());
      pending_.pop_back();
      const Outcome outcome = name == ".." ? up() : TENON_TRY(down(name));
      if (outcome != Outcome::found) return Resolved{outcome, {}, {}};
    }
    return Resolved{Outcome::found, at_, kind_};
  }

 private:
  Outcome up() {
    if (at_.empty()) return Outcome::outside;
    if (kind_ != FileTree::Kind::folder) return Outcome::missing;
    at_ = parent_of(at_);
    return Outcome::found;
  }

  Result<Outcome> down(const std::string& name) {
    if (kind_ != FileTree::Kind::folder || name.contains('\0')) return Outcome::missing;
    const std::string next = join_tree_path(at_, name);
    const FileTree::Kind kind = TENON_TRY(tree_.kind(next));
    if (kind == FileTree::Kind::none) return Outcome::missing;
    if (kind != FileTree::Kind::link) {
      at_ = next;
      kind_ = kind;
      return Outcome::found;
    }
    if (++links_ > max_links) return Outcome::circle;
    const auto target = tree_.link_target(next);
    if (!target) return std::unexpected(target.error());
    if (target->empty()) return Outcome::missing;
    if (target->starts_with('/')) return Outcome::absolute;
    push_names(pending_, *target);
    return Outcome::found;
  }

  FileTree& tree_;
  std::vector<std::string> pending_;
  std::string at_;
  FileTree::Kind kind_ = FileTree::Kind::folder;
  unsigned links_ = 0;
};

}  // namespace

Result<Resolved> resolve(FileTree& tree, std::string_view path) {
  if (path.starts_with('/')) return Resolved{Outcome::absolute, {}, {}};
  return Walk(tree, path).run();
}

bool is_plain_path(std::string_view path) {
  if (path.contains('\0')) return false;
  for (const std::string_view name : split(path, '/')) {
    if (name.empty() || name == "." || name == "..") return false;
  }
  return true;
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string_view last_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_inside(std::string_view path, std::string_view folder) {
  return folder.empty() || path == folder ||
         (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

}  // namespace tenon::resources
