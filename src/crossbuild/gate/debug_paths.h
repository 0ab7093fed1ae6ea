// Takes folders of the building machine out of debug information. zig compiles its C library on the
// machine and with it come the paths of its installation; no flag reaches those compiles.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace tenon {

// Replaces `folder` at the start of paths in the debug sections of a file by text of the same
// length
// ("/-" and slashes, which mean the same path to a debugger). Only bytes of the sections .debug_*
// (ELF) and __DWARF,__debug_* (Mach-O: what dsymutil writes, before Go compresses it) change, never
// the length. In a PE file .debug_* too. Returns the number of places. Other formats have none.
[[nodiscard]] Result<std::size_t> clean_debug_paths(std::span<std::byte> file,
                                                    const std::vector<std::string>& folders);

}  // namespace tenon
