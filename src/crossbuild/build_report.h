// The report of `tenon build`: a table, what was checked of each file, and the same as data. Pure.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/build_output.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/timings/timings.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {

struct BuildResult {
  std::string go_version;
  bool dry_run = false;
  std::vector<Plan> plans;             // of a dry run
  std::vector<BuildSetting> settings;  // what was chosen, and by whom
  std::vector<BuildOutput> outputs;
  std::vector<Finding> findings;
  std::vector<TimedWork> work;  // of all targets, with --timings

  // Two slices say the same often: one of each kind is enough.
  void add(Finding finding);
};

// `here` is the folder that paths in the text are shown relative to.
[[nodiscard]] Report build_report(const BuildResult& result, const TextStyle& style,
                                  const std::string& here);

}  // namespace tenon
