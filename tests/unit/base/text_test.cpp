#include "base/text.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace tenon;

namespace {

using Words = std::vector<std::string>;
using Views = std::vector<std::string_view>;

// What a POSIX shell makes of `text`: its words, each behind a '|'.
std::string shell_words(const std::string& text) {
  const std::string command = "printf '|%s' " + text;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  REQUIRE(::pclose(pipe) == 0);
  return out;
}

}  // namespace

TEST_CASE("text: split keeps empty parts, split_words has none") {
  CHECK(split("a,,b", ',') == Views{"a", "", "b"});
  CHECK(split("", ',') == Views{""});
  CHECK(split("a,", ',') == Views{"a", ""});
  CHECK(split_words(" \ta  b\r\nc ") == Views{"a", "b", "c"});
  CHECK(split_words(" \n").empty());
  CHECK(trim("\t a b \r\n") == "a b");
  CHECK(trim("  ").empty());
  CHECK(join({"a", "", "b"}, ", ") == "a, , b");
  CHECK(join({}, ",").empty());
}

TEST_CASE("text: a number is all of the text") {
  CHECK(parse_number("0") == 0U);
  CHECK(parse_number("18446744073709551615") == 18446744073709551615U);
  CHECK(parse_number("ff", 16) == 255U);
  for (const char* wrong : {"", " 1", "1 ", "+1", "-1", "1x", "0x10", "18446744073709551616"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_number(wrong).has_value());
  }
}

TEST_CASE("text: hexadecimal digits, the high one first") {
  const std::string bytes("\x00\x7f\xff\xa5", 4);
  CHECK(to_hex(bytes.data(), bytes.size()) == "007fffa5");
  CHECK(to_hex(nullptr, 0).empty());
}

TEST_CASE("text: a shell reads quoted words as they were") {
  const Words words{"plain",      "-Wl,-rpath,$ORIGIN",
                    "two words",  "it's",
                    "",           "a\nb",
                    "\"quoted\"", "back\\slash",
                    "*?[a]",      "~user",
                    "a;b&c",      "`id`",
                    "#comment",   "!x{1,2}",
                    "a=b",        "@%^_-+:,./",
                    "<>|()"};
  std::string expected;
  for (const std::string& word : words) expected += "|" + word;
  CHECK(shell_words(shell_join(words)) == expected);
  CHECK(shell_quote("-O2") == "-O2");
  CHECK(shell_quote("") == "''");
}

// The rules and cases of cmd/internal/quoted: Split and Join.
TEST_CASE("text: go_split reads CC as cmd/go does") {
  CHECK(go_split("") == Words{});
  CHECK(go_split(" \t\r\n") == Words{});
  CHECK(go_split("a b\tc\nd") == Words{"a", "b", "c", "d"});
  CHECK(go_split("'a b' \"c 'd'\"") == Words{"a b", "c 'd'"});
  CHECK(go_split("''") == Words{""});
  // No escapes, and quotes inside a word are nothing special.
  CHECK(go_split("a\\ b") == Words{"a\\", "b"});
  CHECK(go_split("a'b c") == Words{"a'b", "c"});
  // A word ends at its closing quote.
  CHECK(go_split("'a''b'c") == Words{"a", "b", "c"});
  CHECK_FALSE(go_split("'a").has_value());
  CHECK_FALSE(go_split("b \"a'").has_value());
}

TEST_CASE("text: go_quote quotes only what needs it, and go_split reads it back") {
  CHECK(go_quote({"cc", "-O2"}) == "cc -O2");
  CHECK(go_quote({"/a b/cc"}) == "'/a b/cc'");
  CHECK(go_quote({"/it's/cc"}) == "\"/it's/cc\"");
  CHECK(go_quote({"a\"b"}) == "'a\"b'");
  CHECK_FALSE(go_quote({"a'b\"c"}).has_value());
  CHECK_FALSE(go_quote({"cc", "a 'b\" c"}).has_value());
  const std::vector<Words> all{{"cc"}, {"a b", "c"}, {"it's", "\"x\""}, {"", "x"}, {"\t", "a\nb"}};
  for (const Words& words : all) {
    const auto text = go_quote(words);
    REQUIRE(text.has_value());
    CHECK(go_split(*text) == words);
  }
}

TEST_CASE("text: the nearest word is near") {
  const Views words{"darwin/arm64", "darwin/amd64", "linux/arm64"};
  CHECK(nearest("darwin/arm46", words) == "darwin/arm64");
  CHECK(nearest("linux/arm65", words) == "linux/arm64");
  CHECK(nearest("windows", words).empty());
  CHECK(nearest("darwin/amd64", words) == "darwin/amd64");
  CHECK(nearest("x", {}).empty());
}
