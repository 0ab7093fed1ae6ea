#include "crossbuild/run/engine_choice.h"

#include <fmt/format.h>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/sdk.h"
#include "crossbuild/run/find_toolchain.h"
#include "crossbuild/run/macos_headers.h"
#include "crossbuild/run/windows_headers.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr Version oldest_zig{0, 14, 0};
constexpr Version oldest_zig_for_freebsd{0, 15, 0};

Finding not_found(const CcConfig& config, const FoundToolchain& found) {
  Finding finding = make_finding(Code::engine_not_found,
                                 {{"target", config.target.name()}, {"missing", found.missing}},
                                 config.target.name());
  finding.evidence.push_back({Evidence::Kind::fact, "looked at", join(found.search.tried, ", ")});
  return finding;
}

Outcome<void> check_zig(const CcConfig& config) {
  const Toolchain& tools = config.toolchain;
  if (tools.engine != Engine::zig) return {};
  if (tools.zig_version.empty()) {
    FoundToolchain none;
    none.missing = "a zig for which `zig version` works";
    none.search.tried.push_back(tools.zig + " (no answer)");
    return std::unexpected(not_found(config, none));
  }
  const Version oldest = config.target.freebsd() ? oldest_zig_for_freebsd : oldest_zig;
  if (tools.zig_version >= oldest) return {};
  return std::unexpected(make_finding(
      Code::zig_too_old,
      {{"version", tools.zig_version.text()}, {"path", tools.zig}, {"oldest", oldest.text()}},
      config.target.name()));
}

// clang without an SDK takes the headers and libSystem.tbd of macOS from zig.
Outcome<void> check_clang(const CcConfig& config) {
  const Toolchain& tools = config.toolchain;
  if (tools.engine != Engine::clang) return {};
  FoundToolchain none;
  if (!config.target.darwin()) {
    if (!config.sysroot.empty()) return {};
    none.missing = "a C library for clang (--sysroot DIR)";
    none.search.tried.emplace_back("no --sysroot was given");
  } else {
    if (!tools.zig.empty() || !config.sdk.empty()) return {};
    none.missing = "zig, whose macOS headers clang needs without an SDK,";
  }
  return std::unexpected(not_found(config, none));
}

Finding not_an_sdk(const std::string& folder, std::string_view reason) {
  return make_finding(Code::sdk_not_an_sdk, {{"path", folder}, {"reason", std::string(reason)}},
                      folder);
}

bool other_platform(const std::string& folder) {
  const auto text = read_text(folder + "/SDKSettings.json", std::size_t{1} << 20U);
  return text && names_other_platform(*text);
}

// True without a stub, where nothing is known.
bool has_macos_stub(const std::string& folder) {
  const auto text = read_text(folder + "/usr/lib/libSystem.tbd", std::size_t{1} << 16U);
  return !text || names_macos_target(*text);
}

// Wrappers and stubs lie there, and are run: nobody else may be able to change them.
Outcome<std::string> trusted_cache(const std::string& given) {
  const std::string named = given.empty() ? cache_folder() : given;
  const auto refuse = [&](const char* reason) {
    const std::string path = named.empty() ? "the cache" : named;
    return std::unexpected(
        make_finding(Code::usage_work_folder_not_writable,
                     {{"path", path}, {"variable", "TENON_CACHE"}, {"reason", reason}}, path));
  };
  if (named.empty()) return refuse("neither HOME nor XDG_CACHE_HOME nor TENON_CACHE is set");
  auto folder = private_folder(absolute_path(current_folder(), named));
  if (!folder) return refuse(folder.error().what);
  return *std::move(folder);
}

}  // namespace

Outcome<void> complete_cache(CcConfig& config) {
  config.cache = TENON_TRY(trusted_cache(config.cache));
  return {};
}

Outcome<void> complete(CcConfig& config, Version fallback) {
  TENON_TRY(complete_cache(config));
  if (config.target.darwin() && config.target.min.empty()) {
    config.target.min = fallback;
    config.raise_min = true;
  }
  if (!is_complete(config)) {
    ToolchainRequest request;
    if (config.engine_given) request.engine = config.toolchain.engine;
    request.darwin = config.target.darwin();
    request.cache = config.cache;
    FoundToolchain found = find_toolchain(request, config.toolchain);
    if (!found.toolchain) return std::unexpected(not_found(config, found));
    config.toolchain = std::move(*found.toolchain);
  }
  TENON_TRY(find_macos_headers(config));
  TENON_TRY(find_windows_headers(config));
  TENON_TRY(check_zig(config));
  return check_clang(config);
}

bool is_complete(const CcConfig& config) {
  const Toolchain& tools = config.toolchain;
  if (!config.engine_given) return false;
  if (tools.engine == Engine::zig) return !tools.zig.empty() && !tools.zig_version.empty();
  return !tools.clang.empty() && !tools.clang_version.empty();
}

Outcome<void> check_sdk_folders(const std::string& folder) {
  if (!is_folder(folder)) {
    return std::unexpected(not_an_sdk(folder, "the directory does not exist"));
  }
  if (!is_folder(folder + "/usr") || !is_folder(folder + "/System/Library/Frameworks")) {
    return std::unexpected(not_an_sdk(folder, "it lacks usr or System/Library/Frameworks"));
  }
  return {};
}

Outcome<void> check_sdk(const std::string& folder) {
  TENON_TRY(check_sdk_folders(folder));
  if (!other_platform(folder) && has_macos_stub(folder)) return {};
  return std::unexpected(not_an_sdk(folder, "it is not a macOS SDK"));
}

}  // namespace tenon
