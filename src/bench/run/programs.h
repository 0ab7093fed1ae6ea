// Runs two programs in turn, A B B A, and measures each run.
//
// Warm-up: pairs are run and thrown away until neither side is faster by more than 5 % than in the
// pair before, at least one and at most five. Then as many pairs as were asked for, or as fit into
// the time at the speed of the warm-up: at least 10 and at most 1000.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bench/results/results.h"
#include "bench/run/subject.h"
#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::bench {

struct ProgramsRequest {
  Subject a, b;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::size_t pairs = 0;  // 0: by the time
  std::chrono::milliseconds time{10'000};
  std::chrono::milliseconds timeout{60'000};  // of one run
  std::vector<int> processors;                // empty: not bound
  bool ignore_status = false;
  // After which parts of the planned pairs the results are looked at; the last part is 1.
  std::vector<double> looks{1};
  // Whether the measurement may end at this look, from 0.
  std::function<bool(const Results& results, std::size_t look)> decided;
};

struct ProgramsEnd {
  Results results;
  std::size_t planned = 0, done = 0;  // pairs
  std::size_t warm_up = 0;
  std::size_t look = 0;  // the one at which it ended
  bool interrupted = false;
};

[[nodiscard]] Outcome<ProgramsEnd> run_programs(const ProgramsRequest& request, Progress& progress);

}  // namespace tenon::bench
