// What tenon itself has said in a log: its findings, read back from their text form.
#pragma once

#include <vector>

#include "diagnose/causes/causes.h"

namespace tenon {

// One for each error that tenon printed, in their order; empty when it printed none.
[[nodiscard]] std::vector<Candidate> own_findings(const Log& log);

}  // namespace tenon
