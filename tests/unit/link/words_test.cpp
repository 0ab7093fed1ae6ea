#include "link/pc/words.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon::pc;
using Words = std::vector<std::string>;

TEST_CASE("words of a field are divided as a shell does it") {
  CHECK(split_words("-la  -lb\t-lc", Quotes::remove) == Words{"-la", "-lb", "-lc"});
  CHECK(split_words(R"(-L"/a b" -D'x "y' -L/c\ d)", Quotes::remove) ==
        Words{"-L/a b", "-Dx \"y", "-L/c d"});
  CHECK(split_words(R"("a\b" "a\"b")", Quotes::remove) == Words{"a\\b", "a\"b"});
  CHECK(split_words("\"\" a", Quotes::remove) == Words{"", "a"});
  CHECK(split_words("", Quotes::remove) == Words{});
}

TEST_CASE("quotes stay until variables are expanded") {
  CHECK(split_words(R"(-L"/a b" c\ d)", Quotes::keep) == Words{"-L\"/a b\"", "c\\ d"});
}

TEST_CASE("an open quote or backslash has no words") {
  CHECK_FALSE(split_words("\"a", Quotes::remove).has_value());
  CHECK_FALSE(split_words("a\\", Quotes::remove).has_value());
}
