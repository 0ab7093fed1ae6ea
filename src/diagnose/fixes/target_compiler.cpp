#include "diagnose/fixes/target_compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "platform/platforms.h"

namespace tenon {

std::optional<TargetCompiler> target_compiler(std::string_view goos, std::string_view goarch) {
  const Platform* platform = find_platform(goos, goarch);
  if (platform == nullptr || platform->cross_cc.empty()) return std::nullopt;
  TargetCompiler out{std::string(platform->cross_cc), std::string(platform->cross_cxx), {}};
  if (goos == "windows" && platform->cross_cc.ends_with("-gcc")) {
    // x86_64-w64-mingw32: gcc-mingw-w64-x86-64, which has its C library with it.
    const std::string_view cross = platform->cross;
    out.packages = {fmt::format("gcc-mingw-w64-{}", cross.substr(0, cross.find("-w64")))};
  } else if (!platform->debian_arch.empty()) {
    out.packages = {fmt::format("gcc-{}", platform->cross),
                    fmt::format("libc6-dev-{}-cross", platform->debian_arch)};
  }
  for (std::string& name : out.packages) std::ranges::replace(name, '_', '-');
  return out;
}

}  // namespace tenon
