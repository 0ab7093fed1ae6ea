// Looks at a measurement that goes on. Looking often and stopping at the first "broken" finds a
// difference where there is none; so each look gets a part of the allowed error only.
//
// Spending function of Lan and DeMets (1983) in the form of O'Brien and Fleming, one-sided:
// 2 - 2 Phi(z / sqrt(t)) with z for half of alpha, where t is the part of the planned samples that
// is there. The bounds come from the recursion of Armitage, McPherson and Rowe (1969) over a
// Brownian motion, integrated numerically.
#pragma once

#include <span>
#include <vector>

namespace tenon::bench {

inline constexpr int most_looks = 20;

// For each look the one-sided level at which it may decide. `parts` are ascending, the last one is
// 1.
[[nodiscard]] std::vector<double> look_levels(std::span<const double> parts, double alpha);
// For `looks` equal steps.
[[nodiscard]] std::vector<double> look_levels(int looks, double alpha);

}  // namespace tenon::bench
