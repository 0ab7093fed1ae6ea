// Random numbers for resampling and simulation: the same on every machine and with every standard
// library, so that a result can be computed again from its seed.
//
// Sources: xoshiro256** 1.0 and splitmix64 (Blackman and Vigna, "Scrambled linear pseudorandom
// number generators", 2021); bounded integers without bias after Lemire (2019); gamma after
// Marsaglia and Tsang (2000); binomial by BTRS of Hörmann (1993), below a mean of 10 by inversion.
#pragma once

#include <array>
#include <cstdint>

namespace tenon::bench {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  [[nodiscard]] std::uint64_t next();
  // Between 0 and 1, never either.
  [[nodiscard]] double uniform();
  // 0 to `count` - 1. `count` is at least 1.
  [[nodiscard]] std::uint32_t below(std::uint32_t count);
  [[nodiscard]] double normal();
  [[nodiscard]] double exponential();
  [[nodiscard]] double gamma(double shape);  // shape of at least 1
  // The k-th smallest of `count` uniform numbers, k from 1.
  [[nodiscard]] double order_statistic(std::uint64_t k, std::uint64_t count);
  // Successes in `count` trials.
  [[nodiscard]] std::uint64_t binomial(std::uint64_t count, double probability);

 private:
  [[nodiscard]] std::uint64_t small_binomial(std::uint64_t count, double probability);
  [[nodiscard]] std::uint64_t large_binomial(std::uint64_t count, double probability);

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace tenon::bench
