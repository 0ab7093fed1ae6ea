#include "base/version.h"

#include <string_view>

#ifndef TENON_VERSION
#error "CMake defines TENON_VERSION"
#endif

namespace tenon {

std::string_view tenon_version() { return TENON_VERSION; }

std::string_view tenon_commit() { return TENON_COMMIT; }

}  // namespace tenon
