// A Mach-O link: finds the inputs, makes the stubs, runs the linker.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver_flags.h"

namespace tenon {

// `args` name objects and libraries only. Returns the linker's exit code; with `replace` the linker
// takes the place of this process instead, which is quicker when nothing is left to do.
[[nodiscard]] Outcome<int> link_macho(const CcConfig& config, const std::vector<std::string>& args,
                                      bool replace);

// A link for Linux, or by Apple's own driver.
[[nodiscard]] Outcome<int> link_plain(const CcConfig& config, const std::vector<std::string>& args,
                                      bool replace);

// Says which search folders of this machine were left out ("-L/usr/lib"), if they exist.
void trace_host_folders(const std::vector<std::string>& flags);

// A flag that the engine cannot carry out, as a finding.
[[nodiscard]] Finding refused_flag(const CcConfig& config, const FilteredFlags::Note& note);

}  // namespace tenon
