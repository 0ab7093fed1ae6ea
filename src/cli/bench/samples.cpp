// Samples of other programs, and results that are kept.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "bench/gate/gate.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "bench/run/subject.h"
#include "bench/show/show.h"
#include "bench/stats/ratio.h"
#include "cli/bench/bench.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/mapping.h"

namespace tenon {
namespace {

std::unexpected<Finding> wrong(const std::string& path, const std::string& reason) {
  return std::unexpected(
      make_finding(Code::bench_bad_results, {{"path", path}, {"reason", reason}}, path));
}

Outcome<std::vector<double>> read_numbers(const std::string& path) {
  const auto mapping = map_file(path);
  if (!mapping) return wrong(path, mapping.error().what);
  const auto bytes = mapping->view().bytes();
  auto numbers = bench::column_from({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!numbers) return wrong(path, numbers.error().what);
  if (numbers->empty()) return wrong(path, "has no numbers");
  return *std::move(numbers);
}

// --resamples: the indices of each resample, for comparison with other programs.
Outcome<bench::Judgement> judge_by_indices(const bench::Results& results,
                                           const BenchOptions& options, const std::string& path) {
  const auto numbers = TENON_TRY(read_numbers(path));
  const bench::Series& series = results.series.front();
  const std::size_t count = series.a.size();
  if (count != series.b.size()) return wrong(path, "both sides must have one number of samples");
  std::vector<std::uint32_t> indices;
  for (const double one : numbers) {
    if (!(one < static_cast<double>(count))) return wrong(path, "an index is too large");
    indices.push_back(static_cast<std::uint32_t>(one));
  }
  if (indices.size() < 2 * count || indices.size() % count != 0) {
    return wrong(path, "the indices are not a multiple of the samples");
  }
  bench::JudgeRequest judge = options.judge;
  judge.plan = false;
  bench::Judgement out = bench::judge(results, judge);
  for (bench::Row& row : out.rows) {
    row.ratio = bench::ratio_by_indices({series.a, series.b, true}, indices, row.metric.q,
                                        options.judge.alpha);
    if (row.gate) {
      row.verdict = bench::judge_bounds(row.ratio.low, row.ratio.high, row.gate->limit);
    }
  }
  return out;
}

}  // namespace

int bench_samples(const Arguments& arguments, Term& term, Report& report, BenchOptions& options) {
  if (arguments.positional.size() != 2) {
    return usage(term, report, "--samples takes two files with numbers, A and B");
  }
  auto a = read_numbers(arguments.positional[0]);
  if (!a) return usage(term, report, std::move(a).error());
  auto b = read_numbers(arguments.positional[1]);
  if (!b) return usage(term, report, std::move(b).error());
  bench::Results results;
  results.kind = "samples";
  results.a.label = arguments.positional[0];
  results.b.label = arguments.positional[1];
  results.machine = bench::this_machine_facts();
  const bool paired = a->size() == b->size() && !arguments.has("--unpaired");
  const std::size_t done = std::min(a->size(), b->size());
  results.series.push_back({"", "time", "", paired, false, *std::move(a), *std::move(b)});
  if (!arguments.has("--resamples")) {
    return finish_bench(term, report, options, results, {done, done, 0, 0, false},
                        options.judge.alpha);
  }
  auto judgement = judge_by_indices(results, options, arguments.get("--resamples"));
  if (!judgement) return usage(term, report, std::move(judgement).error());
  report.data.add("kind", results.kind).add("rows", bench::rows_data(*judgement));
  report.text = bench::table_text(*judgement) + bench::verdict_text(*judgement);
  report.findings = bench::findings_of(results, *judgement);
  return term.finish(report, judgement->exit_code());
}

namespace {

// Side A of one file against side A of another, or B where the files say the same of A: what the
// other version was then is found by its name.
bench::Results joined(const bench::Results& older, const bench::Results& newer) {
  bench::Results out;
  out.kind = older.kind;
  out.a = older.b;
  out.b = newer.b;
  out.machine = newer.machine;
  out.before = older.before;
  out.after = newer.after;
  out.pinned = newer.pinned;
  for (const bench::Series& series : older.series) {
    const bench::Series* other = newer.find(series.group, series.name);
    if (other == nullptr || other->b.empty() || series.b.empty()) continue;
    out.series.push_back(
        {series.group, series.name, series.unit, false, series.exact, series.b, other->b});
  }
  return out;
}

}  // namespace

int bench_compare(const Arguments& arguments, Term& term, Report& report, BenchOptions& options) {
  const auto& words = arguments.positional;
  if (words.size() != 2 && words.size() != 3) {
    return usage(term, report, "compare takes the files OLD and NEW, or one file");
  }
  auto older = read_results(words[1]);
  if (!older) return usage(term, report, std::move(older).error());
  options.not_pinned.clear();
  if (words.size() == 2) {
    const std::size_t done = older->series.empty() ? 0 : older->series.front().a.size();
    return finish_bench(term, report, options, *older, {done, done, 0, 0, false},
                        options.judge.alpha);
  }
  auto newer = read_results(words[2]);
  if (!newer) return usage(term, report, std::move(newer).error());
  if (older->kind != newer->kind) {
    return usage(
        term, report,
        wrong(words[2], "is a result of another kind of measurement than " + words[1]).error());
  }
  const std::string difference = bench::machine_difference(older->machine, newer->machine);
  if (!difference.empty()) {
    Finding finding =
        make_finding(Code::bench_other_machine,
                     {{"old", words[1]}, {"new", words[2]}, {"what", difference}}, words[2]);
    if (!arguments.has("--cross")) return usage(term, report, std::move(finding));
    finding.severity = Severity::warning;
    report.findings.push_back(std::move(finding));
  }
  bench::Results results = joined(*older, *newer);
  const std::size_t done = results.series.empty() ? 0 : results.series.front().b.size();
  return finish_bench(term, report, options, results, {done, done, 0, 0, false},
                      options.judge.alpha);
}

}  // namespace tenon
