#include "bench/stats/rank_test.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "bench/stats/quantile.h"

namespace tenon::bench {

RankTest mann_whitney(std::span<const double> a, std::span<const double> b) {
  RankTest out;
  if (a.empty() || b.empty()) return out;
  std::size_t i = 0;
  std::size_t j = 0;
  double rank_sum = 0;
  double ties = 0;
  while (i < a.size() || j < b.size()) {
    const double value = j == b.size() || (i < a.size() && a[i] < b[j]) ? a[i] : b[j];
    const std::size_t first = i + j;
    const std::size_t first_a = i;
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    const auto group = static_cast<double>(i + j - first);
    rank_sum += static_cast<double>(i - first_a) * (static_cast<double>(first) + (group + 1) / 2);
    ties += group * group * group - group;
  }
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  out.u = rank_sum - n * (n + 1) / 2;
  const double all = n + m;
  const double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
  if (!(variance > 0)) return out;
  const double larger = std::max(out.u, n * m - out.u);
  out.p = std::min(1.0, 2 * normal_tail((larger - n * m / 2 - 0.5) / std::sqrt(variance)));
  return out;
}

}  // namespace tenon::bench
