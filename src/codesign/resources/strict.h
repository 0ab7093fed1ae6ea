// What strict validation refuses in a bundle, apart from its seal. The signer asks before it
// writes, the verifier while it compares. Rules: Security libsecurity_codesigning StaticCode.cpp
// (validateSymlinkResource), bundlediskrep.cpp (strictValidate, validateFrameworkRoot).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/failure.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/rules.h"
#include "codesign/resources/walk.h"

namespace tenon::resources {

// Why strict validation refuses a link that is sealed. `nested`: the bundle lies in another one,
// and its links may point to all that is in the tree.
[[nodiscard]] std::optional<std::string> link_fault(FileTree& tree, const BundleLayout& layout,
                                                    const RuleSet& rules, const Item& link,
                                                    const std::string& target, bool nested);

// What strict validation would refuse once the bundle is sealed.
[[nodiscard]] Result<std::vector<Problem>, codesign::Failure> seal_obstacles(
    FileTree& tree, const BundleLayout& layout, bool nested);

}  // namespace tenon::resources
