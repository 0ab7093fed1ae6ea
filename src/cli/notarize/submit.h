// Submissions of `tenon notarize`: everything but --lint.
#pragma once

#include "cli/table.h"
#include "cli/term.h"
#include "diag/code.h"
#include "diag/report.h"

namespace tenon {

// Sends a path, or continues, asks about or lists submissions. Returns the exit code.
[[nodiscard]] int notarize_online(const Arguments& arguments, Term& term, Report& report);

// By what went wrong: the account, the network, the submission.
[[nodiscard]] int exit_of_notary(Code code);

}  // namespace tenon
