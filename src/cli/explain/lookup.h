// The failed lookup of a log: what its line proves, and what the machine of the log decides for the
// name. The parts are those of `tenon resolve` (resolve/lookup_error.h, resolve/decision.h).
#pragma once

#include <string_view>

#include "base/shown.h"
#include "diag/report.h"
#include "machine/snapshot.h"

namespace tenon::explain {

// `line`: one that resolve::first_lookup_line() found. `machine`: that of the log, or null.
[[nodiscard]] Data lookup_data(std::string_view line, const Snapshot* machine);
[[nodiscard]] Shown lookup_text(std::string_view line, const Snapshot* machine);

}  // namespace tenon::explain
