#include "cli/html_file.h"

#include <optional>
#include <string>
#include <string_view>

#include "base/html.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"

namespace tenon {
namespace {

Finding bad_page(const std::string& path, const std::string& reason) {
  return make_finding(Code::usage_bad_option, {{"message", "--html " + path + ": " + reason}},
                      path);
}

std::string_view why_not(const std::string& path) {
  const auto info = file_info(path);
  if (!info || info->kind != FileInfo::Kind::file) return {};  // a device is written through
  if (is_link(path)) return "is a symbolic link";
  if (info->size == 0) return {};
  const auto text = read_text(path);
  return text && text->starts_with(html_start) ? "" : "is there and is not an HTML page of tenon";
}

}  // namespace

std::optional<Finding> write_page(const std::string& path, std::string_view page, Report& report) {
  if (const std::string_view why = why_not(path); !why.empty()) {
    return bad_page(path, std::string(why));
  }
  if (const auto written = write_text(path, page); !written) {
    return bad_page(path, written.error().what);
  }
  report.data.add("html", path);
  report.text += shown_format("wrote {}\n", path);
  return std::nullopt;
}

}  // namespace tenon
