// What is done with one file that go made, as values: which staged files, which questions. Pure.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/build_output.h"
#include "crossbuild/plan/plan.h"

namespace tenon {

struct FinishRequest {
  std::vector<std::string> staged;  // one linked file, or the slices of a universal one
  std::string destination;
  std::string identifier;          // of the code signature; empty: Apple's rule from the file name
  std::vector<GateRequest> gates;  // one for each staged file
  std::vector<std::string> neutral;  // folders to be taken out of debug information
};

// `traces` are those of the slices, in their order: an object may have raised the deployment
// target.
[[nodiscard]] FinishRequest finish_request(const Plan& plan, const std::string& name,
                                           const std::vector<std::vector<TraceRecord>>& traces);

// The entry of the report for a file, before anything is known of it.
[[nodiscard]] BuildOutput new_output(const Plan& plan, const std::string& name,
                                     const std::vector<std::vector<TraceRecord>>& traces);

[[nodiscard]] std::string destination(const Plan& plan, const std::string& name);

// What go makes for C programs beside a library goes to its place as it is.
[[nodiscard]] bool is_header(const std::string& name);
// Whether the build mode gives libraries, which cannot be run.
[[nodiscard]] bool makes_library(const Plan& plan);

}  // namespace tenon
