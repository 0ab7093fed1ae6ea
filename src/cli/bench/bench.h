// The ways to measure of `tenon bench`. Each gets the parsed command line, fills the report and
// returns the exit code.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "bench/gate/gate.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "cli/table.h"
#include "cli/term.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon {

// What all ways have in common.
struct BenchOptions {
  bench::JudgeRequest judge;
  std::vector<int> processors;  // to bind programs to; empty: none
  std::string not_pinned;       // why, where none was asked for
  int looks = 1;
  std::string output;  // --output
  bool plan = false;   // --plan
};

[[nodiscard]] Outcome<BenchOptions> bench_options(const Arguments& arguments);

// "10s", "1m30s", "250ms", or a number of seconds.
[[nodiscard]] Outcome<std::chrono::milliseconds> duration_option(const Arguments& arguments,
                                                                 std::string_view name,
                                                                 std::string_view standard);
[[nodiscard]] Outcome<std::uint64_t> number_option(const Arguments& arguments,
                                                   std::string_view name, std::uint64_t standard,
                                                   std::uint64_t least, std::uint64_t most);

// Parts of the planned samples at which the results are looked at, and the level of each look.
struct Looks {
  std::vector<double> parts, levels;
};

[[nodiscard]] Looks looks_of(const BenchOptions& options);

// How far a measurement came.
struct Progressed {
  std::size_t planned = 0, done = 0, warm_up = 0, look = 0;
  bool interrupted = false;
  Shown more = {};  // lines behind the table
};

// Judges, writes --output, prints. `alpha` is the level of the look at which the measurement ended.
[[nodiscard]] int finish_bench(Term& term, Report& report, BenchOptions& options,
                               bench::Results& results, const Progressed& progressed, double alpha);
// --plan: how many samples each gate needs.
[[nodiscard]] int finish_plan(Term& term, Report& report, const BenchOptions& options,
                              const bench::Results& results);

[[nodiscard]] Outcome<bench::Results> read_results(const std::string& path);

int bench_programs(const Arguments& arguments, Term& term, Report& report, BenchOptions& options);
int bench_http(const Arguments& arguments, Term& term, Report& report, BenchOptions& options);
int bench_go(const Arguments& arguments, Term& term, Report& report, BenchOptions& options);
int bench_samples(const Arguments& arguments, Term& term, Report& report, BenchOptions& options);
int bench_compare(const Arguments& arguments, Term& term, Report& report, BenchOptions& options);
int bench_matrix(const Arguments& arguments, Term& term, Report& report, BenchOptions& options);

}  // namespace tenon
