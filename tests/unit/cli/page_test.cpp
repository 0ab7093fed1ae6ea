// Layout of pages; what Markdown means is CommonMark's.
#include "cli/page.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/text.h"

using namespace tenon;

TEST_CASE("wrapped: words stay whole, and lines within the width") {
  const std::string text =
      wrapped("one two three four five six seven eight nine ten eleven", 40).text();
  CHECK(text == "one two three four five six seven eight\nnine ten eleven");
  CHECK(wrapped("aaa bbb", 40, 2, 38).text() == "aaa\n  bbb");
  CHECK(wrapped("", 40).text().empty());
  const std::string word(70, 'x');
  CHECK(wrapped("a " + word + " b", 40).text() == "a\n" + word + "\nb");
}

TEST_CASE("wrapped: a character is one column, and control characters are escaped") {
  std::string umlauts;
  for (int i = 0; i < 20; ++i) umlauts += "\xc3\xbc ";
  CHECK_FALSE(wrapped(umlauts, 40).text().contains('\n'));
  CHECK_FALSE(wrapped("a\x1b[31mb", 40).text().contains('\x1b'));
}

TEST_CASE("markdown: headings lose their marks, paragraphs are joined, lists hang") {
  const std::string text =
      rendered_markdown(
          "## Why\nA line\nand another.\n\n- first item that is long enough to break\n"
          "  somewhere\n- second\n",
          {.width = 40})
          .text();
  CHECK(text ==
        "Why\nA line and another.\n\n- first item that is long enough to\n  break somewhere\n- "
        "second\n");
}

TEST_CASE("markdown: blocks of code and tables keep their lines") {
  const std::string text =
      rendered_markdown("Run:\n\n    a   b\n\n```sh\nx   y\n```\n\n| a | b |\n|---|---|\n", {})
          .text();
  CHECK(text == "Run:\n\n    a   b\n\n    x   y\n\n| a | b |\n|---|---|\n");
}

TEST_CASE("markdown: code is coloured where there are colours, and quoted elsewhere") {
  CHECK(rendered_markdown("see `a b` now", {}).text() == "see `a b` now\n");
  const std::string coloured =
      rendered_markdown("see `a b`, now", {.width = 80, .colour = true}).text();
  CHECK(coloured == "see \x1b[36ma\x1b[0m \x1b[36mb\x1b[0m, now\n");
  CHECK(rendered_markdown("# T", {.width = 80, .colour = true}).text() == "\x1b[1mT\x1b[0m\n");
}
