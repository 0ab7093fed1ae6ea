// The first use of an engine for a target: a three-line program, which makes zig build its C
// library and shows that the engine works at all.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "crossbuild/plan/plan.h"

namespace tenon {

// The file that says that this engine and target were warmed before.
[[nodiscard]] std::string warm_mark(const CcConfig& config);
[[nodiscard]] bool is_warm(const CcConfig& config);

// Runs the warm step of a plan: compiles and links. `tick` is called a few times a second with the
// time that has passed. The finding is TN0307 with what the engine said.
[[nodiscard]] Outcome<void> warm_up(const CcConfig& config, const Step& step,
                                    std::chrono::milliseconds deadline,
                                    const std::function<void(std::chrono::seconds)>& tick);

}  // namespace tenon
