// Lints what the command line names.
#pragma once

#include <string>
#include <vector>

#include "diag/finding.h"
#include "notarize/lint.h"

namespace tenon::notarize {

struct LintRequest {
  std::vector<std::string> paths;
  std::vector<std::string> trust_roots;  // names of certificate files
};

// One result for all paths. Fails for a root that cannot be read.
[[nodiscard]] Outcome<LintResult> lint_paths(const LintRequest& request);

}  // namespace tenon::notarize
