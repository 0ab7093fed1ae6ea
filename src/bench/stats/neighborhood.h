// Resamples of pairs around a quantile of each side. Part of ratio.h, which says what is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bench/stats/quantile.h"
#include "bench/stats/random.h"

namespace tenon::bench {

// The values of one side near its quantile. Place 0 stands for everything below them, the last
// place for everything above.
class Neighborhood {
 public:
  // `reach`: how many ranks on either side of the quantile.
  Neighborhood(std::span<const double> sorted, double q, double reach);

  [[nodiscard]] std::uint32_t place_of(double value) const;
  [[nodiscard]] std::uint32_t places() const {
    return static_cast<std::uint32_t>(values_.size() + 2);
  }
  [[nodiscard]] bool is_inside(std::uint32_t place) const {
    return place > 0 && place <= values_.size();
  }
  [[nodiscard]] bool is_everything() const { return everything_; }
  // The quantile of a resample by the counts of its places; nothing when it lies outside.
  [[nodiscard]] std::optional<double> quantile_of(std::span<const std::uint32_t> counts) const;

 private:
  std::vector<double> values_;  // each once, ascending
  QuantilePlace place_;
  bool everything_ = false;
};

// Draws resamples of pairs and gives the quantile of each side.
class PairResampler {
 public:
  PairResampler(std::span<const double> a, std::span<const double> b, const Neighborhood& near_a,
                const Neighborhood& near_b, std::size_t block);

  struct Quantiles {
    double a = 0, b = 0;
  };
  // Nothing when a quantile left its neighborhood. `scratch` belongs to the calling thread.
  struct Scratch {
    std::vector<std::uint32_t> a, b;
  };
  [[nodiscard]] std::optional<Quantiles> draw(Random& random, Scratch& scratch) const;

 private:
  struct Pair {
    std::uint32_t a = 0, b = 0;
  };

  void count_far(const Pair& pair);
  void draw_single(Random& random, Scratch& scratch) const;
  void draw_blocks(Random& random, Scratch& scratch) const;

  const Neighborhood& near_a_;
  const Neighborhood& near_b_;
  std::uint32_t count_ = 0;
  std::uint32_t block_ = 1;
  std::vector<Pair> near_;  // pairs with a side in its neighborhood, in their order
  // Pairs with neither: both below, only A below, only B below.
  std::uint32_t both_ = 0, only_a_ = 0, only_b_ = 0;
  // For blocks, at each place in time: pairs before it that are near, and far ones below.
  std::vector<std::uint32_t> near_before_, a_before_, b_before_;
};

}  // namespace tenon::bench
