// Symbols by their names: those that no library has and that are not missing: the linker, its
// script or the start files of the compiler define them, and those of a C++ runtime.
#pragma once

#include <string_view>

namespace tenon::link {

// By the names of GNU ld's scripts (ld --verbose), of the crt files of gcc, and of ld's rule for
// sections whose names are C identifiers (__start_X, __stop_X).
[[nodiscard]] bool is_linker_made(std::string_view symbol);

// What a C++ runtime has: operators new and delete, the standard library, exceptions.
[[nodiscard]] bool is_cxx_runtime(std::string_view symbol);

}  // namespace tenon::link
