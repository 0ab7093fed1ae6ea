// dsymutil as Go's linker gets it: zig compiles parts of its run-time library (the helper of
// @available among them) with debug information that names its own folders. Go compresses what
// dsymutil collects, so it is cleaned in between: the linker asks the compiler wrapper for
// "dsymutil" and is told the link of that name beside it, which runs the real one and then
// replaces the folders by bytes of the same length.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/driver/cc_config.h"

namespace tenon {

// The exit code of dsymutil.
[[nodiscard]] Outcome<int> run_dsymutil(const CcConfig& config,
                                        const std::vector<std::string>& args);

}  // namespace tenon
