#include "bench/judge/judge.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/for_all.h"
#include "bench/gate/gate.h"
#include "bench/results/results.h"
#include "bench/stats/planning.h"
#include "bench/stats/quantile.h"
#include "bench/stats/rank_test.h"
#include "bench/stats/ratio.h"

namespace tenon::bench {
namespace {

struct Sorted {
  std::vector<double> a, b;
  double rank_p = 1;
};

Sorted sorted_sides(const Series& series) {
  Sorted out{series.a, series.b};
  const std::size_t threads = out.a.size() + out.b.size() > 100'000 ? 2 : 1;
  for_all(2, threads, [&](std::size_t i) { std::ranges::sort(i == 0 ? out.a : out.b); });
  if (!series.exact) out.rank_p = mann_whitney(out.a, out.b).p;
  return out;
}

Ratio exact_ratio(const Series& series) {
  const double ratio = std::log(series.b.front() / series.a.front());
  return {ratio, ratio, ratio, Method::exact};
}

Row make_row(const Series& series, const Sorted& sorted, const Metric& metric,
             const JudgeRequest& request) {
  Row out;
  out.group = series.group;
  out.metric = metric;
  out.unit = series.unit;
  out.count_a = series.a.size();
  out.count_b = series.b.size();
  out.a = sorted_quantile(sorted.a, metric.q);
  out.b = sorted_quantile(sorted.b, metric.q);
  if (series.exact && out.a > 0 && out.b > 0) {
    out.ratio = exact_ratio(series);
    return out;
  }
  const Sides sides{series.a, series.b, series.paired};
  RatioRequest wanted;
  wanted.q = metric.q;
  wanted.alpha = request.alpha;
  wanted.resamples = request.resamples;
  wanted.seed = request.seed;
  out.ratio = ratio_interval(sides, sorted.a, sorted.b, wanted);
  out.rank_p = sorted.rank_p;
  return out;
}

std::optional<std::size_t> needed(const Series& series, const Gate& gate,
                                  const JudgeRequest& request) {
  const auto plan = bench::plan({series.a, series.b, series.paired}, {.q = gate.metric.q,
                                                                      .limit = gate.limit,
                                                                      .alpha = request.alpha,
                                                                      .power = request.power,
                                                                      .seed = request.seed});
  if (!plan) return std::nullopt;
  return plan->samples;
}

void apply_gate(const Series& series, const Gate& gate, const JudgeRequest& request, Row& row) {
  row.gate = gate;
  const bool single = !series.exact && std::min(row.count_a, row.count_b) < 2;
  row.verdict = row.ratio.method == Method::none || single
                    ? Verdict::cannot_tell
                    : judge_bounds(row.ratio.low, row.ratio.high, gate.limit);
  if (row.verdict == Verdict::cannot_tell && request.plan) {
    row.needed = needed(series, gate, request);
  }
}

std::vector<Metric> wanted_metrics(const Results& results, const JudgeRequest& request) {
  std::vector<Metric> out = request.metrics.empty() ? usual_metrics(results) : request.metrics;
  for (const Gate& gate : request.gates) {
    if (std::ranges::find(out, gate.metric) == out.end()) out.push_back(gate.metric);
  }
  return out;
}

const Gate* gate_of(const JudgeRequest& request, const Metric& metric) {
  const auto found = std::ranges::find(request.gates, metric, &Gate::metric);
  return found == request.gates.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Metric> usual_metrics(const Results& results) {
  std::vector<std::string> names{"time", "user", "system", "rss", "faults", "start", "size"};
  if (results.kind == "http") names = {"p50", "p90", "p99", "p99.9"};
  if (results.kind == "samples") names = {"p50", "p90", "p99"};
  if (results.kind == "go-bench") names = {"time", "bytes", "allocs"};
  std::vector<Metric> out;
  for (const std::string& name : names) {
    auto metric = parse_metric(name);
    const auto has = [&](const Series& one) { return metric && one.name == metric->series; };
    if (std::ranges::any_of(results.series, has)) out.push_back(*std::move(metric));
  }
  return out;
}

Judgement judge(const Results& results, const JudgeRequest& request) {
  Judgement out;
  const auto metrics = wanted_metrics(results, request);
  std::vector<bool> measured(request.gates.size());
  for (const Series& series : results.series) {
    if (series.a.empty() || series.b.empty()) continue;
    std::optional<Sorted> sorted;
    for (const Metric& metric : metrics) {
      if (metric.series != series.name) continue;
      if (!sorted) sorted = sorted_sides(series);
      Row row = make_row(series, *sorted, metric, request);
      if (!series.exact && std::min(row.count_a, row.count_b) < 2) out.single = true;
      if (const Gate* gate = gate_of(request, metric)) {
        apply_gate(series, *gate, request, row);
        measured[static_cast<std::size_t>(gate - request.gates.data())] = true;
      }
      out.rows.push_back(std::move(row));
    }
  }
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!measured[i]) out.unmeasured.push_back(request.gates[i].metric);
  }
  return out;
}

bool decided(const Judgement& judgement) {
  return judgement.unmeasured.empty() && std::ranges::none_of(judgement.rows, [](const Row& row) {
           return row.verdict == Verdict::cannot_tell;
         });
}

int Judgement::exit_code() const {
  bool undecided = single || !unmeasured.empty() || rows.empty();
  for (const Row& row : rows) {
    if (row.verdict == Verdict::broken) return 1;
    if (row.verdict == Verdict::cannot_tell) undecided = true;
  }
  return undecided ? 2 : 0;
}

}  // namespace tenon::bench
