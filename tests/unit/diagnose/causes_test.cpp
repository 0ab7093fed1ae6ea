#include "diagnose/causes/causes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "diag/catalog.h"
#include "diagnose/events/context.h"
#include "diagnose/events/scan.h"
#include "diagnose/rows/builtin.h"

using namespace tenon;

namespace {

std::string first_cause(std::string_view text) {
  const auto candidates = explain_log(scan_log(text));
  return candidates.empty() ? "unknown" : std::string(candidates.front().cause->slug);
}

// The files of rows with their texts and samples, as a team's own would be read.
std::vector<std::pair<std::string, std::string>> row_files() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const CodeArea& topic : cause_topics()) {
    const std::string path = std::string(TENON_ROWS) + "/" + std::string(topic.name) + ".toml";
    std::ifstream file(path);
    out.emplace_back(path, std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return out;
}

}  // namespace

TEST_CASE("causes: each row's samples come out as they say") {
  std::size_t samples = 0;
  for (const auto& [path, text] : row_files()) {
    const rows::Read read = rows::read_rows(text, path, rows::Origin::tenon);
    for (const rows::RowError& error : read.errors)
      FAIL(error.file, ":", error.line, ": ", error.message);
    for (const rows::Row& row : read.rows) {
      for (const rows::Sample& sample : row.samples) {
        CAPTURE(row.slug);
        CAPTURE(sample.log);
        const Log log = scan_log(sample.log);
        const auto candidates = explain_log(log);
        const auto found = std::ranges::find(candidates, row.slug,
                                             [](const Candidate& one) { return one.cause->slug; });
        REQUIRE(found != candidates.end());
        if (sample.first) CHECK(found == candidates.begin());
        if (sample.sureness) CHECK(found->sureness == *sample.sureness);
        rows::Match match;
        REQUIRE(rows::match_row(row, log, match));
        for (const auto& [name, value] : sample.captures) {
          CHECK(std::string(capture(match.proof.captures, name)) == value);
        }
        ++samples;
      }
    }
  }
  CHECK(samples > 400);
}

TEST_CASE("causes: each has alternatives that know it, and names causes that exist") {
  std::vector<std::string_view> texts, rows_of;
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) texts.push_back(slug_of(code));
  }
  for (const rows::Row& row : rows::builtin_rows()) {
    rows_of.push_back(row.slug);
    CAPTURE(row.slug);
    CHECK_FALSE(row.when.empty());
  }
  CHECK(rows_of == texts);
  rows::Read read{rows::builtin_rows(), {}};
  rows::check_rows(read, "rows", {});
  for (const rows::RowError& error : read.errors) FAIL(error.message);
}

// A word or two occur in any log: with nothing beside them they decide nothing.
TEST_CASE("causes: what is certain rests on more than a word") {
  constexpr std::size_t least = 4;
  const auto telling = [](std::string_view pattern) {
    std::size_t count = 0;
    bool literal = true;
    for (const char c : pattern) {
      if (c == '{' || c == '}') literal = c == '}';
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (literal && (letter || (c >= '0' && c <= '9'))) ++count;
    }
    return count;
  };
  std::size_t judged = 0;
  for (const rows::Row& row : rows::builtin_rows()) {
    for (const rows::When& when : row.when) {
      const bool alone = when.sought.where.empty() && when.clues.all.empty() &&
                         when.clues.any.empty() && when.test == nullptr && row.needs.all.empty();
      if (!alone || when.sureness != rows::Sureness::certain) continue;
      for (const std::string& line : when.sought.lines) {
        CAPTURE(row.slug);
        CAPTURE(line);
        CHECK(telling(line) >= least);
        ++judged;
      }
    }
  }
  CHECK(judged > 100);
}

TEST_CASE("causes: texts are sentences") {
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) {
      CAPTURE(slug_of(code));
      const Cause* cause = entry(code).cause;
      REQUIRE(cause != nullptr);
      CHECK(cause->code == code);
      for (const std::string_view text :
           {cause->happens, cause->tell, cause->fix, cause->prevent}) {
        CHECK(text.ends_with('.'));
      }
    }
  }
  CHECK(find_cause("tn2001")->slug == "cc/not-installed");
  CHECK((find_cause("no/such") == nullptr));
}

TEST_CASE("causes: what is harmless never hides a failure") {
  const std::string log =
      "ld: warning: '/tmp/go.o' has malformed LC_DYSYMTAB, expected 1 undefined symbols\n"
      "ld: library not found for -lmagic\nclang: error: linker command failed with exit code 1";
  CHECK(first_cause(log) == "darwin/brew-prefix-not-searched");
  CHECK(first_cause("ok  \texample.com/p\t0.1s\n") == "unknown");
  CHECK(first_cause("") == "unknown");
}

TEST_CASE("logscan: lines without what services put before them") {
  CHECK(clean_line("\x1b[31merror\x1b[0m: x\r") == "error: x");
  CHECK(clean_line("2024-01-31T12:34:56.1234567Z ld: symbol not found") == "ld: symbol not found");
  CHECK(clean_line("#12 3.456 gcc: error: x") == "gcc: error: x");
  CHECK(clean_line("  | # runtime/cgo") == "# runtime/cgo");
  const Log log = scan_log("a\n\nexec: \"gcc\": executable file not found\n");
  const auto hit = log.find("exec: \"{cc}\"");
  REQUIRE(hit.has_value());
  CHECK(hit->line == 3);
  CHECK(hit->get("cc") == "gcc");
  CHECK(log_context(scan_log("/usr/bin/ld: x\n")).tool == "GNU ld");
  CHECK(log_context(scan_log("hello\n")).tool.empty());
}

TEST_CASE("logscan: a log of many megabytes keeps what speaks of trouble") {
  std::string log(3000000, 'x');
  for (std::size_t i = 99; i < log.size(); i += 100) log[i] = '\n';
  log.insert(1500000, "\nexec: \"gcc\": executable file not found in $PATH\n");
  CHECK(first_cause(log) == "cc/not-installed");
}
