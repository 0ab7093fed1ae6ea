// What the user asked `tenon build` for. Values only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/shown.h"
#include "crossbuild/plan/go_plan.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {

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
  bool no_macos_headers = false;
  bool smoke = false;
  bool check_reproducible = false;
  bool dry_run = false;
  std::vector<std::string> program_args;
  std::vector<Shown> remarks;  // what was chosen where the command line leaves it open
  std::chrono::milliseconds timeout{std::chrono::hours(1)};
};

}  // namespace tenon
