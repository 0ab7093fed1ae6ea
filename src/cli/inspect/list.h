// The long answers of inspect. Private to cli.
#pragma once

#include <optional>

#include "cli/table.h"
#include "cli/term.h"

namespace tenon {

// Prints the list that the options ask for and returns the exit code; nullopt when they ask for
// none. Lists with --json are one object a line.
[[nodiscard]] std::optional<int> run_list(Term& term, const Arguments& arguments);

}  // namespace tenon
