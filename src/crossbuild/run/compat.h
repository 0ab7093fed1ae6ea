// Links libraries that were compiled for glibc into musl programs.
#pragma once

#include <string>

#include "crossbuild/driver/cc_config.h"

namespace tenon {

// The library of functions that forward names of glibc to musl's, built at first use. The error is
// that of compiling or writing it.
[[nodiscard]] Result<std::string> glibc_names_library(const CcConfig& config);

}  // namespace tenon
