// Text of others in a page of HTML.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// What Shown::of escapes, which would reorder or hide text, and the characters that HTML reads as
// markup, in elements and in quoted attributes.
[[nodiscard]] std::string html_text(std::string_view value);

}  // namespace tenon
