// Results to rows with ratios and intervals, and gates to verdicts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/gate/gate.h"
#include "bench/results/results.h"
#include "bench/stats/ratio.h"

namespace tenon::bench {

struct Row {
  std::string group;  // the benchmark of go test; empty elsewhere
  Metric metric;
  std::string unit;
  std::size_t count_a = 0, count_b = 0;
  double a = 0, b = 0;  // the quantile of each side
  Ratio ratio;          // of logarithms
  double rank_p = 1;    // Mann-Whitney, for information
  std::optional<Gate> gate;
  std::optional<Verdict> verdict;     // of the gate
  std::optional<std::size_t> needed;  // samples of each side, where the gate cannot be told
};

struct JudgeRequest {
  std::vector<Gate> gates;
  std::vector<Metric> metrics;  // to show; empty: those of the kind of the results
  double alpha = 0.025;
  std::size_t resamples = 2000;
  std::uint64_t seed = 1;
  bool plan = true;  // simulate how many samples an undecided gate needs
  double power = 0.9;
};

struct Judgement {
  std::vector<Row> rows;
  bool single = false;             // one run on a side: no verdict
  std::vector<Metric> unmeasured;  // of gates that no figure answers

  // 0 held, 1 broken, 2 cannot tell; without gates 0, or 2 where nothing can be said.
  [[nodiscard]] int exit_code() const;
};

[[nodiscard]] Judgement judge(const Results& results, const JudgeRequest& request);

// Whether every gate is decided at this level: for looks while a measurement goes on.
[[nodiscard]] bool decided(const Judgement& judgement);

// The metrics that are shown for a kind of results.
[[nodiscard]] std::vector<Metric> usual_metrics(const Results& results);

}  // namespace tenon::bench
