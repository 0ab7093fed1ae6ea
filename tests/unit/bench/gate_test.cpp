// The grammar of gates, and decimal numbers.
#include "bench/gate/gate.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string_view>

#include "bench/gate/decimal.h"

namespace tenon::bench {
namespace {

std::size_t column_of(std::string_view text) {
  const auto gates = parse_gates(text);
  return gates ? 0 : gates.error().column;
}

}  // namespace

TEST_CASE("a list of gates") {
  const auto gates = parse_gates(" p99<=+5%, rss <= 10 % ,size<=-2.5%");
  REQUIRE(gates.has_value());
  REQUIRE(gates->size() == 3);
  CHECK((*gates)[0].metric == Metric{"p99", "time", 0.99});
  CHECK((*gates)[0].limit == doctest::Approx(0.05));
  CHECK((*gates)[1].metric.series == "rss");
  CHECK((*gates)[1].text == "+10%");
  CHECK((*gates)[2].limit == doctest::Approx(-0.025));
}

TEST_CASE("errors name their column") {
  CHECK(column_of("") == 1);
  CHECK(column_of("p99") == 4);
  CHECK(column_of("p99<5%") == 4);
  CHECK(column_of("p99<=+5") == 8);
  CHECK(column_of("p99<=+x%") == 7);
  CHECK(column_of("p99<=+5%,") == 10);
  CHECK(column_of("p99<=+5%;rss<=1%") == 9);
  CHECK(column_of("p99<=+5%,latency<=1%") == 10);
  CHECK(column_of("p99<=+5%, p99<=1%") == 11);
  CHECK(column_of("p100<=1%") == 1);
  CHECK(column_of("p0<=1%") == 1);
  CHECK(column_of("rss<=-100%") == 7);
  CHECK(column_of("rss<=1.2.3%") == 6);
  CHECK(column_of("rss<=1%\n") == 8);
}

TEST_CASE("the upper bound decides held, the lower one broken") {
  CHECK(judge_bounds(std::log(0.9), std::log(1.04), 0.05) == Verdict::held);
  CHECK(judge_bounds(std::log(0.9), std::log(1.05), 0.05) == Verdict::held);
  CHECK(judge_bounds(std::log(1.06), std::log(1.3), 0.05) == Verdict::broken);
  CHECK(judge_bounds(std::log(1.01), std::log(1.3), 0.05) == Verdict::cannot_tell);
  CHECK(judge_bounds(-INFINITY, INFINITY, 0.05) == Verdict::cannot_tell);
}

TEST_CASE("decimal numbers") {
  CHECK(parse_decimal("12") == 12);
  CHECK(parse_decimal("0.1") == 0.1);
  CHECK(parse_decimal(".5") == 0.5);
  CHECK(parse_decimal("1e3") == 1000);
  CHECK(parse_decimal("1.7976931348623157e308") == 1.7976931348623157e308);
  CHECK(parse_decimal("9007199254740993") == 9007199254740992.0);
  CHECK(parse_decimal("123456789012345678901234567890") == 123456789012345678901234567890.0);
  for (const char* text : {"", ".", "-1", "1e", "1e999", "0x10", "1,5", "nan", "inf", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text).has_value());
  }
  for (const double value : {0.1, 1e-7, 123456.789, 1e15, 3.0, 5e-324}) {
    CHECK(parse_decimal(decimal_text(value)) == value);
  }
}

}  // namespace tenon::bench
