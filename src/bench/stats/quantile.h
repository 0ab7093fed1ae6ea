// Quantiles of samples, and bounds of a quantile from order statistics.
//
// Definition: Hyndman and Fan's type 7, which R and NumPy have as default. Of n sorted values x[0]
// to x[n-1], with h = (n-1)q, it is x[floor h] + (h - floor h)(x[floor h + 1] - x[floor h]).
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace tenon::bench {

// The place of a quantile among n values: between `low` and the next one.
struct QuantilePlace {
  std::size_t low = 0;
  double rest = 0;  // 0: the value at `low` itself
};

[[nodiscard]] QuantilePlace quantile_place(std::size_t count, double q);
// Of the two neighbors.
[[nodiscard]] double between(double low, double high, double rest);
// Of values in ascending order, at least one.
[[nodiscard]] double sorted_quantile(std::span<const double> sorted, double q);
// Reorders the values.
[[nodiscard]] double quantile(std::span<double> values, double q);

// Ranks, from 0, of the order statistics between which the quantile of the distribution lies: below
// the lower one with a probability of at most alpha, above the upper one likewise, whatever the
// shape (binomial distribution). Nothing where n is too small for such a rank.
struct OrderBounds {
  std::optional<std::size_t> low, high;
};

[[nodiscard]] OrderBounds order_bounds(std::size_t count, double q, double alpha);

// Standard normal distribution: the probability above z, and the z above which it is `tail`.
[[nodiscard]] double normal_tail(double z);
[[nodiscard]] double normal_quantile_above(double tail);

}  // namespace tenon::bench
