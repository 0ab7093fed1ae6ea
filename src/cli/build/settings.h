// Where each value of a build comes from. A flag goes before the environment, that before the
// project's file (a table of a target before [build]), and that before the default.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/table.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/project_file.h"
#include "diag/finding.h"

namespace tenon {

// The project's file as it was found; empty settings without one.
struct Project {
  std::string root;  // of the module; what the file's paths are relative to
  std::string file;  // as it is shown: ".tenon.toml"; empty: there is none
  ProjectFile content;
};

// `.tenon.toml` at the root of the module that `folder` belongs to, or the file `named`. The
// finding is TN0108.
[[nodiscard]] Outcome<Project> find_project(const std::string& folder, const std::string& named);

// The words of a command line, with what the project's file adds to them.
struct Choices {
  Arguments arguments;
  GoArgs go_args;
  std::vector<BuildSetting> settings;  // of everything that is set
  bool own_outputs = true;             // the command line names where outputs go
  bool own_packages = true;            // and what is built

  [[nodiscard]] const BuildSetting* find(std::string_view name) const;
};

// `target` is that of a [[build.target]], or empty.
[[nodiscard]] Choices merge(const Arguments& arguments, const GoArgs& go_args,
                            const Project& project, const std::string& target);

}  // namespace tenon
