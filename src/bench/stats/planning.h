// How many samples a verdict needs, by simulation with the shape of the samples at hand.
//
// For a number n of samples a whole measurement is simulated many times: both sides are drawn from
// the pooled samples, and the interval of the ratio is computed as a measurement does. The share of
// simulations whose upper bound stays within the limit is the power. n is searched upwards until
// that reaches 90 %, so that a B which equals A is found to hold the gate, and by symmetry a B that
// is worse by the limit is found to be worse than A. Between two neighbors of the pooled samples
// the quantile function is taken as a straight line through a few of them on either side, since a
// tail has few samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bench/stats/ratio.h"

namespace tenon::bench {

struct PlanRequest {
  double q = 0.5;
  double limit = 0.05;  // +5 %
  double alpha = 0.025;
  double power = 0.9;
  std::uint64_t seed = 1;
};

struct Plan {
  std::size_t samples = 0;  // of each side
  double power = 0;         // that was simulated
  std::size_t block = 1;
};

// Nothing when ten million samples do not do, or there are fewer than 20 samples of each side.
[[nodiscard]] std::optional<Plan> plan(const Sides& pilot, const PlanRequest& request);
// The power that `samples` of each side have.
[[nodiscard]] double simulated_power(const Sides& pilot, const PlanRequest& request,
                                     std::size_t samples, std::size_t simulations);

}  // namespace tenon::bench
