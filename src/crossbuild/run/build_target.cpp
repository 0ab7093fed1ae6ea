// One target of a build. Contents page: plan, run, finish.
#include <algorithm>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "crossbuild/build_output.h"
#include "crossbuild/plan/finish_plan.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/finish_output.h"
#include "crossbuild/run/go_build.h"
#include "crossbuild/run/package_flags.h"
#include "crossbuild/run/package_list.h"
#include "crossbuild/run/plan_target.h"
#include "crossbuild/run/run_slice.h"
#include "crossbuild/trace.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "platform/target.h"

namespace tenon {
namespace {

Outcome<void> keep_plan(BuildState& state, Plan plan) {
  for (const SlicePlan& slice : plan.slices) TENON_TRY(make_compiler(slice));
  state.result.plans.push_back(std::move(plan));
  return {};
}

Outcome<std::vector<BuiltSlice>> run_plan(BuildState& state, const Plan& plan, PackageList& list) {
  std::vector<BuiltSlice> built;
  for (const SlicePlan& slice : plan.slices) {
    const Step& go = *find_step(slice, Step::Kind::go);
    built.push_back(TENON_TRY(run_slice(state, plan.target, slice, [&] {
      list.start(state, go.environment);
      return list.known();
    })));
  }
  return built;
}

// A static program for musl opens no plugin. Recorded with its link: a build that finds everything
// done asks for no packages.
void note_plugins(const Plan& plan, const PackageList& list, std::vector<BuiltSlice>& built) {
  if (plan.target.libc != Libc::musl || makes_library(plan) || !list.has("plugin")) return;
  std::vector<TraceRecord>& trace = built.front().go.trace;
  if (has_kind(trace, TraceRecord::Kind::plugin_host)) return;
  trace.push_back({.kind = TraceRecord::Kind::plugin_host, .library = usual_glibc(plan.target)});
  keep_record(plan.slices.front().stage, trace.back());
}

// The folder or link that exists on the way to `path`.
std::string existing(std::string path) {
  while (!path.empty() && !is_link(path) && !file_info(path)) path = folder_of(path);
  return path;
}

// A file of the project that chooses where outputs go cannot lead them out of the project, be it by
// a link in the repository.
Outcome<void> check_inside(const std::string& root, const std::string& path) {
  if (root.empty()) return {};
  const std::string inner = real_path(root).value_or(root);
  const auto real = real_path(existing(path));
  if (real && (*real == inner || real->starts_with(inner + "/"))) return {};
  return std::unexpected(make_finding(
      Code::usage_bad_project_file,
      {{"place", path},
       {"message", "it leads out of the module, and no flag names it: use --out or -o"}},
      path));
}

Outcome<void> plan_run_finish(BuildState& state, const Target& target) {
  Plan plan = TENON_TRY(plan_target(state, target));
  if (state.request.dry_run) return keep_plan(state, std::move(plan));
  PackageList list;
  std::vector<BuiltSlice> built = TENON_TRY(run_plan(state, plan, list));
  if (recall_outputs(state, plan, built)) return {};
  const Step& go = *find_step(plan.slices.front(), Step::Kind::go);
  TENON_TRY(list.check_mains(state, target, go.environment));
  note_plugins(plan, list, built);
  note_package_flags(plan.slices.front(), list.list(), state.go, built.front().go);
  for (const std::string& name : built.front().go.outputs) {
    TENON_TRY(check_inside(state.request.output_root, destination(plan, name)));
    TENON_TRY(finish_output(state, plan, built, name));
  }
  return {};
}

}  // namespace

void build_target(BuildState& state, const Target& target) {
  auto done = plan_run_finish(state, target);
  state.progress.clear_status();
  if (done) return;
  // The target still has its line in the report.
  auto& outputs = state.result.outputs;
  if (std::ranges::find(outputs, target.name(), &BuildOutput::target) == outputs.end()) {
    BuildOutput output;
    output.target = target.name();
    outputs.push_back(std::move(output));
  }
  state.result.findings.push_back(completed(std::move(done).error()));
}

}  // namespace tenon
