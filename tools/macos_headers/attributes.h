// What stands in #[...] before a declaration of Rust.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "macos_headers/cursor.h"

namespace macos_headers {

struct Attributes {
  std::string alias;                // doc(alias = "...")
  std::vector<std::string> others;  // further aliases
  std::string selector;
  std::string family;
  std::string super;
  std::string framework;
  std::string c_name;   // name = "..."
  std::string integer;  // repr(u32)
  unsigned packed = 0;
  unsigned aligned = 0;
  bool optional = false;
  bool for_macos = true;
};

// The attributes at `at`, which is then at the declaration.
[[nodiscard]] Attributes parse_attributes(Cursor& at);

// A string without its quotes, and without what stands around them.
[[nodiscard]] std::string unquoted(std::string_view text);

}  // namespace macos_headers
