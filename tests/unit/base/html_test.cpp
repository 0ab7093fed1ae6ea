// The five characters are those that the HTML standard tells writers to escape (13.3, "escaping a
// string").
#include "base/html.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

TEST_CASE("html: markup and what hides text is escaped, other text is not changed") {
  CHECK(html_text("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  CHECK(html_text("libz.so.1 \xc3\xbc") == "libz.so.1 \xc3\xbc");
  CHECK_FALSE(html_text("a\x1b[31m\xe2\x80\xae"
                        "b")
                  .contains("\xe2\x80\xae"));
  CHECK_FALSE(html_text("a\x1b[31m").contains('\x1b'));
}

TEST_CASE("html: a page starts as an older page does, and its policy names its script") {
  const std::string plain = html_page({.title = "a<b", .body = "<p>x</p>\n"});
  CHECK(plain.starts_with(html_start));
  CHECK(plain.contains("<title>a&lt;b</title>"));
  CHECK_FALSE(plain.contains("script"));
  // The digest of "let x = 1;" by `printf 'let x = 1;' | openssl dgst -sha256 -binary | base64`.
  const std::string page = html_page({.title = "t", .body = "", .script = "let x = 1;"});
  CHECK(page.contains("<script>let x = 1;</script>"));
  CHECK(page.contains("script-src 'sha256-qtc3jf64UXA5J6U02kfQ0Cvn9Uz4wXUaN3NNUVgR2v4='"));
}

TEST_CASE("html: no text in data ends its element") {
  const std::string data = html_data("tree", R"({"a":"</script><!-- & -->"})");
  CHECK(data ==
        "<script type=\"application/json\" id=\"tree\">"
        "{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 --\\u003e\"}</script>\n");
}
