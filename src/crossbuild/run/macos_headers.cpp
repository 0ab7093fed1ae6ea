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
#include "crossbuild/run/bundled_headers.h"
#include "crossbuild/run/file_problem.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/private_folder.h"

namespace tenon {
namespace {

std::array<std::string, 2> places() {
  const std::string beside(folder_of(own_path()));
  const std::string_view share = "share/tenon/macos-headers";
  return {join_path(folder_of(beside), share), join_path(beside, share)};
}

// Takes the headers of a folder; false when there are none.
Outcome<bool> take(CcConfig& config, const std::string& place) {
  const auto found = look_up(place + "/include");
  if (!found) return std::unexpected(unreadable_input(place + "/include", found.error()));
  if (!*found || (*found)->kind != FileInfo::Kind::folder) return false;
  config.macos_headers = place;
  const auto version = read_text(place + "/VERSION", std::size_t{1} << 10U);
  if (version) {
    config.macos_headers_version = trim(std::string_view(*version));
  } else if (version.error().code != Errc::not_found) {
    return std::unexpected(unreadable_input(place + "/VERSION", version.error()));
  }
  return true;
}

// Without a cache that nobody else can write there are none: what compilers read must be ours.
Outcome<void> take_bundled(CcConfig& config) {
  const BundledHeaders bundled = bundled_headers();
  const std::string cache = bundled.archive.empty() ? std::string() : private_cache();
  if (cache.empty()) return {};
  const auto place = unpack_headers(bundled, cache);
  if (!place) return std::unexpected(unwritable(cache, place.error()));
  (void)TENON_TRY(take(config, *place));
  return {};
}

}  // namespace

Outcome<void> find_macos_headers(CcConfig& config) {
  if (!takes_macos_headers(config) || !config.macos_headers.empty()) return {};
  for (const std::string& place : places()) {
    if (TENON_TRY(take(config, place))) return {};
  }
  return take_bundled(config);
}

std::optional<Finding> missing_macos_headers(const CcConfig& config) {
  if (!takes_macos_headers(config) || !config.macos_headers.empty()) return std::nullopt;
  const auto [installed, built] = places();
  return make_finding(Code::sdk_macos_headers_not_found,
                      {{"places", installed + ", " + built}, {"target", config.target.name()}},
                      config.target.name());
}

}  // namespace tenon
