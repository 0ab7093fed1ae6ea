// The plan of a build for one target: every program that is run and what is done with the files
// that come out, before anything has happened. A value: it can be printed (`--dry-run` prints it),
// compared, and sent to another machine as JSON (fields() and diag/wire.h).
//
// A target has one slice, or two for darwin/universal. A slice is built by steps, in order:
//   wrapper  makes the folder that stands for the C compiler in CC (run/wrapper.h)
//   warm     only at the first use of an engine for a target: a small program, so that zig builds
//            its C library once and alone
//   go       `go build` into the slice's stage
// When all slices are built each file that go made is finished: slices are joined, debug
// information is cleaned, macOS files are signed, the gate is asked, and what passes is put in its
// place (FinishPlan). Which files go makes is known only then, so a plan names folders for them.
//
// Beside the environment of a step, a run adds where it watches and keeps temporary files
// (TENON_TRACE, GOTMPDIR, TMPDIR): they change nothing in the result.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/gate/gate.h"
#include "crossbuild/target_wire.h"

namespace tenon {

struct Step {
  enum class Kind : std::uint8_t { wrapper, warm, go };
  Kind kind = Kind::go;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // on top of the caller's; a bare NAME removes it
  std::string folder;                    // where it runs
  std::vector<std::string> inputs;       // files and folders that it reads
  std::vector<std::string> outputs;      // files that it makes, or folders for them
  std::string why;

  static void fields(auto& x, auto visit) {
    visit("kind", x.kind);
    visit("argv", x.argv);
    visit("environment", x.environment);
    visit("folder", x.folder);
    visit("inputs", x.inputs);
    visit("outputs", x.outputs);
    visit("why", x.why);
  }
};

// In arguments and inputs of a step: an empty folder that whoever runs the step makes and removes.
inline constexpr std::string_view scratch_folder = "{scratch}";

struct SlicePlan {
  CcConfig cc;  // with the target
  std::string wrapper;
  std::vector<std::string> pkg_config;  // options of tenon pkg-config; empty: go's own program
  std::string stage;                    // folder of this build, reused by the next one like it
  std::vector<Step> steps;
  GateRequest gate;

  static void fields(auto& x, auto visit) {
    visit("cc", x.cc);
    visit("wrapper", x.wrapper);
    visit("pkg_config", x.pkg_config);
    visit("stage", x.stage);
    visit("steps", x.steps);
    visit("gate", x.gate);
  }
};

struct FinishPlan {
  std::string folder;                // where finished files go
  std::string pattern;               // of their paths, with {name} in it; empty: go's names
  std::string identifier;            // of the code signature; empty: Apple's rule
  std::vector<std::string> neutral;  // folders to be taken out of debug information

  static void fields(auto& x, auto visit) {
    visit("folder", x.folder);
    visit("pattern", x.pattern);
    visit("identifier", x.identifier);
    visit("neutral", x.neutral);
  }
};

struct Plan {
  Target target;
  std::string build_mode;  // of go build; empty: default
  std::vector<SlicePlan> slices;
  FinishPlan finish;

  static void fields(auto& x, auto visit) {
    visit("target", x.target);
    visit("build_mode", x.build_mode);
    visit("slices", x.slices);
    visit("finish", x.finish);
  }
};

[[nodiscard]] std::string_view step_kind_name(Step::Kind kind);

// The step of a kind, or null.
[[nodiscard]] const Step* find_step(const SlicePlan& slice, Step::Kind kind);

// A step as one line for a shell: "env -u CPATH GOOS=linux go build ...".
[[nodiscard]] ShellCommand command_of(const Step& step);

[[nodiscard]] Data plan_data(const Plan& plan);
[[nodiscard]] Result<Plan> plan_from(const Data& data);

namespace wire {

template <>
struct EnumNames<Step::Kind> {
  using enum Step::Kind;
  static constexpr std::array values{wrapper, warm, go};
  static std::string_view name(Step::Kind value) { return step_kind_name(value); }
};

}  // namespace wire
}  // namespace tenon
