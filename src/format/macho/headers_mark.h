// The mark that a link with tenon's own headers of macOS leaves in a program: the section
// __TEXT,__tenon_headers with whose headers they were. `tenon cc` gives the linker an object that
// has this section and nothing else; nothing reads it at run time, and strip keeps it. A program
// that was linked with an SDK, or by another tool, has none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "format/macho/macho.h"

namespace tenon::macho {

// The object, for a processor and a deployment target.
[[nodiscard]] std::string headers_mark_object(std::uint32_t cputype, Version minimum,
                                              std::string_view text);

// The text of a program's mark; nullopt where it has none.
[[nodiscard]] std::optional<std::string> headers_mark(const File& file);

}  // namespace tenon::macho
