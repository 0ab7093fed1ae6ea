// Which packages with C a module builds: imports followed from its own packages, for this platform
// and for those that people ship to.
#pragma once

#include <string>
#include <vector>

#include "diagnose/project/trace.h"
#include "machine/snapshot.h"

namespace tenon {

// Reads go.mod and the Go files that take part; runs nothing. Packages of the standard library are
// not told: Go can do without their C. What is not downloaded makes `cgo` unknown unless some
// package with C was found all the same.
[[nodiscard]] ProjectState project_state(const ProjectPlace& place, const ProjectDisk& disk);

}  // namespace tenon
