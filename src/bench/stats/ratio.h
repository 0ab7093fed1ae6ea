// The ratio of a quantile of B to that of A, with an interval.
//
// What is resampled is the pair: the i-th sample of A and the i-th of B were taken one after the
// other, so a slow moment of the machine is in both. Each resample draws pairs with replacement and
// takes log(quantile of B) - log(quantile of A); the bounds are percentiles of that. Samples that
// depend on their neighbors are drawn in circular blocks of pairs. Sides without pairs are
// resampled on their own.
//
// A resample is never built when that is not needed. Only the order statistics next to the quantile
// decide it, so the pairs that stay far away on either side are counted by one binomial draw for
// all, and those near it are drawn one by one; the distribution is the same as that of the whole
// resample. If a resample leaves the neighborhood, all is done again with a wider one. For sides
// without pairs the order statistics of a resample are drawn themselves (beta distribution).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tenon::bench {

// The samples of both sides in the order in which they were taken.
struct Sides {
  std::span<const double> a, b;
  bool paired = false;  // then both have one length
};

enum class Method : std::uint8_t {
  none,       // too few samples for any bound
  exact,      // one value on each side that does not vary, as a file's size
  order,      // bounds of order statistics, for each side at half of alpha
  bootstrap,  // resampled
  blocks,     // resampled in blocks
};

[[nodiscard]] std::string_view method_name(Method method);

// log(B/A). Bounds that the samples do not give are infinite.
struct Ratio {
  double estimate = 0;
  double low = 0, high = 0;
  Method method = Method::none;
  std::size_t block = 1;
  double widening = 1;
};

struct RatioRequest {
  double q = 0.5;
  double alpha = 0.025;  // for each bound
  std::size_t resamples = 2000;
  std::uint64_t seed = 1;
  std::size_t block = 0;         // pairs in a block; 0: the samples decide, 1: none
  bool always_resample = false;  // also below smallest_for()
};

// The least number of samples with which a quantile is resampled: 50/(1-q), or 50/q below the
// median.
[[nodiscard]] std::size_t smallest_for(double q);

// Values are not negative. Method::none where the quantile of a side is 0.
[[nodiscard]] Ratio ratio_interval(const Sides& sides, const RatioRequest& request);
// The same with the sides in ascending order at hand, which are made once for all quantiles.
[[nodiscard]] Ratio ratio_interval(const Sides& sides, std::span<const double> sorted_a,
                                   std::span<const double> sorted_b, const RatioRequest& request);

// With the indices of each resample given: `indices` holds n of them for each resample, for A and B
// alike. For comparison with other programs.
[[nodiscard]] Ratio ratio_by_indices(const Sides& sides, std::span<const std::uint32_t> indices,
                                     double q, double alpha);

// The values of log(B/A) over the resamples.
[[nodiscard]] std::vector<double> resampled_logs(const Sides& sides,
                                                 std::span<const double> sorted_a,
                                                 std::span<const double> sorted_b,
                                                 const RatioRequest& request, std::size_t block);

// How samples depend on their neighbors, by the series that says for each value whether it lies
// above the quantile.
struct Dependence {
  // The length of blocks: that of Politis and White (2004) with the correction of Patton, Politis
  // and White (2009) for circular blocks. 1: no dependence shows.
  std::size_t block = 1;
  // Blocks cut the dependence at their ends, so the resamples spread too little: by the root of
  // the long-run variance over that of blocks. Deviations are widened by it.
  double widening = 1;
};

[[nodiscard]] Dependence dependence(std::span<const double> series, double quantile_value);

}  // namespace tenon::bench
