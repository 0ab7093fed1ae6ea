#include "codesign/usage.h"

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon::codesign {

std::unexpected<Finding> usage_error(std::string message, std::string_view command) {
  return std::unexpected(make_finding(Code::usage_bad_option, {{"message", std::move(message)}},
                                      std::string(command)));
}

std::vector<std::string> list_parts(std::string_view list) {
  std::vector<std::string> out;
  for (const std::string_view part : split(list, ',')) {
    if (!part.empty()) out.emplace_back(part);
  }
  return out;
}

}  // namespace tenon::codesign
