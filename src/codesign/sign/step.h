// One file that was signed, or would be, and what is reported of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codesign/sign/sign.h"
#include "diag/report.h"

namespace tenon::codesign {

struct SignStep {
  std::string path;
  std::string what;     // "program", "nested code", "bundle", "skipped: ..."
  bool sealed = false;  // CodeResources was written before
  std::vector<SignedSlice> slices;
  std::vector<Cause> lost;
};

[[nodiscard]] Data step_data(const SignStep& step);
// One line. `remove`: the signature was taken off.
[[nodiscard]] std::string step_text(const SignStep& step, bool remove);

// TN0806 for what the old signature said and the new one does not.
[[nodiscard]] std::vector<Finding> loss_findings(const SignStep& step);

// TN0805 for each certificate that expires within 90 days, roots left out.
[[nodiscard]] std::vector<Finding> expiry_findings(std::span<const cms::Certificate> certificates,
                                                   std::int64_t now);

}  // namespace tenon::codesign
