#include "cli/engine_choice.h"

#include <fmt/format.h>

#include "base/text.h"
#include "host/files.h"
#include "probe/toolchain.h"
#include "rules/rules.h"

namespace tenon {
namespace {

constexpr Version oldest_zig{0, 14, 0};

Outcome<void> check_zig(const CcConfig& config) {
  const Toolchain& tools = config.toolchain;
  if (tools.engine != Engine::zig || tools.zig_version.empty()) return {};
  if (tools.zig_version >= oldest_zig) return {};
  return std::unexpected(make_finding("TN0305",
                                      {{"version", tools.zig_version.text()}, {"path", tools.zig}},
                                      config.target.name()));
}

Finding not_found(const CcConfig& config, const FoundToolchain& found) {
  Finding finding =
      make_finding("TN0304", {{"target", config.target.name()}, {"missing", found.missing}},
                   config.target.name());
  finding.evidence.push_back({Evidence::Kind::fact, "looked at", join(found.search.tried, ", ")});
  return finding;
}

// clang without an SDK takes the headers and libSystem.tbd of macOS from zig.
Outcome<void> check_clang(const CcConfig& config) {
  const Toolchain& tools = config.toolchain;
  if (tools.engine != Engine::clang) return {};
  FoundToolchain none;
  if (!config.target.darwin()) {
    if (!config.sysroot.empty()) return {};
    none.missing = "a C library for clang (--sysroot DIR)";
  } else {
    if (!tools.zig.empty() || !config.sdk.empty()) return {};
    none.missing = "zig, whose macOS headers clang needs without an SDK,";
  }
  return std::unexpected(not_found(config, none));
}

}  // namespace

Outcome<void> complete(CcConfig& config, Version fallback) {
  if (config.cache.empty()) config.cache = cache_folder();
  if (config.cache.empty()) config.cache = "/tmp/tenon-cache";
  if (config.target.darwin() && config.target.min.empty()) {
    config.target.min = fallback;
    config.raise_min = true;
  }
  const Toolchain& tools = config.toolchain;
  const bool named =
      config.engine_given &&
      (tools.engine == Engine::zig ? !tools.zig.empty() && !tools.zig_version.empty()
                                   : !tools.clang.empty() && !tools.clang_version.empty());
  if (!named) {
    ToolchainRequest request;
    if (config.engine_given) request.engine = tools.engine;
    request.darwin = config.target.darwin();
    request.cache = config.cache;
    FoundToolchain found = find_toolchain(request, tools);
    if (!found.toolchain) return std::unexpected(not_found(config, found));
    config.toolchain = std::move(*found.toolchain);
  }
  TENON_TRY(check_zig(config));
  return check_clang(config);
}

Outcome<void> check_sdk(const std::string& folder) {
  std::string reason;
  if (!is_folder(folder)) {
    reason = "there is no such folder";
  } else if (!is_folder(folder + "/usr") || !is_folder(folder + "/System/Library/Frameworks")) {
    reason = "it lacks usr or System/Library/Frameworks";
  } else {
    return {};
  }
  return std::unexpected(make_finding("TN0406", {{"path", folder}, {"reason", reason}}, folder));
}

}  // namespace tenon
