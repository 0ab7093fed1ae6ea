// Whether a value meets the match of a condition. Not for other folders.
#pragma once

#include <cstdint>
#include <string_view>

#include "codesign/requirement/requirement.h"
#include "format/plist/value.h"

namespace tenon::requirement {

// Texts compare byte by byte: CoreFoundation finds that "é" in one and in two characters are equal,
// this does not.
[[nodiscard]] bool match_text(const Expression& e, std::string_view text);
// `seconds` are since 2001-01-01.
[[nodiscard]] bool match_time(const Expression& e, double seconds);
// One of an array is enough.
[[nodiscard]] bool match_value(const Expression& e, const plist::Value& value);

}  // namespace tenon::requirement
