// What the user asked `tenon build` for. Values only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"
#include "base/shown.h"
#include "crossbuild/plan/go_plan.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {

// A value of a build, and who chose it: "flag", a variable of the environment, ".tenon.toml:7" or
// "default".
struct BuildSetting {
  std::string name, value, origin;
  std::string target;  // of a target's own table; empty: of all
};

struct BuildRequest {
  std::vector<Target> targets;
  GoArgs go_args;
  std::vector<std::string> packages;
  std::string folder;  // project folder, absolute
  std::optional<Engine> engine;
  std::string sdk, sysroot;
  std::string sysroot_state;  // stands for its packages, and for who names them
  std::string closure;        // "hybrid", "static": libraries by symbols; empty: as .pc files say
  Version min;                // empty: Go's own
  std::string out;            // folder of outputs
  std::string identifier;
  bool allow_no_cgo = false;
  bool flat_lookup = false;
  bool keep_paths = false;
  bool no_macos_headers = false;
  bool no_cache = false;  // of C compiles
  bool smoke = false;
  bool check_reproducible = false;
  bool dry_run = false;
  bool timings = false;  // a page of what took how long, in `out`
  std::vector<std::string> program_args;
  std::vector<Shown> remarks;  // what was chosen where the command line leaves it open
  std::chrono::milliseconds timeout{std::chrono::hours(1)};
  std::vector<BuildSetting> settings;
  // Where outputs have to lie because a file of the project names them; empty: anywhere.
  std::string output_root;
  std::vector<BuildRequest> special;  // of targets with settings of their own, one target each
};

// The request for one of its targets.
[[nodiscard]] const BuildRequest& request_for(const BuildRequest& request TENON_LIFETIMEBOUND,
                                              const Target& target);

// "90s", "30m", "2h", or seconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace tenon
