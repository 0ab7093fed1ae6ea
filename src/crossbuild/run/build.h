// The parts of `tenon build`, in the order in which they are called.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crossbuild/build_report.h"
#include "crossbuild/build_request.h"
#include "crossbuild/run/go_build.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "machine/probe/go_facts.h"

namespace tenon {

struct BuildState {
  const BuildRequest& request;
  Progress& progress;
  GoFacts go;
  BuildResult result;
};

// Everything that can be said before go runs: go itself, cgo switched off, the environment.
[[nodiscard]] Outcome<void> check_before(BuildState& state);

// One target of the request: compile, gate, put in place, run. Adds outputs and findings.
void build_target(BuildState& state, const Target& target);

// What a failed `go build` means: the first cause, with its place in the log. `sysroot`: that of
// the build, or empty.
[[nodiscard]] std::vector<Finding> diagnose(const GoBuildResult& result, const Target& target,
                                            const std::string& sysroot = {});

}  // namespace tenon
