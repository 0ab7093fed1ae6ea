// The result of a lint for people and for scripts.
#pragma once

#include <cstdint>

#include "diag/finding.h"
#include "diag/report.h"
#include "notarize/lint.h"

namespace tenon::notarize {

[[nodiscard]] Finding finding_of(const Issue& issue);
// As the contract has it: code, path, arch, message (Apple's words), fix.
[[nodiscard]] Data issue_data(const Issue& issue);
// Adds findings, `eligible`, what was not read, what ticket and expiry depend on. `now`: seconds
// since 1970.
void add_to_report(const LintResult& result, std::int64_t now, Report& report);

}  // namespace tenon::notarize
