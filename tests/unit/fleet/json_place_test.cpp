#include "fleet/json_place.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon::fleet;

TEST_CASE("the first mistake of a JSON text has an offset") {
  CHECK_FALSE(json_error(R"( {"a": [1, -2.5e3, true, null, "\"]"], "b": {}} )"));
  CHECK(json_error("") == 0U);
  CHECK(json_error("{\"a\" 1}") == 5U);
  CHECK(json_error("[1 2]") == 3U);
  CHECK(json_error("[1] x") == 4U);
  CHECK(json_error("\"a\nb\"") == 2U);
  CHECK(json_error(std::string(100, '[')).has_value());
}

TEST_CASE("the line of a value is found by its path") {
  const std::string text = "{\n\"a\": {\n\"b\": [\n1,\n2]},\n\"c\": 3}";
  CHECK(json_line(text, {}) == 1);
  CHECK(json_line(text, {"a", "b"}) == 3);
  CHECK(json_line(text, {"a", "b", "[1]"}) == 5);
  CHECK(json_line(text, {"c"}) == 6);
  // What is not there: the nearest above it.
  CHECK(json_line(text, {"a", "x"}) == 2);
}
