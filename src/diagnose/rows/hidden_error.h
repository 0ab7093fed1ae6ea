// Logs whose error is not in them.
#pragma once

#include "diagnose/log.h"

namespace tenon::rows {

// Something says that a step failed ("exit status 1", "make: *** [all] Error 2"), and no line says
// why: a tool has swallowed it, or the log begins below it. The proof is the last such line.
[[nodiscard]] bool error_is_not_shown(const Log& log, Proof& proof);

}  // namespace tenon::rows
