#include "crossbuild/compat/availability.h"

#include <string_view>

namespace tenon {

// Versions are packed as in LC_BUILD_VERSION: 16 bits, 8 and 8; platform 1 is macOS (loader.h).
// Hidden, so that a library of the program does not get another's.
std::string_view availability_source() {
  return R"(
typedef struct { unsigned platform, version; } asked_version;
_Bool _availability_version_check(unsigned count, asked_version *versions);
__attribute__((visibility("hidden")))
int __isPlatformVersionAtLeast(unsigned platform, unsigned major, unsigned minor, unsigned patch) {
  asked_version asked = {platform, (major & 0xffff) << 16 | (minor & 0xff) << 8 | (patch & 0xff)};
  return _availability_version_check(1, &asked);
}
__attribute__((visibility("hidden")))
int __isOSVersionAtLeast(int major, int minor, int patch) {
  return __isPlatformVersionAtLeast(1, (unsigned)major, (unsigned)minor, (unsigned)patch);
}
)";
}

bool asks_availability(std::string_view symbol) {
  return symbol == "___isPlatformVersionAtLeast" || symbol == "___isOSVersionAtLeast";
}

}  // namespace tenon
