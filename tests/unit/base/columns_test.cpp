#include "base/columns.h"

#include <doctest/doctest.h>

namespace tenon {
namespace {

// Widths by EastAsianWidth.txt and the general category Mn of Unicode 14.
TEST_CASE("columns of text on a terminal") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("go build") == 8);
  CHECK(columns_of("\u00fc\u2013\u03bb\U0001d4d0") == 4);
  CHECK(columns_of("\u6784\u5efa go") == 7);                 // CJK ideographs
  CHECK(columns_of("\uff08\u3002\u30c6\uc77c") == 8);        // fullwidth, punctuation, Kana, Hangul
  CHECK(columns_of("\uff61\uffdc") == 2);                    // halfwidth
  CHECK(columns_of("\u303f\u4dc0") == 2);                    // neutral characters between wide ones
  CHECK(columns_of("\U0001f600\U00020000\U0003fffd") == 6);  // emoji, ideographs of planes 2 and 3
  CHECK(columns_of("e\u0301a\ufe0f") == 2);                  // combining accent, variation selector
  CHECK(columns_of("\xff\xc3") == 2);                        // not UTF-8: a column for each byte
}

}  // namespace
}  // namespace tenon
