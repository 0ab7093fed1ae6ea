// Statistics against published values and against the plain way to compute them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "bench/stats/neighborhood.h"
#include "bench/stats/planning.h"
#include "bench/stats/quantile.h"
#include "bench/stats/random.h"
#include "bench/stats/rank_test.h"
#include "bench/stats/ratio.h"
#include "bench/stats/sequential.h"

namespace tenon::bench {
namespace {

std::vector<double> lognormal(std::uint64_t seed, std::size_t count, double sigma = 0.5) {
  Random random(seed);
  std::vector<double> out(count);
  for (double& one : out) one = std::exp(sigma * random.normal());
  return out;
}

struct Spread {
  double mean = 0, deviation = 0;
};

Spread spread_of(std::span<const double> values) {
  Spread out;
  const auto count = static_cast<double>(values.size());
  for (const double one : values) out.mean += one / count;
  for (const double one : values) out.deviation += (one - out.mean) * (one - out.mean) / count;
  out.deviation = std::sqrt(out.deviation);
  return out;
}

// Resamples that are built in full.
std::vector<double> plain_logs(const Sides& sides, double q, std::size_t resamples) {
  Random random(99);
  std::vector<double> out;
  std::vector<double> a(sides.a.size());
  std::vector<double> b(sides.b.size());
  const auto count = static_cast<std::uint32_t>(a.size());
  for (std::size_t i = 0; i < resamples; ++i) {
    for (std::size_t j = 0; j < a.size(); ++j) {
      const auto at = random.below(count);
      a[j] = sides.a[at];
      b[j] = sides.b[sides.paired ? at : random.below(count)];
    }
    out.push_back(std::log(quantile(b, q)) - std::log(quantile(a, q)));
  }
  return out;
}

std::vector<double> sorted(std::vector<double> values) {
  std::ranges::sort(values);
  return values;
}

}  // namespace

TEST_CASE("the generator is xoshiro256**") {
  // The reference implementation of Blackman and Vigna, seeded by splitmix64 from 0.
  Random random(0);
  CHECK(random.next() == 0x99ec5f36cb75f2b4U);
  CHECK(random.next() == 0xbf6e1f784956452aU);
  CHECK(random.next() == 0x1a5f849d4933e6e0U);
}

TEST_CASE("numbers below a bound are even") {
  Random random(5);
  std::vector<int> seen(7);
  for (int i = 0; i < 70'000; ++i) ++seen[random.below(7)];
  for (const int one : seen) CHECK(std::abs(one - 10'000) < 500);
}

TEST_CASE("binomial numbers have their mean and variance") {
  for (const auto& [count, p] : {std::pair{100, 0.03},
                                 {100, 0.4},
                                 {100, 0.9},
                                 {5000, 0.5},
                                 {1'000'000, 0.001},
                                 {1'000'000, 0.3}}) {
    CAPTURE(count);
    CAPTURE(p);
    Random random(7);
    std::vector<double> drawn(20'000);
    for (double& one : drawn) {
      one = static_cast<double>(random.binomial(static_cast<std::uint64_t>(count), p));
    }
    const Spread spread = spread_of(drawn);
    const double deviation = std::sqrt(count * p * (1 - p));
    CHECK(std::fabs(spread.mean - count * p) < 0.03 * deviation);
    CHECK(std::fabs(spread.deviation / deviation - 1) < 0.03);
  }
}

TEST_CASE("quantiles are of type 7") {
  // R: quantile(c(1, 2, 4, 8, 16), c(.1, .5, .9, .99), type = 7)
  std::vector<double> values{16, 1, 4, 2, 8};
  CHECK(quantile(values, 0.1) == doctest::Approx(1.4));
  CHECK(quantile(values, 0.5) == 4);
  CHECK(quantile(values, 0.9) == doctest::Approx(12.8));
  CHECK(quantile(values, 0.99) == doctest::Approx(15.68));
  CHECK(quantile(values, 1) == 16);
  std::vector<double> one{3};
  CHECK(quantile(one, 0.99) == 3);
}

TEST_CASE("bounds of order statistics are those of the binomial distribution") {
  // The sign test's interval of a median: for n = 10 and 2.15 %, ranks 2 and 9 of 10 (Conover,
  // table of the binomial distribution: P(at most 1) = 0.0107, P(at most 2) = 0.0547).
  const OrderBounds ten = order_bounds(10, 0.5, 0.025);
  REQUIRE(ten.low.has_value());
  REQUIRE(ten.high.has_value());
  CHECK(*ten.low == 1);
  CHECK(*ten.high == 8);
  // P(no value above p99) = 0.99^n: 0.0251 for 367, 0.0249 for 368... both sides at 2.5 %.
  CHECK_FALSE(order_bounds(366, 0.99, 0.025).high.has_value());
  CHECK(order_bounds(368, 0.99, 0.025).high == 367);
  CHECK_FALSE(order_bounds(5, 0.5, 0.025).low.has_value());
}

TEST_CASE("the normal distribution") {
  CHECK(normal_quantile_above(0.025) == doctest::Approx(1.959963984540054).epsilon(1e-12));
  CHECK(normal_tail(1.2815515655446004) == doctest::Approx(0.1).epsilon(1e-12));
}

TEST_CASE("bounds of looks are those of O'Brien and Fleming's spending function") {
  // Lan and DeMets' program (also R's ldbounds) for five equal looks, one-sided 2.5 %.
  const auto levels = look_levels(5, 0.025);
  const std::vector<double> z{4.8769, 3.3569, 2.6803, 2.2898, 2.0310};
  REQUIRE(levels.size() == z.size());
  for (std::size_t i = 0; i < z.size(); ++i) {
    CHECK(normal_quantile_above(levels[i]) == doctest::Approx(z[i]).epsilon(1e-4));
  }
  CHECK(look_levels(1, 0.025)[0] == doctest::Approx(0.025));
  CHECK(look_levels(20, 0.025).size() == 20);
}

TEST_CASE("a resample that is not built has the distribution of one that is") {
  const auto a = lognormal(1, 600);
  auto b = lognormal(2, 600);
  for (std::size_t i = 0; i < a.size(); ++i) b[i] = 0.5 * b[i] + 0.5 * a[i];  // pairs matter
  for (const bool paired : {true, false}) {
    for (const double q : {0.5, 0.9}) {
      CAPTURE(paired);
      CAPTURE(q);
      const Sides sides{a, b, paired};
      RatioRequest request;
      request.q = q;
      request.resamples = 20'000;
      const auto fast = resampled_logs(sides, sorted(a), sorted(b), request, 1);
      const auto plain = plain_logs(sides, q, 20'000);
      const Spread of_fast = spread_of(fast);
      const Spread of_plain = spread_of(plain);
      CHECK(std::fabs(of_fast.mean - of_plain.mean) < 0.04 * of_plain.deviation);
      CHECK(std::fabs(of_fast.deviation / of_plain.deviation - 1) < 0.03);
      for (const double part : {0.025, 0.5, 0.975}) {
        CHECK(std::fabs(sorted_quantile(sorted(fast), part) -
                        sorted_quantile(sorted(plain), part)) < 0.08 * of_plain.deviation);
      }
    }
  }
}

TEST_CASE("equal values at the quantile are all counted") {
  std::vector<double> a(500, 10);
  for (std::size_t i = 0; i < 100; ++i) a[i] = 9;
  for (std::size_t i = 400; i < 500; ++i) a[i] = 11;
  const Ratio ratio = ratio_interval({a, a, true}, {.q = 0.5});
  CHECK(ratio.estimate == 0);
  CHECK(ratio.low == 0);
  CHECK(ratio.high == 0);
}

TEST_CASE("few samples give bounds of order statistics, one gives none") {
  const auto a = lognormal(3, 40);
  const auto b = lognormal(4, 40);
  const Ratio few = ratio_interval({a, b, true}, {.q = 0.5});
  CHECK(few.method == Method::order);
  CHECK(few.low < few.estimate);
  CHECK(few.high > few.estimate);
  const Ratio tail = ratio_interval({a, b, true}, {.q = 0.99});
  CHECK(tail.method == Method::none);
  const std::vector<double> one{1};
  CHECK(ratio_interval({one, one, true}, {.q = 0.5}).method == Method::none);
  const std::vector<double> zero(200, 0);
  CHECK(ratio_interval({zero, zero, true}, {.q = 0.5}).method == Method::none);
}

TEST_CASE("dependence is found, and only where it is") {
  Random random(11);
  std::vector<double> series(4000);
  double z = random.normal();
  for (double& one : series) {
    one = std::exp(z);
    z = 0.5 * z + std::sqrt(0.75) * random.normal();
  }
  std::vector<double> copy = series;
  const Dependence found = dependence(series, quantile(copy, 0.5));
  CHECK(found.block > 4);
  CHECK(found.block < 60);
  CHECK(found.widening > 1);
  const auto plain = lognormal(12, 4000);
  CHECK(dependence(plain, 1).block == 1);
}

TEST_CASE("the Mann-Whitney test") {
  // scipy.stats.mannwhitneyu([1, 2, 3, 4, 7], [2, 5, 6, 8, 9, 10], method="asymptotic")
  const std::vector<double> a{1, 2, 3, 4, 7};
  const std::vector<double> b{2, 5, 6, 8, 9, 10};
  const RankTest test = mann_whitney(a, b);
  CHECK(test.u == 5.5);
  CHECK(test.p == doctest::Approx(0.0995755).epsilon(1e-5));
}

TEST_CASE("a plan asks for more samples where the limit is nearer") {
  const auto a = lognormal(21, 3000, 0.2);
  const auto b = lognormal(22, 3000, 0.2);
  const auto wide = plan({a, b, true}, {.q = 0.5, .limit = 0.05});
  const auto narrow = plan({a, b, true}, {.q = 0.5, .limit = 0.02});
  REQUIRE(wide.has_value());
  REQUIRE(narrow.has_value());
  // For a normal approximation: ((1.96 + 1.28) * 0.2 * 1.2533 * 1.414 / 0.0488)^2 = 557.
  CHECK(wide->samples > 400);
  CHECK(wide->samples < 750);
  CHECK(narrow->samples > 4 * wide->samples);
  CHECK_FALSE(plan({a, b, true}, {.q = 0.5, .limit = 0}).has_value());
}

TEST_CASE("an A/A measurement is seldom called worse") {
  // 400 of each: 2.5 % and three standard errors are 19.
  for (const double q : {0.5, 0.9}) {
    int worse = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
      const auto a = lognormal(1000 + 2 * i, 600);
      const auto b = lognormal(1001 + 2 * i, 600);
      RatioRequest request;
      request.q = q;
      request.seed = i;
      request.resamples = 400;
      if (ratio_interval({a, b, true}, request).low > 0) ++worse;
    }
    CHECK(worse <= 19);
  }
}

}  // namespace tenon::bench
