// Snapshots for the commands that judge a machine together with a project.
#pragma once

#include <string>

#include "diag/finding.h"
#include "machine/snapshot.h"

namespace tenon {

// This machine and the project at or above `folder`. `build_probe`: with the cgo check.
[[nodiscard]] Snapshot host_snapshot(const std::string& folder, bool build_probe);

// What `tenon doctor --record` wrote.
[[nodiscard]] Outcome<Snapshot> recorded_snapshot(const std::string& path);

// Without the names of the user and the home folder, as --record writes it.
[[nodiscard]] Snapshot masked_snapshot(Snapshot snapshot);

}  // namespace tenon
