#include "codesign/resources/strict.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/resources/build.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/links.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/rule_source.h"
#include "codesign/resources/rules.h"
#include "codesign/resources/walk.h"

namespace tenon::resources {
namespace {

// Where absolute links may point to.
constexpr std::array<std::string_view, 2> system_folders{"/System/", "/Library/"};

bool in_system(const std::string& target) {
  if (!is_plain_path(std::string_view(target).substr(1))) return false;
  return std::ranges::any_of(system_folders, [&](std::string_view folder) {
    return target.starts_with(folder) && target.size() > folder.size();
  });
}

}  // namespace

std::optional<std::string> link_fault(FileTree& tree, const BundleLayout& layout,
                                      const RuleSet& rules, const Item& link,
                                      const std::string& target, bool nested) {
  if (target.starts_with('/')) {
    if (in_system(target)) return std::nullopt;
    return "it points outside of the system directories";
  }
  const std::string folder = parent_of(join_tree_path(layout.base, link.path));
  const auto resolved = resolve(tree, join_tree_path(folder, target));
  if (!resolved) return "its target cannot be looked at";
  const Resolved& found = *resolved;
  switch (found.outcome) {
    case Resolved::Outcome::found: break;
    case Resolved::Outcome::missing: return "it points to nothing";
    case Resolved::Outcome::circle: return "it points to itself";
    default: return "it points out of the bundle";
  }
  if (!is_inside(found.path, layout.base)) {
    if (nested) return std::nullopt;
    return "it points outside of the sealed directory";
  }
  // The base itself is no path that rules are about.
  if (found.path.size() <= layout.base.size()) return "it points to the whole bundle";
  const std::size_t skip = layout.base.empty() ? 0 : layout.base.size() + 1;
  if (rules.includes(std::string_view(found.path).substr(skip))) return std::nullopt;
  return "its target is not sealed";
}

Result<std::vector<Problem>, Failure> seal_obstacles(FileTree& tree, const BundleLayout& layout,
                                                     bool nested) {
  Problems problems;
  check_root(tree, layout, problems);
  const ResourceRules rules = TENON_TRY(rules_of_bundle(tree, layout));
  const RuleSet usable = TENON_TRY(usable_rules(rules.rules2, layout));
  if (auto weak = weakness(rules.rules2, 2, layout.resources)) {
    problems.add(Issue::weak_rules, layout.rules_file, *std::move(weak));
  }
  WalkEvents events;
  events.problems = &problems;
  events.item = [&](const Item& item) {
    if (item.kind != FileTree::Kind::link) return;
    const std::string path = join_tree_path(layout.base, item.path);
    const auto target = tree.link_target(path);
    if (!target) {
      problems.add(Issue::unreadable, path, target.error().what);
    } else if (auto fault = link_fault(tree, layout, usable, item, *target, nested)) {
      problems.add(Issue::link_target, path, *std::move(fault));
    }
  };
  if (const auto done = walk(tree, layout, usable, events); !done) {
    return bundle_failure(done.error(), layout.base);
  }
  std::erase_if(problems.kept, [](const Problem& each) { return is_advice(each.issue); });
  return std::move(problems.kept);
}

}  // namespace tenon::resources
