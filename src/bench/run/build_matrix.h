// Builds the variants of a program and runs them in turn.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "bench/matrix/matrix.h"
#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::bench {

struct MatrixRequest {
  std::string package;
  std::vector<std::string> only;  // names of variants; empty: all
  std::vector<std::string> arguments;
  std::size_t runs = 0;  // 0: by the time
  std::chrono::milliseconds time{20'000};
  std::chrono::milliseconds timeout{60'000};
  std::vector<int> processors;
};

struct MatrixEnd {
  Matrix matrix;
  std::vector<Finding> findings;  // of variants that were left out
  bool interrupted = false;
};

// A variant that cannot be built or run here is left out, with its reason.
[[nodiscard]] Outcome<MatrixEnd> run_matrix(const MatrixRequest& request, Progress& progress);

}  // namespace tenon::bench
