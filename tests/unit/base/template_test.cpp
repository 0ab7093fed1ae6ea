#include "base/template.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

namespace {

// The value of {x}, "-" when the text does not match.
std::string x_of(std::string_view pattern, std::string_view text) {
  const auto found = match(pattern, text);
  return found ? std::string(capture(*found, "x")) : std::string("-");
}

bool matches(std::string_view pattern, std::string_view text) {
  return match(pattern, text).has_value();
}

}  // namespace

TEST_CASE("template: literal text anywhere in the line, or bound to its ends") {
  CHECK(matches("b c", "a b c d"));
  CHECK_FALSE(matches("^b", "a b"));
  CHECK(matches("^a", "a b"));
  CHECK_FALSE(matches("a$", "a b"));
  CHECK(matches("b$", "a b"));
  CHECK(matches("^ab$", "ab"));
  CHECK_FALSE(matches("^ab$", "abab"));
  CHECK(matches("ab$", "abab"));
  CHECK_FALSE(matches("ab", "a"));
}

TEST_CASE("template: a capture is the shortest text up to the next literal") {
  CHECK(x_of("file '{x}' not", "file 'a.h' not found, file 'b.h' not found") == "a.h");
  CHECK(x_of("{x}:", "a:b:c") == "a");
  CHECK(x_of("={x}", "a=b=c") == "b=c");
  CHECK(x_of("^{x}$", "all of it") == "all of it");
}

TEST_CASE("template: the last literal of a bound pattern is the end of the text") {
  CHECK(x_of("^{x}64$", "lib64_open64") == "lib64_open");
  CHECK(x_of("^__{x}_chk$", "__a_chk_b_chk") == "a_chk_b");
  CHECK(x_of("^{x}64$", "open64 ") == "-");
  CHECK(x_of("^{x}64$", "64") == "-");
}

TEST_CASE("template: a capture is never empty") {
  CHECK(x_of("'{x}'", "''") == "-");
  CHECK(x_of("a{x}", "a") == "-");
  CHECK(x_of("{x}a", "a") == "-");
  CHECK(x_of("{x}", "") == "-");
  CHECK(x_of("'{x}'", "'' 'b'") == "' ");
}

TEST_CASE("template: several captures, in order") {
  const auto found = match("^{file}:{line}:{column}: error: {text}", "a.c:3:5: error: no 'x'");
  REQUIRE(found.has_value());
  CHECK(*found == Captures{{"file", "a.c"}, {"line", "3"}, {"column", "5"}, {"text", "no 'x'"}});
  CHECK_FALSE(matches("^{file}:{line}:{column}: error: {text}", "a.c:3: error: no 'x'"));
}

TEST_CASE("template: a later place is tried when the first does not lead on") {
  CHECK(x_of("error: {x} is bad", "error: error: this is bad") == "error: this");
  CHECK(matches("ab{x}c$", "abab-d ab-c"));
  CHECK(x_of("lookup {x}:", "lookup lookup a:") == "lookup a");
}

TEST_CASE("template: braces without a partner are text") {
  CHECK(matches("a{b", "xa{by"));
  CHECK(fill("a{b", {{"b", "x"}}) == "a{b");
}

TEST_CASE("template: long lines") {
  // A matcher that backtracks would not come back from this one.
  const std::string line(200'000, 'a');
  CHECK_FALSE(matches("a{x}a{y}a{z}ab", line));
  CHECK(x_of("^{x}$", line).size() == line.size());
}

TEST_CASE("template: fill") {
  const Captures captures{{"a", "1"}, {"b", "{a}"}};
  CHECK(fill("{a}-{b}-{c}", captures) == "1-{a}-{c}");
  CHECK(fill("no names", captures) == "no names");
  CHECK(capture(captures, "a") == "1");
  CHECK(capture(captures, "none").empty());
}
