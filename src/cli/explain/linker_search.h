// A link that failed in a log, asked again with the libraries of its sysroot: which of them defines
// a symbol that no library defined, and what stands there for a -lX that was not found.
#pragma once

#include <string>
#include <vector>

#include "diag/progress.h"
#include "diagnose/answer.h"

namespace tenon::explain {

// Adds searches to the answer when the log has such a failure and the sysroot is here. `command`:
// what ran and gave the log, or empty. `root`: the sysroot; empty: that of the command or the log.
void search_as_linker(Answer& answer, const std::vector<std::string>& command,
                      const std::string& root, Progress& progress);

}  // namespace tenon::explain
