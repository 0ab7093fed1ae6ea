// Two servers, at a fixed rate.
#include "bench/http/http.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "bench/gate/decimal.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "bench/run/http_load.h"
#include "bench/show/show.h"
#include "cli/bench/bench.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon {
namespace {

Data counts_data(const bench::HttpCounts& counts) {
  Data out = Data::object();
  const auto add = [&](const char* name, std::size_t count) {
    out.add(name, static_cast<std::int64_t>(count));
  };
  add("sent", counts.sent);
  add("refused", counts.refused);
  add("timeouts", counts.timeouts);
  add("statuses", counts.statuses);
  add("broken", counts.broken);
  return out;
}

std::string reasons(const bench::HttpCounts& counts) {
  std::string out;
  const auto add = [&](const char* name, std::size_t count) {
    if (count == 0) return;
    if (!out.empty()) out += ", ";
    (out += std::to_string(count) + " ") += name;
  };
  add("refused", counts.refused);
  add("without an answer in time", counts.timeouts);
  add("with a status of 400 or more", counts.statuses);
  add("broken off", counts.broken);
  return out;
}

Data runtime_data(const bench::RuntimeChange& change) {
  Data out = Data::object();
  const auto add = [&](const char* name, const std::optional<double>& value) {
    out.add(name, value ? Data(*value) : Data());
  };
  add("goroutines_before", change.goroutines_before);
  add("goroutines_after", change.goroutines_after);
  add("collections", change.collections);
  add("pause_ns", change.pause_ns);
  if (!change.unknown.empty()) out.add("unknown", change.unknown);
  return out;
}

// "A  goroutines 12 to 14, 35 collections that stopped it for 1.2 ms"
Shown runtime_text(const char* side, const bench::RuntimeChange& change) {
  if (!change.unknown.empty()) {
    return shown_format("{}  Go's runtime: unknown, {}\n", side, change.unknown);
  }
  Shown out = shown_format("{}  ", side);
  if (change.goroutines_before && change.goroutines_after) {
    out += shown_format("goroutines {:.0f} to {:.0f}, ", *change.goroutines_before,
                        *change.goroutines_after);
  }
  if (!change.collections || !change.pause_ns) return out += "garbage collection: unknown\n";
  out += shown_format("{:.0f} garbage collections that stopped it for {}\n", *change.collections,
                      bench::value_text(*change.pause_ns, "ns"));
  return out;
}

// Requests that a user would notice: more than five medians of A, at least 10 ms.
double slow_limit(const bench::Series& series) {
  std::vector<double> sorted = series.a;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return std::max(10e6, 5 * *middle);
}

std::size_t slower_than(const std::vector<double>& values, double limit) {
  return static_cast<std::size_t>(
      std::ranges::count_if(values, [&](double one) { return one > limit; }));
}

void add_details(bench::HttpEnd& end, const bench::HttpRequest& request, Report& report) {
  Data details = Data::object();
  details.add("rate", request.rate);
  details.add("late_sends", static_cast<std::int64_t>(end.late_sends));
  Data failures = Data::object();
  failures.add("a", counts_data(end.a)).add("b", counts_data(end.b));
  details.add("failures", std::move(failures));
  const bench::Series& series = end.results.series.front();
  if (!series.a.empty()) {
    const double limit = slow_limit(series);
    Data slow = Data::object();
    slow.add("above_ns", limit);
    slow.add("a", static_cast<std::int64_t>(slower_than(series.a, limit)));
    slow.add("b", static_cast<std::int64_t>(slower_than(series.b, limit)));
    details.add("slow", std::move(slow));
  }
  if (end.runtime_a && end.runtime_b) {
    Data runtime = Data::object();
    runtime.add("a", runtime_data(*end.runtime_a)).add("b", runtime_data(*end.runtime_b));
    details.add("runtime", std::move(runtime));
  }
  end.results.details = std::move(details);
  const std::size_t total = end.a.sent + end.b.sent;
  if (end.late_sends * 100 > total) {
    report.findings.push_back(
        make_finding(Code::bench_late_client,
                     {{"count", std::to_string(end.late_sends)}, {"total", std::to_string(total)}},
                     "tenon bench"));
  }
  for (const auto& [counts, url] :
       {std::pair{&end.a, &request.url_a}, std::pair{&end.b, &request.url_b}}) {
    if (counts->failed() == 0) continue;
    report.findings.push_back(make_finding(Code::bench_failed_requests,
                                           {{"url", *url},
                                            {"count", std::to_string(counts->failed())},
                                            {"total", std::to_string(counts->sent)},
                                            {"why", reasons(*counts)}},
                                           *url));
  }
}

}  // namespace

int bench_http(const Arguments& arguments, Term& term, Report& report, BenchOptions& options) {
  if (arguments.positional.size() != 2)
    return usage(term, report, "--http takes two URLs, A and B");
  bench::HttpRequest request;
  request.url_a = arguments.positional[0];
  request.url_b = arguments.positional[1];
  request.headers = arguments.all("--header");
  for (const std::string& one : request.headers) {
    if (!bench::is_header(one)) return usage(term, report, "--header takes \"Name: value\"");
  }
  request.runtime = arguments.get("--runtime");
  if (!request.runtime.empty() &&
      (!request.runtime.starts_with('/') || !bench::parse_url("http://a" + request.runtime))) {
    return usage(term, report, "--runtime takes a path: /debug/vars or /metrics");
  }
  const auto rate = bench::parse_decimal(arguments.has("--rate") ? arguments.get("--rate") : "100");
  if (!rate || *rate <= 0 || *rate > 100'000) {
    return usage(term, report, "--rate takes requests in a second, up to 100000");
  }
  request.rate = *rate;
  const auto duration = duration_option(arguments, "--duration", "10s");
  if (!duration) return usage(term, report, duration.error());
  const auto timeout = duration_option(arguments, "--timeout", "10s");
  if (!timeout) return usage(term, report, timeout.error());
  const auto seconds = std::chrono::duration<double>(*duration).count();
  const auto usual = static_cast<std::uint64_t>(std::max(1.0, std::round(seconds * *rate)));
  const auto requests = number_option(arguments, "--requests", usual, 1, 20'000'000);
  if (!requests) return usage(term, report, requests.error());
  const auto connections = number_option(arguments, "--connections", 256, 1, 20'000);
  if (!connections) return usage(term, report, connections.error());
  const Looks looks = looks_of(options);
  request.timeout = *timeout;
  request.requests = *requests;
  request.connections = *connections;
  request.looks = looks.parts;
  request.decided = [&](const bench::Results& results, std::size_t look) {
    bench::JudgeRequest judge = options.judge;
    judge.alpha = looks.levels[look];
    judge.plan = false;
    return !judge.gates.empty() && bench::decided(bench::judge(results, judge));
  };
  options.processors.clear();
  auto end = bench::run_http(request, term);
  if (!end) return usage(term, report, std::move(end).error());
  add_details(*end, request, report);
  Shown more;
  if (end->runtime_a) more += runtime_text("A", *end->runtime_a);
  if (end->runtime_b) more += runtime_text("B", *end->runtime_b);
  return finish_bench(
      term, report, options, end->results,
      {request.requests, end->done, request.warm_up, end->look, end->interrupted, std::move(more)},
      looks.levels[end->look]);
}

}  // namespace tenon
