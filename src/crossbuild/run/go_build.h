// Runs `go build` into a staging folder, watching what it does.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/timings/timings.h"
#include "crossbuild/trace.h"

namespace tenon {

struct GoBuildRequest {
  const Step& step;          // of `go build`, writing to stage/bin
  const std::string& stage;  // folder of this build, reused by the next one like it
  std::chrono::milliseconds deadline{std::chrono::hours(1)};
  bool timings = false;  // ask go for its action graph
};

// What is going on, for a status line: called a few times a second and at every change.
struct GoBuildProgress {
  std::string package;                   // last package that go started
  std::chrono::seconds package_time{0};  // since then
  std::string c_file;                    // C file that is compiled longest, empty when none
  std::string c_folder;                  // of its package
  std::chrono::seconds c_time{0};        // for how long
  bool linking = false;
  std::size_t packages = 0;         // started so far
  std::chrono::seconds elapsed{0};  // since go was started
};

struct GoBuildResult {
  bool ok = false;
  bool timed_out = false;
  bool interrupted = false;
  int code = 0;
  GoBuildProgress at_work;  // what was going on when a time limit or Ctrl-C ended it
  std::string log;          // what go printed, without package lines
  std::vector<TraceRecord>
      trace;            // of this run or, when nothing was linked, of the last that linked
  bool linked = false;  // the C linker ran
  std::vector<std::string> outputs;  // names in stage/bin that go just made or found up to date
  std::vector<TimedWork> work;       // with `timings`
};

struct GoBuildEvents {
  std::function<void(const GoBuildProgress&)> progress;
  std::function<void(const std::string& package)> package;  // once for each
  std::function<void(const std::string& line)> output;      // other lines of go
};

// Whether go finds the packages of this `go build`, and all that they import: quickly no for a
// build that it refuses before it compiles anything. Nothing is printed; true when it cannot be
// asked.
[[nodiscard]] bool go_loads_packages(const Step& step, std::chrono::milliseconds deadline);

// Adds a record to what is kept of the last link.
void keep_record(const std::string& stage, const TraceRecord& record);

// Outputs are in stage/bin afterwards.
[[nodiscard]] Result<GoBuildResult> go_build(const GoBuildRequest& request,
                                             const GoBuildEvents& events);

}  // namespace tenon
