// What the wrapper would say of the flags of packages, were it called for each.
//
// It speaks when it compiles. Go compiles a package once and takes it from its cache from then on,
// so the records of a later build miss what the earlier one was told. After a link, the flags that
// `go list` knows of each package, and those of the environment, go through the same functions of
// the driver as in a compile; what they leave out is recorded with the link. Flags that pkg-config
// adds are not among them.
#pragma once

#include "crossbuild/plan/plan.h"
#include "crossbuild/run/go_build.h"
#include "machine/probe/go_facts.h"

namespace tenon {

// Adds records to the trace of a slice that linked, and to what is kept of it.
void note_package_flags(const SlicePlan& slice, const GoList& list, const GoFacts& go,
                        GoBuildResult& built);

}  // namespace tenon
