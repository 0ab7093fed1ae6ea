// One file that was signed, or would be, and what is reported of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "codesign/sign/sign.h"
#include "diag/report.h"

namespace tenon::codesign {

// The code of the cause that the seal around what was signed does not hold any more.
inline constexpr std::string_view outer_seal_code = "lost.outer-seal";

struct SignStep {
  std::string path;
  std::string what;     // "program", "nested code", "bundle", "skipped: ..."
  bool sealed = false;  // CodeResources was written before
  std::vector<SignedSlice> slices;
  std::vector<Cause> lost;            // of the old signature
  std::vector<Cause> not_kept;        // of the old file: its owner, an attribute, its other names
  std::vector<Cause> obstacles = {};  // of the bundle: strict validation will refuse it
  // Above the certificates of the timestamps, whose own life of weeks matters to nobody.
  std::vector<cms::Certificate> authorities = {};
};

[[nodiscard]] Data step_data(const SignStep& step);
// One line. `remove`: the signature was taken off.
[[nodiscard]] Shown step_text(const SignStep& step, bool remove);

// TN0806 for what the old signature said and the new one does not (when it was taken off: for the
// seal around it only).
// TN0807 for what the new file lacks of the old one. TN0808 for what strict validation refuses.
[[nodiscard]] std::vector<Finding> loss_findings(const SignStep& step, bool remove);

// diag/expiry.h of each certificate. TN0105 for one whose dates cannot be read.
[[nodiscard]] std::vector<Finding> expiry_findings(std::span<const cms::Certificate> certificates,
                                                   std::int64_t now);

}  // namespace tenon::codesign
