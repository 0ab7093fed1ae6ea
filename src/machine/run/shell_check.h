// Whether a shell accepts a start-up file, by asking it to read and not to run it.
#pragma once

#include <string>
#include <string_view>

#include "machine/doctor/shell_lines.h"

namespace tenon {

// SHELL -n with the text as its input, without start-up files of its own, for at most two seconds.
[[nodiscard]] ShellVerdict check_with_shell(std::string_view shell, const std::string& text);

}  // namespace tenon
