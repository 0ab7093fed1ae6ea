// Words of linker scripts. Not for other folders.
#pragma once

#include <string_view>

namespace tenon::kind {

// `text` without blanks and comments at its start; an open comment swallows the rest.
[[nodiscard]] std::string_view skip_filler(std::string_view text);

// Whether `word` begins a linker script that parse_linker_script() may be asked about, or one that
// it answers with unsupported.
[[nodiscard]] bool is_script_command(std::string_view word);

// The letters and '_' at the start of `text`.
[[nodiscard]] std::string_view command_word(std::string_view text);

}  // namespace tenon::kind
