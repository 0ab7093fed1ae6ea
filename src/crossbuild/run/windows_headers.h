// The list of zig's headers for Windows, by any spelling (driver/header_case.h), in the cache.
#pragma once

#include "crossbuild/driver/cc_config.h"
#include "diag/finding.h"

namespace tenon {

// Makes the list where there is none yet. A zig without the headers has none; headers that cannot
// be looked at are an error.
[[nodiscard]] Outcome<void> find_windows_headers(CcConfig& config);

}  // namespace tenon
