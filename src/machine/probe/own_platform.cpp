#include "machine/probe/own_platform.h"

#include <string>
#include <string_view>

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

}  // namespace tenon
