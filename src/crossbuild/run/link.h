// Carries out a link of the compiler wrapper: what link/link_plan.h decided.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/linker_args.h"

namespace tenon {

// `args` name objects and libraries only. Returns the linker's exit code; with `replace` the linker
// takes the place of this process instead, which is quicker when nothing is left to do.
[[nodiscard]] Outcome<int> run_link(const CcConfig& config, std::vector<DriverArg> args,
                                    bool replace);

// Of the flags that were left out ("-L/usr/lib"), those whose folder exists: another could not have
// given anything.
[[nodiscard]] std::vector<std::string> existing_host_folders(const std::vector<std::string>& flags);

// Says which search folders of this machine were left out.
void trace_host_folders(const std::vector<std::string>& flags);

}  // namespace tenon
