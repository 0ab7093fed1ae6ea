// `tenon resolve --run`: each name looked up Go's way and libc's way. The only part that sends.
#pragma once

#include <string>
#include <vector>

#include "cli/table.h"
#include "diag/report.h"
#include "resolve/decision.h"

namespace tenon {

// Adds data.run, the text and findings. False when the answers of a name differ. `seconds`: how
// long libc may take for one name.
[[nodiscard]] bool look_up_both_ways(const resolve::Resolver& resolver,
                                     const std::vector<std::string>& names, unsigned seconds,
                                     Report& report);

}  // namespace tenon
