#include "base/shown.h"

#include <doctest/doctest.h>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace tenon;

namespace {

// Text of somebody else, and what may be printed of it. The code points are those of UAX #9 (bidi
// controls), of CVE-2021-42574 and of ECMA-48; the prefixes those of the runners of GitHub, Azure
// and TeamCity.
const std::vector<std::pair<std::string, std::string>> hostile{
    {"a\nb", "a\\x0ab"},
    {"a\r\tb", "a\\x0d\\x09b"},
    {"\x1b[31m", "\\x1b[31m"},
    {"\x07\x08\x7f", "\\x07\\x08\\x7f"},
    {std::string("a\0b", 3), "a\\x00b"},
    {"\xc2\x85\xc2\x9b", "\\u{85}\\u{9b}"},
    {"x\xe2\x80\xaey", "x\\u{202e}y"},
    {"\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9", "\\u{202a}\\u{2066}\\u{2069}"},
    {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u{200e}\\u{200f}\\u{61c}"},
    {"\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"},
    {"\xef\xbb\xbf\xf3\xa0\x81\x81", "\\u{feff}\\u{e0041}"},
    {"\xff\xc3", "\\xff\\xc3"},
    {"\xc0\x80", "\\xc0\\x80"},                          // overlong
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},                 // a surrogate
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},        // above U+10FFFF
    {"\xef\xbf\xbe", "\\xef\\xbf\\xbe"},                 // no character, and none of XML
    {"::error file=x::pwn", "\\x3a:error file=x::pwn"},  // GitHub
    {"  ::add-mask::y", "  \\x3a:add-mask::y"},          // which takes blanks off
    {"x ##[error]y", "x \\x23#[error]y"},
    {"##vso[task.setvariable]", "\\x23#vso[task.setvariable]"},
    {"##teamcity[x]", "\\x23#teamcity[x]"},
};

const std::vector<std::string> harmless{"",
                                        "dist/app",
                                        "a b",
                                        "std::vector<int>::f()",
                                        "## head",
                                        "C:\\x",
                                        "\xc3\xa4\xe2\x82\xac",
                                        "\xf0\x9f\x98\x80",
                                        "\xd9\x85\xd8\xb1"};

}  // namespace

static_assert(!std::convertible_to<std::string, Shown>);
static_assert(!std::convertible_to<std::string_view, Shown>);
static_assert(!std::convertible_to<const char*, Shown>);
static_assert(!std::constructible_from<Shown, char (&)[8]>);

TEST_CASE("shown: what could act on a terminal or a runner becomes visible") {
  for (const auto& [value, expected] : hostile) {
    CAPTURE(expected);
    CHECK(Shown::of(value).text() == expected);
    // What is shown is not changed again.
    CHECK(Shown::of(expected).text() == expected);
  }
  for (const std::string& value : harmless) CHECK(Shown::of(value).text() == value);
}

TEST_CASE("shown: a format escapes each value and keeps its own line breaks") {
  const std::string name = "a\n::error::b";
  CHECK(shown_format("{}:\n  {:>3} {}\n", name, 7, Shown("x\ny")).text() ==
        "a\\x0a::error::b:\n    7 x\ny\n");
  CHECK(shown_format("{:6}|", std::string_view("a\x1b")).text() == "a\\x1b |");
}

TEST_CASE("shown: lines of a value stay lines behind their indent") {
  CHECK(Shown::lines_of("a\n\tb\x1b\n", "  ").text() == "  a\n   b\\x1b\n  ");
  CHECK(Shown::lines_of("a\n::error::b").text() == "a\n\\x3a:error::b");
}

TEST_CASE("shown: no line that was put together begins with a command") {
  CHECK(printed(shown_format("{}: {}\n", ":", "x")) == "\\x3a: x\n");
  CHECK(printed("a::b\n" + Shown("  ") + Shown::of(":") + Shown::of(":x") + "\nlast") ==
        "a::b\n  \\x3a:x\nlast");
  CHECK(printed({}).empty());
}

TEST_CASE("shown: JSON spells what acts and keeps its values") {
  CHECK(printed_json("{\"a\":\"x\xe2\x80\xaey\x7f\xc2\x9b ##[error]\xf3\xa0\x81\x81\"}") ==
        "{\"a\":\"x\\u202ey\\u007f\\u009b \\u0023#[error]\\udb40\\udc41\"}");
  const std::string plain = "{\"a\":\"\xc3\xa4 # ::error::\"}\n";
  CHECK(printed_json(plain) == plain);
}
