// A matrix on a fleet: inputs up, actions out, results and outputs back.
#pragma once

#include <string>
#include <vector>

#include "diag/finding.h"
#include "diag/progress.h"
#include "fleet/matrix.h"
#include "fleet/outcome.h"

namespace tenon::fleet {

struct MatrixSetting {
  std::string file;     // of the matrix
  std::string address;  // of the scheduler; not used in a dry run
  std::string out;      // folder of outputs
  bool dry_run = false;
  bool no_cache = false;  // build also what the fleet has built before
};

struct MatrixEnd {
  std::vector<CellOutcome> cells;
  std::vector<Finding> findings;
  bool interrupted = false;
};

[[nodiscard]] MatrixEnd run_matrix(const MatrixSetting& setting, Progress& progress);

}  // namespace tenon::fleet
