#include "codesign/resources/walk.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/rules.h"
#include "format/plist/unicode.h"

namespace tenon::resources {
namespace {

using Kind = FileTree::Kind;

// Letters of ASCII only: how the file system folds others depends on its version.
std::string folded(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

class Walker {
 public:
  Walker(FileTree& tree, const BundleLayout& layout, const RuleSet& rules, const WalkEvents& events)
      : tree_(tree), layout_(layout), rules_(rules), events_(events) {}

  Result<void> run() {
    TENON_TRY(folder({}));
    while (!pending_.empty()) {
      const std::string next = std::move(pending_.back());
      pending_.pop_back();
      TENON_TRY(folder(next));
    }
    return {};
  }

 private:
  void problem(Issue issue, const std::string& path, std::string detail) {
    if (events_.problems != nullptr) {
      events_.problems->add(issue, join_tree_path(layout_.base, path), std::move(detail));
    }
  }

  Result<void> folder(const std::string& path) {
    if (static_cast<std::size_t>(std::ranges::count(path, '/')) >= max_levels) {
      return fail(Errc::limit, "directories nested too deeply");
    }
    const auto entries = tree_.list(join_tree_path(layout_.base, path));
    if (!entries) {
      problem(Issue::unreadable, path, "directory that cannot be read");
      return {};
    }
    count_ += entries->size();
    if (count_ > max_entries) return fail(Errc::limit, "too many files");
    conflicts(path, *entries);
    const std::size_t first = pending_.size();
    for (const FileTree::Entry& entry : *entries) handle(path, entry);
    // The stack gives back in reverse.
    std::reverse(pending_.begin() + static_cast<std::ptrdiff_t>(first), pending_.end());
    return {};
  }

  void conflicts(const std::string& path, const std::vector<FileTree::Entry>& entries) {
    std::unordered_set<std::string> names;
    for (const FileTree::Entry& entry : entries) {
      if (names.insert(folded(entry.name)).second) continue;
      problem(Issue::name_conflict, join_tree_path(path, entry.name),
              "another name differs from it only in case");
    }
  }

  void handle(const std::string& parent, const FileTree::Entry& entry) {
    Item item{join_tree_path(parent, entry.name), entry.kind, entry.executable, {}};
    if (plist::first_bad_utf8(entry.name) != std::string_view::npos || entry.name.contains('\0')) {
      problem(Issue::bad_path, item.path, "name that is not UTF-8");
      return;
    }
    item.rule = rules_.find(item.path);
    switch (entry.kind) {
      case Kind::file: leaf(item); break;
      case Kind::link: link(item, entry.name); break;
      case Kind::folder: enter(item, entry.name); break;
      default: problem(Issue::bad_type, item.path, "not a file, directory or symbolic link");
    }
  }

  void leaf(const Item& item) {
    if (item.rule.sealed()) {
      events_.item(item);
    } else if (events_.unsealed) {
      events_.unsealed(item);
    }
  }

  void link(Item& item, const std::string& name) {
    if (folded(name) == ".ds_store") {
      problem(Issue::bad_type, item.path, "a .DS_Store that is a link");
      return;
    }
    item.rule.nested = false;  // a link is never code
    leaf(item);
  }

  void enter(Item& item, const std::string& name) {
    if (item.rule.found && item.rule.nested) {
      // A name with an extension: code with a seal of its own.
      if (name.contains('.')) {
        if (item.rule.sealed()) events_.item(item);
        return;
      }
    } else if (item.rule.exclusion || (events_.enter && !events_.enter(item))) {
      return;
    }
    pending_.push_back(item.path);
  }

  FileTree& tree_;
  const BundleLayout& layout_;
  const RuleSet& rules_;
  const WalkEvents& events_;
  std::vector<std::string> pending_;
  std::size_t count_ = 0;
};

}  // namespace

Result<void> walk(FileTree& tree, const BundleLayout& layout, const RuleSet& rules,
                  const WalkEvents& events) {
  return Walker(tree, layout, rules, events).run();
}

}  // namespace tenon::resources
