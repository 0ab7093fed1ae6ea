// Code of tenon that is linked into programs: built at first use, kept in the cache.
#pragma once

#include <string>

#include "crossbuild/driver/cc_config.h"

namespace tenon {

// The object of the functions for @available (compat/availability.h).
[[nodiscard]] Result<std::string> availability_object(const CcConfig& config);

// The library of functions that forward names of glibc to musl's, built at first use. The error is
// that of compiling or writing it.
[[nodiscard]] Result<std::string> glibc_names_library(const CcConfig& config);

}  // namespace tenon
