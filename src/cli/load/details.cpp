#include "cli/load/details.h"

#include <optional>

#include "cli/html_file.h"
#include "cli/table.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon {

std::optional<Finding> add_details(const Arguments& arguments, const loader::Verdict& verdict,
                                   const loader::Subject& subject, Report& report) {
  if (arguments.has("--tree")) report.text += loader::tree_text(verdict);
  if (arguments.has("--explain-path"))
    report.text += loader::path_text(verdict, arguments.get("--explain-path"));
  if (!arguments.has("--html")) return std::nullopt;
  return write_page(arguments.get("--html"), loader::verdict_html(verdict, subject), report);
}

}  // namespace tenon
