// What `tenon link` and `tenon pkg-config --closure` read in the same way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "link/closure/closure.h"
#include "platform/target.h"

namespace tenon {

// "hybrid", "static" or "as-is"; nothing for another word.
[[nodiscard]] std::optional<link::Mode> link_mode_named(std::string_view name);

// The driver to be asked for its folders: `wanted`, else the target's gcc where it is installed.
// Empty for "zig" and "none": the folders of the sysroot alone.
[[nodiscard]] std::string link_driver(const std::string& wanted, const Target& target);

// X of the libraries that the target's system has itself: libz.dylib of macOS.
[[nodiscard]] std::vector<std::string> libraries_of_system(const Target& target);

}  // namespace tenon
