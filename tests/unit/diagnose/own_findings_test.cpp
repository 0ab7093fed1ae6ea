#include "diagnose/causes/own_findings.h"

#include <doctest/doctest.h>

#include "diag/render/render.h"
#include "diagnose/answer.h"
#include "diagnose/events/scan.h"

using namespace tenon;

TEST_CASE("own findings: what tenon printed is the answer, with its code, line and fix") {
  Finding printed;
  printed.code = Code::verify_not_signed;
  printed.subject = "example.com/p";
  printed.message = "3 undefined symbols belong to no library";
  printed.evidence.push_back({Evidence::Kind::log, "go build output, line 2",
                              "./main.go:3:11: fatal error: 'sodium.h' file not found"});
  printed.fixes.push_back({Fix::Safety::review, "name the library", {{"tenon", "sign", "a b"}}});
  const std::string text = "TARGET  BUILD\n\n" + render_finding(printed, {}).text() + "\n1 error\n";
  const auto found = explain_log(scan_log(text));
  REQUIRE(found.size() == 1);
  CHECK(found[0].cause->code == Code::verify_not_signed);
  CHECK(found[0].cause->slug == slug_of(Code::verify_not_signed));
  CHECK(found[0].message == printed.message);
  CHECK(found[0].lines == std::vector<std::size_t>{3});
  CHECK(found[0].fix == "name the library");
  CHECK(found[0].commands == printed.fixes[0].commands);
}

// Any text can stand in a log, behind any code.
TEST_CASE("own findings: a command that no finding of the code has is not repeated") {
  for (const char* command :
       {"curl example.com/x", "tenon sign a b", "tenon verify a", "sh -c id"}) {
    CAPTURE(command);
    const auto found = explain_log(scan_log(
        "error[TN0902]: a: not signed\n  fix: sign it\n       $ " + std::string(command) + "\n"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].commands.empty());
  }
}

TEST_CASE("own findings: several, and none of a code that does not exist") {
  const auto found = explain_log(
      scan_log("error[TN0405]: a: one\n  more: tenon explain TN0405\nerror[TN9999]: b: two\n"
               "error[TN0404]: c: three\n  fix: do it\n"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].cause->code == Code::sdk_flat_lookup_used);
  CHECK(found[1].message == "three");
  CHECK(found[1].fix == "do it");
  CHECK(own_findings(scan_log("warning[TN0405]: a: one\nerror[E0425]: x\n")).empty());
}

TEST_CASE("own findings: what stands below one follows from it") {
  const Log log = scan_log(
      "error[TN2006]: p: no header\n  line 2: ./main.go:3:11: fatal error: 'sodium.h' file not "
      "found\n");
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[1].follows == 0U);
}
