#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <iterator>
#include <optional>
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
constexpr const char* generic_code = "is not a Mach-O file, in a place for code";

class Planner {
 public:
  Planner(FileTree& tree, const KeepInner& keep) : tree_(tree), keep_(keep) {}

  // All versions of a framework, the current one last; any other bundle by itself.
  Result<void, Failure> bundle(const std::string& root, unsigned depth,
                               bool among_resources = false) {
    if (depth > max_nesting) {
      return bundle_failure(Errc::limit, "bundles nested too deeply", root);
    }
    auto current = find_layout(tree_, root);
    if (!current) return no_bundle(current.error(), root, depth);
    if (!current->fault.empty()) {
      return failed(FailureKind::bundle, current->fault, current->info_plist);
    }
    if (depth > 0 && keep_) {
      Code code{CodeKind::bundle, current->executable, *current};
      if (TENON_TRY(kept(root, code, depth))) return {};
    }
    const auto versions = framework_versions(tree_, root);
    if (!versions) return bundle_failure(versions.error(), root);
    for (const std::string& version : *versions) {
      if (current->kind != BundleLayout::Kind::versioned || version == current->version) continue;
      auto other = find_layout(tree_, root, version);
      if (!other)
        return bundle_failure(other.error(), fmt::format("{}/Versions/{}", root, version));
      TENON_TRY(sealed(*std::move(other), depth, among_resources));
    }
    return sealed(*std::move(current), depth, among_resources);
  }

  std::vector<SigningStep> steps;

 private:
  // In a place for code, a folder with a dot in its name has to be a bundle.
  std::unexpected<Failure> no_bundle(const Error& error, const std::string& root, unsigned depth) {
    Failure failure = bundle_failure(error, root).error();
    const auto lost = has_lost_links(tree_, root);
    if (error.code == Errc::malformed && lost && *lost) failure.fix = lost_links_fix;
    if (depth == 0 || error.code != Errc::not_found) return std::unexpected(std::move(failure));
    failure.fix =
        "move it to Contents/Resources, or take the dot out of its name: in a place for code, the "
        "system takes each directory with a dot in its name for a bundle";
    return std::unexpected(std::move(failure));
  }

  Result<bool, Failure> kept(const std::string& path, const Code& code, unsigned depth) {
    const bool keep = keep_ && TENON_TRY(keep_(path, code));
    if (keep) steps.push_back({StepKind::kept, path, code, depth, false, {}});
    return keep;
  }

  // What a walk through a bundle finds.
  struct Found {
    std::vector<Item> nested;
    std::vector<std::string> loose, bundles;
    std::optional<Failure> failure;
  };

  Result<Found, Failure> look_through(const BundleLayout& layout) {
    const ResourceRules rules = TENON_TRY(rules_of_bundle(tree_, layout));
    const RuleSet usable = TENON_TRY(usable_rules(rules.rules2, layout));
    Found found;
    WalkEvents events;
    events.item = [&](const Item& item) {
      const std::string path = join_tree_path(layout.base, item.path);
      if (item.rule.nested) {
        found.nested.push_back(item);
      } else if (item.kind == Kind::file) {
        found.loose.push_back(path);
      }
    };
    events.enter = [&](const Item& item) {
      const std::string path = join_tree_path(layout.base, item.path);
      if (item.rule.nested) return true;
      const auto inner = is_inner_bundle(path);
      if (!inner) found.failure = inner.error();
      if (inner && *inner) found.bundles.push_back(path);
      return inner && !*inner;
    };
    if (const auto done = walk(tree_, layout, usable, events); !done) {
      return bundle_failure(done.error(), layout.base);
    }
    if (found.failure) return std::unexpected(*found.failure);
    return found;
  }

  // What is in the bundle, then the bundle.
  Result<void, Failure> sealed(BundleLayout layout, unsigned depth, bool among_resources) {
    const Found found = TENON_TRY(look_through(layout));
    for (const std::string& path : found.bundles) TENON_TRY(inner_bundle(path, depth + 1));
    for (const std::string& path : found.loose) {
      TENON_TRY(file(path, StepKind::loose, depth + 1));
    }
    for (const Item& item : found.nested) {
      const std::string path = join_tree_path(layout.base, item.path);
      if (item.kind == Kind::folder) {
        TENON_TRY(bundle(path, depth + 1));
      } else {
        TENON_TRY(file(path, StepKind::macho, depth + 1));
      }
    }
    const bool version = layout.kind == BundleLayout::Kind::versioned;
    std::string path = version ? layout.base : layout.root;
    std::string executable = layout.executable;
    steps.push_back({StepKind::bundle,
                     std::move(path),
                     Code{CodeKind::bundle, std::move(executable), std::move(layout)},
                     depth,
                     among_resources,
                     {}});
    return {};
  }

  // A folder among the resources that is signed as a bundle: nothing but its Info.plist says so.
  Result<bool, Failure> is_inner_bundle(const std::string& path) {
    const auto layout = find_layout(tree_, path);
    if (!layout) {
      if (is_no_bundle(layout.error())) return false;
      return bundle_failure(layout.error(), path);
    }
    if (layout->info_plist.empty()) return false;
    if (layout->executable.empty()) {
      const auto seal = tree_.kind(layout->code_resources());
      if (!seal) return bundle_failure(seal.error(), layout->code_resources());
      return *seal == Kind::file;
    }
    const auto content = tree_.read(layout->executable);
    if (!content) return bundle_failure(content.error(), layout->executable);
    return is_signable_macho(content->bytes);
  }

  // It is signed as a bundle or not touched at all.
  Result<void, Failure> inner_bundle(const std::string& path, unsigned depth) {
    Planner inner(tree_, keep_);
    const auto planned = inner.bundle(path, depth, true);
    std::string why;
    if (!planned) {
      if (planned.error().kind != FailureKind::bundle) return planned;
      if (planned.error().error == Errc::limit) return planned;
      why = planned.error().where + ": " + planned.error().what;
    }
    for (const SigningStep& step : inner.steps) {
      if (step.kind == StepKind::generic) why = step.path + ": " + generic_code;
    }
    if (!why.empty()) {
      steps.push_back({StepKind::left, path, {}, depth, true, std::move(why)});
      return {};
    }
    std::ranges::move(inner.steps, std::back_inserter(steps));
    return {};
  }

  Result<void, Failure> file(const std::string& path, StepKind kind, unsigned depth) {
    auto code = find_code(tree_, path);
    if (!code) return bundle_failure(code.error(), path);
    if (code->kind != CodeKind::macho) {
      if (kind == StepKind::loose) return {};
      kind = StepKind::generic;
    } else if (TENON_TRY(kept(path, *code, depth))) {
      return {};
    }
    steps.push_back({kind, path, *std::move(code), depth, false, {}});
    return {};
  }

  FileTree& tree_;
  const KeepInner& keep_;
};

}  // namespace

Result<std::vector<SigningStep>, Failure> signing_order(FileTree& tree, const std::string& root,
                                                        const KeepInner& keep) {
  Planner planner(tree, keep);
  TENON_TRY(planner.bundle(root, 0));
  return std::move(planner.steps);
}

}  // namespace tenon::resources
