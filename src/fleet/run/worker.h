// The worker: asks a scheduler for actions and runs them one after the other.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::fleet {

struct WorkerSetting {
  std::string address;          // "HOST:PORT" of the scheduler
  std::string folder;           // of its own, private
  std::vector<std::string> go;  // programs beside the one in PATH
  std::chrono::seconds drain{600};
  bool sandbox = true;  // where bubblewrap works
};

struct WorkerEnd {
  std::size_t ran = 0, failed = 0, given_back = 0;
  std::optional<Finding> finding;  // why it could not work
};

// Works until SIGTERM, which lets the action that runs go on for `drain`, or SIGINT, which gives it
// back at once.
[[nodiscard]] WorkerEnd run_worker(const WorkerSetting& setting, Progress& progress);

}  // namespace tenon::fleet
