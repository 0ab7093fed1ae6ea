#include "bench/stats/neighborhood.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bench/stats/quantile.h"
#include "bench/stats/random.h"

namespace tenon::bench {

Neighborhood::Neighborhood(std::span<const double> sorted, double q, double reach)
    : place_(quantile_place(sorted.size(), q)) {
  const auto middle = static_cast<double>(place_.low);
  const auto size = static_cast<double>(sorted.size());
  const auto first = static_cast<std::size_t>(std::max(0.0, middle - reach));
  const auto last = static_cast<std::size_t>(std::min(size - 1, middle + reach + 1));
  // Equal values at an edge are all inside.
  const auto begin = std::ranges::lower_bound(sorted, sorted[first]);
  const auto end = std::ranges::upper_bound(sorted, sorted[last]);
  everything_ = begin == sorted.begin() && end == sorted.end();
  values_.assign(begin, end);
  values_.erase(std::ranges::unique(values_).begin(), values_.end());
}

std::uint32_t Neighborhood::place_of(double value) const {
  if (value < values_.front()) return 0;
  if (value > values_.back()) return places() - 1;
  return static_cast<std::uint32_t>(std::ranges::lower_bound(values_, value) - values_.begin() + 1);
}

std::optional<double> Neighborhood::quantile_of(std::span<const std::uint32_t> counts) const {
  std::size_t seen = counts[0];
  if (seen > place_.low) return std::nullopt;
  std::size_t i = 0;
  for (; i < values_.size(); ++i) {
    seen += counts[i + 1];
    if (seen > place_.low) break;
  }
  if (i == values_.size()) return std::nullopt;
  const double low = values_[i];
  if (place_.rest == 0 || seen > place_.low + 1) return low;
  for (++i; i < values_.size(); ++i) {
    if (counts[i + 1] != 0) return between(low, values_[i], place_.rest);
  }
  return std::nullopt;
}

PairResampler::PairResampler(std::span<const double> a, std::span<const double> b,
                             const Neighborhood& near_a, const Neighborhood& near_b,
                             std::size_t block)
    : near_a_(near_a),
      near_b_(near_b),
      count_(static_cast<std::uint32_t>(a.size())),
      block_(static_cast<std::uint32_t>(block)) {
  const std::size_t around = block > 1 ? a.size() + block : 0;
  for (auto* list : {&near_before_, &a_before_, &b_before_}) list->reserve(around + 1);
  const std::size_t steps = std::max(around, a.size());
  for (std::size_t i = 0; i < steps; ++i) {
    if (block > 1) {
      near_before_.push_back(static_cast<std::uint32_t>(near_.size()));
      a_before_.push_back(both_ + only_a_);
      b_before_.push_back(both_ + only_b_);
    }
    const std::size_t at = i < a.size() ? i : i - a.size();
    count_far({near_a_.place_of(a[at]), near_b_.place_of(b[at])});
  }
  if (block > 1) {
    near_before_.push_back(static_cast<std::uint32_t>(near_.size()));
    a_before_.push_back(both_ + only_a_);
    b_before_.push_back(both_ + only_b_);
  }
}

void PairResampler::count_far(const Pair& pair) {
  if (near_a_.is_inside(pair.a) || near_b_.is_inside(pair.b)) {
    near_.push_back(pair);
  } else if (pair.a == 0 && pair.b == 0) {
    ++both_;
  } else if (pair.a == 0) {
    ++only_a_;
  } else if (pair.b == 0) {
    ++only_b_;
  }
}

void PairResampler::draw_single(Random& random, Scratch& scratch) const {
  const double total = count_;
  const auto near_count = static_cast<std::uint32_t>(near_.size());
  const std::uint64_t drawn = random.binomial(count_, near_count / total);
  std::uint64_t left = count_ - drawn;
  double others = total - near_count;
  const auto take = [&](std::uint32_t kind) {
    const std::uint64_t got = others > 0 ? random.binomial(left, kind / others) : 0;
    left -= got;
    others -= kind;
    return static_cast<std::uint32_t>(got);
  };
  const std::uint32_t both = take(both_);
  const std::uint32_t only_a = take(only_a_);
  const std::uint32_t only_b = take(only_b_);
  for (std::uint64_t i = 0; i < drawn; ++i) {
    const Pair& pair = near_[random.below(near_count)];
    ++scratch.a[pair.a];
    ++scratch.b[pair.b];
  }
  scratch.a[0] += both + only_a;
  scratch.b[0] += both + only_b;
}

void PairResampler::draw_blocks(Random& random, Scratch& scratch) const {
  for (std::uint32_t drawn = 0; drawn < count_;) {
    const std::uint32_t length = std::min(block_, count_ - drawn);
    const std::uint32_t from = random.below(count_);
    const std::uint32_t to = from + length;
    scratch.a[0] += a_before_[to] - a_before_[from];
    scratch.b[0] += b_before_[to] - b_before_[from];
    for (std::uint32_t i = near_before_[from]; i < near_before_[to]; ++i) {
      ++scratch.a[near_[i].a];
      ++scratch.b[near_[i].b];
    }
    drawn += length;
  }
}

std::optional<PairResampler::Quantiles> PairResampler::draw(Random& random,
                                                            Scratch& scratch) const {
  scratch.a.assign(near_a_.places(), 0);
  scratch.b.assign(near_b_.places(), 0);
  if (block_ > 1) {
    draw_blocks(random, scratch);
  } else {
    draw_single(random, scratch);
  }
  const auto a = near_a_.quantile_of(scratch.a);
  const auto b = near_b_.quantile_of(scratch.b);
  if (!a || !b) return std::nullopt;
  return Quantiles{*a, *b};
}

}  // namespace tenon::bench
