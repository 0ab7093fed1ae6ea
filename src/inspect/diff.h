// Why two files differ.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon {

struct DiffRow {
  std::string what;   // "toolchain", "settings", "modules", "libraries", "symbols", "sections", ...
  std::string slice;  // architecture; empty for the whole file
  std::string left, right;
  std::string text;  // one line for people
};

// Causes before effects: toolchain, settings and modules stand before symbols, sections and bytes.
// Empty for files that are equal byte for byte.
[[nodiscard]] Result<std::vector<DiffRow>> diff_files(ByteView left, ByteView right);

}  // namespace tenon
