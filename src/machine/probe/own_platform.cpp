#include "machine/probe/own_platform.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "host/files.h"
#include "host/system.h"
#include "platform/platforms.h"

namespace tenon {

OwnPlatform own_platform() {
  const SystemName name = system_name();
  const std::string_view goos = goos_of_uname(name.system);
  // Rosetta is the only translator that tells.
  const std::string_view goarch =
      translated_process().value_or(false) ? "arm64" : goarch_of(name.machine);
  return {std::string(goos.empty() ? "linux" : goos),
          goarch.empty() ? name.machine : std::string(goarch)};
}

// Values are in quotes or not.
std::string os_release(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != '=') continue;
    line.remove_prefix(name.size() + 1);
    if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'')) {
      line = line.substr(1, line.size() - 2);
    }
    return std::string(line);
  }
  return {};
}

std::string distribution_of(std::string_view id, std::string_view version) {
  if (version.empty() || (id != "debian" && id != "ubuntu")) return {};
  return fmt::format("{}:{}", id, version);
}

std::string own_distribution() {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    const auto text = read_text(path, std::size_t{1} << 16U);
    if (text) return distribution_of(os_release(*text, "ID"), os_release(*text, "VERSION_ID"));
  }
  return {};
}

}  // namespace tenon
