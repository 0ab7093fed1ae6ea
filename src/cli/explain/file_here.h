// Which file of this machine is the one that a loader names in a log.
#pragma once

#include <string>
#include <vector>

#include "diagnose/failures/start_failure.h"

namespace tenon::explain {

// A command as it was typed, without what stands before the program.
struct StartedProgram {
  std::string program;                   // empty: no command is known
  std::string root;                      // of qemu-user's -L; empty without
  std::vector<std::string> environment;  // "NAME=VALUE" of `env` before it
};

[[nodiscard]] StartedProgram started_program(const std::vector<std::string>& argv);

// Files of this machine that may be the one that did not start, best first: the program of
// `started`, then those of the log that are here: below `root`, as they are written, in PATH, or,
// of macOS, below the current folder with the LC_UUID of the log. Where the log names a program,
// `started` counts only under that name.
[[nodiscard]] std::vector<std::string> files_here(const StartFailure& failure,
                                                  const StartedProgram& started,
                                                  const std::string& root);

}  // namespace tenon::explain
