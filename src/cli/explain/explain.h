// Parts of `tenon explain` that belong to the command line.
#pragma once

#include <string>
#include <vector>

#include "cli/term.h"
#include "diagnose/run/ask.h"

namespace tenon::explain {

// Runs a command whose output and exit code pass through, and explains a failure on standard error.
// `host`: empty for this machine, else the file of a snapshot.
[[nodiscard]] int run_command(Term& term, const std::vector<std::string>& argv,
                              const std::string& project, const Snapshot* host,
                              const TeamCauses* team);

}  // namespace tenon::explain
