#include "cli/inspect/page.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "cli/html_file.h"
#include "cli/table.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/input.h"
#include "host/mapping.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"
#include "inspect/page/page.h"
#include "inspect/show.h"

namespace tenon {

std::optional<Finding> write_files_page(const Arguments& arguments,
                                        const std::vector<std::string>& paths,
                                        const InspectOptions& options, Report& report) {
  std::vector<PageFile> files;
  if (std::ranges::find(paths, "-") != paths.end()) {
    return make_finding(Code::usage_bad_option,
                        {{"message", "--html reads a file twice, which - cannot be"}},
                        "tenon inspect");
  }
  for (const std::string& path : paths) {
    const auto mapping = map_input(path);
    if (!mapping) continue;
    auto file = page_file(path, mapping->view(), options, true);
    // What is not the file that the report is about has no place in its page.
    if (file && mapping->unchanged()) files.push_back(*std::move(file));
  }
  return write_page(arguments.get("--html"), inspect_page(std::move(files)), report);
}

std::optional<Finding> write_difference_page(const Arguments& arguments,
                                             const std::array<ByteView, 2>& files,
                                             const std::vector<DiffRow>& rows, Report& report) {
  std::array<PageFile, 2> sides;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string& path = arguments.positional[i];
    auto side = page_file(path, files[i], {}, false);
    if (!side) return read_problem(path, side.error());
    sides[i] = *std::move(side);
  }
  return write_page(arguments.get("--html"), difference_page(sides[0], sides[1], rows), report);
}

}  // namespace tenon
