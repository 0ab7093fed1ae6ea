// The list of platforms, in the order in which they are printed.
#pragma once

#include <array>

#include "platform/targets/darwin.h"
#include "platform/targets/linux.h"

namespace tenon {

inline constexpr std::array<Platform, 4> all_platforms{darwin_arm64, darwin_amd64, linux_arm64,
                                                       linux_amd64};

}  // namespace tenon
