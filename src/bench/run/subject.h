// What is measured: a file, what it is, and how this machine runs it.
#pragma once

#include <string>
#include <vector>

#include "bench/results/results.h"
#include "diag/finding.h"

namespace tenon::bench {

struct Subject {
  Side side;
  std::vector<std::string> prefix;  // an emulator, where the kernel does not start one by itself
};

// `name`: a path, or a program on PATH. A finding for what is no file that could be run here.
[[nodiscard]] Outcome<Subject> look_at_program(const std::string& name);

// Of this machine.
[[nodiscard]] Machine this_machine_facts();
[[nodiscard]] Moment this_moment();
// The snapshot of `tenon doctor`, without the user's names.
[[nodiscard]] Data machine_snapshot();
// The machine was busy, throttled, or changes its frequency.
[[nodiscard]] std::vector<Finding> noise_findings(const Machine& machine, const Moment& before,
                                                  const Moment& after);

// The processors that measured programs are bound to: all that are allowed but the first, which
// tenon keeps for itself. Empty where there is only one, or the system does not tell.
[[nodiscard]] std::vector<int> usual_processors();

}  // namespace tenon::bench
