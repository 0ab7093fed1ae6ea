#include "crossbuild/run/file_problem.h"

#include <fmt/format.h>

#include <string>

#include "base/result.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon {

std::string reason_of(const Error& error) {
  return fmt::format("{} ({})", error.what, errc_name(error.code));
}

Finding unwritable(const std::string& path, const Error& error) {
  if (error.code != Errc::no_space) {
    return make_finding(Code::usage_output_not_writable,
                        {{"path", path}, {"reason", reason_of(error)}}, path);
  }
  Finding full = make_finding(Code::usage_disk_full, {}, path);
  full.evidence.push_back({Evidence::Kind::file, path, error.what});
  return full;
}

Finding unreadable_input(const std::string& path, const Error& error) {
  return make_finding(Code::usage_unreadable_input, {{"path", path}, {"reason", reason_of(error)}},
                      path);
}

}  // namespace tenon
