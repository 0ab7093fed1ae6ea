// Which of several causes the machine speaks for: what a log alone cannot tell apart, a snapshot
// often can. Pure: no question is asked of the machine.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "machine/snapshot.h"

namespace tenon {

enum class Support {
  unknown,       // the fact is not known, or it decides nothing
  supported,     // the machine is in the state that this cause needs
  contradicted,  // it is in a state in which this cause cannot be
};

struct SnapshotVerdict {
  std::string slug;
  Support support = Support::unknown;
  Evidence evidence;  // the deciding fact; of unknown: why it decides nothing
};

// One verdict for each slug, in their order; a slug that no fact concerns is unknown. `subject` is
// what the log names: the package that pkg-config was asked for; empty when it names none, and then
// those of the project are meant.
//
// A setting that stands nowhere is unknown rather than contradicted where people set it on the
// command line: CGO_ENABLED, GOOS, GOARCH.
[[nodiscard]] std::vector<SnapshotVerdict> decide_causes(const Snapshot& snapshot,
                                                         std::span<const std::string_view> slugs,
                                                         std::string_view subject = {});

}  // namespace tenon
