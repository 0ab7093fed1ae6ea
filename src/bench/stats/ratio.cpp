#include "bench/stats/ratio.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/for_all.h"
#include "bench/stats/neighborhood.h"
#include "bench/stats/quantile.h"
#include "bench/stats/random.h"

namespace tenon::bench {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t parts = 16;  // resamples are drawn in so many parts, each with its own seed

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t part) {
  return seed * 0x9e3779b97f4a7c15U + part;
}

std::vector<double> sorted_copy(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  std::ranges::sort(out);
  return out;
}

// Of a time that may have been too short for its clock: 0 is far below everything.
double log_of(double value) { return std::log(std::max(value, 1e-300)); }

// In several threads when it is long.
std::size_t threads_for(bool is_long) {
  return is_long ? std::max(1U, std::thread::hardware_concurrency()) : 1;
}

struct Logs {
  std::vector<double> a, b;
};

// The logarithms of both quantiles for each resample of pairs; nothing when one left its
// neighborhood.
std::optional<Logs> try_pairs(const PairResampler& resampler, const RatioRequest& request,
                              bool is_long) {
  Logs out{std::vector<double>(request.resamples), std::vector<double>(request.resamples)};
  std::atomic<bool> left = false;
  for_all(parts, threads_for(is_long), [&](std::size_t part) {
    Random random(seed_of(request.seed, part));
    PairResampler::Scratch scratch;
    const std::size_t end = request.resamples * (part + 1) / parts;
    for (std::size_t i = request.resamples * part / parts; i < end && !left; ++i) {
      const auto drawn = resampler.draw(random, scratch);
      if (!drawn) {
        left = true;
        break;
      }
      out.a[i] = log_of(drawn->a);
      out.b[i] = log_of(drawn->b);
    }
  });
  if (left) return std::nullopt;
  return out;
}

Logs pair_logs(const Sides& sides, std::span<const double> sorted_a,
               std::span<const double> sorted_b, const RatioRequest& request, std::size_t block) {
  const auto count = static_cast<double>(sides.a.size());
  const double spread = std::sqrt(count * request.q * (1 - request.q));
  double reach = (block > 1 ? 12 : 6) * spread + 8;
  while (true) {
    const Neighborhood near_a(sorted_a, request.q, reach);
    const Neighborhood near_b(sorted_b, request.q, reach);
    const PairResampler resampler(sides.a, sides.b, near_a, near_b, block);
    if (auto logs = try_pairs(resampler, request, count > 20000)) return *std::move(logs);
    reach *= 3;
  }
}

// The quantile of one resample of values that do not depend on each other.
double resampled_quantile(std::span<const double> sorted, const QuantilePlace& place,
                          Random& random) {
  const std::size_t count = sorted.size();
  const auto at = [&](double u) {
    const auto rank = static_cast<std::size_t>(u * static_cast<double>(count));
    return sorted[std::min(rank, count - 1)];
  };
  const double u = random.order_statistic(place.low + 1, count);
  if (place.rest == 0) return at(u);
  const auto above = static_cast<double>(count - place.low - 1);
  const double v = 1 - (1 - u) * std::pow(random.uniform(), 1 / above);
  return between(at(u), at(v), place.rest);
}

std::vector<double> side_logs(std::span<const double> series, std::span<const double> sorted,
                              const RatioRequest& request, std::size_t block) {
  if (block > 1) return pair_logs({series, series, true}, sorted, sorted, request, block).a;
  std::vector<double> out(request.resamples);
  const QuantilePlace place = quantile_place(sorted.size(), request.q);
  Random random(seed_of(request.seed, parts));
  for (double& one : out) one = log_of(resampled_quantile(sorted, place, random));
  return out;
}

// Percentiles of the resamples. So far out that few of them lie there, the bound is the wider one
// of the outermost resample and the normal distribution.
void set_bounds(std::vector<double> logs, double alpha, Ratio& out) {
  std::ranges::sort(logs);
  if (alpha * static_cast<double>(logs.size()) >= 10) {
    out.low = sorted_quantile(logs, alpha);
    out.high = sorted_quantile(logs, 1 - alpha);
    return;
  }
  double mean = 0;
  for (const double one : logs) mean += one / static_cast<double>(logs.size());
  double square = 0;
  for (const double one : logs) square += (one - mean) * (one - mean);
  const double error = std::sqrt(square / static_cast<double>(logs.size() - 1));
  const double z = normal_quantile_above(alpha);
  out.low = std::min(logs.front(), out.estimate - z * error);
  out.high = std::max(logs.back(), out.estimate + z * error);
}

// A bound that rests on a value of 0 is none.
void forget_zeros(Ratio& ratio) {
  constexpr double most = 300;
  if (ratio.low < -most) ratio.low = -infinite;
  if (ratio.high > most) ratio.high = infinite;
}

Ratio order_interval(std::span<const double> a, std::span<const double> b, double q, double alpha) {
  Ratio out{std::log(sorted_quantile(b, q) / sorted_quantile(a, q)), -infinite, infinite,
            Method::none};
  const OrderBounds of_a = order_bounds(a.size(), q, alpha / 2);
  const OrderBounds of_b = order_bounds(b.size(), q, alpha / 2);
  if (of_b.low && of_a.high) out.low = log_of(b[*of_b.low]) - log_of(a[*of_a.high]);
  if (of_b.high && of_a.low) out.high = log_of(b[*of_b.high]) - log_of(a[*of_a.low]);
  if (std::isfinite(out.low) || std::isfinite(out.high)) out.method = Method::order;
  forget_zeros(out);
  return out;
}

// Few blocks tell little about their own spread: the bounds of Student's t with half as many
// degrees of freedom as there are blocks, by its first term beyond the normal distribution, and
// half of that again for the length of the blocks, which is an estimate too.
double few_blocks(std::size_t count, std::size_t block, double alpha) {
  if (block <= 1) return 1;
  const double z = normal_quantile_above(alpha);
  const double blocks = static_cast<double>(count) / static_cast<double>(block);
  return 1 + 0.75 * (z * z + 1) / blocks;
}

// Sums of products of a centered series with itself, `lag` later.
double covariance(std::span<const float> series, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < series.size(); ++i) {
    sum += static_cast<double>(series[i] * series[i + lag]);
  }
  return sum / static_cast<double>(series.size());
}

// The covariances up to twice the last lag that shows dependence, before a run of lags that do not.
// Only lag 0: none does.
std::vector<double> dependent_lags(std::span<const float> series) {
  constexpr std::size_t most_lags = 500;
  const auto count = static_cast<double>(series.size());
  std::vector<double> r{covariance(series, 0)};
  if (!(r[0] > 0)) return r;
  const double threshold = 2 * std::sqrt(std::log10(count) / count) * r[0];
  constexpr std::size_t quiet = 5;
  // In a short series the threshold is so high that half of the dependence passes below it. There a
  // bound that is a little too wide for one series in ten is the lesser evil.
  constexpr double few = 500;
  const std::size_t last_lag = std::min(most_lags, series.size() / 3);
  std::size_t last = 0;
  for (std::size_t lag = 1; lag <= last_lag && lag <= last + quiet; ++lag) {
    r.push_back(covariance(series, lag));
    const bool first_of_few = lag == 1 && count < few && r[1] > 1.3 / std::sqrt(count) * r[0];
    if (std::fabs(r[lag]) >= threshold || first_of_few) last = lag;
  }
  const std::size_t window = std::min(2 * last, last_lag);
  while (r.size() <= window) r.push_back(covariance(series, r.size()));
  r.resize(window + 1);
  return r;
}

struct LongRun {
  double variance = 0;  // sum over all lags
  double slope = 0;     // the same, each lag by its length
};

// With the flat-top weights of Politis and Romano (1995).
LongRun long_run(std::span<const double> r, std::size_t size) {
  LongRun out{r[0], 0};
  for (std::size_t lag = 1; lag < size; ++lag) {
    const double t = static_cast<double>(lag) / static_cast<double>(size - 1);
    const double weight = t <= 0.5 ? 1 : 2 * (1 - t);
    out.variance += 2 * weight * r[lag];
    out.slope += 2 * weight * static_cast<double>(lag) * r[lag];
  }
  return out;
}

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::none: return "none";
    case Method::exact: return "exact";
    case Method::order: return "order";
    case Method::bootstrap: return "bootstrap";
    case Method::blocks: break;
  }
  return "blocks";
}

std::size_t smallest_for(double q) {
  return static_cast<std::size_t>(std::ceil(50 / std::min(q, 1 - q) - 1e-9));
}

std::vector<double> resampled_logs(const Sides& sides, std::span<const double> sorted_a,
                                   std::span<const double> sorted_b, const RatioRequest& request,
                                   std::size_t block) {
  Logs logs;
  if (sides.paired) {
    logs = pair_logs(sides, sorted_a, sorted_b, request, block);
  } else {
    RatioRequest other = request;
    other.seed = ~request.seed;
    logs.a = side_logs(sides.a, sorted_a, request, block);
    logs.b = side_logs(sides.b, sorted_b, other, block);
  }
  for (std::size_t i = 0; i < logs.a.size(); ++i) logs.b[i] -= logs.a[i];
  return std::move(logs.b);
}

Ratio ratio_interval(const Sides& sides, const RatioRequest& request) {
  const auto a = sorted_copy(sides.a);
  const auto b = sorted_copy(sides.b);
  return ratio_interval(sides, a, b, request);
}

Ratio ratio_interval(const Sides& sides, std::span<const double> sorted_a,
                     std::span<const double> sorted_b, const RatioRequest& request) {
  Ratio out{0, -infinite, infinite, Method::none};
  const std::size_t least = std::min(sorted_a.size(), sorted_b.size());
  if (least == 0 || !(sorted_quantile(sorted_a, request.q) > 0) ||
      !(sorted_quantile(sorted_b, request.q) > 0)) {
    return out;
  }
  if (least < 2 || (least < smallest_for(request.q) && !request.always_resample)) {
    return order_interval(sorted_a, sorted_b, request.q, request.alpha);
  }
  out.estimate =
      std::log(sorted_quantile(sorted_b, request.q) / sorted_quantile(sorted_a, request.q));
  out.block = request.block;
  if (out.block == 0) {
    const Dependence of_a = dependence(sides.a, sorted_quantile(sorted_a, request.q));
    const Dependence of_b = dependence(sides.b, sorted_quantile(sorted_b, request.q));
    out.block = std::max(of_a.block, of_b.block);
    out.widening = std::max(of_a.widening, of_b.widening);
  }
  out.widening *= few_blocks(least, out.block, request.alpha);
  out.block = std::min(out.block, least);
  out.method = out.block > 1 ? Method::blocks : Method::bootstrap;
  set_bounds(resampled_logs(sides, sorted_a, sorted_b, request, out.block), request.alpha, out);
  out.low = out.estimate + (out.low - out.estimate) * out.widening;
  out.high = out.estimate + (out.high - out.estimate) * out.widening;
  forget_zeros(out);
  return out;
}

Ratio ratio_by_indices(const Sides& sides, std::span<const std::uint32_t> indices, double q,
                       double alpha) {
  const std::size_t count = sides.a.size();
  std::vector<double> a(count);
  std::vector<double> b(count);
  std::vector<double> logs;
  logs.reserve(indices.size() / count);
  for (std::size_t at = 0; at + count <= indices.size(); at += count) {
    for (std::size_t i = 0; i < count; ++i) {
      a[i] = sides.a[indices[at + i]];
      b[i] = sides.b[indices[at + i]];
    }
    logs.push_back(std::log(quantile(b, q)) - std::log(quantile(a, q)));
  }
  a.assign(sides.a.begin(), sides.a.end());
  b.assign(sides.b.begin(), sides.b.end());
  Ratio out{std::log(quantile(b, q) / quantile(a, q)), 0, 0, Method::bootstrap};
  std::ranges::sort(logs);
  out.low = sorted_quantile(logs, alpha);
  out.high = sorted_quantile(logs, 1 - alpha);
  return out;
}

Dependence dependence(std::span<const double> series, double quantile_value) {
  constexpr std::size_t most = 200'000;  // the middle of a longer series tells as much
  const std::size_t total = series.size();
  if (total < 20) return {};
  if (total > most) series = series.subspan((total - most) / 2, most);
  const auto count = static_cast<double>(series.size());
  std::vector<float> above(series.size());
  double mean = 0;
  for (const double one : series) mean += one > quantile_value ? 1 / count : 0;
  std::ranges::transform(series, above.begin(), [&](double one) {
    return static_cast<float>((one > quantile_value ? 1 : 0) - mean);
  });
  const auto r = dependent_lags(above);
  if (r.size() < 2) return {};
  const LongRun sums = long_run(r, r.size());
  if (!(sums.variance > 0)) return {};
  const double best =
      std::cbrt(2 * sums.slope * sums.slope / (4.0 / 3 * sums.variance * sums.variance) *
                static_cast<double>(total));
  const double limit = std::ceil(std::min(3 * std::sqrt(count), count / 3));
  Dependence out;
  out.block = static_cast<std::size_t>(std::clamp(std::ceil(best), 1.0, limit));
  // The variance of means of blocks: lags count by the part of the block in which they lie.
  const double of_blocks = sums.variance - sums.slope / static_cast<double>(out.block);
  out.widening = of_blocks > 0 ? std::sqrt(std::clamp(sums.variance / of_blocks, 1.0, 2.0)) : 1;
  return out;
}

}  // namespace tenon::bench
