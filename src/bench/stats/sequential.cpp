#include "bench/stats/sequential.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

#include "bench/stats/quantile.h"

namespace tenon::bench {
namespace {

// The density of the process over those that no look has stopped, on even steps up to the last
// bound. The integral over it is a sum: the process is smooth.
struct Density {
  double from = 0, step = 0;
  std::vector<double> mass;  // density times step

  [[nodiscard]] double at(std::size_t i) const { return from + step * static_cast<double>(i); }
};

double tail_beyond(const Density& before, double bound, double spread) {
  double out = 0;
  for (std::size_t i = 0; i < before.mass.size(); ++i) {
    out += before.mass[i] * normal_tail((bound - before.at(i)) / spread);
  }
  return out;
}

double bound_for(const Density& before, double spend, double spread) {
  double low = -10;
  double high = 60;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (tail_beyond(before, middle, spread) > spend ? low : high) = middle;
  }
  return (low + high) / 2;
}

Density next(const Density& before, double bound, double spread, double total_spread) {
  constexpr std::size_t steps = 600;
  Density out;
  out.from = -8 * total_spread;
  const double to = std::fmin(bound, 8 * total_spread);
  out.step = (to - out.from) / steps;
  const double scale = out.step / (spread * std::sqrt(2 * std::numbers::pi));
  for (std::size_t i = 0; i <= steps; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < before.mass.size(); ++j) {
      const double z = (out.at(i) - before.at(j)) / spread;
      if (std::fabs(z) < 9) sum += before.mass[j] * std::exp(-0.5 * z * z);
    }
    // Trapezoid: the ends count half.
    out.mass.push_back(sum * scale * (i == 0 || i == steps ? 0.5 : 1));
  }
  return out;
}

}  // namespace

std::vector<double> look_levels(std::span<const double> parts, double alpha) {
  const double z = normal_quantile_above(alpha / 2);
  Density density{0, 0, {1}};
  double spent = 0;
  double before = 0;
  std::vector<double> out;
  for (const double part : parts) {
    const double spread = std::sqrt(part - before);
    const double spend = 2 * normal_tail(z / std::sqrt(part)) - spent;
    const double bound = bound_for(density, spend, spread);
    out.push_back(normal_tail(bound / std::sqrt(part)));
    density = next(density, bound, spread, std::sqrt(part));
    spent += spend;
    before = part;
  }
  return out;
}

std::vector<double> look_levels(int looks, double alpha) {
  std::vector<double> parts;
  for (int i = 1; i <= looks; ++i) parts.push_back(static_cast<double>(i) / looks);
  return look_levels(parts, alpha);
}

}  // namespace tenon::bench
