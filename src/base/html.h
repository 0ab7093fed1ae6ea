// Pages of HTML with text of others in them: one frame, one style, one escaper. A page is one file:
// its policy lets it fetch nothing, and run nothing but the script whose digest it names.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// What Shown::of escapes, which would reorder or hide text, and the characters that HTML reads as
// markup, in elements and in quoted attributes.
[[nodiscard]] std::string html_text(std::string_view value);

struct HtmlPage {
  std::string title;             // a value, escaped here
  std::string body;              // markup: whoever makes it escapes values with html_text
  std::string_view style = {};   // behind the common one
  std::string_view script = {};  // of the program itself; empty: the page runs nothing
};

// Every page starts with this, so that an older page can be told from another file.
inline constexpr std::string_view html_start = "<!doctype html>\n";

// The common style has a light and a dark form, follows prefers-color-scheme, and defines the
// colours --ink, --soft, --paper, --panel, --line, --accent, --bad and --good, and the classes
// bad, good, soft, wide (scrolls sideways) and quiet (for screen readers only).
[[nodiscard]] std::string html_page(const HtmlPage& page);

// A JSON document as an element that a script reads by its id. No text in it can end the element.
[[nodiscard]] std::string html_data(std::string_view id, std::string_view json);

}  // namespace tenon
