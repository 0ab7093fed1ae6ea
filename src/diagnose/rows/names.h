// Names of Go that more than one test asks for.
#pragma once

#include <string_view>

namespace tenon::rows {

// Packages of every release of Go: where one is missing, GOROOT is wrong.
[[nodiscard]] bool is_old_std_package(std::string_view name);
// Names of the standard library and of the language that an old Go does not know.
[[nodiscard]] bool names_newer_go(std::string_view name);
// Headers of the C library itself.
[[nodiscard]] bool is_libc_header(std::string_view name);
// Libraries that come with the C library or the compiler: "pthread" of -lpthread.
[[nodiscard]] bool is_libc_library(std::string_view name);
// "/usr/bin/aarch64-linux-gnu-gcc": a compiler whose name says its target.
[[nodiscard]] bool has_triple(std::string_view program);

}  // namespace tenon::rows
