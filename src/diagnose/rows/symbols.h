// What the name of a symbol tells of where it comes from.
#pragma once

#include <string_view>

namespace tenon::rows {

// "_OBJC_CLASS_$_UTType" without what a log puts around it and a compiler before it: "UTType";
// "`__isoc23_strtol'": "__isoc23_strtol".
[[nodiscard]] std::string_view plain_symbol(std::string_view name);
// The framework of macOS that has a class or function: "UniformTypeIdentifiers"; empty: not known.
[[nodiscard]] std::string_view framework_with(std::string_view symbol);
// The release of glibc that introduced a name, "2.38"; empty: it is older, or of another library.
[[nodiscard]] std::string_view glibc_with(std::string_view symbol);

}  // namespace tenon::rows
