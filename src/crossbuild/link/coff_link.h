// A link for Windows by zig's lld-link. zig brings the import libraries of MinGW-w64, so that no
// stubs are needed; but their names are in lower case, and packages that are written on Windows,
// which ignores case, ask for -lOle32. Pure.
#pragma once

#include <vector>

#include "base/file_source.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/link/link_plan.h"

namespace tenon {

[[nodiscard]] Outcome<LinkPlan> plan_coff_link(const CcConfig& config, LinkArguments arguments,
                                               std::vector<std::string> sysroot, FileSource& files);

}  // namespace tenon
