// tenon/explain.h as its users see it.
#include <doctest/doctest.h>

#include <string>

#include "tenon/explain.h"

using namespace tenon;

TEST_CASE("explain.h: a log has a cause with its line, its names and a page") {
  const api::Explanation why = api::explain(
      "# example.com/p\n"
      "In file included from main.go:4:\n"
      "./a.h:1:10: fatal error: vips/vips.h: No such file or directory\n");
  REQUIRE(why.known());
  const api::Cause& cause = why.causes.front();
  CHECK(cause.code.starts_with("TN"));
  CHECK(cause.message.find("vips/vips.h") != std::string::npos);
  CHECK(!cause.harmless);
  REQUIRE(!cause.evidence.empty());
  CHECK(cause.evidence.front().line == 3);
  CHECK(cause.evidence.front().text.find("fatal error") != std::string::npos);
  CHECK(!cause.fix.empty());
  CHECK(why.package == "example.com/p");

  const auto page = api::explain_code(cause.slug);
  REQUIRE(page.has_value());
  CHECK(page->code == cause.code);
  CHECK(page->text.size() > 100);
}

TEST_CASE("explain.h: commands are argument vectors") {
  const api::Explanation why = api::explain(
      "# runtime/cgo\ncgo: C compiler \"gcc\" not found: exec: \"gcc\": executable "
      "file not found in $PATH\n");
  REQUIRE(why.known());
  for (const auto& argv : why.causes.front().commands) {
    REQUIRE(!argv.empty());
    for (const std::string& word : argv) CHECK(word.find(' ') == std::string::npos);
  }
}

TEST_CASE("explain.h: nothing known is an answer, any bytes are taken") {
  CHECK(!api::explain("").known());
  CHECK(!api::explain("all is well\n").known());
  CHECK(!api::explain(std::string_view("\0\xff\x1b[31m\n", 8)).known());
  CHECK(!api::explain_code("no/such-cause").has_value());
  CHECK(!api::explain_code("").has_value());
  CHECK(name(api::Confidence::likely) == "likely");
}

TEST_CASE("explain.h: a recording that cannot be read leaves the log alone") {
  const std::string log = "./a.h:1:10: fatal error: vips/vips.h: No such file or directory\n";
  api::ExplainOptions options;
  options.host = "/no/such/host.json";
  options.project = "/";
  const api::Explanation alone = api::explain(log, options);
  CHECK(alone.known());
  CHECK(alone.host_error.contains("/no/such/host.json"));
  CHECK(alone.project_error.contains("go.mod"));
  CHECK(api::explain(log).host_error.empty());
  CHECK(api::explain(log).project_error.empty());
}
