#include "crossbuild/plan/finish_plan.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "base/path.h"
#include "crossbuild/build_output.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/gate/gate.h"
#include "crossbuild/plan/output_names.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/trace.h"

namespace tenon {
namespace {

GateRequest gate_request(const SlicePlan& slice, const std::vector<TraceRecord>& trace) {
  GateRequest request = slice.gate;
  for (const TraceRecord& record : trace) {
    if (record.kind != TraceRecord::Kind::minimum) continue;
    request.target.min = std::max(request.target.min, record.version);
  }
  return request;
}

}  // namespace

FinishRequest finish_request(const Plan& plan, const std::string& name,
                             const std::vector<std::vector<TraceRecord>>& traces) {
  FinishRequest request;
  request.destination = destination(plan, name);
  request.identifier = plan.finish.identifier;
  request.neutral = plan.finish.neutral;
  for (std::size_t i = 0; i < plan.slices.size(); ++i) {
    request.staged.push_back(plan.slices[i].stage + "/bin/" + name);
    request.gates.push_back(gate_request(plan.slices[i], traces[i]));
  }
  return request;
}

BuildOutput new_output(const Plan& plan, const std::string& name,
                       const std::vector<std::vector<TraceRecord>>& traces) {
  BuildOutput output;
  output.target = plan.target.name();
  output.path = destination(plan, name);
  output.engine = plan.slices.front().cc.toolchain.describe();
  output.headers = macos_headers_text(plan.slices.front().cc);
  for (const SlicePlan& slice : plan.slices) {
    output.gates.push_back({slice.cc.target.name(), {}});
  }
  for (const auto& trace : traces) {
    output.trace.insert(output.trace.end(), trace.begin(), trace.end());
  }
  return output;
}

std::string destination(const Plan& plan, const std::string& name) {
  if (!plan.finish.pattern.empty()) return named_output(plan.finish.pattern, name);
  return join_path(plan.finish.folder, name);
}

bool is_header(const std::string& name) { return name.ends_with(".h"); }

bool makes_library(const Plan& plan) {
  const std::string& mode = plan.build_mode;
  return mode == "c-archive" || mode == "c-shared" || mode == "plugin" || mode == "archive";
}

}  // namespace tenon
