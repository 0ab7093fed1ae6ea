// Which C library a function is of, by how its name begins.
#pragma once

#include <string_view>

namespace tenon {

// The library of a C or C++ symbol, as -l takes it ("git2" of git_libgit2_init); empty when no
// known library names its functions so. An "_" before the name, as macOS has it, is left out.
[[nodiscard]] std::string_view library_of_symbol(std::string_view symbol);

}  // namespace tenon
