// Names the cause of a cgo check that failed, from what the compiler said.
#pragma once

#include <vector>

#include "diag/finding.h"
#include "machine/snapshot.h"

namespace tenon {

// A cgo check that failed for no reason that a fact tells: its output is a log like any other, and
// the cause that the log has replaces the general finding.
void explain_probe(const Snapshot& snapshot, std::vector<Finding>& findings);

}  // namespace tenon
