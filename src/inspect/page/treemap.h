// The part of a page that a script draws: a treemap, its path, a search, and the same as a table.
#pragma once

#include <string>
#include <string_view>

#include "inspect/page/size_tree.h"

namespace tenon {

extern const std::string_view treemap_style;
extern const std::string_view treemap_script;

// The elements that the script fills, and the data of it. `root` is bounded already; `left_out`
// says what that joined.
[[nodiscard]] std::string treemap_body(const SizeNode& root, bool difference,
                                       const LeftOut& left_out);

}  // namespace tenon
