// The version of this build.
#pragma once

#include <string_view>

namespace tenon {

[[nodiscard]] std::string_view tenon_version();
[[nodiscard]] std::string_view tenon_commit();  // empty when not known

}  // namespace tenon
