// Expected forms: SARIF 2.1.0 (OASIS), GitHub's "Workflow commands for GitHub Actions", the JUnit
// schema of Jenkins.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/diagnosis.h"
#include "diag/report.h"

using namespace tenon;

namespace {

using Json = nlohmann::json;

Cause made_cause() {
  Cause out;
  out.slug = "team/no-tool";
  out.title = "A tool, \"x\": is missing";
  out.happens = "It is not there.";
  out.own_code = "AC0001";
  return out;
}

const Cause& cause() {
  static const Cause one = made_cause();
  return one;
}

Diagnosis diagnosis() {
  return {.log = "build <1>.log",
          .cause = &cause(),
          .message = "50% of a & b\nare missing Fix: install it",
          .lines = "sh: x: not found\n",
          .places = {{"a dir/b,c.go", 7, "x()"}},
          .in_project = true};
}

Json sarif(const Diagnosis& diagnosis) {
  return Json::parse(render_sarif({diagnosis}, "1.2.3"))["runs"][0];
}

}  // namespace

TEST_CASE("diagnosis: SARIF has the rule, the result that points at it and its place") {
  const Json run = sarif(diagnosis());
  CHECK(run["tool"]["driver"]["version"] == "1.2.3");
  const Json result = run["results"][0];
  CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == "AC0001");
  CHECK(result["ruleId"] == "AC0001");
  CHECK(result["level"] == "error");
  CHECK(result["message"]["text"] == diagnosis().message);
  const Json place = result["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "a%20dir/b%2Cc.go");
  CHECK(place["region"]["startLine"] == 7);
  CHECK(place["region"]["snippet"]["text"] == "x()");
}

TEST_CASE("diagnosis: an absolute path becomes a file URI") {
  Diagnosis one = diagnosis();
  one.places = {{"/tmp/a.log", 1, ""}};
  const Json place = sarif(one)["results"][0]["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "file:///tmp/a.log");
  CHECK_FALSE(place["region"].contains("snippet"));
}

TEST_CASE("diagnosis: the SARIF fingerprint is that of the place, not of the line number") {
  const auto print = [](const Diagnosis& one) {
    return sarif(one)["results"][0]["partialFingerprints"]["primaryLocationLineHash"];
  };
  Diagnosis moved = diagnosis(), other = diagnosis();
  moved.places.front().line = 70;
  other.places.front().text = "y()";
  CHECK(print(moved) == print(diagnosis()));
  CHECK(print(other) != print(diagnosis()));
}

TEST_CASE("diagnosis: GitHub's command escapes its message and, further, its properties") {
  CHECK(render_github({diagnosis()}) ==
        "::error file=a dir/b%2Cc.go,line=7,title=AC0001 A tool%2C \"x\"%3A is missing::"
        "50%25 of a & b%0Aare missing Fix: install it\n");
}

TEST_CASE("diagnosis: GitHub gets no line of a log as a line of a file") {
  Diagnosis one = diagnosis();
  one.in_project = false;
  CHECK(render_github({one}).starts_with("::error title=AC0001 "));
}

TEST_CASE("diagnosis: JUnit fails with the lines of the log, escaped") {
  CHECK(render_junit({diagnosis()}, "explain") ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"tenon explain\" "
        "tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\"><testcase "
        "name=\"build &lt;1&gt;.log\" classname=\"team/no-tool\"><failure type=\"AC0001\" "
        "message=\"50% of a &amp; b\nare missing Fix: install it\">sh: x: not found\n</failure>"
        "</testcase></testsuite></testsuites>\n");
}

TEST_CASE("diagnosis: a harmless cause fails nothing") {
  Cause harmless = cause();
  harmless.harmless = true;
  Diagnosis one = diagnosis();
  one.cause = &harmless;
  one.severity = Severity::note;
  CHECK(sarif(one)["results"][0]["level"] == "note");
  CHECK(render_github({one}).starts_with("::notice "));
  CHECK(render_junit({one}, "explain").contains("failures=\"0\""));
  CHECK_FALSE(render_junit({one}, "explain").contains("<failure"));
}

TEST_CASE("diagnosis: without a cause there is no result, and the test is skipped") {
  Diagnosis none;
  none.log = "a.log";
  CHECK(sarif(none)["results"].empty());
  CHECK(sarif(none)["tool"]["driver"]["rules"].empty());
  CHECK(render_github({none}).empty());
  CHECK(render_junit({none}, "explain").contains("skipped=\"1\""));
  CHECK(render_junit({none}, "explain").contains("<skipped message=\"no known cause fits\"/>"));
}

TEST_CASE("diagnosis: a failure without a known cause is told in every form") {
  const Diagnosis unknown{.log = "build.log",
                          .cause = nullptr,
                          .kind = "link-failed",
                          .kind_words = "the linker stopped",
                          .message = "the linker stopped (ld): ld: Assertion <failed>",
                          .lines = "ld: Assertion <failed>\n",
                          .places = {{"build.log", 2, "ld: Assertion <failed>"}},
                          .in_project = false};
  const Json run = sarif(unknown);
  REQUIRE(run["results"].size() == 1);
  const Json result = run["results"][0];
  CHECK(result["ruleId"] == "unknown/link-failed");
  CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] ==
        "unknown/link-failed");
  CHECK(result["message"]["text"] == unknown.message);
  CHECK(result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2);
  CHECK(render_github({unknown}) ==
        "::error title=unknown cause%3A the linker stopped::the linker stopped (ld): ld: "
        "Assertion <failed>\n");
  CHECK(render_junit({unknown}, "explain")
            .find("no known cause fits: the linker stopped (ld): ld: Assertion "
                  "&lt;failed&gt;\"/>") != std::string::npos);
}

TEST_CASE("renderers: the findings of a report") {
  Report report;
  report.command = "verify";
  Finding finding = make_finding(Code::usage_bad_option, {{"message", "x"}}, "an app");
  finding.evidence.push_back({Evidence::Kind::file, "main.go:12:3", "x()"});
  finding.severity = Severity::warning;
  report.findings = {finding};
  const Diagnoses diagnoses = report_diagnoses(report);
  REQUIRE(diagnoses.size() == 1);
  REQUIRE(diagnoses[0].places.size() == 1);
  CHECK(diagnoses[0].places[0].path == "main.go");
  CHECK(diagnoses[0].places[0].line == 12);
  CHECK(render_github(diagnoses).starts_with("::warning file=main.go,line=12,title=TN0101 "));
  CHECK(render_junit(diagnoses, "verify").contains("failures=\"0\""));
  // Without an error among the findings the failure is one of its own.
  report.ok = false;
  CHECK(report_diagnoses(report).size() == 2);
  CHECK(render_junit(report_diagnoses(report), "verify").contains("failures=\"1\""));
  CHECK(render_github(report_diagnoses(report)).contains("::error title="));
  CHECK(render_junit(report_diagnoses({}), "verify").contains("tests=\"1\" failures=\"0\""));
}

TEST_CASE("renderers: each failure of a log, and each rule once") {
  Diagnosis one = diagnosis(), other = diagnosis(), unknown;
  other.message = "another package";
  unknown.kind = "link-failed";
  unknown.kind_words = "the linker stopped";
  const Diagnoses all{one, other, unknown};
  const Json run = Json::parse(render_sarif(all, "1"))["runs"][0];
  CHECK(run["results"].size() == 3);
  CHECK(run["tool"]["driver"]["rules"].size() == 2);
  CHECK(run["results"][1]["ruleIndex"] == 0);
  CHECK(run["results"][2]["ruleIndex"] == 1);
  CHECK(std::ranges::count(render_github(all), '\n') == 3);
  CHECK(render_junit(all, "explain")
            .contains("tests=\"3\" failures=\"2\" errors=\"0\" skipped=\"1\""));
}
