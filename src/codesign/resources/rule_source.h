// The rules that a bundle is sealed with. Not for other folders.
#pragma once

#include "codesign/resources/build.h"
#include "format/plist/value.h"

namespace tenon::resources {

struct ResourceRules {
  plist::Dict rules, rules2;
};

[[nodiscard]] Result<ResourceRules, Failure> rules_of_bundle(FileTree& tree,
                                                             const BundleLayout& layout);
// Rules ready for a walk, with the bundle's own parts excluded.
[[nodiscard]] Result<RuleSet, Failure> usable_rules(const plist::Dict& rules,
                                                    const BundleLayout& layout);

// Why a bundle cannot be sealed, and the path in the tree.
[[nodiscard]] inline std::unexpected<Failure> bundle_failure(const Error& error, std::string path) {
  return failed(FailureKind::bundle, error, std::move(path));
}

[[nodiscard]] inline std::unexpected<Failure> bundle_failure(Errc code, const char* what,
                                                             std::string path) {
  return bundle_failure(Error{code, what, 0, 0}, std::move(path));
}

}  // namespace tenon::resources
