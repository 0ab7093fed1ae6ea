#include "crossbuild/run/macos_headers.h"

#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/run/file_problem.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"

namespace tenon {
namespace {

std::array<std::string, 2> places() {
  const std::string beside(folder_of(own_path()));
  const std::string_view share = "share/tenon/macos-headers";
  return {join_path(folder_of(beside), share), join_path(beside, share)};
}

}  // namespace

Outcome<void> find_macos_headers(CcConfig& config) {
  if (!takes_macos_headers(config) || !config.macos_headers.empty()) return {};
  for (const std::string& place : places()) {
    const auto found = look_up(place + "/include");
    if (!found) return std::unexpected(unreadable_input(place + "/include", found.error()));
    if (!*found || (*found)->kind != FileInfo::Kind::folder) continue;
    config.macos_headers = place;
    const auto version = read_text(place + "/VERSION", std::size_t{1} << 10U);
    if (version) {
      config.macos_headers_version = trim(std::string_view(*version));
    } else if (version.error().code != Errc::not_found) {
      return std::unexpected(unreadable_input(place + "/VERSION", version.error()));
    }
    break;
  }
  return {};
}

std::optional<Finding> missing_macos_headers(const CcConfig& config) {
  if (!takes_macos_headers(config) || !config.macos_headers.empty()) return std::nullopt;
  const auto [installed, built] = places();
  return make_finding(Code::sdk_macos_headers_not_found,
                      {{"places", installed + ", " + built}, {"target", config.target.name()}},
                      config.target.name());
}

}  // namespace tenon
