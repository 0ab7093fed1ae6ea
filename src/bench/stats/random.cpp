#include "bench/stats/random.h"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace tenon::bench {
namespace {

// What Stirling's formula leaves of log(k!).
double stirling_rest(double k) {
  const double x = k + 1;
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / (x * x)) / (x * x)) / x;
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15U;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    word = z ^ (z >> 31U);
  }
}

double Random::uniform() { return (static_cast<double>(next() >> 11U) + 0.5) * 0x1p-53; }

double Random::normal() {
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Random::exponential() { return -std::log(uniform()); }

double Random::gamma(double shape) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double Random::order_statistic(std::uint64_t k, std::uint64_t count) {
  const double below = gamma(static_cast<double>(k));
  return below / (below + gamma(static_cast<double>(count + 1 - k)));
}

std::uint64_t Random::binomial(std::uint64_t count, double probability) {
  if (count == 0 || probability <= 0) return 0;
  if (probability >= 1) return count;
  if (probability > 0.5) return count - binomial(count, 1 - probability);
  if (static_cast<double>(count) * probability < 10) return small_binomial(count, probability);
  return large_binomial(count, probability);
}

// Counts the geometric gaps between successes.
std::uint64_t Random::small_binomial(std::uint64_t count, double probability) {
  const double scale = std::log1p(-probability);
  double at = 0;
  std::uint64_t successes = 0;
  while (true) {
    at += std::floor(std::log(uniform()) / scale) + 1;
    if (at > static_cast<double>(count)) return successes;
    ++successes;
  }
}

std::uint64_t Random::large_binomial(std::uint64_t count, double probability) {
  const auto n = static_cast<double>(count);
  const double p = probability;
  const double spread = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = n * p + 0.5;
  const double v_r = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * spread;
  const double odds = p / (1 - p);
  const double mode = std::floor((n + 1) * p);
  while (true) {
    const double u = uniform() - 0.5;
    double v = uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + c);
    if (us >= 0.07 && v <= v_r) return static_cast<std::uint64_t>(k);
    if (k < 0 || k > n) continue;
    v = std::log(v * alpha / (a / (us * us) + b));
    const double bound = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) +
                         stirling_rest(mode) + stirling_rest(n - mode) +
                         (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
                         (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) - stirling_rest(k) -
                         stirling_rest(n - k);
    if (v <= bound) return static_cast<std::uint64_t>(k);
  }
}

}  // namespace tenon::bench
