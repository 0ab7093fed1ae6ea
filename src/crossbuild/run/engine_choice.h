// Completes a compiler configuration: finds what the command line did not name, and says in the
// user's terms what is missing.
#pragma once

#include "crossbuild/driver/cc_config.h"
#include "diag/finding.h"

namespace tenon {

// Fills toolchain, cache and, for macOS, a deployment target (`fallback` when none is given).
[[nodiscard]] Outcome<void> complete(CcConfig& config, Version fallback);

// The cache alone: for the machine's own compiler, which needs nothing else.
[[nodiscard]] Outcome<void> complete_cache(CcConfig& config);

// Whether the command line names the engine with its version, so that nothing has to be searched.
[[nodiscard]] bool is_complete(const CcConfig& config);

// Whether a folder is laid out as an SDK, and whether it is one of macOS. The finding is TN0406.
[[nodiscard]] Outcome<void> check_sdk_folders(const std::string& folder);
[[nodiscard]] Outcome<void> check_sdk(const std::string& folder);

}  // namespace tenon
