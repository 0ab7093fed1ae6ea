#include "diag/finding_wire.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/catalog.h"
#include "diag/render/render.h"

using namespace tenon;

namespace {

Finding sample() {
  Finding finding = make_finding(Code::sdk_unknown_home, {}, "darwin/arm64");
  finding.severity = Severity::note;
  finding.message = Shown::of("\"quoted\"\n\t\\ caf\xc3\xa9");
  finding.confidence = Confidence::possible;
  finding.evidence = {{Evidence::Kind::file, "/a b", "x"}, {Evidence::Kind::log, "line 3", ""}};
  finding.fixes = {{Fix::Safety::safe, "one", {{"a", "b c"}, {}}}, {Fix::Safety::manual, "", {}}};
  return finding;
}

Result<Finding> read(std::string_view text) {
  const auto data = parse_data(text);
  if (!data) return std::unexpected(data.error());
  return finding_from(*data);
}

std::string json(const Finding& finding) { return render_data(finding_data(finding)); }

// A value with each kind of member that the wire form knows.
struct Numbers {
  std::uint16_t small = 7;
  std::int64_t big = 0;
  bool flag = false;
  std::optional<std::string> text = {};

  static void fields(auto& x, auto visit) {
    visit("small", x.small);
    visit("big", x.big);
    visit("flag", x.flag);
    visit("text", x.text);
  }
};

Result<Numbers> numbers(std::string_view text) {
  const auto data = parse_data(text);
  if (!data) return std::unexpected(data.error());
  return wire::read_as<Numbers>(*data);
}

}  // namespace

TEST_CASE("finding wire: a team's own cause keeps its code and its slug") {
  Finding sent;
  sent.own_code = "ACME1";
  sent.own_slug = "acme/proxy";
  const auto got = read(json(sent));
  REQUIRE(got.has_value());
  CHECK(got->own_code == "ACME1");
  CHECK(got->own_slug == "acme/proxy");
}

TEST_CASE("finding wire: nothing is lost") {
  const Finding sent = sample();
  const auto got = read(json(sent));
  REQUIRE(got.has_value());
  CHECK(json(*got) == json(sent));
  CHECK(got->code == Code::sdk_unknown_home);
  CHECK(got->severity == Severity::note);
  CHECK(got->confidence == Confidence::possible);
  CHECK(got->evidence.at(1).kind == Evidence::Kind::log);
  CHECK(got->fixes.at(0).safety == Fix::Safety::safe);
  CHECK(got->fixes.at(0).commands.at(0) == ShellCommand{"a", "b c"});
  CHECK(got->fixes.at(0).commands.at(1).empty());
}

TEST_CASE("finding wire: the keys are those of the JSON envelope") {
  CHECK(json(Finding{}) ==
        R"({"code":"","severity":"error","subject":"","message":"","confidence":"certain",)"
        R"("evidence":[],"fixes":[],"own_code":"","own_slug":""})");
}

TEST_CASE("finding wire: every name of every enum is read back") {
  Finding finding;
  for (const Severity severity : wire::EnumNames<Severity>::values) {
    finding.severity = severity;
    CHECK(read(json(finding))->severity == severity);
  }
  for (const Confidence confidence : wire::EnumNames<Confidence>::values) {
    finding.confidence = confidence;
    CHECK(read(json(finding))->confidence == confidence);
  }
}

TEST_CASE("finding wire: hostile text is refused") {
  for (const char* text :
       {"", "null", "[]", "\"x\"", R"({"code":"TN9999"})", R"({"code":404})", R"({"message":null})",
        R"({"severity":"fatal"})", R"({"severity":1})", R"({"confidence":"maybe"})",
        R"({"evidence":{}})", R"({"evidence":["x"]})", R"({"evidence":[{"kind":"dream"}]})",
        R"({"fixes":[{"commands":"rm -rf"}]})", R"({"fixes":[{"commands":["rm"]}]})",
        R"({"fixes":[{"commands":[[1]]}]})", R"({"fixes":[{"safety":"sure"}]})"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text).has_value());
  }
  CHECK_FALSE(read(std::string(1'000'000, '[')).has_value());
  CHECK_FALSE(read("{\"fixes\":" + std::string(90, '[') + std::string(90, ']') + "}").has_value());
}

TEST_CASE("finding wire: a newer writer and an older one are read") {
  const auto newer = read(R"({"code":"TN0404","urgency":{"level":[3]},"message":"m"})");
  REQUIRE(newer.has_value());
  CHECK(newer->message == "m");
  CHECK(read("{}")->confidence == Confidence::certain);
}

TEST_CASE("finding wire: a huge finding is carried") {
  Finding finding;
  finding.message = Shown::of(std::string(1'000'000, 'x'));
  finding.evidence.resize(20'000);
  CHECK(json(*read(json(finding))) == json(finding));
}

TEST_CASE("wire: numbers keep their range, and a key that is missing keeps its default") {
  CHECK(numbers("{}")->small == 7);
  CHECK(numbers(R"({"small":65535,"big":-9223372036854775808})")->small == 65535);
  CHECK_FALSE(numbers(R"({"small":65536})").has_value());
  CHECK_FALSE(numbers(R"({"small":-1})").has_value());
  CHECK_FALSE(numbers(R"({"small":1.5})").has_value());
  CHECK_FALSE(numbers(R"({"small":"1"})").has_value());
  CHECK_FALSE(numbers(R"({"flag":1})").has_value());
  CHECK_FALSE(numbers(R"({"flag":null})").has_value());
}

TEST_CASE("wire: an optional value that is absent is null, and stays absent") {
  CHECK(render_data(wire::write(Numbers{})) == R"({"small":7,"big":0,"flag":false,"text":null})");
  CHECK_FALSE(numbers(R"({"text":null})")->text.has_value());
  CHECK(numbers(R"({"text":""})")->text == "");
  CHECK_FALSE(numbers(R"({"text":[]})").has_value());
}
