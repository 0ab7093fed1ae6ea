// A loader that failed in a log, asked again with the files available: which paths it tries, and
// why it takes none.
#pragma once

#include <string>
#include <vector>

#include "diagnose/answer.h"

namespace tenon::explain {

// Adds a search to the answer when the log has a loader's failure and its file is here. `command`:
// what ran and gave the log, or empty. `root`: the root directory of the machine that the log is
// of; empty: this one.
void search_as_loader(Answer& answer, const std::vector<std::string>& command,
                      const std::string& root);

}  // namespace tenon::explain
