// Parts of `tenon explain` that belong to the command line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/term.h"
#include "diagnose/run/ask.h"

namespace tenon::explain {

// How a command ended that was run with its output passed through.
struct Ran {
  int code = 0;  // its exit code, as a shell has it
  bool started = false;
  bool failed = false;  // and not because somebody ended it
  std::string text;     // what it said, of both streams
};

[[nodiscard]] Ran run_recorded(Term& term, const std::vector<std::string>& argv);

// This machine as the command found it: "env NAME=value" before a command counts.
[[nodiscard]] Snapshot machine_of(const std::vector<std::string>& argv);

struct FixOptions {
  bool dry = false, unsafe = false;
  std::size_t most = 5;  // repairs that are tried
};

// Runs a command, repairs what is known, and runs it again, until it passes
// (diagnose/fixes/loop.h). The exit code is that of the last run.
[[nodiscard]] int fix_command(Term& term, std::vector<std::string> argv, const std::string& project,
                              const TeamCauses* team, const FixOptions& options);

// Runs a command whose output and exit code pass through, and explains a failure on standard error.
// `host`: empty for this machine, else the file of a snapshot. `root`: where the target's files
// lie; empty: here.
[[nodiscard]] int run_command(Term& term, const std::vector<std::string>& argv,
                              const std::string& project, const Snapshot* host,
                              const TeamCauses* team, const std::string& root);

}  // namespace tenon::explain
