// The rules that a bundle is sealed with. Not for other folders.
#pragma once

#include "codesign/resources/build.h"
#include "format/plist/value.h"

namespace tenon::seal {

struct SealRules {
  plist::Dict rules, rules2;
};

[[nodiscard]] PathResult<SealRules> rules_of_bundle(FileTree& tree, const BundleLayout& layout);
// Rules ready for a walk, with the bundle's own parts excluded.
[[nodiscard]] PathResult<RuleSet> usable_rules(const plist::Dict& rules,
                                               const BundleLayout& layout);

[[nodiscard]] inline std::unexpected<PathError> path_failure(Errc code, const char* what,
                                                             std::string path) {
  return std::unexpected(PathError{Error{code, what, 0, 0}, std::move(path)});
}

}  // namespace tenon::seal
