// tenon load for programs of macOS.
#pragma once

#include "cli/table.h"
#include "cli/term.h"
#include "diag/report.h"

namespace tenon {

// Whether --target or the file itself is for macOS.
[[nodiscard]] bool is_for_macos(const Arguments& arguments);

// Fills the report and returns the exit code.
int load_macho(const Arguments& arguments, Term& term, Report& report);

}  // namespace tenon
