// The judgement of a log by all causes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/catalog.h"
#include "diagnose/cause.h"

namespace tenon {

struct Candidate {
  const Cause* cause = nullptr;
  int score = 0;                   // 1 to 100
  std::vector<std::size_t> lines;  // that prove it, sorted
  // The cause's texts with the log's names in them.
  std::string message, fix, decide;
  // What mends it, as argument lists; for the log's system where the package is known.
  std::vector<std::vector<std::string>> commands;
};

// A candidate with its texts.
[[nodiscard]] Candidate make_candidate(const Cause& cause, const Log& log, int score, Proof proof);

// Whether a cause is of macOS itself: of how it starts programs, and of what lies on a Mac.
[[nodiscard]] bool of_macos_only(std::string_view slug);

// Its fix as findings carry it: for a person alone where no command mends it.
[[nodiscard]] Fix candidate_fix(const Candidate& candidate);

// The causes that a log may have, best first; empty when nothing fits. Harmless warnings stand
// behind everything that explains a failure.
[[nodiscard]] std::vector<Candidate> explain_log(const Log& log);

// The causes that it knows.
[[nodiscard]] std::vector<Code> matched_causes();

// A candidate below this is a guess, and a guess costs more than an honest "unknown".
inline constexpr int least_score = 20;

// "certain", "likely" or "possible".
[[nodiscard]] std::string_view confidence_word(int score);

}  // namespace tenon
