// Snapshots for the commands that judge a machine together with a project.
#pragma once

#include <string>

#include "diag/finding.h"
#include "machine/probe/probe.h"
#include "machine/snapshot.h"

namespace tenon {

// This machine and the project at or above `folder`. `tried`: how far C is built and run.
[[nodiscard]] Snapshot host_snapshot(const std::string& folder, SnapshotRequest::Try tried);

// What `tenon doctor --record` wrote.
[[nodiscard]] Outcome<Snapshot> recorded_snapshot(const std::string& path);

// Without the names of the user and the home folder, as --record writes it.
[[nodiscard]] Snapshot masked_snapshot(Snapshot snapshot);

}  // namespace tenon
