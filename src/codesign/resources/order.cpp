#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/resources/build.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/rule_source.h"
#include "codesign/resources/rules.h"
#include "codesign/resources/walk.h"

namespace tenon::resources {
namespace {

using Kind = FileTree::Kind;
using StepKind = SigningStep::Kind;

constexpr unsigned max_nesting = 32;

class Planner {
 public:
  explicit Planner(FileTree& tree) : tree_(tree) {}

  // All versions of a framework, the current one last; any other bundle by itself.
  Result<void, Failure> bundle(const std::string& root, unsigned depth) {
    if (depth > max_nesting) {
      return bundle_failure(Errc::limit, "bundles nested too deeply", root);
    }
    auto current = find_layout(tree_, root);
    if (!current) return bundle_failure(current.error(), root);
    if (current->kind == BundleLayout::Kind::versioned) {
      for (const std::string& version : framework_versions(tree_, root)) {
        if (version == current->version) continue;
        auto other = find_layout(tree_, root, version);
        if (!other)
          return bundle_failure(other.error(), fmt::format("{}/Versions/{}", root, version));
        TENON_TRY(sealed(*std::move(other), depth));
      }
    }
    return sealed(*std::move(current), depth);
  }

  std::vector<SigningStep> steps;

 private:
  // What is in the bundle, then the bundle.
  Result<void, Failure> sealed(BundleLayout layout, unsigned depth) {
    const ResourceRules rules = TENON_TRY(rules_of_bundle(tree_, layout));
    const RuleSet usable = TENON_TRY(usable_rules(rules.rules2, layout));
    std::vector<Item> nested;
    WalkEvents events;
    events.item = [&](const Item& item) {
      if (item.rule.nested) {
        nested.push_back(item);
      } else if (item.kind == Kind::file) {
        file(join_tree_path(layout.base, item.path), StepKind::loose, depth + 1);
      }
    };
    if (const auto done = walk(tree_, layout, usable, events); !done) {
      return bundle_failure(done.error(), layout.base);
    }
    for (const Item& item : nested) {
      const std::string path = join_tree_path(layout.base, item.path);
      if (item.kind == Kind::folder) {
        TENON_TRY(bundle(path, depth + 1));
      } else {
        file(path, StepKind::macho, depth + 1);
      }
    }
    const bool version = layout.kind == BundleLayout::Kind::versioned;
    std::string path = version ? layout.base : layout.root;
    std::string executable = layout.executable;
    steps.push_back({StepKind::bundle, std::move(path),
                     Code{CodeKind::bundle, std::move(executable), std::move(layout)}, depth});
    return {};
  }

  void file(const std::string& path, StepKind kind, unsigned depth) {
    Code code = find_code(tree_, path);
    if (code.kind != CodeKind::macho) {
      if (kind == StepKind::loose) return;
      kind = StepKind::generic;
    }
    steps.push_back({kind, path, std::move(code), depth});
  }

  FileTree& tree_;
};

}  // namespace

Result<std::vector<SigningStep>, Failure> signing_order(FileTree& tree, const std::string& root) {
  Planner planner(tree);
  TENON_TRY(planner.bundle(root, 0));
  return std::move(planner.steps);
}

}  // namespace tenon::resources
