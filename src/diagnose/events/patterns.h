// What programs say, and what they mean by it: one row a wording. Texts are those of the programs'
// sources; the first row that a line matches counts, so what is more exact stands above.
#pragma once

#include <span>
#include <string_view>

#include "diagnose/log_event.h"

namespace tenon {

struct Wording {
  EventKind kind;
  std::string_view pattern;                // base/template.h
  std::string_view tool = {}, stage = {};  // empty: the line's own prefix tells
  Weight weight = Weight::failure;
};

[[nodiscard]] std::span<const Wording> wordings();

}  // namespace tenon
