// Links libraries that were compiled for glibc into musl programs.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/driver/cc_config.h"

namespace tenon {

struct CompatLibraries {
  std::vector<std::string> args;   // to be added at the end of the link
  std::vector<std::string> users;  // archives that use names of glibc
};

// Looks at the archives of a link for a musl target. Builds the library of forwarding functions at
// first use. Empty for other targets, and when it cannot be built: then the linker says what
// misses.
[[nodiscard]] CompatLibraries compat_libraries(const CcConfig& config,
                                               const std::vector<std::string>& archives);

}  // namespace tenon
