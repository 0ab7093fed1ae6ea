// What cmd/go says to the flags of an answer.
#pragma once

#include <vector>

#include "diag/finding.h"
#include "link/query/answer.h"

namespace tenon::pc {

// One for each flag that cmd/go rejects, with what to write instead or how to allow it. `utf8` as
// for answer(): how the flags are printed decides how cmd/go reads them.
[[nodiscard]] std::vector<Finding> go_findings(const Answer& answer, bool utf8);

}  // namespace tenon::pc
