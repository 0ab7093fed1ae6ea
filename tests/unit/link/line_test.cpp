#include "link/pc/line.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon::pc;

namespace {

std::vector<Line> lines(std::string_view text) {
  std::vector<Line> out;
  LineReader reader(text);
  while (auto line = reader.next()) out.push_back(*line);
  return out;
}

}  // namespace

TEST_CASE("lines have keys, marks, values and the place where they begin") {
  const auto all = lines("# c\nprefix = /usr \n\nLibs: -la \\\n   -lb\nName: x # y\\#\nz: a\\#b");
  REQUIRE(all.size() == 4);
  CHECK(all[0].key == "prefix");
  CHECK(all[0].mark == '=');
  CHECK(all[0].value == "/usr");
  CHECK(all[0].number == 2);
  CHECK(all[0].blanks_behind_value == 1);
  CHECK(all[1].value == "-la -lb");
  CHECK(all[1].number == 4);
  CHECK(all[2].value == "x");
  CHECK(all[2].number == 6);
  CHECK(all[3].value == "a#b");
}

TEST_CASE("line ends of other systems") {
  const auto all = lines("Name: a\r\nVersion: 1\rURL: u");
  REQUIRE(all.size() == 3);
  CHECK(all[0].value == "a");
  CHECK(all[1].value == "1");
  CHECK(all[2].number == 3);
}

TEST_CASE("hostile bytes are values like others") {
  const std::string text("Name: a\0b\xff\nx", 13);
  const auto all = lines(text);
  REQUIRE(all.size() == 2);
  CHECK(all[0].value == std::string("a\0b\xff", 4));
}
