// What a project needs for each platform that people ship to, and what of it this machine has.
#pragma once

#include <string>
#include <vector>

#include "machine/snapshot.h"

namespace tenon {

struct TargetFit {
  enum class State { pure, ready, missing, unknown };
  std::string target;  // "linux/arm64"
  State state = State::unknown;
  std::vector<std::string> packages;  // with C that has no other half
  std::vector<std::string> engines;   // of this machine, that compile C for it
  std::vector<std::string> needs;     // .pc files, libraries, frameworks, an SDK
  std::string text;                   // one sentence
};

// Empty when there is no project, or nothing is known of other platforms.
[[nodiscard]] std::vector<TargetFit> target_fits(const Snapshot& snapshot);

[[nodiscard]] std::string_view target_state_name(TargetFit::State state);

}  // namespace tenon
