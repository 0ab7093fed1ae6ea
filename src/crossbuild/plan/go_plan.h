// The go command line and environment of a build. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/driver/cc_config.h"
#include "diag/finding.h"
#include "platform/target.h"

namespace tenon {

// Flags of `go build` apart from what belongs to tenon.
struct GoArgs {
  std::vector<std::string> flags;    // for go build, -o and -C excluded
  std::vector<std::string> rest;     // everything else, in order
  std::string output;                // of -o
  std::string folder;                // of -C
  std::vector<std::string> ldflags;  // of each -ldflags, which tenon adds to
  std::string build_mode;            // of -buildmode; empty: default
  bool race = false;
};

// Takes single-dash flags of go build (and --tags and the like) out of `args`. The finding is
// TN0101 for a flag without its value.
[[nodiscard]] Outcome<GoArgs> split_go_args(const std::vector<std::string>& args);

// What `go list` needs to select a target's packages, those with C among them.
[[nodiscard]] std::vector<std::string> go_environment(const Target& target);

// The build mode on the command line or in GOFLAGS; empty: default.
[[nodiscard]] std::string build_mode_of(const GoArgs& args, std::string_view goflags);

struct BuildChoices {
  CcConfig cc;                    // of the target
  std::string compiler_folder;    // holds "cc" and "c++", the wrappers for `cc`
  std::string pkg_config_folder;  // an empty folder, or none when a sysroot is given
  std::string pkg_config;         // the program for PKG_CONFIG; empty: the user's
  std::string goflags;            // GOFLAGS of the user, for an -ldflags in it
  bool cgo = true;
  bool keep_paths = false;   // no -trimpath
  bool strip_dwarf = false;  // no tools for it
  std::string output;        // name of the only file; empty: go names it
  std::vector<std::string> packages;
};

struct GoPlan {
  std::vector<std::string> environment;  // on top of the user's; a bare NAME removes it
  std::vector<std::string> flags;        // for go build and, but for link flags, go list
  std::string build_mode;    // of -buildmode, on the command line or in GOFLAGS; empty: default
  bool windows_gui = false;  // -ldflags names -H windowsgui
};

// The error is a path that cannot be written into CC.
[[nodiscard]] Outcome<GoPlan> plan_go(const GoArgs& args, const BuildChoices& choices);

}  // namespace tenon
