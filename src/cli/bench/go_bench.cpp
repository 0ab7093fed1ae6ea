// Benchmarks of go test on two sides.
#include "bench/run/go_bench.h"

#include <string>
#include <utility>

#include "cli/bench/bench.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"

namespace tenon {

int bench_go(const Arguments& arguments, Term& term, Report& report, BenchOptions& options) {
  if (arguments.positional.size() != 2) {
    return usage(term, report, "--go-bench takes two sides: directories, go commands or texts");
  }
  bench::GoBenchRequest request;
  request.package = arguments.get("--go-bench");
  request.a = arguments.positional[0];
  request.b = arguments.positional[1];
  if (arguments.has("--bench")) request.pattern = arguments.get("--bench");
  request.benchtime = arguments.get("--benchtime");
  const auto count = number_option(arguments, "--count", 10, 1, 100'000);
  if (!count) return usage(term, report, count.error());
  const auto timeout = duration_option(arguments, "--timeout", "10m");
  if (!timeout) return usage(term, report, timeout.error());
  request.count = *count;
  request.timeout = *timeout;
  auto end = bench::run_go_bench(request, term);
  if (!end) return usage(term, report, std::move(end).error());
  options.looks = 1;
  return finish_bench(term, report, options, end->results,
                      {request.count, end->done, 0, 0, end->interrupted}, options.judge.alpha);
}

}  // namespace tenon
