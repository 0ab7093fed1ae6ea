#include "crossbuild/run/finish_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/build_findings.h"
#include "crossbuild/build_output.h"
#include "crossbuild/plan/finish_plan.h"
#include "crossbuild/plan/make_plan.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/file_problem.h"
#include "crossbuild/run/finish.h"
#include "crossbuild/run/record.h"
#include "crossbuild/run/run_slice.h"
#include "crossbuild/run/smoke.h"
#include "crossbuild/trace.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"

namespace tenon {
namespace {

using Traces = std::vector<std::vector<TraceRecord>>;

Traces traces_of(const std::vector<BuiltSlice>& built) {
  Traces traces;
  for (const BuiltSlice& slice : built) traces.push_back(slice.go.trace);
  return traces;
}

Finding finish_problem(const std::string& path, const Error& error) {
  switch (error.code) {
    case Errc::no_space:
    case Errc::permission:
    case Errc::io:
    case Errc::not_found: return unwritable(path, error);
    default: break;
  }
  return make_finding(Code::gate_unreadable,
                      {{"value", fmt::format("{} at offset {}", error.what, error.offset)}}, path);
}

void report_findings(BuildState& state, const BuildOutput& output) {
  for (Finding& finding : gate_findings(output)) state.result.add(std::move(finding));
  for (Finding& finding : trace_findings(output)) state.result.add(std::move(finding));
}

Outcome<void> copy_header(const Plan& plan, const std::string& name) {
  const std::string to = destination(plan, name);
  const auto bytes = read_file(plan.slices.front().stage + "/bin/" + name);
  if (!bytes) return std::unexpected(finish_problem(to, bytes.error()));
  if (const auto done = write_file(to, bytes->view().bytes()); !done) {
    return std::unexpected(unwritable(to, done.error()));
  }
  return {};
}

void run_smoke(BuildState& state, const Plan& plan, BuildOutput& output) {
  state.progress.status(shown_format("{}: running {}", output.target, base_name(output.path)));
  output.smoke = makes_library(plan)
                     ? smoke_not_run("a library is not a program",
                                     Fix{Fix::Safety::manual, "omit --smoke for libraries", {}})
                     : smoke_run(output.path, plan.target, plan.slices.front().cc.sysroot,
                                 state.request.program_args, std::chrono::minutes(5));
  if (auto finding = smoke_finding(output, plan.target)) state.result.add(std::move(*finding));
}

// Why a second build differs from the first; nothing when it does not.
std::optional<std::string> twice_differs(BuildState& state, const SlicePlan& slice,
                                         const std::string& name, const std::string& folder) {
  const Step step = go_step_again(slice, folder);
  state.progress.line(shown_format("{}: building again in an empty cache", slice.cc.target.name()));
  const auto again = run_go(state, slice, step, folder, [] { return nullptr; });
  if (!again || !again->ok) return "the second build failed";
  const auto found = difference(slice.stage + "/bin/" + name, folder + "/bin/" + name);
  return found ? *found : std::optional<std::string>(found.error().what);
}

// A second build in caches of its own must give the same bytes.
Outcome<void> check_twice(BuildState& state, const Plan& plan, const std::string& name,
                          BuildOutput& output) {
  for (const SlicePlan& slice : plan.slices) {
    auto made = make_temporary_folder("tenon-again");
    if (!made) return std::unexpected(unwritable("a temporary directory", made.error()));
    const TemporaryFolder folder(std::move(*made));
    const auto reason = twice_differs(state, slice, name, folder.path);
    output.reproducible = output.reproducible.value_or(true) && !reason;
    if (!reason) continue;
    Finding finding =
        make_finding(Code::gate_not_reproducible, {{"value", *reason}}, slice.cc.target.name());
    finding.evidence.push_back({Evidence::Kind::file, output.path, *reason});
    state.result.add(std::move(finding));
  }
  return {};
}

// What the records say of all files, or nothing when one has to be finished again.
std::optional<std::vector<BuildOutput>> recorded_outputs(const Plan& plan,
                                                         const std::vector<std::string>& names,
                                                         const Traces& traces) {
  std::vector<BuildOutput> outputs;
  for (const std::string& name : names) {
    if (is_header(name) && !is_file(destination(plan, name))) return std::nullopt;
    if (is_header(name)) continue;
    BuildOutput output = new_output(plan, name, traces);
    const Record record(finish_request(plan, name, traces), plan.slices.front().stage);
    if (!record.load(output)) return std::nullopt;
    outputs.push_back(std::move(output));
  }
  if (outputs.empty()) return std::nullopt;
  return outputs;
}

}  // namespace

bool recall_outputs(BuildState& state, const Plan& plan, const std::vector<BuiltSlice>& built) {
  const bool fresh =
      std::ranges::any_of(built, [](const BuiltSlice& slice) { return slice.go.linked; });
  if (fresh || state.request.check_reproducible) return false;
  auto outputs = recorded_outputs(plan, built.front().go.outputs, traces_of(built));
  if (!outputs) return false;
  for (BuildOutput& output : *outputs) {
    report_findings(state, output);
    if (state.request.smoke) run_smoke(state, plan, output);
    state.result.outputs.push_back(std::move(output));
  }
  return true;
}

Outcome<void> finish_output(BuildState& state, const Plan& plan,
                            const std::vector<BuiltSlice>& built, const std::string& name) {
  if (is_header(name)) return copy_header(plan, name);
  const Traces traces = traces_of(built);
  BuildOutput output = new_output(plan, name, traces);
  const FinishRequest request = finish_request(plan, name, traces);
  state.progress.status(shown_format("{}: checking {}", output.target, name));
  const auto done = finish(request);
  if (!done) return std::unexpected(finish_problem(output.path, done.error()));
  output.sha256 = done->sha256;
  output.size = static_cast<std::int64_t>(done->size);
  output.built = done->passed;
  for (std::size_t i = 0; i < done->gates.size(); ++i) output.gates[i].rows = done->gates[i];
  report_findings(state, output);
  if (output.built) {
    Record(request, plan.slices.front().stage).save(output);
    if (state.request.check_reproducible) TENON_TRY(check_twice(state, plan, name, output));
    if (state.request.smoke) run_smoke(state, plan, output);
  }
  state.result.outputs.push_back(std::move(output));
  return {};
}

}  // namespace tenon
