// The grammar of types and of constant expressions.
#pragma once

#include "macos_headers/cursor.h"
#include "macos_headers/syntax.h"

namespace macos_headers {

[[nodiscard]] Type parse_type(Cursor& at);
[[nodiscard]] Expression parse_expression(Cursor& at);
// `(name: Type, ...)` behind the opening bracket; takes the closing one. `self` has the name "self"
// and the type of a tuple. `variadic` is set by a last `...`.
[[nodiscard]] std::vector<Parameter> parse_parameters(Cursor& at, bool& variadic);
// `-> Type` when it is there, else the empty tuple.
[[nodiscard]] Type parse_result(Cursor& at);

}  // namespace macos_headers
