// How a command says that it was called wrongly.
#pragma once

#include <string>

#include "cli/term.h"

namespace tenon {

// Prints the report with `finding` as its error. Returns exit_usage.
[[nodiscard]] int usage(Term& term, Report& report, Finding finding);
// The same with TN0101 about "tenon COMMAND".
[[nodiscard]] int usage(Term& term, Report& report, std::string message);

}  // namespace tenon
