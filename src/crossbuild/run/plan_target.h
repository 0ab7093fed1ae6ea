// The plan of one target: asks the machine what make_plan() has to know.
#pragma once

#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"

namespace tenon {

// Finds the compilers and adds notes on them to the result.
[[nodiscard]] Outcome<Plan> plan_target(BuildState& state, const Target& target);

}  // namespace tenon
