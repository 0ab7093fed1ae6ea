#include "rewrite/edit.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tenon::rewrite {
namespace {

Edit at(std::uint32_t start, std::uint32_t end, std::string text, std::uint32_t group = 0) {
  return {start, end, std::move(text), "r", group};
}

TEST_CASE("edits are applied in the order of the text") {
  const Ordered all = ordered({at(4, 5, "E"), at(0, 1, "A"), at(2, 2, "+"), at(2, 3, "C")});
  CHECK(all.clashing.empty());
  CHECK(applied("abcdef", all.edits) == "Ab+CdEf");
}

TEST_CASE("of edits that overlap none is made, with their groups") {
  const Ordered all = ordered({at(0, 4, "x"), at(2, 6, "y"), at(8, 8, "(", 1), at(9, 12, "z"),
                               at(10, 10, ")", 1), at(14, 15, "k")});
  REQUIRE(all.edits.size() == 1);
  CHECK(all.edits[0].text == "k");
  CHECK(all.clashing.size() == 5);
}

TEST_CASE("neighbours do not overlap") {
  const Ordered all = ordered({at(0, 2, "x"), at(2, 4, "y"), at(4, 4, "z")});
  CHECK(all.clashing.empty());
  CHECK(applied("abcd", all.edits) == "xyz");
}

TEST_CASE("lines are counted from one") {
  const Lines lines("a\nb\n\nc");
  CHECK(lines.of(0) == 1);
  CHECK(lines.of(1) == 1);
  CHECK(lines.of(2) == 2);
  CHECK(lines.of(4) == 3);
  CHECK(lines.of(5) == 4);
}

TEST_CASE("a diff is one that patch takes") {
  // As diff -u prints it.
  CHECK(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", {at(8, 9, "five")}) ==
        "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  CHECK(unified_diff("f", "a", {at(1, 1, "\nb")}) ==
        "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No "
        "newline at end of file\n");
  CHECK(unified_diff("f", "a\n", {}).empty());
}

}  // namespace
}  // namespace tenon::rewrite
