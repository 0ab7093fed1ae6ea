// Two programs, or two files.
#include "bench/run/programs.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/gate/gate.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "bench/run/subject.h"
#include "cli/bench/bench.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"

namespace tenon {
namespace {

// Of the two files alone: nothing is run.
int compare_sizes(Term& term, Report& report, BenchOptions& options, bench::Subject& a,
                  bench::Subject& b) {
  bench::Results results;
  results.kind = "runs";
  results.machine = bench::this_machine_facts();
  results.before = results.after = bench::this_moment();
  results.a = std::move(a.side);
  results.b = std::move(b.side);
  results.a.execution.clear();
  results.b.execution.clear();
  results.series.push_back({"",
                            "size",
                            "B",
                            true,
                            true,
                            {static_cast<double>(results.a.size)},
                            {static_cast<double>(results.b.size)}});
  options.not_pinned.clear();
  return finish_bench(term, report, options, results, {}, options.judge.alpha);
}

void set_metrics(const Arguments& arguments, BenchOptions& options) {
  if (!options.judge.metrics.empty()) return;
  if (!arguments.has("--startup")) return;
  for (const char* name : {"start", "rss", "faults", "size"}) {
    options.judge.metrics.push_back(*bench::parse_metric(name));
  }
}

}  // namespace

int bench_programs(const Arguments& arguments, Term& term, Report& report, BenchOptions& options) {
  if (arguments.positional.size() != 2) {
    return usage(term, report, "name two programs, A and B; their arguments follow --");
  }
  bench::ProgramsRequest request;
  for (auto [name, subject] : {std::pair{&arguments.positional[0], &request.a},
                               std::pair{&arguments.positional[1], &request.b}}) {
    auto found = bench::look_at_program(*name);
    if (!found) return usage(term, report, std::move(found).error());
    *subject = *std::move(found);
  }
  if (arguments.has("--size") && !arguments.has("--startup")) {
    return compare_sizes(term, report, options, request.a, request.b);
  }
  const auto runs = number_option(arguments, "--runs", 0, 1, 1'000'000);
  if (!runs) return usage(term, report, runs.error());
  const auto time = duration_option(arguments, "--for", "10s");
  if (!time) return usage(term, report, time.error());
  const auto timeout = duration_option(arguments, "--timeout", "1m");
  if (!timeout) return usage(term, report, timeout.error());
  for (const std::string& one : arguments.all("--env")) {
    if (!one.contains('=')) return usage(term, report, "--env takes NAME=VALUE");
  }
  set_metrics(arguments, options);
  const Looks looks = looks_of(options);
  request.arguments = arguments.behind;
  request.environment = arguments.all("--env");
  request.pairs = *runs;
  request.time = *time;
  request.timeout = *timeout;
  request.processors = options.processors;
  request.ignore_status = arguments.has("--ignore-status");
  request.looks = looks.parts;
  request.decided = [&](const bench::Results& results, std::size_t look) {
    bench::JudgeRequest judge = options.judge;
    judge.alpha = looks.levels[look];
    judge.plan = false;
    return !judge.gates.empty() && bench::decided(bench::judge(results, judge));
  };
  auto end = bench::run_programs(request, term);
  if (!end) return usage(term, report, std::move(end).error());
  return finish_bench(term, report, options, end->results,
                      {end->planned, end->done, end->warm_up, end->look, end->interrupted},
                      looks.levels[end->look]);
}

}  // namespace tenon
