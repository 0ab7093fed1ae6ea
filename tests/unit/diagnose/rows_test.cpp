#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "diagnose/events/scan.h"
#include "diagnose/rows/rank.h"
#include "diagnose/rows/read.h"
#include "diagnose/rows/row.h"

using namespace tenon;
using namespace tenon::rows;

namespace {

constexpr std::string_view head = "[[cause]]\nslug = \"area/name\"\n";

Row row_of(std::string_view when) {
  Read read = read_rows(std::string(head) + std::string(when), "x.toml");
  for (const RowError& error : read.errors) MESSAGE(error.message);
  REQUIRE(read.errors.empty());
  REQUIRE(read.rows.size() == 1);
  return read.rows.front();
}

// The class that a row gives a log; empty when it does not hold.
std::string judged(std::string_view when, std::string_view log) {
  Match match;
  if (!match_row(row_of(when), scan_log(log), match)) return {};
  return std::string(sureness_name(match.sureness));
}

std::string first_error(std::string_view text) {
  const Read read = read_rows(text, "x.toml");
  if (read.errors.empty()) return {};
  const RowError& error = read.errors.front();
  return error.file + ":" + std::to_string(error.line) + ": " + error.message;
}

std::string broken(std::string_view when) {
  return first_error(std::string(head) + std::string(when));
}

constexpr std::string_view gcc = "main.go:5:10: fatal error: sodium.h: No such file or directory\n";

}  // namespace

TEST_CASE("rows: an event, and conditions on what it names") {
  CHECK(judged("[[cause.when]]\nevent = \"header_missing\"\n", gcc) == "likely");
  CHECK(judged("[[cause.when]]\nevent = \"library_missing\"\n", gcc).empty());
  const auto where = [](const std::string& conditions) {
    return judged("[[cause.when]]\nevent = \"header_missing\"\nwhere = " + conditions, gcc);
  };
  CHECK(where("{ header = \"equals:sodium.h\" }") == "likely");
  CHECK(where("{ header = [\"starts:x\", \"ends:.h\"] }") == "likely");
  CHECK(where("{ header = [\"ends:.h\", \"!starts:sod\"] }").empty());
  CHECK(where("{ header = [[\"ends:.h\"], [\"starts:x\"]] }").empty());
  CHECK(where("{ header = \"libc_header\" }").empty());
  CHECK(where("{ header = \"!libc_header\", tool = \"equals:gcc\" }") == "likely");
}

TEST_CASE("rows: a line gives the proof and the names") {
  const Row row = row_of(
      "[[cause.when]]\nline = [\"no such {thing} here\", \"fatal error: {header}: No such\"]\n"
      "captures = { file = \"<{header}>\" }\nconfidence = \"certain\"\n");
  Match match;
  REQUIRE(match_row(row, scan_log("hello\n" + std::string(gcc)), match));
  CHECK(match.proof.lines == std::vector<std::size_t>{2});
  CHECK(capture(match.proof.captures, "header") == "sodium.h");
  CHECK(capture(match.proof.captures, "file") == "<sodium.h>");
}

TEST_CASE("rows: clues beside it") {
  const auto with = [](const std::string& clues, const std::string& more) {
    return judged("[[cause.when]]\nevent = \"header_missing\"\n" + clues, std::string(gcc) + more);
  };
  CHECK(with("all = [\"apk add\", \"on:alpine\"]", "apk add gcc\n") == "likely");
  CHECK(with("all = [\"apk add\", \"on:windows\"]", "apk add gcc\n").empty());
  CHECK(with("any = [[\"a b\", \"apk\"], [\"c d\"]]", "apk add gcc\n").empty());
  CHECK(with("any = [\"a b\", \"apk {verb} gcc\"]", "apk add gcc\n") == "likely");
  CHECK(with("none = [\"event:no_space\"]", "").size() == 6);
  CHECK(with("none = [\"event:no_space\"]", "x: No space left on device\n").empty());
  CHECK(with("none = [{ all = [\"on:alpine\"], none = [\"gcc\"] }]", "apk add musl\n").empty());
  CHECK(with("none = [{ event = \"header_missing\", least = 2 }]", "").size() == 6);
  CHECK(with("none = [{ event = \"header_missing\", least = 2 }]", std::string(gcc)).empty());
  CHECK(with("weak_if = [\"on:alpine\"]", "apk add gcc\n") == "weak");
  CHECK(with("all = [\"goos:linux\", \"goarch:arm64\"]", "GOOS=linux GOARCH=arm64 go build\n") ==
        "likely");
}

TEST_CASE("rows: the first alternative that holds counts") {
  const std::string row =
      "needs = { none = [\"termux\"] }\nconfidence = \"possible\"\n"
      "[[cause.when]]\nline = \"sodium.h\"\nall = [\"apk\"]\n"
      "[[cause.when]]\nline = \"sodium.h\"\nconfidence = \"certain\"\n";
  CHECK(judged(row, std::string(gcc) + "apk add\n") == "possible");
  CHECK(judged(row, gcc) == "certain");
  CHECK(judged(row, std::string(gcc) + "termux\n").empty());
}

TEST_CASE("rows: what is broken names file, line and what is allowed") {
  CHECK(first_error("[[cause]]\nslug = 3\n").starts_with("x.toml:2: expected a string in quotes"));
  CHECK(first_error("[[cause]\n").starts_with("x.toml:1: "));
  CHECK(first_error("[[causes]]\n").contains("no key 'causes'; did you mean cause?"));
  CHECK(first_error("[[cause]]\ntitle = \"x\"\n").contains("a slug such as \"area/name\""));
  CHECK(broken("wen = 1\n") == "x.toml:3: there is no key 'wen'; did you mean when?");
  CHECK(broken("[[cause.when]]\nevent = \"header_mising\"\n") ==
        "x.toml:4: there is no event 'header_mising'; did you mean header_missing?");
  CHECK(broken("[[cause.when]]\nevent = \"zzzzzzzz\"\n").contains("there are: files_excluded, "));
  CHECK(broken("[[cause.when]]\nline = \"x\"\nwhere = { name = \"libc_heder\" }\n")
            .contains("x.toml:5: there is no condition 'libc_heder'; did you mean libc_header?"));
  CHECK(broken("[[cause.when]]\nline = \"x {a}{b}\"\n").contains("nothing between them"));
  CHECK(broken("[[cause.when]]\nline = \"x {a\"\n").contains("an unmatched brace"));
  CHECK(broken("[[cause.when]]\nline = \"x {A}\"\n").contains("not in lower case: {A}"));
  CHECK(broken("[[cause.when]]\nline = \"x\"\nall = [\"on:plan9\"]\n").contains("'plan9'; there"));
  CHECK(broken("[[cause.when]]\nline = \"x\"\nconfidence = \"sure\"\n")
            .contains("there are: certain, likely, possible, weak"));
  CHECK(broken("[[cause.when]]\nline = \"x\"\nall = [\"test:on_window\"]\n")
            .contains("did you mean on_windows?"));
  CHECK(broken("[[cause.when]]\nall = [\"x\"]\n").contains("looks for an event, a line or a test"));
  CHECK(broken("[[cause.when]]\nline = \"\"\n").contains("an empty text matches every line"));
  std::string deep = "\"x\"";
  for (int i = 0; i < 8; ++i) deep = "{ all = [" + deep + "] }";
  CHECK(
      broken("[[cause.when]]\nline = \"x\"\nall = [" + deep + "]\n").contains("nested too deeply"));
  CHECK(first_error(std::string(most_row_text + 1, '\n')).contains("larger than 1 MiB"));
}

TEST_CASE("rows: a header that the TOML library asserts on is an error, not the end") {
  for (const char* text :
       {"[[%cause]]\n", "[%x]\na = 1\n", "[[cause]]\nslug = \"a/b\"\n[[%ause.when]]\n"}) {
    CAPTURE(text);
    const Read read = read_rows(text, "team.toml");
    CHECK(read.rows.empty());
    REQUIRE(read.errors.size() == 1);
    CHECK(read.errors.front().message.contains("TOML"));
  }
  CHECK_FALSE(read_rows("a = [κ]\n", "team.toml").errors.empty());
  CHECK_FALSE(read_rows("κ = 1\n", "team.toml").errors.empty());
}

TEST_CASE("rows: slugs and codes are one for each, and names of others exist") {
  const std::string two =
      "[[cause]]\nslug = \"a/b\"\ncode = \"ACME1\"\nhides = [\"c/*\", \"x/y\"]\n"
      "[[cause]]\nslug = \"a/b\"\n";
  Read read = read_rows(two, "x.toml");
  REQUIRE(read.errors.empty());
  check_rows(read, "x.toml", {"c/d", "TN2001"});
  REQUIRE(read.errors.size() == 2);
  CHECK(read.errors[0].line == 5);
  CHECK(read.errors[0].message == "'a/b' exists already");
  CHECK(read.errors[1].message == "a/b names 'x/y', which is not a cause");
}

TEST_CASE("rows: what hides goes before, whatever its class") {
  const auto order = [](std::vector<Place> places) {
    std::string out;
    for (const std::size_t index : rank(places)) {
      out += std::string(places[index].slug) + " ";
    }
    return out;
  };
  using enum Sureness;
  CHECK(order({{"a/a", likely, 1, {}, {}}, {"b/b", certain, 2, {}, {}}}) == "b/b a/a ");
  CHECK(order({{"a/a", likely, 2, {}, {}}, {"b/b", likely, 1, {}, {}}}) == "b/b a/a ");
  CHECK(order({{"a/a", likely, 2, {"b/*"}, {}}, {"b/b", certain, 1, {}, {}}}) == "a/a b/b ");
  CHECK(order({{"a/a", likely, 1, {}, {}},
               {"b/b", likely, 2, {}, {}},
               {"c/c", weak, 3, {"*"}, {}}}) == "c/c a/a b/b ");
  CHECK(order({{"a/a", likely, 1, {"b/b"}, {}}, {"b/b", likely, 2, {"a/a"}, {}}}) == "a/a b/b ");
  CHECK(order({{"a/a", certain, 1, {}, {1}}, {"b/b", possible, 2, {}, {}}}) == "b/b a/a ");
  std::vector<Place> places{{"a/a", certain, 1, {}, {1}}, {"b/b", possible, 2, {}, {}}};
  CHECK(rank(places).size() == 2);
  CHECK(places[0].sureness == possible);
}

TEST_CASE("rows: two that leave no other for one line are both in doubt") {
  using enum Sureness;
  const auto first_of = [](std::vector<Place> places) {
    const std::size_t first = rank(places).front();
    return places[first].sureness;
  };
  CHECK(first_of({{"a/a", certain, 1, {}, {}}, {"b/b", certain, 1, {}, {}}}) == likely);
  CHECK(first_of({{"a/a", certain, 1, {}, {}}, {"b/b", certain, 2, {}, {}}}) == certain);
  CHECK(first_of({{"a/a", certain, 1, {"b/b"}, {}}, {"b/b", certain, 1, {}, {}}}) == certain);
  CHECK(first_of({{"a/a", certain, 1, {}, {}}, {"b/b", likely, 1, {}, {}}}) == certain);
}

TEST_CASE("rows: a short word is one, and no part of another") {
  const auto with = [](std::string_view word, const std::string& more) {
    return judged("[[cause.when]]\nevent = \"header_missing\"\ncertain_if = [\"" +
                      std::string(word) + "\"]\n",
                  std::string(gcc) + more);
  };
  CHECK(with("apt", "captured\n") == "likely");
  CHECK(with("apt", "the last chapter, apt9\n") == "certain");
  CHECK(with("apt", "RUN apt install\n") == "certain");
  CHECK(with("apt", "apt") == "certain");
  CHECK(with("alpin", "golang-alpine\n") == "certain");
}
