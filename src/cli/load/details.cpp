#include "cli/load/details.h"

#include <optional>
#include <string>

#include "base/shown.h"
#include "cli/table.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon {
namespace {

Finding bad_page(const std::string& path, const std::string& reason) {
  return make_finding(Code::usage_bad_option, {{"message", "--html " + path + ": " + reason}},
                      path);
}

// A page that is written again, or nothing: never the program itself.
bool may_write(const std::string& path) {
  const auto info = file_info(path);
  if (!info || info->kind != FileInfo::Kind::file || info->size == 0) return true;
  const auto text = read_text(path);
  return text && text->starts_with("<!doctype html>");
}

}  // namespace

std::optional<Finding> add_details(const Arguments& arguments, const loader::Verdict& verdict,
                                   const loader::Subject& subject, Report& report) {
  if (arguments.has("--tree")) report.text += loader::tree_text(verdict);
  if (arguments.has("--explain-path"))
    report.text += loader::path_text(verdict, arguments.get("--explain-path"));
  if (!arguments.has("--html")) return std::nullopt;
  const std::string path = arguments.get("--html");
  if (!may_write(path)) return bad_page(path, "is there and is not an HTML page");
  const auto written = write_text(path, loader::verdict_html(verdict, subject));
  if (!written) return bad_page(path, written.error().what);
  report.data.add("html", path);
  report.text += shown_format("wrote {}\n", path);
  return std::nullopt;
}

}  // namespace tenon
