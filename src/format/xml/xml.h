// A small reader of XML for tables of contents: elements with attributes and text, as a tree. No
// document types, no entities but the five of XML and numbers. Property lists have a reader of
// their own, in format/plist.
// Rules: XML 1.0, fifth edition.
//
// Ownership: elements own their texts. A reader allocates in proportion to its input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lifetime.h"
#include "base/result.h"

namespace tenon::xml {

inline constexpr unsigned max_depth = 128;
inline constexpr std::size_t max_elements = std::size_t{4} << 20U;

struct Element {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  // of the element itself, its children left out
  std::vector<Element> children;

  // The first child of a name; nullptr without one.
  [[nodiscard]] const Element* child(std::string_view wanted) const TENON_LIFETIMEBOUND;
  // The text of that child, without blanks around it; empty without one.
  [[nodiscard]] std::string_view child_text(std::string_view wanted) const TENON_LIFETIMEBOUND;
  [[nodiscard]] std::string_view attribute(std::string_view wanted) const TENON_LIFETIMEBOUND;
};

// The root. malformed with the offset of the error; unsupported for a document type; limit when a
// bound above is passed.
[[nodiscard]] Result<Element> parse(std::string_view text);

}  // namespace tenon::xml
