// The Mann-Whitney test, for information only: it answers whether samples of one side tend to be
// larger, which says nothing of a tail. No verdict rests on it.
#pragma once

#include <span>

namespace tenon::bench {

struct RankTest {
  double u = 0;  // of the first side
  double p = 1;  // two-sided, normal approximation with corrections for ties and continuity
};

// Both in ascending order.
[[nodiscard]] RankTest mann_whitney(std::span<const double> a, std::span<const double> b);

}  // namespace tenon::bench
