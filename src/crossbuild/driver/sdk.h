// What the files of an Apple SDK say of it. Pure.
#pragma once

#include <string_view>

namespace tenon {

// Whether the text of SDKSettings.json names another platform than macOS. False for what is not
// JSON or names none: old SDKs have only a .plist.
[[nodiscard]] bool names_other_platform(std::string_view settings);

// Whether the start of a libSystem.tbd names a target of macOS.
[[nodiscard]] bool names_macos_target(std::string_view stub);

}  // namespace tenon
