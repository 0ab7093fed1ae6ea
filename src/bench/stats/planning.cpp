#include "bench/stats/planning.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bench/stats/quantile.h"
#include "bench/stats/random.h"
#include "bench/stats/ratio.h"

namespace tenon::bench {
namespace {

constexpr std::size_t most_samples = 10'000'000;
constexpr std::size_t resamples = 1000;

// The shape of the samples: those of both sides, B brought to the level of A.
class Shape {
 public:
  Shape(const Sides& pilot, double q) {
    sorted_.assign(pilot.a.begin(), pilot.a.end());
    std::vector<double> b(pilot.b.begin(), pilot.b.end());
    const double ratio = quantile(b, q) / quantile(sorted_, q);
    for (const double one : pilot.b) sorted_.push_back(one / ratio);
    std::ranges::sort(sorted_);
    sums_.push_back(0);
    for (const double one : sorted_) sums_.push_back(sums_.back() + one);
  }

  // The quantile function, smoothed over neighbors: as many as a third of the samples beyond it.
  [[nodiscard]] double at(double u) const {
    const auto size = static_cast<double>(sorted_.size());
    const double rank = std::clamp(u * size - 0.5, 0.0, size - 1);
    const auto low = static_cast<std::size_t>(rank);
    const double rest = rank - static_cast<double>(low);
    return rest == 0 ? smooth(low) : between(smooth(low), smooth(low + 1), rest);
  }

  // A sample like `value`: one of its neighbors.
  [[nodiscard]] double like(double value, Random& random) const {
    const auto found = std::ranges::lower_bound(sorted_, value) - sorted_.begin();
    const auto rank = std::min(static_cast<std::size_t>(found), sorted_.size() - 1);
    const std::size_t reach = reach_of(rank);
    return sorted_[rank - reach + random.below(static_cast<std::uint32_t>(2 * reach + 1))];
  }

 private:
  [[nodiscard]] std::size_t reach_of(std::size_t rank) const {
    const std::size_t beyond = std::min(rank, sorted_.size() - 1 - rank);
    const auto most = static_cast<std::size_t>(2 * std::sqrt(static_cast<double>(sorted_.size())));
    return std::min(beyond / 3, most);
  }

  [[nodiscard]] double smooth(std::size_t rank) const {
    const std::size_t reach = reach_of(rank);
    return (sums_[rank + reach + 1] - sums_[rank - reach]) / static_cast<double>(2 * reach + 1);
  }

  std::vector<double> sorted_, sums_;
};

// Where resamples of n independent values have their quantile: a rank of the sample, and the rank
// of the next value of the resample.
struct Drawn {
  std::size_t low = 0, high = 0;
};

std::vector<Drawn> draw_ranks(std::size_t count, const QuantilePlace& place, Random& random) {
  std::vector<Drawn> out(resamples);
  const auto n = static_cast<double>(count);
  for (Drawn& one : out) {
    const double u = random.order_statistic(place.low + 1, count);
    const double v =
        1 - (1 - u) * std::pow(random.uniform(), 1 / (n - static_cast<double>(place.low) - 1));
    one.low = std::min(static_cast<std::size_t>(u * n), count - 1);
    one.high = std::min(static_cast<std::size_t>(v * n), count - 1);
  }
  return out;
}

// The values of a simulated sample between two ranks.
std::vector<double> draw_values(const Shape& shape, std::size_t count, std::size_t first,
                                std::size_t last, Random& random) {
  std::vector<double> out;
  double u = random.order_statistic(first + 1, count);
  out.push_back(shape.at(u));
  for (std::size_t rank = first + 1; rank <= last; ++rank) {
    u = 1 - (1 - u) * std::pow(random.uniform(), 1 / static_cast<double>(count - rank));
    out.push_back(shape.at(u));
  }
  return out;
}

// The share of simulated measurements of independent samples whose upper bound is within the limit.
double independent_power(const Shape& shape, const PlanRequest& request, std::size_t count,
                         std::size_t simulations) {
  Random random(request.seed);
  const QuantilePlace place = quantile_place(count, request.q);
  const auto ranks_a = draw_ranks(count, place, random);
  const auto ranks_b = draw_ranks(count, place, random);
  std::size_t first = count;
  std::size_t last = 0;
  for (const auto* ranks : {&ranks_a, &ranks_b}) {
    for (const Drawn& one : *ranks) {
      first = std::min(first, one.low);
      last = std::max(last, one.high);
    }
  }
  const double limit = std::log1p(request.limit);
  std::vector<double> logs(resamples);
  std::size_t within = 0;
  for (std::size_t i = 0; i < simulations; ++i) {
    const auto a = draw_values(shape, count, first, last, random);
    const auto b = draw_values(shape, count, first, last, random);
    for (std::size_t j = 0; j < resamples; ++j) {
      const double of_a =
          between(a[ranks_a[j].low - first], a[ranks_a[j].high - first], place.rest);
      const double of_b =
          between(b[ranks_b[j].low - first], b[ranks_b[j].high - first], place.rest);
      logs[j] = of_b / of_a;
    }
    if (std::log(quantile(logs, 1 - request.alpha)) <= limit) ++within;
  }
  return static_cast<double>(within) / static_cast<double>(simulations);
}

// A series as long as wanted: long blocks of the samples, each value replaced by one like it.
std::vector<double> draw_series(const Shape& shape, std::span<const double> pilot, double scale,
                                std::size_t count, std::size_t block, Random& random) {
  std::vector<double> out;
  out.reserve(count);
  while (out.size() < count) {
    std::size_t at = random.below(static_cast<std::uint32_t>(pilot.size()));
    for (std::size_t i = 0; i < block && out.size() < count; ++i) {
      out.push_back(shape.like(pilot[at] / scale, random));
      if (++at == pilot.size()) at = 0;
    }
  }
  return out;
}

// The same for samples that depend on their neighbors.
double dependent_power(const Shape& shape, const Sides& pilot, const PlanRequest& request,
                       std::size_t count, std::size_t simulations, std::size_t block) {
  std::vector<double> a(pilot.a.begin(), pilot.a.end());
  std::vector<double> b(pilot.b.begin(), pilot.b.end());
  const double scale = quantile(b, request.q) / quantile(a, request.q);
  const std::size_t least = std::min(pilot.a.size(), pilot.b.size());
  const std::size_t length = std::max<std::size_t>(1, std::min(20 * block, least / 4));
  const double limit = std::log1p(request.limit);
  Random random(request.seed);
  std::size_t within = 0;
  for (std::size_t i = 0; i < simulations; ++i) {
    const auto side_a = draw_series(shape, pilot.a, 1, count, length, random);
    const auto side_b = draw_series(shape, pilot.b, scale, count, length, random);
    const Ratio ratio = ratio_interval({side_a, side_b, true}, {.q = request.q,
                                                                .alpha = request.alpha,
                                                                .resamples = resamples / 2,
                                                                .seed = random.next()});
    if (ratio.high <= limit) ++within;
  }
  return static_cast<double>(within) / static_cast<double>(simulations);
}

std::size_t block_of(const Sides& pilot, double q) {
  std::vector<double> a(pilot.a.begin(), pilot.a.end());
  std::vector<double> b(pilot.b.begin(), pilot.b.end());
  return std::max(dependence(pilot.a, quantile(a, q)).block,
                  dependence(pilot.b, quantile(b, q)).block);
}

// How many dependent samples tell as much as one independent one.
double inflation(const Sides& pilot, double q, std::size_t block) {
  std::vector<double> a(pilot.a.begin(), pilot.a.end());
  std::vector<double> b(pilot.b.begin(), pilot.b.end());
  std::ranges::sort(a);
  std::ranges::sort(b);
  const auto variance = [&](std::size_t length) {
    const auto logs = resampled_logs(pilot, a, b, {.q = q, .resamples = resamples}, length);
    double mean = 0;
    for (const double one : logs) mean += one / static_cast<double>(logs.size());
    double sum = 0;
    for (const double one : logs) sum += (one - mean) * (one - mean);
    return sum;
  };
  const double single = variance(1);
  return single > 0 ? std::max(1.0, variance(block) / single) : 1;
}

std::size_t scaled(std::size_t count, double factor) {
  return static_cast<std::size_t>(std::ceil(static_cast<double>(count) * factor));
}

// The least count with the wanted power; power(count) rises.
template <class Power>
std::optional<Plan> search(std::size_t from, double wanted, const Power& power) {
  std::size_t high = from;
  double reached = power(high);
  std::size_t low = high;
  while (reached < wanted) {
    low = high;
    high *= 2;
    if (high > most_samples) return std::nullopt;
    reached = power(high);
  }
  while (static_cast<double>(high) > 1.04 * static_cast<double>(low)) {
    const std::size_t middle =
        scaled(low, std::sqrt(static_cast<double>(high) / static_cast<double>(low)));
    if (middle >= high) break;
    const double there = power(middle);
    if (there >= wanted) {
      high = middle;
      reached = there;
    } else {
      low = middle;
    }
  }
  return Plan{high, reached, 1};
}

}  // namespace

std::optional<Plan> plan(const Sides& pilot, const PlanRequest& request) {
  if (std::min(pilot.a.size(), pilot.b.size()) < 20 || !(request.limit > 0)) return std::nullopt;
  if (!(std::ranges::min(pilot.a) > 0) || !(std::ranges::min(pilot.b) > 0)) return std::nullopt;
  const Shape shape(pilot, request.q);
  const std::size_t least = smallest_for(request.q);
  auto out = search(least, request.power, [&](std::size_t count) {
    return independent_power(shape, request, count, 400);
  });
  const std::size_t block = block_of(pilot, request.q);
  if (!out || block == 1) return out;
  // Dependent samples: from the count of independent ones on, each step simulated.
  Plan found{std::max(least, scaled(out->samples, inflation(pilot, request.q, block))), 0, block};
  // So many samples at most are drawn for a step: somebody waits for the answer.
  constexpr std::size_t most_drawn = 4'000'000;
  std::optional<Plan> enough;
  for (int i = 0; i < 8 && found.samples <= most_drawn / 20; ++i) {
    const std::size_t simulations = std::min<std::size_t>(200, most_drawn / found.samples);
    found.power = dependent_power(shape, pilot, request, found.samples, simulations, block);
    const bool reached = found.power >= request.power;
    if (reached) enough = found;
    // Down while it is too much, up while it is not enough.
    if (reached ? found.samples <= least || found.power < request.power + 0.03
                : enough.has_value()) {
      return enough;
    }
    found.samples = std::max(least, scaled(found.samples, reached ? 0.85 : 1.15));
  }
  if (enough) return enough;
  if (found.samples > most_samples) return std::nullopt;
  if (found.power == 0) found.power = out->power;
  return found;
}

double simulated_power(const Sides& pilot, const PlanRequest& request, std::size_t samples,
                       std::size_t simulations) {
  const Shape shape(pilot, request.q);
  const std::size_t block = block_of(pilot, request.q);
  if (block == 1) return independent_power(shape, request, samples, simulations);
  return dependent_power(shape, pilot, request, samples, simulations, block);
}

}  // namespace tenon::bench
