#include "bench/stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <span>

namespace tenon::bench {
namespace {

// log(x!) by Stirling's series, shifted to where that is exact to the last bits. lgamma(3) writes a
// global.
double log_factorial(double x) {
  double shifted = 0;
  double z = x + 1;
  while (z < 16) {
    shifted -= std::log(z);
    z += 1;
  }
  const double square = z * z;
  const double series =
      (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / z;
  return shifted + (z - 0.5) * std::log(z) - z + 0.5 * std::log(2 * std::numbers::pi) + series;
}

double binomial_mass(double count, double q, double k) {
  return std::exp(log_factorial(count) - log_factorial(k) - log_factorial(count - k) +
                  k * std::log(q) + (count - k) * std::log1p(-q));
}

}  // namespace

QuantilePlace quantile_place(std::size_t count, double q) {
  const double h = static_cast<double>(count - 1) * q;
  const auto low = std::min(static_cast<std::size_t>(h), count - 1);
  return {low, low + 1 < count ? h - static_cast<double>(low) : 0};
}

double between(double low, double high, double rest) {
  const double step = high - low;
  return rest < 0.5 ? low + step * rest : high - step * (1 - rest);
}

double sorted_quantile(std::span<const double> sorted, double q) {
  const QuantilePlace place = quantile_place(sorted.size(), q);
  if (place.rest == 0) return sorted[place.low];
  return between(sorted[place.low], sorted[place.low + 1], place.rest);
}

double quantile(std::span<double> values, double q) {
  const QuantilePlace place = quantile_place(values.size(), q);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(place.low);
  std::nth_element(values.begin(), at, values.end());
  if (place.rest == 0) return *at;
  return between(*at, *std::min_element(at + 1, values.end()), place.rest);
}

OrderBounds order_bounds(std::size_t count, double q, double alpha) {
  OrderBounds out;
  if (count == 0 || q <= 0 || q >= 1) return out;
  const auto n = static_cast<double>(count);
  // The quantile lies below the value of rank r (from 0) when at most r values do. So the lower
  // bound is the last rank r with P(at most r values) <= alpha.
  double below = 0;
  for (std::size_t k = 0; k < count; ++k) {
    below += binomial_mass(n, q, static_cast<double>(k));
    if (below > alpha) break;
    out.low = k;
  }
  // It lies above the value of rank r when at least r + 1 values lie below it.
  double above = 0;
  for (std::size_t k = count; k > 0; --k) {
    above += binomial_mass(n, q, static_cast<double>(k));
    if (above > alpha) break;
    out.high = k - 1;
  }
  return out;
}

double normal_tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

double normal_quantile_above(double tail) {
  double low = -40;
  double high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (normal_tail(middle) > tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace tenon::bench
