// Simulated measurements with known truth: how often an interval calls B worse that is not (A/A),
// with one look and with many, and whether a planned number of samples has the power that it was
// planned for.
//
// usage: simulate level|looks|plan SIMULATIONS [short]
//
// Prints Markdown. Exit code 1 when a bar is missed.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/for_all.h"
#include "bench/stats/planning.h"
#include "bench/stats/random.h"
#include "bench/stats/ratio.h"
#include "bench/stats/sequential.h"

namespace {

using namespace tenon::bench;

struct Shape {
  const char* name;
  std::function<void(Random& random, std::vector<double>& out)> draw;
};

template <class One>
std::function<void(Random&, std::vector<double>&)> each(One one) {
  return [one](Random& random, std::vector<double>& out) {
    for (double& value : out) value = one(random);
  };
}

std::vector<Shape> shapes() {
  return {
      {"lognormal 0.5", each([](Random& r) { return std::exp(0.5 * r.normal()); })},
      {"exponential", each([](Random& r) { return r.exponential(); })},
      {"3 % slow mixture", each([](Random& r) {
         const double usual = std::exp(0.2 * r.normal());
         return r.uniform() < 0.03 ? 5 * usual : usual;
       })},
      {"bimodal", each([](Random& r) {
         const double usual = std::exp(0.1 * r.normal());
         return r.uniform() < 0.4 ? 2 * usual : usual;
       })},
      {"AR(1) 0.5",
       [](Random& r, std::vector<double>& out) {
         double z = r.normal();
         for (double& value : out) {
           value = std::exp(0.5 * z);
           z = 0.5 * z + std::sqrt(0.75) * r.normal();
         }
       }},
  };
}

// The bar of a rate that is `wanted`: two standard errors above it.
double bar(double wanted, std::size_t simulations) {
  return wanted + 2 * std::sqrt(wanted * (1 - wanted) / static_cast<double>(simulations));
}

// Work on each simulation, on all processors; `work` counts under a lock.
void simulate(std::size_t count, const std::function<void(std::size_t, std::mutex&)>& work) {
  std::mutex lock;
  tenon::for_all(count, std::max(1U, std::thread::hardware_concurrency()),
                 [&](std::size_t i) { work(i, lock); });
}

std::vector<double> sample(const Shape& shape, std::uint64_t seed, std::size_t count,
                           double factor = 1) {
  Random random(seed);
  std::vector<double> out(count);
  shape.draw(random, out);
  for (double& one : out) one *= factor;
  return out;
}

bool level(std::size_t simulations, bool is_short) {
  std::printf(
      "| shape | quantile | samples of each side | B called worse | B called better | bar |\n"
      "|---|---|---|---|---|---|\n");
  bool met = true;
  for (const Shape& shape : shapes()) {
    for (const auto& one :
         std::vector<std::pair<double, int>>{{0.5, 100}, {0.5, 1000}, {0.9, 1000}, {0.99, 5000}}) {
      const double q = one.first;
      const int count = one.second;
      if (is_short && count > 1000) continue;
      std::size_t worse = 0;
      std::size_t better = 0;
      simulate(simulations, [&](std::size_t i, std::mutex& lock) {
        const auto size = static_cast<std::size_t>(count);
        const auto a = sample(shape, 4 * i + 1, size);
        const auto b = sample(shape, 4 * i + 2, size);
        RatioRequest request;
        request.q = q;
        request.seed = i;
        request.resamples = is_short ? 400 : 1000;
        const Ratio ratio = ratio_interval({a, b, true}, request);
        const std::scoped_lock held(lock);
        worse += ratio.low > 0 ? 1 : 0;
        better += ratio.high < 0 ? 1 : 0;
      });
      const auto part = [&](std::size_t n) {
        return static_cast<double>(n) / static_cast<double>(simulations);
      };
      const double most = bar(0.025, simulations);
      met = met && part(worse) <= most && part(better) <= most;
      std::printf("| %s | %g | %d | %.2f %% | %.2f %% | %.2f %% |\n", shape.name, q, count,
                  100 * part(worse), 100 * part(better), 100 * most);
      std::fflush(stdout);
    }
  }
  return met;
}

bool looks(std::size_t simulations) {
  constexpr std::size_t count = 2000;
  constexpr int steps = 20;
  const auto levels = look_levels(steps, 0.025);
  std::printf(
      "| shape | 20 looks, corrected | 20 looks, each at 2.5 %% | bar | true +20 %% found |\n"
      "|---|---|---|---|---|\n");
  bool met = true;
  for (const Shape& shape : shapes()) {
    std::size_t corrected = 0;
    std::size_t plain = 0;
    std::size_t found = 0;
    simulate(simulations, [&](std::size_t i, std::mutex& lock) {
      const auto a = sample(shape, 4 * i + 1, count);
      const auto b = sample(shape, 4 * i + 2, count);
      const auto worse = sample(shape, 4 * i + 3, count, 1.2);
      bool by_levels = false;
      bool by_one = false;
      bool seen = false;
      for (std::size_t k = 0; k < steps; ++k) {
        const std::size_t have = count * (k + 1) / steps;
        const auto first = [&](const std::vector<double>& all) {
          return std::span(all).first(have);
        };
        RatioRequest request;
        request.seed = i;
        request.resamples = 1000;
        request.alpha = levels[k];
        Ratio ratio = ratio_interval({first(a), first(b), true}, request);
        by_levels |= ratio.low > 0 || ratio.high < 0;
        if (!seen) seen = ratio_interval({first(a), first(worse), true}, request).low > 0;
        request.alpha = 0.025;
        ratio = ratio_interval({first(a), first(b), true}, request);
        by_one |= ratio.low > 0 || ratio.high < 0;
      }
      const std::scoped_lock held(lock);
      corrected += by_levels ? 1 : 0;
      plain += by_one ? 1 : 0;
      found += seen ? 1 : 0;
    });
    const auto percent = [&](std::size_t n) {
      return 100 * static_cast<double>(n) / static_cast<double>(simulations);
    };
    const double most = 100 * bar(0.05, simulations);
    met = met && percent(corrected) <= most && percent(found) >= 90;
    std::printf("| %s | %.2f %% | %.2f %% | %.2f %% | %.1f %% |\n", shape.name, percent(corrected),
                percent(plain), most, percent(found));
    std::fflush(stdout);
  }
  return met;
}

bool planning(std::size_t simulations) {
  constexpr std::size_t pilots = 8;
  std::printf(
      "| shape | quantile | limit | pilot | planned, least to most | achieved power, mean of %zu "
      "pilots | bar |\n|---|---|---|---|---|---|---|\n",
      pilots);
  bool met = true;
  struct Question {
    double q, limit;
    std::size_t pilot;
  };
  for (const Shape& shape : shapes()) {
    for (const Question& question : {Question{0.5, 0.05, 2000}, {0.99, 0.1, 20'000}}) {
      std::vector<std::size_t> planned;
      double power = 0;
      for (std::uint64_t pilot = 0; pilot < pilots; ++pilot) {
        const auto a = sample(shape, 1'000'000 + 2 * pilot, question.pilot);
        const auto b = sample(shape, 1'000'001 + 2 * pilot, question.pilot);
        const auto found =
            plan({a, b, true}, {.q = question.q, .limit = question.limit, .seed = pilot});
        if (!found) continue;
        planned.push_back(found->samples);
        std::size_t held = 0;
        simulate(simulations, [&](std::size_t i, std::mutex& lock) {
          const std::uint64_t seed = 2'000'000 + 4 * (i + pilot * simulations);
          const auto side_a = sample(shape, seed, found->samples);
          const auto side_b = sample(shape, seed + 1, found->samples);
          RatioRequest request;
          request.q = question.q;
          request.seed = i;
          request.resamples = 1000;
          const Ratio ratio = ratio_interval({side_a, side_b, true}, request);
          const std::scoped_lock both(lock);
          held += ratio.high <= std::log1p(question.limit) ? 1 : 0;
        });
        power += 100 * static_cast<double>(held) / static_cast<double>(simulations) / pilots;
      }
      // Where the least number for a resampled interval does, more than 90 % is right.
      const bool least = !planned.empty() && std::ranges::max(planned) == smallest_for(question.q);
      met = met && planned.size() == pilots && power >= 85 && (power <= 95 || least);
      std::printf("| %s | %g | +%g %% | %zu | %zu to %zu | %.1f %% | %s |\n", shape.name,
                  question.q, 100 * question.limit, question.pilot,
                  planned.empty() ? 0 : std::ranges::min(planned),
                  planned.empty() ? 0 : std::ranges::max(planned), power,
                  least ? "at least 85 %" : "85 to 95 %");
      std::fflush(stdout);
    }
  }
  return met;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count > 1 ? words[1] : "";
  const std::size_t simulations = count > 2 ? std::strtoul(words[2], nullptr, 10) : 2000;
  if (what == "level") return level(simulations, count > 3) ? 0 : 1;
  if (what == "looks") return looks(simulations) ? 0 : 1;
  if (what == "plan") return planning(simulations) ? 0 : 1;
  std::fputs("usage: simulate level|looks|plan SIMULATIONS [short]\n", stderr);
  return 3;
}
