// Reads the declarations of one file of a crate.
#pragma once

#include <string>
#include <string_view>

#include "macos_headers/syntax.h"

namespace macos_headers {

// Adds what `source` declares for macOS to `out`. `module` is the path below src/ without .rs. What
// cannot be read or has no counterpart in C is added to `out.left_out`: nothing is skipped without
// a word but Rust's own matter (functions with bodies, traits, implementations of Rust's traits).
void parse_module(const std::string& module, std::string_view source, Declarations& out);

}  // namespace macos_headers
