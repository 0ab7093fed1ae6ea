// Text laid out for a terminal: paragraphs wrapped at its width, headings and names set apart.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/shown.h"

namespace tenon {

struct PageStyle {
  std::size_t width = 80;  // columns; never less than 40
  bool colour = false;
};

// Words of `text` in lines of at most `width` columns, each line behind `indent` blanks, the first
// line as if `used` columns were taken already. A word that is longer stands alone. No line break
// at the end. One character is one column.
[[nodiscard]] Shown wrapped(std::string_view text, std::size_t width, std::size_t indent = 0,
                            std::size_t used = 0);

// Paragraphs as the sources of this program write them: lines are joined and wrapped again; a line
// that begins with a blank stays as it is. Ends with a line break.
[[nodiscard]] Shown paragraphs(std::string_view text, const PageStyle& style);

// The Markdown of the pages of codes and causes: headings, paragraphs, lists, `code`, fenced and
// indented blocks, tables. Everything else is text.
[[nodiscard]] Shown rendered_markdown(std::string_view page, const PageStyle& style);

[[nodiscard]] Shown bold(const Shown& text, const PageStyle& style);

}  // namespace tenon
