// The parts of `tenon build`, in the order in which they are called.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crossbuild/build_report.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/run/go_build.h"
#include "crossbuild/run/smoke.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "machine/probe/go_facts.h"

namespace tenon {

// What the user asked for.
struct BuildRequest {
  std::vector<Target> targets;
  GoArgs go_args;
  std::vector<std::string> packages;
  std::string folder;  // project folder, absolute
  std::optional<Engine> engine;
  std::string sdk, sysroot;
  Version min;      // empty: Go's own
  std::string out;  // folder of outputs
  std::string identifier;
  bool allow_no_cgo = false;
  bool flat_lookup = false;
  bool keep_paths = false;
  bool smoke = false;
  bool check_reproducible = false;
  bool dry_run = false;
  std::vector<std::string> program_args;
  std::chrono::milliseconds timeout{std::chrono::hours(1)};
};

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

// What a failed `go build` means: the first cause, with its place in the log.
[[nodiscard]] std::vector<Finding> diagnose(const GoBuildResult& result, const Target& target);

}  // namespace tenon
