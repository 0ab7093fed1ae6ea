// What Go itself printed, against the prediction: a log that somebody has, or a helper built here.
#pragma once

#include <string>
#include <vector>

#include "diag/finding.h"
#include "diag/report.h"
#include "resolve/decision.h"

namespace tenon {

// Lines of netdns=1 or 2 in a file, "-" for standard input; adds data.log. False: they do not
// agree.
[[nodiscard]] Outcome<bool> compare_with_log(const std::string& path,
                                             const resolve::Resolver& resolver, Report& report);
// The same with a helper; adds data.oracle. True where there is no Go: the answer says so.
[[nodiscard]] Outcome<bool> compare_with_oracle(const resolve::Resolver& resolver,
                                                const std::vector<std::string>& names,
                                                Report& report);

}  // namespace tenon
