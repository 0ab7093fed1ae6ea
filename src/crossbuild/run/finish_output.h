// From a built file to a finished one in its place, with what the report says of it.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/run_slice.h"

namespace tenon {

// When go found everything up to date, and both its files and ours are as they were when they
// passed the gates, the gates' answers still hold: outputs are added from the records. False when
// they have to be finished again.
[[nodiscard]] bool recall_outputs(BuildState& state, const Plan& plan,
                                  const std::vector<BuiltSlice>& built);

// Signs, gates and places one file that go made, and runs it if asked to. Adds an output and what
// was found.
[[nodiscard]] Outcome<void> finish_output(BuildState& state, const Plan& plan,
                                          const std::vector<BuiltSlice>& built,
                                          const std::string& name);

}  // namespace tenon
