// The judgement of a log by all causes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diagnose/causes/team.h"
#include "diagnose/rows/row.h"

namespace tenon {

using rows::Sureness;

struct Candidate {
  const Cause* cause = nullptr;
  Sureness sureness = Sureness::weak;
  std::vector<std::size_t> lines;  // that prove it, sorted
  // The cause's texts with the log's names in them.
  Shown message, fix;
  // What tells it from its rivals; empty where nothing does.
  ShellCommand decide;
  // What mends it; for the log's system where the package is known.
  std::vector<ShellCommand> commands;
};

// A candidate with its texts.
[[nodiscard]] Candidate make_candidate(const Cause& cause, const Log& log, Sureness sureness,
                                       Proof proof);

// Whether a cause is of macOS itself: of how it starts programs, and of what lies on a Mac.
[[nodiscard]] bool of_macos_only(std::string_view slug);

// Its fix as findings carry it: for a person alone where no command mends it.
[[nodiscard]] Fix candidate_fix(const Candidate& candidate);

// The causes that a log may have, best first (rows/row.h says how); empty when nothing fits.
// `team`: further causes, or null.
[[nodiscard]] std::vector<Candidate> explain_log(const Log& log, const TeamCauses* team = nullptr);

// Raises a candidate and puts it before all that are no surer: what a project or a machine shows of
// a cause counts for more than where it stands in the log.
void put_first(std::vector<Candidate>& candidates, const Cause& cause, Sureness least);
// By class; of one class the order stays.
void sort_by_sureness(std::vector<Candidate>& candidates);

// "certain", "likely" or "possible"; a weak one is no more than possible to people.
[[nodiscard]] std::string_view confidence_word(Sureness sureness);
// 90, 70, 45 or 25: the class as programs read it.
[[nodiscard]] int score_of(Sureness sureness);

}  // namespace tenon
