// Runs the steps of one slice.
#pragma once

#include <functional>
#include <string>

#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/go_build.h"
#include "host/files.h"
#include "machine/probe/go_facts.h"

namespace tenon {

// What the steps gave. The lock keeps other builds out of the stage until the files are finished.
struct BuiltSlice {
  FileLock lock;
  GoBuildResult go;
};

// Called when go has begun to compile packages, again and again; not for a build with nothing to
// do. Gives the packages of the build, or null as long as they are not known.
using OnWork = std::function<const GoList*()>;

[[nodiscard]] Outcome<BuiltSlice> run_slice(BuildState& state, const Target& target,
                                            const SlicePlan& slice, const OnWork& on_work);

// The wrapper step, which a dry run does too: the printed command of go then works as it stands.
[[nodiscard]] Outcome<void> make_compiler(const SlicePlan& slice);

// `go build` by a step other than the slice's own: a second build.
[[nodiscard]] Result<GoBuildResult> run_go(BuildState& state, const SlicePlan& slice,
                                           const Step& step, const std::string& stage,
                                           const OnWork& on_work);

}  // namespace tenon
