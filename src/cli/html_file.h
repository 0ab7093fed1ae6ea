// The file of --html.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diag/finding.h"
#include "diag/report.h"

namespace tenon {

// Writes a page, and adds its path to the text and, as "html", to the data of the report. A page
// replaces an older page or an empty file, never another file and never what a symbolic link leads
// to. A finding: it cannot be written.
[[nodiscard]] std::optional<Finding> write_page(const std::string& path, std::string_view page,
                                                Report& report);

}  // namespace tenon
