#include "crossbuild/run/run_slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/build_findings.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/package_count.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/file_problem.h"
#include "crossbuild/run/go_build.h"
#include "crossbuild/run/warm.h"
#include "crossbuild/run/wrapper.h"
#include "crossbuild/timings/timings.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/go_facts.h"
#include "platform/target.h"

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;

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
    if (interrupted()) {
      return std::unexpected(
          interrupted_while(target.name(), "waiting for another build of this project"));
    }
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

// What go or a compiler is doing, and for how long. `list` may be null.
std::string work_text(const GoBuildProgress& progress, const GoList* list) {
  if (!progress.c_file.empty()) {
    std::string package;
    if (list != nullptr && !progress.c_folder.empty()) {
      const auto found = std::ranges::find(list->packages, progress.c_folder, &GoPackage::folder);
      if (found != list->packages.end()) package = " of " + found->path;
    }
    return fmt::format("compiling {}{} ({} s)", progress.c_file, package, progress.c_time.count());
  }
  if (progress.linking) return "linking";
  if (progress.package.empty()) return "go build";
  return fmt::format("compiling {} ({} s)", progress.package, progress.package_time.count());
}

// What is said of a build while it runs. Callbacks share it.
class Speaker {
 public:
  Speaker(BuildState& state, std::string name, OnWork on_work)
      : state_(state), name_(std::move(name)), on_work_(std::move(on_work)) {
    const auto& flags = state.request.go_args.flags;
    lists_packages_ = std::ranges::find(flags, "-v") != flags.end();
  }

  void package(const std::string& path) {
    started_.push_back(path);
    if (lists_packages_) state_.progress.line(shown_format("{}: {}", name_, path));
  }

  void progress(const GoBuildProgress& progress) {
    if (progress.packages > 0) list_ = on_work_();
    count();
    const Shown text = shown_format("{}: {}{}", name_, counted(), work_text(progress, list_));
    state_.progress.status(text);
    if (state_.progress.live() || progress.elapsed < next_line_) return;
    if (next_line_.count() > 0) state_.progress.line(text);
    next_line_ = progress.elapsed + std::chrono::seconds(10);
  }

 private:
  void count() {
    if (list_ == nullptr) return;
    if (count_.total() == 0) {
      for (const GoPackage& package : list_->packages) count_.add(package.path, package.imports);
    }
    for (; counted_ < started_.size(); ++counted_) count_.start(started_[counted_]);
  }

  [[nodiscard]] std::string counted() const {
    if (count_.total() > 0) {
      return fmt::format("{} of {} packages, ", count_.done(), count_.total());
    }
    return started_.empty() ? std::string() : fmt::format("{} packages, ", started_.size());
  }

  BuildState& state_;
  std::string name_;
  OnWork on_work_;
  bool lists_packages_ = false;
  const GoList* list_ = nullptr;
  PackageCount count_;
  std::vector<std::string> started_;
  std::size_t counted_ = 0;
  std::chrono::seconds next_line_{0};
};

GoBuildEvents events(BuildState& state, Speaker& speaker) {
  GoBuildEvents out;
  out.progress = [&](const GoBuildProgress& progress) { speaker.progress(progress); };
  out.package = [&](const std::string& package) { speaker.package(package); };
  out.output = [&state](const std::string& line) { state.progress.line(Shown::lines_of(line)); };
  return out;
}

Finding stopped(const Target& target, const SlicePlan& slice, const GoBuildProgress& progress,
                const GoList* list) {
  const std::string tool = progress.c_file.empty() ? "go" : slice.cc.toolchain.describe();
  Finding finding = interrupted_while(
      target.name(), shown_format("{} was {}, after {} s in all", tool, work_text(progress, list),
                                  progress.elapsed.count()));
  finding.evidence.push_back(
      {Evidence::Kind::fact, "packages that go had started", std::to_string(progress.packages)});
  return finding;
}

// The first cause; other findings of the log go to the result.
Finding failure(BuildState& state, const Target& target, const SlicePlan& slice,
                const GoBuildResult& result, const GoList* list) {
  if (result.interrupted) return stopped(target, slice, result.at_work, list);
  if (result.timed_out) {
    const auto limit = std::chrono::duration_cast<std::chrono::seconds>(state.request.timeout);
    Finding finding = make_finding(Code::build_timeout,
                                   {{"limit", fmt::format("{} s", limit.count())}}, target.name());
    finding.evidence.push_back(
        {Evidence::Kind::fact, "at work then", work_text(result.at_work, list)});
    return finding;
  }
  auto findings = diagnose(result, slice.cc.target, slice.cc.sysroot);
  Finding first = std::move(findings.front());
  findings.erase(findings.begin());
  for (Finding& finding : findings) state.result.findings.push_back(std::move(finding));
  return first;
}

}  // namespace

Outcome<BuiltSlice> run_slice(BuildState& state, const Target& target, const SlicePlan& slice,
                              const OnWork& on_work) {
  TENON_TRY(make_compiler(slice));
  FileLock lock = TENON_TRY(lock_stage(state, target, slice.stage));
  TENON_TRY(warm(state, slice));
  auto result = run_go(state, slice, *find_step(slice, Step::Kind::go), slice.stage, on_work);
  if (!result) return std::unexpected(build_problem(slice.stage, result.error()));
  if (!result->ok)
    return std::unexpected(
        failure(state, target, slice, *result, result->at_work.packages > 0 ? on_work() : nullptr));
  return BuiltSlice{std::move(lock), std::move(*result)};
}

Outcome<void> make_compiler(const SlicePlan& slice) {
  const Step& step = *find_step(slice, Step::Kind::wrapper);
  const auto made = make_wrapper(slice.cc.cache, step.argv.front(), cc_options(slice.cc));
  if (!made) return std::unexpected(no_work_folder(slice.cc.cache, "TENON_CACHE", made.error()));
  if (slice.pkg_config.empty()) return {};
  const auto second = make_pkg_config_wrapper(slice.cc.cache, step.argv.front(), slice.pkg_config);
  if (second) return {};
  return std::unexpected(no_work_folder(slice.cc.cache, "TENON_CACHE", second.error()));
}

Result<GoBuildResult> run_go(BuildState& state, const SlicePlan& slice, const Step& step,
                             const std::string& stage, const OnWork& on_work) {
  Speaker speaker(state, slice.cc.target.name(), on_work);
  auto built =
      go_build({step, stage, state.request.timeout, state.request.timings}, events(state, speaker));
  if (built) {
    for (TimedWork work : built->work) {
      work.target = slice.cc.target.name();
      state.result.work.push_back(std::move(work));
    }
  }
  return built;
}

}  // namespace tenon
