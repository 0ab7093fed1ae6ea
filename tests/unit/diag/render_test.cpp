#include "diag/render/render.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "diag/codes.h"

using namespace tenon;

namespace {

using Json = nlohmann::ordered_json;

Finding finding(Severity severity, Code code) {
  Finding out;
  out.code = code;
  out.severity = severity;
  out.subject = "example.com/p";
  out.message = "it does not work";
  out.evidence = {{Evidence::Kind::log, "line 3", "error: x"},
                  {Evidence::Kind::file, "a.o", "one\ntwo"}};
  out.fixes = {{Fix::Safety::review, "do this", {{"env", "-u", "A", "two words"}}}};
  return out;
}

Report report() {
  Report out;
  out.command = "build";
  out.ok = false;
  out.findings = {finding(Severity::note, Code::usage_disk_full),
                  finding(Severity::error, Code::usage_bad_option),
                  finding(Severity::warning, Code::usage_output_not_writable),
                  finding(Severity::error, Code::usage_interrupted)};
  out.data.add("files", Data::array().push("a").push(std::int64_t{-5}).push(true).push(Data()));
  out.data.add("empty", Data::object());
  return out;
}

std::vector<std::string> keys(const Json& json) {
  std::vector<std::string> out;
  for (const auto& [key, value] : json.items()) out.push_back(key);
  return out;
}

}  // namespace

TEST_CASE("render: the JSON envelope and the order of its keys") {
  const std::string text = render_json(report(), "1.2.3");
  const Json json = Json::parse(text);
  CHECK(text.ends_with("}\n"));
  CHECK(keys(json) ==
        std::vector<std::string>{"schema", "tool", "version", "command", "ok", "findings", "data"});
  CHECK(json["schema"] == 1);
  CHECK(json["tool"] == "tenon");
  CHECK(json["version"] == "1.2.3");
  CHECK(json["command"] == "build");
  CHECK(json["ok"] == false);
  CHECK(json["data"].dump() == R"({"files":["a",-5,true,null],"empty":{}})");
}

TEST_CASE("render: a finding in JSON, in the order in which it was made") {
  const Json findings = Json::parse(render_json(report(), ""))["findings"];
  REQUIRE(findings.size() == 4);
  CHECK(findings[0]["code"] == "TN0103");
  const Json& one = findings[1];
  CHECK(one["code"] == "TN0101");
  CHECK(one["cause"] == "usage/bad-option");
  CHECK(keys(one) == std::vector<std::string>{"code", "cause", "severity", "subject", "message",
                                              "confidence", "evidence", "fixes"});
  CHECK(one["severity"] == "error");
  CHECK(one["confidence"] == "certain");
  CHECK(one["evidence"][1] == Json({{"kind", "file"}, {"where", "a.o"}, {"text", "one\ntwo"}}));
  CHECK(one["fixes"][0]["safety"] == "review");
  CHECK(one["fixes"][0]["commands"] == Json::parse(R"([["env","-u","A","two words"]])"));
  Report none;
  CHECK(Json::parse(render_json(none, ""))["findings"].is_array());
  CHECK(Json::parse(render_json(none, ""))["data"].is_object());
}

TEST_CASE("render: JSON stays JSON whatever another program said") {
  Report out = report();
  constexpr char said[] = "bad \xff\xfe utf-8, \"quotes\", \x01 and \0";
  out.findings[0].message = Shown::of(std::string(said, sizeof(said) - 1));
  out.findings[0].subject = std::string(said, sizeof(said) - 1);
  const Json json = Json::parse(render_json(out, ""), nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  CHECK(json["findings"][0]["message"].get<std::string>().contains("\"quotes\""));
}

TEST_CASE("render: text puts errors first and counts") {
  Report out = report();
  out.text = "the answer\n";
  const std::string text = render_text(out, {}).text();
  const std::size_t first = text.find("error[TN0101]"), second = text.find("error[TN0104]"),
                    third = text.find("warning[TN0102]"), fourth = text.find("note[TN0103]");
  CHECK(text.starts_with("the answer\n"));
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third < fourth);
  REQUIRE(fourth != std::string::npos);
  CHECK(text.ends_with("\n2 errors, 1 warning, 1 note\n"));
  CHECK(render_text(Report{}, {}).empty());
}

TEST_CASE("render: one finding as text") {
  CHECK(render_finding(finding(Severity::error, Code::usage_bad_option), {}) ==
        "error[TN0101]: example.com/p: it does not work\n"
        "  line 3: error: x\n"
        "  a.o:\n"
        "    one\n"
        "    two\n"
        "  fix: do this\n"
        "       $ env -u A 'two words'\n"
        "  more: tenon explain TN0101\n");
}

TEST_CASE("render: colour only when it is asked for") {
  const Finding one = finding(Severity::error, Code::usage_bad_option);
  CHECK_FALSE(render_finding(one, {.colour = false, .unicode = true}).contains('\x1b'));
  const std::string coloured = render_finding(one, {.colour = true, .unicode = true}).text();
  CHECK(coloured.contains("\x1b["));
  // Every colour ends.
  std::size_t starts = 0, ends = 0;
  for (std::size_t at = coloured.find("\x1b["); at != std::string::npos;
       at = coloured.find("\x1b[", at + 1)) {
    (coloured.compare(at, 4, "\x1b[0m") == 0 ? ends : starts) += 1;
  }
  CHECK(starts == ends);
}

TEST_CASE("render: no control byte of another program reaches the terminal") {
  Finding one = finding(Severity::error, Code::usage_bad_option);
  one.subject = "a\x1b]0;title\x07";
  one.message = Shown::of("b\x1b[31m\r");
  one.evidence = {{Evidence::Kind::log, "w\x1b[2J", "text\x08\x7f"}};
  one.fixes = {{Fix::Safety::manual, Shown::of("fix\x1b[0m"), {{"run", ShellWord::of("\x1b[1m")}}}};
  const std::string text = render_finding(one, {}).text();
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    CHECK((byte >= 0x20 || c == '\n'));
    CHECK(byte != 0x7f);
  }
  CHECK(text.contains("a\\x1b]0;title\\x07"));
}

TEST_CASE("render: data on its own") {
  CHECK(render_data(Data("x\"y")) == R"("x\"y")");
  CHECK(render_data(Data::object().add("b", 1 == 1).add("a", Data())) == R"({"b":true,"a":null})");
}
