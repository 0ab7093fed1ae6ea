// The platform of this machine.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// In Go's names; of a kind that Go has no port for, the kernel's. The processor is the true one
// also in a translated process.
struct OwnPlatform {
  std::string goos, goarch;
};

[[nodiscard]] OwnPlatform own_platform();

// The value of NAME=value in a text of os-release(5); empty when it has none.
[[nodiscard]] std::string os_release(std::string_view text, std::string_view name);

// "debian:12", of ID and VERSION_ID; empty for systems without apt's packages.
[[nodiscard]] std::string distribution_of(std::string_view id, std::string_view version);
// That of this machine.
[[nodiscard]] std::string own_distribution();

}  // namespace tenon
