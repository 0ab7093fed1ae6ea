// The rows of the notary's table that one slice meets, out of its verdict: there is no second
// reader of signatures.
#pragma once

#include <string>
#include <vector>

#include "codesign/verify/file_verdict.h"
#include "diag/code.h"

namespace tenon::codesign {

struct NotaryIssue {
  Code code{};
  std::string arch;    // "arm64"
  std::string detail;  // what the notary does not say: the cause; may be empty
};

// Each code at most once, in the order of the table. What could not be decided is
// notarize/not-looked-inside.
[[nodiscard]] std::vector<NotaryIssue> notary_issues(const SliceVerdict& slice);

}  // namespace tenon::codesign
