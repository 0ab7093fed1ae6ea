// Random numbers for resampling and simulation: the same on every machine and with every standard
// library, so that a result can be computed again from its seed.
//
// Sources: xoshiro256** 1.0 and splitmix64 (Blackman and Vigna, "Scrambled linear pseudorandom
// number generators", 2021); bounded integers without bias after Lemire (2019); gamma after
// Marsaglia and Tsang (2000); binomial by BTRS of Hörmann (1993), below a mean of 10 by inversion.
#pragma once

#include <array>
#include <bit>
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

inline std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

inline std::uint32_t Random::below(std::uint32_t count) {
  while (true) {
    const std::uint64_t product = (next() >> 32U) * count;
    const auto low = static_cast<std::uint32_t>(product);
    // The first 2^32 mod count values of each bin would make it heavier than the others.
    if (low >= count || low >= (0U - count) % count) {
      return static_cast<std::uint32_t>(product >> 32U);
    }
  }
}

}  // namespace tenon::bench
