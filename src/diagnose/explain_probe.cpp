#include "diagnose/explain_probe.h"

#include <algorithm>
#include <vector>

#include "diag/codes.h"
#include "diag/finding.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/scan.h"

namespace tenon {

void explain_probe(const Snapshot& snapshot, std::vector<Finding>& findings) {
  const auto found = std::ranges::find(findings, Code::cgo_probe_failed, &Finding::code);
  if (found == findings.end()) return;
  const auto candidates = explain_log(scan_log(snapshot.compiler.probe_output.value));
  if (candidates.empty() || candidates.front().cause->harmless) return;
  const Candidate& best = candidates.front();
  found->code = best.cause->code;
  found->message = best.message;
  found->fixes = {candidate_fix(best)};
}

}  // namespace tenon
