// What cmd/go says to the flags of an answer.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "link/go_flags.h"
#include "link/pc/fragment.h"
#include "link/query/answer.h"

namespace tenon::pc {

// One for each flag that cmd/go rejects, with what to write instead or how to allow it. `utf8` as
// for answer(): how the flags are printed decides how cmd/go reads them.
[[nodiscard]] std::vector<Finding> go_findings(const Answer& answer, bool utf8);

// Words as a line of cgo, "#cgo LDFLAGS: -lz".
struct CgoLine {
  std::string text;  // empty without words
  // What cmd/go refuses and nothing else means; what has another form stands in it.
  std::vector<Finding> findings;
};

// `answer`: whose modules the words come from; an empty one for words of other origin.
[[nodiscard]] CgoLine cgo_line(const std::vector<std::string>& words, GoFlagSource source,
                               const Answer& answer);

// Fragments as cmd/go would read them from a pkg-config. The error is its own sentence.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> go_words_of(
    const Fragments& fragments, bool utf8);

}  // namespace tenon::pc
