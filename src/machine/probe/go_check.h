// The second half of the cgo check: go builds a three-line program with C, which is then run.
#pragma once

#include <string>

#include "base/fact.h"
#include "machine/probe/probe.h"
#include "machine/snapshot.h"

namespace tenon {

// How far a program came ("works", "compile", "link", "run"), and what was said.
struct Check {
  TextFact stage, output;
};

[[nodiscard]] Check open_check(const std::string& why);

// What a tool said; `folder` is "$WORK" in it, so that a snapshot tells the same each time.
[[nodiscard]] std::string without_folder(std::string said, const std::string& folder);

// `folder` is an empty one, or one that is made, for a program that is not kept.
[[nodiscard]] Check check_go(const MachineAccess& machine, const SettingsState& settings,
                             const GoState& go, const SnapshotRequest& request,
                             const std::string& folder);

}  // namespace tenon
