// What clang calls for @available: the function asks macOS for its version. It belongs to the
// run-time library of clang for macOS, which a clang on Linux does not have; zig brings its own.
#pragma once

#include <string_view>

namespace tenon {

// C source of the functions, in terms of libSystem's _availability_version_check.
[[nodiscard]] std::string_view availability_source();

// Whether a symbol of Mach-O is one of them.
[[nodiscard]] bool asks_availability(std::string_view symbol);

}  // namespace tenon
