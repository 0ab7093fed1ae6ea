// --html of inspect. Private to cli.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "cli/table.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"

namespace tenon {

// The page of files that could be read a moment ago. A finding: it cannot be written.
[[nodiscard]] std::optional<Finding> write_files_page(const Arguments& arguments,
                                                      const std::vector<std::string>& paths,
                                                      const InspectOptions& options,
                                                      Report& report);

// The page of --diff. `rows` are those of diff_files() for the two files of the command line.
[[nodiscard]] std::optional<Finding> write_difference_page(const Arguments& arguments,
                                                           const std::array<ByteView, 2>& files,
                                                           const std::vector<DiffRow>& rows,
                                                           Report& report);

}  // namespace tenon
