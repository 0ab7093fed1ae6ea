// The platform of this machine.
#pragma once

#include <string>

namespace tenon {

// In Go's names; of a kind that Go has no port for, the kernel's. The processor is the true one
// also in a translated process.
struct OwnPlatform {
  std::string goos, goarch;
};

[[nodiscard]] OwnPlatform own_platform();

}  // namespace tenon
