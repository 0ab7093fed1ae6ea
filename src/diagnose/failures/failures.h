// The failures of a log: what went wrong for itself, with what follows from it.
//
// How a log becomes failures. Each line that tells of trouble is an event (events/patterns.h) or,
// where no wording takes it, a line with the words of an error (severity.h). A line that follows
// from an earlier one, as relations of events have it, is a consequence of it. Two lines of one
// package, target and kind are one failure; where the kind has a name (a header, a library, a
// program), each name is a failure of its own, as each has to be put in place. A relay ("exit
// status 1") is a consequence of the nearest failure above, of its package where that is known; one
// that nothing above accounts for is a failure that the log does not explain.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/template.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/team.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/log.h"

namespace tenon {

struct Failure {
  std::size_t line = 0;  // its first, in the log, from 1
  std::string text;      // that line
  FailureClass kind = FailureClass::unknown;
  // Each is empty when the log does not tell.
  std::string tool, step, package, target;
  Captures names;                         // what its lines name
  std::vector<std::size_t> lines;         // that tell of it at first hand, sorted
  std::vector<std::size_t> consequences;  // sorted
  std::vector<Candidate> causes;          // best first; empty: unknown
  bool explained = true;                  // false: only a relay is left of it
};

inline constexpr std::size_t most_failures = 50;

// In the order of the log, without causes; at most `most_failures`.
[[nodiscard]] std::vector<Failure> read_failures(const Log& log);

// Gives each candidate to the failure whose lines prove it, and asks the rows again for a failure
// that has none, with the lines of the others left out. The failure of the best candidate stands
// first, then what has to be put right first. A harmless cause is no failure's.
void assign_causes(std::vector<Failure>& failures, const std::vector<Candidate>& candidates,
                   const Log& log, const TeamCauses* team);

}  // namespace tenon
