#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "bench/gate/decimal.h"
#include "bench/gate/gate.h"
#include "bench/run/subject.h"
#include "bench/stats/sequential.h"
#include "cli/bench/bench.h"
#include "cli/table.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/processors.h"

namespace tenon {
namespace {

std::unexpected<Finding> bad_option(Shown message) {
  Finding out;
  out.code = Code::usage_bad_option;
  out.message = std::move(message);
  return std::unexpected(completed(std::move(out)));
}

// Of one unit of a duration, in milliseconds.
double unit_of(std::string_view word) {
  if (word == "ms") return 1;
  if (word == "s" || word.empty()) return 1000;
  if (word == "m") return 60'000;
  return word == "h" ? 3'600'000 : 0;
}

std::optional<double> parse_duration(std::string_view text) {
  double out = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = bench::parse_decimal(text.substr(0, digits));
    text.remove_prefix(digits);
    const std::size_t word = std::min(text.find_first_of("0123456789."), text.size());
    const double unit = unit_of(text.substr(0, word));
    text.remove_prefix(word);
    if (!number || unit == 0) return std::nullopt;
    out += *number * unit;
  }
  return out;
}

Outcome<void> set_metrics(const Arguments& arguments, BenchOptions& out) {
  const std::string list = arguments.get("--metrics");
  for (const std::string_view name : split(list, ',')) {
    if (name.empty()) continue;
    auto metric = bench::parse_metric(trim(name));
    if (!metric) return bad_option(shown_format("--metrics: {}", metric.error().message));
    out.judge.metrics.push_back(*std::move(metric));
  }
  return {};
}

Outcome<void> set_gates(const Arguments& arguments, BenchOptions& out) {
  if (!arguments.has("--gate")) return {};
  auto gates = bench::parse_gates(arguments.get("--gate"));
  if (!gates) {
    return std::unexpected(make_finding(
        Code::bench_bad_gate,
        {{"column", std::to_string(gates.error().column)}, {"message", gates.error().message}},
        arguments.get("--gate")));
  }
  out.judge.gates = *std::move(gates);
  return {};
}

Outcome<void> set_processors(const Arguments& arguments, BenchOptions& out) {
  const std::string list = arguments.get("--cpu");
  if (list == "none") {
    out.not_pinned = "--cpu none";
    return {};
  }
  const auto allowed = processor_facts().allowed;
  for (const std::string_view word : split(list, ',')) {
    if (word.empty()) continue;
    const auto number = parse_number(word);
    if (!number || *number > 4095)
      return bad_option("--cpu takes numbers of processors, such as 2,3, or none");
    out.processors.push_back(static_cast<int>(*number));
    if (std::ranges::find(allowed, out.processors.back()) == allowed.end()) {
      return bad_option(shown_format("--cpu: this process may not use processor {}", *number));
    }
  }
  if (!out.processors.empty()) return {};
  out.processors = bench::usual_processors();
  if (out.processors.empty()) {
    out.not_pinned = allowed.empty() ? "this system has no call for it"
                                     : "this process may use one processor only";
  }
  return {};
}

}  // namespace

Outcome<std::chrono::milliseconds> duration_option(const Arguments& arguments,
                                                   std::string_view name,
                                                   std::string_view standard) {
  const std::string text = arguments.has(name) ? arguments.get(name) : std::string(standard);
  const auto value = parse_duration(text);
  if (!value || *value < 1 || *value > 7 * 24 * 3.6e6) {
    return bad_option(shown_format("{} takes a time such as 10s, 1m30s or 250ms", name));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(*value));
}

Outcome<std::uint64_t> number_option(const Arguments& arguments, std::string_view name,
                                     std::uint64_t standard, std::uint64_t least,
                                     std::uint64_t most) {
  if (!arguments.has(name)) return standard;
  const auto value = parse_number(arguments.get(name));
  if (!value || *value < least || *value > most) {
    return bad_option(shown_format("{} takes a number from {} to {}", name, least, most));
  }
  return *value;
}

Outcome<BenchOptions> bench_options(const Arguments& arguments) {
  BenchOptions out;
  TENON_TRY(set_gates(arguments, out));
  TENON_TRY(set_metrics(arguments, out));
  TENON_TRY(set_processors(arguments, out));
  out.judge.seed = TENON_TRY(number_option(arguments, "--seed", 1, 0, UINT64_MAX));
  out.judge.resamples = TENON_TRY(number_option(arguments, "--draws", 2000, 100, 1'000'000));
  const std::uint64_t standard = out.judge.gates.empty() ? 1 : 5;
  out.looks = static_cast<int>(
      TENON_TRY(number_option(arguments, "--looks", standard, 1, bench::most_looks)));
  out.output = arguments.get("--output");
  out.plan = arguments.has("--plan");
  if (out.plan) out.looks = 1;
  if (out.plan && out.judge.gates.empty()) {
    out.judge.gates =
        *bench::parse_gates(arguments.has("--http") ? "p50<=+5%,p99<=+5%" : "time<=+5%");
  }
  return out;
}

Looks looks_of(const BenchOptions& options) {
  Looks out;
  for (int i = 1; i <= options.looks; ++i) {
    out.parts.push_back(static_cast<double>(i) / options.looks);
  }
  out.levels = options.looks == 1 ? std::vector<double>{options.judge.alpha}
                                  : bench::look_levels(out.parts, options.judge.alpha);
  return out;
}

}  // namespace tenon
