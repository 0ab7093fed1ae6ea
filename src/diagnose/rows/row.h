// A cause as a row of a text file: what it wants to see in a log, and what it goes before.
//
// How a log becomes an answer. scan_log() makes clean lines and events of it. Each row has
// alternatives ([[cause.when]]) in an order; the first that holds makes the cause a candidate. An
// alternative looks for one event or one line, and asks for clues beside it: texts that occur or do
// not, other events, what the log's words say of machine and target. What it found gives the lines
// that prove the cause and the names for its texts; what cannot be written as a clue is a named
// test (tests.h). The alternative also gives the confidence, one of four classes. Candidates are
// ranked by class; of one class the one that stands earlier in the log comes first. A row that
// `hides` others goes before them when both hold, whatever their class, and so does a candidate
// that proves the event from which all lines of another follow. Nothing else ranks: a new row names
// the causes that it is mistaken for, and no number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/log.h"
#include "diagnose/origin.h"

namespace tenon::rows {

// How sure a match is. `certain`: nothing else explains these lines. `weak`: only as good as no
// other answer.
enum class Sureness : std::uint8_t { weak, possible, likely, certain };
[[nodiscard]] std::string_view sureness_name(Sureness sureness);

// One condition on one text: "starts:-m64", "libc_header"; with "!" before it, that it is not so.
struct TextTest {
  enum class Kind : std::uint8_t { starts, ends, contains, equals, option, predicate };
  Kind kind = Kind::contains;
  bool negated = false;
  std::string literal;
  bool (*predicate)(std::string_view text) = nullptr;
};

// Conditions on a capture, or on "text", "speaker", "tool", "stage", "package", "weight",
// "library", "follows" of what was found: one test of each group holds, and none that is negated
// fails.
struct FieldTest {
  std::string field;
  std::vector<std::vector<TextTest>> groups;
};

// What to look for: the first event of these kinds, or the first line of these templates.
struct Sought {
  std::vector<EventKind> events;
  std::vector<std::string> lines;  // base/template.h
  std::vector<FieldTest> where;
  std::size_t least = 1;  // so many events of the kind

  [[nodiscard]] bool empty() const { return events.empty() && lines.empty(); }
};

struct Clue;

// All of `all`, one of each group of `any`, and none of `none`.
struct Clues {
  std::vector<Clue> all;
  std::vector<std::vector<Clue>> any;
  std::vector<Clue> none;
};

// Something about a whole log that holds or not.
struct Clue {
  enum class Kind : std::uint8_t { text, line, of, goos, goarch, origin, tenon, test, sought };
  Kind kind = Kind::text;
  std::string text;                                      // text, line, of, goos, goarch, origin
  Known tenon::Origin::* known = nullptr;                // origin
  bool (*test)(const Log& log, Proof& proof) = nullptr;  // test
  Sought sought;                                         // sought, with what must hold beside it
  Clues beside;
};

// A name that the log does not spell as the texts want it: "{program}", or "bare_symbol(name)".
struct NewName {
  std::string name, value;                               // value: a template
  std::string (*made)(std::string_view text) = nullptr;  // of the capture named by value
};

struct When {
  Sought sought;
  bool (*test)(const Log& log, Proof& proof) = nullptr;
  Clues clues;
  std::vector<Sought> also;  // further lines for the proof, where they occur
  Sureness sureness = Sureness::likely;
  // Another class where one of these clues holds; the first that does counts.
  std::vector<std::pair<Sureness, std::vector<Clue>>> instead;
  std::vector<NewName> captures;
  std::vector<std::string> hides;  // beside those of the row
};

struct Sample {
  std::string log;
  Captures captures;
  bool first = true;                 // the cause comes out first, not only among the candidates
  std::optional<Sureness> sureness;  // that it comes out with
};

// What is told of a cause: Cause of diag/catalog.h says what each is.
struct Page {
  std::string code, title, happens, tell, fix, prevent, since, versions;
  std::vector<std::vector<std::string>> commands;  // a command is a list of words
  std::vector<std::string> decide, rivals;
  bool harmless = false, installs = false, general = false;
};

struct Row {
  std::string slug;
  std::size_t line = 0;  // of its file
  Page page;
  Clues needs;  // of every alternative
  std::vector<When> when;
  std::vector<std::string> hides;  // slugs, "area/*" or "*"
  std::vector<Sample> samples;
};

struct Match {
  Sureness sureness = Sureness::weak;
  Proof proof;
  const When* when = nullptr;
};

// The first alternative that holds; false when none does.
[[nodiscard]] bool match_row(const Row& row, const Log& log, Match& match);

// Whether "area/slug" is meant by "area/slug", "area/*" or "*".
[[nodiscard]] bool means(std::string_view pattern, std::string_view slug);

}  // namespace tenon::rows
