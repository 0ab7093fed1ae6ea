#include "crossbuild/run/run_slice.h"

#include <fmt/format.h>

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/go_build.h"
#include "crossbuild/run/warm.h"
#include "crossbuild/run/wrapper.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/target.h"

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;

std::string reason_of(const Error& error) {
  return fmt::format("{} ({})", error.what, errc_name(error.code));
}

Finding no_work_folder(const std::string& path, std::string_view variable, const Error& error) {
  if (error.code == Errc::no_space) return unwritable(path, error);
  return make_finding(
      Code::usage_work_folder_not_writable,
      {{"path", path}, {"variable", std::string(variable)}, {"reason", reason_of(error)}}, path);
}

// Besides the stage, go needs a folder for temporary files.
Finding build_problem(const std::string& stage, const Error& error) {
  if (const auto folder = make_temporary_folder("tenon-go")) {
    remove_tree(*folder);
    return no_work_folder(stage, "TENON_CACHE", error);
  }
  return no_work_folder(environment_variable("TMPDIR").value_or("/tmp"), "TMPDIR", error);
}

Outcome<FileLock> lock_stage(BuildState& state, const Target& target, const std::string& stage) {
  const auto waited_since = Clock::now();
  if (const auto made = make_folders(stage); !made) {
    return std::unexpected(no_work_folder(stage, "TENON_CACHE", made.error()));
  }
  while (true) {
    auto lock = FileLock::try_lock(stage + "/lock");
    if (!lock) return std::unexpected(no_work_folder(stage, "TENON_CACHE", lock.error()));
    if (*lock) return std::move(**lock);
    if (interrupted())
      return std::unexpected(make_finding(Code::usage_interrupted, {}, target.name()));
    if (Clock::now() - waited_since > state.request.timeout) {
      return std::unexpected(
          make_finding(Code::usage_build_lock, {{"path", stage}}, target.name()));
    }
    state.progress.status(
        shown_format("{}: waiting for another build of this project", target.name()));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Outcome<void> warm(BuildState& state, const SlicePlan& slice) {
  const Step* step = find_step(slice, Step::Kind::warm);
  // Another build may have been quicker while this one waited.
  if (step == nullptr || is_warm(slice.cc)) return {};
  // A build that go refuses needs no C library: its error would come after minutes.
  if (!go_loads_packages(*find_step(slice, Step::Kind::go), state.request.timeout)) return {};
  const std::string name = slice.cc.target.name();
  state.progress.line(shown_format("{}: {}", name, step->why));
  return warm_up(slice.cc, *step, state.request.timeout, [&](std::chrono::seconds passed) {
    state.progress.status(shown_format("{}: building the C library, {} s", name, passed.count()));
  });
}

std::string progress_text(const GoBuildProgress& progress) {
  if (!progress.c_file.empty()) {
    return fmt::format("compiling {} ({} s)", progress.c_file, progress.c_time.count());
  }
  if (progress.linking) return "linking";
  if (progress.package.empty()) return "go build";
  return fmt::format("{} packages, {}", progress.packages, progress.package);
}

GoBuildEvents events(BuildState& state, const std::string& name,
                     const std::function<void()>& on_work) {
  GoBuildEvents out;
  out.progress = [&state, name, &on_work](const GoBuildProgress& progress) {
    if (progress.packages > 0) on_work();
    state.progress.status(shown_format("{}: {}", name, progress_text(progress)));
  };
  out.package = [&state, name](const std::string& package) {
    if (!state.progress.live()) state.progress.line(shown_format("{}: {}", name, package));
  };
  out.output = [&state](const std::string& line) { state.progress.line(Shown::lines_of(line)); };
  return out;
}

// The first cause; other findings of the log go to the result.
Finding failure(BuildState& state, const Target& target, const SlicePlan& slice,
                const GoBuildResult& result) {
  if (result.interrupted) return make_finding(Code::usage_interrupted, {}, target.name());
  if (result.timed_out) {
    const auto limit = std::chrono::duration_cast<std::chrono::seconds>(state.request.timeout);
    return make_finding(Code::build_timeout, {{"limit", fmt::format("{} s", limit.count())}},
                        target.name());
  }
  auto findings = diagnose(result, slice.cc.target);
  Finding first = std::move(findings.front());
  findings.erase(findings.begin());
  for (Finding& finding : findings) state.result.findings.push_back(std::move(finding));
  return first;
}

}  // namespace

Outcome<BuiltSlice> run_slice(BuildState& state, const Target& target, const SlicePlan& slice,
                              const std::function<void()>& on_work) {
  TENON_TRY(make_compiler(slice));
  FileLock lock = TENON_TRY(lock_stage(state, target, slice.stage));
  TENON_TRY(warm(state, slice));
  auto result = run_go(state, slice, *find_step(slice, Step::Kind::go), slice.stage, on_work);
  if (!result) return std::unexpected(build_problem(slice.stage, result.error()));
  if (!result->ok) return std::unexpected(failure(state, target, slice, *result));
  return BuiltSlice{std::move(lock), std::move(*result)};
}

Outcome<void> make_compiler(const SlicePlan& slice) {
  const Step& step = *find_step(slice, Step::Kind::wrapper);
  const auto made = make_wrapper(slice.cc.cache, step.argv.front(), cc_options(slice.cc));
  if (made) return {};
  return std::unexpected(no_work_folder(slice.cc.cache, "TENON_CACHE", made.error()));
}

Result<GoBuildResult> run_go(BuildState& state, const SlicePlan& slice, const Step& step,
                             const std::string& stage, const std::function<void()>& on_work) {
  return go_build({step, stage, state.request.timeout},
                  events(state, slice.cc.target.name(), on_work));
}

Finding unwritable(const std::string& path, const Error& error) {
  if (error.code != Errc::no_space) {
    return make_finding(Code::usage_output_not_writable,
                        {{"path", path}, {"reason", reason_of(error)}}, path);
  }
  Finding full = make_finding(Code::usage_disk_full, {}, path);
  full.evidence.push_back({Evidence::Kind::file, path, error.what});
  return full;
}

}  // namespace tenon
