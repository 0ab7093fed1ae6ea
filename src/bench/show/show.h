// A judgement as text, JSON and findings.
#pragma once

#include <string>
#include <vector>

#include "base/shown.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon::bench {

// "12.3 ms", "4.1 MB", "1,203"
[[nodiscard]] std::string value_text(double value, const std::string& unit);
// "+4.1 %"; of a logarithm. "?" for a bound that is not known.
[[nodiscard]] std::string change_text(double log_ratio);

[[nodiscard]] Shown sides_text(const Results& results);
[[nodiscard]] Shown table_text(const Judgement& judgement);
// The last line: what can be said.
[[nodiscard]] Shown verdict_text(const Judgement& judgement);
[[nodiscard]] Data rows_data(const Judgement& judgement);
// `how` measures more: "--runs N".
[[nodiscard]] std::vector<Finding> findings_of(const Results& results, const Judgement& judgement);

}  // namespace tenon::bench
