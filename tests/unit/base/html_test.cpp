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
