// What `tenon load` shows beside its verdict when it is asked: --tree, --explain-path, --html.
#pragma once

#include <optional>

#include "cli/table.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon {

// Adds to the text of the report, and writes the page. A finding: the page cannot be written.
[[nodiscard]] std::optional<Finding> add_details(const Arguments& arguments,
                                                 const loader::Verdict& verdict,
                                                 const loader::Subject& subject, Report& report);

}  // namespace tenon
