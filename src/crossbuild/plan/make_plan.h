// From a request and what is known of the machine to a plan. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossbuild/build_request.h"
#include "crossbuild/plan/plan.h"

namespace tenon {

// What a plan depends on besides the request. The values are collected by run/plan_target.h.
struct BuildFacts {
  std::string tenon;    // path of this program
  std::string version;  // of this program, with its commit
  std::string go;       // path of the go command
  std::string go_version, goflags;
  std::string pkg_config;           // PKG_CONFIG of the user
  Version go_minimum;               // oldest macOS that Go's own code runs on
  bool cgo_off = false;             // CGO_ENABLED=0 is set
  bool output_is_folder = false;    // -o names a folder that exists
  std::string program;              // go's name for the only program; empty: not asked, or not one
  std::string home;                 // HOME; empty when not set
  std::vector<std::string> caches;  // other folders where zig may keep its cache
};

// What one slice needs of the machine.
struct SliceFacts {
  CcConfig cc;                                 // complete
  bool is_warm = true;                         // the engine was used for this target before
  std::string warm_mark;                       // file that says so
  std::vector<std::string> sysroot_libraries;  // names in the library folders of the sysroot
};

// The architectures of a target: darwin/universal has two.
[[nodiscard]] std::vector<Target> slices_of(const Target& target);

// The oldest macOS of a slice: what the user asked for, but never below what Go's own code needs.
struct Minimum {
  Version version;
  bool raise = false;           // nobody asked: objects may raise it
  std::optional<Finding> note;  // TN0504 when it is not what was asked for
};

[[nodiscard]] Minimum choose_minimum(const Target& target, Version asked, const BuildFacts& facts);

// What is known of the compiler of a slice before it is looked for.
[[nodiscard]] CcConfig wanted_compiler(const BuildRequest& request, Target target,
                                       const Minimum& minimum);

// Whether the name of the program has to be known before go is started: a shared library records
// its own name.
[[nodiscard]] bool needs_program_name(const BuildRequest& request, const BuildFacts& facts);

// Notes on the chosen engine: a zig that is newer than those that were tried (TN0306), no tools
// for DWARF (TN0308).
[[nodiscard]] std::vector<Finding> engine_notes(const CcConfig& cc);
// A kind of library that is unusual for the target (TN0619).
[[nodiscard]] std::vector<Finding> mode_notes(const Plan& plan);
// TN0620 for a plugin that no program could load.
[[nodiscard]] Outcome<void> check_mode(const Plan& plan);
// TN0622 for -msan and -asan with an engine that has no run-time library for them.
[[nodiscard]] Outcome<void> check_sanitizers(const BuildRequest& request, const BuildFacts& facts,
                                             const Plan& plan);

// `slices` in the order of slices_of(). The finding is a path that cannot be written into CC.
[[nodiscard]] Outcome<Plan> make_plan(const BuildRequest& request, const Target& target,
                                      const BuildFacts& facts,
                                      const std::vector<SliceFacts>& slices);

// The go step of a second build that shares nothing with the first: other stage, empty cache.
[[nodiscard]] Step go_step_again(const SlicePlan& slice, const std::string& folder);

// The folder of the wrapper for `options`: its name stands for its content.
[[nodiscard]] std::string wrapper_folder(const std::string& cache, const std::string& tenon,
                                         const std::vector<std::string>& options);

}  // namespace tenon
