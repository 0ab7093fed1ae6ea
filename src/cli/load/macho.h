// tenon load for programs of macOS.
#pragma once

#include "cli/table.h"
#include "cli/term.h"
#include "diag/report.h"

namespace tenon {

// Fills the report and returns the exit code.
int load_macho(const Arguments& arguments, Term& term, Report& report);

}  // namespace tenon
