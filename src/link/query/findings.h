// Problems of modules as findings with codes.
#pragma once

#include <vector>

#include "diag/finding.h"
#include "link/pc/problem.h"

namespace tenon::pc {

// One for each problem that has a code.
[[nodiscard]] std::vector<Finding> findings_of(const Problems& problems);

}  // namespace tenon::pc
