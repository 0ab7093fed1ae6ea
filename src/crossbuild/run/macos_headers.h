// tenon's own headers for macOS, which stand in for those of an SDK (docs/macos-headers.md).
#pragma once

#include <optional>

#include "crossbuild/driver/cc_config.h"
#include "diag/finding.h"

namespace tenon {

// Fills in the folder of the headers and their version, unless the options name them or nobody
// wants them. They lie where this program was built or installed: share/tenon/macos-headers beside
// it, or beside the folder that it is in. A release carries them, and unpacks them into the cache
// when there are none beside it. A place that cannot be looked at is an error: without
// the headers the same link would get other stubs.
[[nodiscard]] Outcome<void> find_macos_headers(CcConfig& config);

// Says where they were looked for, when they are wanted and not there.
[[nodiscard]] std::optional<Finding> missing_macos_headers(const CcConfig& config);

}  // namespace tenon
