// Completes a compiler configuration: finds what the command line did not name, and says in the
// user's terms what is missing.
#pragma once

#include "crossbuild/driver/cc_config.h"
#include "diag/finding.h"

namespace tenon {

// Fills toolchain, cache and, for macOS, a deployment target (`fallback` when none is given).
[[nodiscard]] Outcome<void> complete(CcConfig& config, Version fallback);

// Whether a folder is a macOS SDK; the finding is TN0406.
[[nodiscard]] Outcome<void> check_sdk(const std::string& folder);

}  // namespace tenon
