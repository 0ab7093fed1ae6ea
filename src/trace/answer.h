// What a trace says: whether its counts are proved, findings, data for programs and text for
// people. Pure functions of a Tally.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/shown.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "trace/tally.h"

namespace tenon::trace {

// Whether the sum of the entries that were seen is what the kernel counted.
struct Proof {
  bool proved = false;
  std::string reason;  // why not
  std::int64_t kernel_delta = 0;
  std::int64_t difference = 0;  // seen - counted by the kernel
};

[[nodiscard]] Proof proof_of(const Tally& tally);

// Causes, ports that run out, lookups, and what is not proved or not seen.
[[nodiscard]] std::vector<Finding> findings_of(const Tally& tally);
// Of one cause, and of one destination: for a message while the trace runs.
[[nodiscard]] Finding finding_of(const Tally& tally, const Cause& cause);
[[nodiscard]] Finding finding_of(const Forecast& forecast);

// schemas/trace.schema.json
[[nodiscard]] Data answer_data(const Tally& tally);
[[nodiscard]] Shown answer_text(const Tally& tally);

// The lookups whose way differs from what is predicted for their name.
struct Difference {
  std::string name, seen, predicted;
};

[[nodiscard]] std::vector<Difference> differences_of(const Tally& tally);

}  // namespace tenon::trace
