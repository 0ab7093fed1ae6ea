#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "bench/gate/gate.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "bench/run/subject.h"
#include "bench/show/show.h"
#include "bench/stats/planning.h"
#include "cli/bench/bench.h"
#include "cli/table.h"
#include "cli/term.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "host/files.h"

namespace tenon {
namespace {

// A finding when the file cannot be written.
std::optional<Finding> write_results(const bench::Results& results, const std::string& path) {
  const std::string text = render_data(bench::results_data(results)) + "\n";
  const auto written = write_text(path, text);
  if (written) return std::nullopt;
  return make_finding(Code::usage_output_not_writable,
                      {{"path", path}, {"reason", written.error().what}}, path);
}

void add_common(const bench::Results& results, const Progressed& progressed, double alpha,
                Report& report) {
  report.data.add("kind", results.kind).add("complete", results.complete);
  report.data.add("a", wire::write(results.a)).add("b", wire::write(results.b));
  report.data.add("machine", wire::write(results.machine));
  report.data.add("before", wire::write(results.before)).add("after", wire::write(results.after));
  report.data.add("pinned", wire::write(results.pinned));
  report.data.add("planned", static_cast<std::int64_t>(progressed.planned));
  report.data.add("done", static_cast<std::int64_t>(progressed.done));
  report.data.add("warm_up", static_cast<std::int64_t>(progressed.warm_up));
  report.data.add("looks", static_cast<std::int64_t>(progressed.look + 1)).add("alpha", alpha);
  report.data.add("details", results.details);
}

void add_stopped(const BenchOptions& options, const Progressed& progressed, Report& report) {
  if (!progressed.interrupted) return;
  report.findings.push_back(
      make_finding(Code::bench_stopped,
                   {{"count", std::to_string(progressed.done)},
                    {"planned", std::to_string(progressed.planned)},
                    {"kept", options.output.empty() ? "nothing is kept without --output"
                                                    : "the samples are in " + options.output}},
                   "tenon bench"));
}

}  // namespace

int finish_bench(Term& term, Report& report, BenchOptions& options, bench::Results& results,
                 const Progressed& progressed, double alpha) {
  if (options.plan) return finish_plan(term, report, options, results);
  options.judge.alpha = alpha;
  const bench::Judgement judgement = bench::judge(results, options.judge);
  if (!options.output.empty()) {
    results.snapshot = bench::machine_snapshot();
    if (auto failed = write_results(results, options.output)) {
      report.findings.push_back(*std::move(failed));
      report.ok = false;
      return term.finish(report, exit_usage);
    }
  }
  add_common(results, progressed, alpha, report);
  report.data.add("rows", bench::rows_data(judgement));
  report.text = bench::sides_text(results) + bench::table_text(judgement) + progressed.more +
                bench::verdict_text(judgement);
  for (Finding& one : bench::findings_of(results, judgement))
    report.findings.push_back(std::move(one));
  for (Finding& one : bench::noise_findings(results.machine, results.before, results.after)) {
    report.findings.push_back(std::move(one));
  }
  if (!options.not_pinned.empty() && results.kind == "runs") {
    report.findings.push_back(
        make_finding(Code::bench_not_pinned, {{"reason", options.not_pinned}}, "tenon bench"));
  }
  add_stopped(options, progressed, report);
  int code = judgement.exit_code();
  if (progressed.interrupted) code = exit_interrupted;
  report.ok = code == exit_ok;
  return term.finish(report, code);
}

int finish_plan(Term& term, Report& report, const BenchOptions& options,
                const bench::Results& results) {
  Data rows = Data::array();
  bool all = true;
  for (const bench::Gate& gate : options.judge.gates) {
    for (const bench::Series& series : results.series) {
      if (series.name != gate.metric.series || series.exact) continue;
      const auto plan =
          bench::plan({series.a, series.b, series.paired}, {.q = gate.metric.q,
                                                            .limit = gate.limit,
                                                            .alpha = options.judge.alpha,
                                                            .power = options.judge.power,
                                                            .seed = options.judge.seed});
      all = all && plan.has_value();
      Data row = Data::object();
      row.add("group", series.group).add("metric", gate.metric.name).add("limit", gate.text);
      row.add("pilot", static_cast<std::int64_t>(std::min(series.a.size(), series.b.size())));
      row.add("samples", plan ? Data(static_cast<std::int64_t>(plan->samples)) : Data());
      row.add("power", plan ? Data(plan->power) : Data());
      row.add("block", plan ? Data(static_cast<std::int64_t>(plan->block)) : Data());
      rows.push(std::move(row));
      const Shown name = shown_format("{}{}{}<={}", series.group, series.group.empty() ? "" : " ",
                                      gate.metric.name, gate.text);
      report.text +=
          plan ? shown_format("{}: {} samples of each side, found in {:.0f} % of simulations\n",
                              name, plan->samples, plan->power * 100)
               : shown_format("{}: cannot be planned from these samples\n", name);
    }
  }
  report.data.add("kind", results.kind).add("plan", std::move(rows));
  report.ok = all;
  return term.finish(report, all ? exit_ok : exit_undecided);
}

Outcome<bench::Results> read_results(const std::string& path) {
  const auto wrong = [&](const std::string& reason) {
    return std::unexpected(
        make_finding(Code::bench_bad_results, {{"path", path}, {"reason", reason}}, path));
  };
  auto text = read_text(path, std::size_t{1} << 30U);
  if (!text) return wrong(text.error().what);
  const auto data = parse_data(*text);
  if (!data) return wrong(data.error().what);
  text->clear();
  text->shrink_to_fit();
  auto results = bench::results_from(*data);
  if (!results) return wrong(results.error().what);
  return *std::move(results);
}

}  // namespace tenon
