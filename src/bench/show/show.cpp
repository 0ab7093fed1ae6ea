#include "bench/show/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "bench/gate/gate.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "bench/stats/ratio.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon::bench {
namespace {

struct Step {
  double from;
  std::string_view unit;
};

std::string scaled_text(double value, std::span<const Step> steps) {
  const Step* step = &steps.back();
  for (const Step& one : steps) {
    if (value >= one.from) {
      step = &one;
      break;
    }
  }
  const double shown = value / step->from;
  const int digits = shown >= 100 ? 1 : (shown >= 10 ? 2 : 3);
  return fmt::format("{:.{}f} {}", shown, digits, step->unit);
}

std::string name_of(const Row& row) {
  return row.group.empty() ? row.metric.name : row.group + " " + row.metric.name;
}

std::string interval_text(const Ratio& ratio) {
  if (ratio.method == Method::exact) return "exact";
  if (ratio.method == Method::none) return "no interval";
  return change_text(ratio.low) + " to " + change_text(ratio.high);
}

// What a row says without a gate.
std::string_view direction(const Row& row) {
  if (row.ratio.method == Method::none) return "";
  if (row.ratio.low > 0) return "B is more";
  if (row.ratio.high < 0) return "B is less";
  return row.ratio.method == Method::exact ? "equal" : "no difference shown";
}

std::string last_column(const Row& row) {
  if (!row.verdict) return std::string(direction(row));
  std::string out = row.metric.name + "<=" + row.gate->text + " ";
  out += verdict_name(*row.verdict);
  if (row.needed) out += fmt::format(", {} samples needed", *row.needed);
  return out;
}

Data number_or_null(double value) { return std::isfinite(value) ? Data(value) : Data(); }

std::string needed_text(const Row& row) {
  if (row.gate && row.gate->limit <= 0) return "";
  if (!row.needed) return "; how many samples it takes cannot be told from these";
  const std::size_t have = std::min(row.count_a, row.count_b);
  if (*row.needed <= have)
    return fmt::format("; about {} samples of each side decide it in 9 of 10 measurements",
                       *row.needed);
  return fmt::format("; it takes about {} samples of each side, {} more", *row.needed,
                     *row.needed - have);
}

std::string how_to(const Results& results, const Row& row) {
  if (!row.needed) return "longer, on a quieter machine";
  if (results.kind == "runs") return fmt::format("--runs {}", *row.needed);
  if (results.kind == "http") return fmt::format("--requests {}", *row.needed);
  if (results.kind == "go-bench") return fmt::format("--count {}", *row.needed);
  return fmt::format("{} samples", *row.needed);
}

void add_gate_finding(const Results& results, const Row& row, std::vector<Finding>& out) {
  if (!row.verdict || *row.verdict == Verdict::held) return;
  const bool broken = *row.verdict == Verdict::broken;
  out.push_back(make_finding(broken ? Code::bench_gate_broken : Code::bench_cannot_tell,
                             {{"metric", name_of(row)},
                              {"change", change_text(row.ratio.estimate)},
                              {"low", change_text(row.ratio.low)},
                              {"high", change_text(row.ratio.high)},
                              {"limit", row.gate->text},
                              {"needed", needed_text(row)},
                              {"how", how_to(results, row)}},
                             results.b.label));
}

void add_sample_findings(const Judgement& judgement, std::vector<Finding>& out) {
  for (const Row& row : judgement.rows) {
    if (row.ratio.method == Method::blocks) {
      out.push_back(make_finding(
          Code::bench_dependent_samples,
          {{"metric", name_of(row)}, {"length", std::to_string(row.ratio.block)}}, name_of(row)));
    }
    const bool few = row.ratio.method == Method::order || row.ratio.method == Method::none;
    if (few && row.gate && row.metric.q != 0.5) {
      out.push_back(make_finding(Code::bench_few_samples,
                                 {{"metric", name_of(row)},
                                  {"count", std::to_string(std::min(row.count_a, row.count_b))},
                                  {"wanted", std::to_string(smallest_for(row.metric.q))}},
                                 name_of(row)));
    }
  }
}

}  // namespace

std::string value_text(double value, const std::string& unit) {
  static constexpr std::array times{Step{1e9, "s"}, Step{1e6, "ms"}, Step{1e3, "us"},
                                    Step{1, "ns"}};
  static constexpr std::array sizes{Step{1e9, "GB"}, Step{1e6, "MB"}, Step{1e3, "kB"},
                                    Step{1, "B"}};
  if (value == 0) return unit.empty() ? "0" : "0 " + unit;
  if (unit == "ns") return scaled_text(value, times);
  if (unit == "B") return scaled_text(value, sizes);
  const std::string number = value == std::floor(value) && value < 1e15
                                 ? fmt::format("{}", static_cast<std::int64_t>(value))
                                 : fmt::format("{:.4g}", value);
  return unit.empty() ? number : number + " " + unit;
}

std::string change_text(double log_ratio) {
  if (!std::isfinite(log_ratio)) return "?";
  const double percent = std::expm1(log_ratio) * 100;
  const double size = std::fabs(percent);
  if (size >= 900) return fmt::format("x {:.1f}", percent / 100 + 1);
  return fmt::format("{:+.{}f} %", percent, size >= 100 ? 0 : (size >= 10 ? 1 : 2));
}

Shown sides_text(const Results& results) {
  Shown out;
  const auto add = [&](const char* name, const Side& side) {
    out += shown_format("{}  {}", name, side.label);
    if (!side.arch.empty()) out += shown_format("  {}", side.arch);
    if (!side.execution.empty()) out += shown_format(", {}", side.execution);
    if (!side.sha256.empty()) out += shown_format("  sha256 {}", side.sha256.substr(0, 12));
    out += "\n";
  };
  add("A", results.a);
  add("B", results.b);
  return out;
}

Shown table_text(const Judgement& judgement) {
  std::vector<std::array<std::string, 6>> lines{{"", "A", "B", "B against A", "95 % interval", ""}};
  for (const Row& row : judgement.rows) {
    const bool told = row.a > 0 && row.b > 0;
    lines.push_back({name_of(row), value_text(row.a, row.unit), value_text(row.b, row.unit),
                     told ? change_text(row.ratio.estimate) : std::string("-"),
                     interval_text(row.ratio), last_column(row)});
  }
  std::array<std::size_t, 6> widths{};
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  Shown out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool number = i > 0 && i < 5;
      text += number ? fmt::format("{:>{}}", line[i], widths[i])
                     : fmt::format("{:<{}}", line[i], widths[i]);
      if (i + 1 < line.size()) text += "  ";
    }
    while (text.ends_with(' ')) text.pop_back();
    out += shown_format("{}\n", text);
  }
  return out;
}

Shown verdict_text(const Judgement& judgement) {
  std::size_t held = 0;
  std::size_t broken = 0;
  std::size_t open = judgement.unmeasured.size();
  for (const Row& row : judgement.rows) {
    if (!row.verdict) continue;
    held += *row.verdict == Verdict::held ? 1 : 0;
    broken += *row.verdict == Verdict::broken ? 1 : 0;
    open += *row.verdict == Verdict::cannot_tell ? 1 : 0;
  }
  if (judgement.single) return "no verdict: one run decides nothing\n";
  if (held + broken + open == 0) return {};
  return shown_format("gates: {} held, {} broken, {} cannot tell\n", held, broken, open);
}

Data rows_data(const Judgement& judgement) {
  Data out = Data::array();
  for (const Row& row : judgement.rows) {
    Data one = Data::object();
    one.add("group", row.group).add("metric", row.metric.name).add("unit", row.unit);
    one.add("quantile", row.metric.q);
    one.add("samples_a", static_cast<std::int64_t>(row.count_a));
    one.add("samples_b", static_cast<std::int64_t>(row.count_b));
    one.add("a", row.a).add("b", row.b);
    one.add("log_ratio", number_or_null(row.ratio.estimate));
    one.add("log_low", number_or_null(row.ratio.low));
    one.add("log_high", number_or_null(row.ratio.high));
    one.add("ratio", number_or_null(std::exp(row.ratio.estimate)));
    one.add("low", number_or_null(std::exp(row.ratio.low)));
    one.add("high", number_or_null(std::exp(row.ratio.high)));
    one.add("method", method_name(row.ratio.method));
    one.add("block", static_cast<std::int64_t>(row.ratio.block));
    one.add("mann_whitney_p", row.rank_p);
    one.add("gate", row.gate ? Data(row.gate->text) : Data());
    one.add("verdict", row.verdict ? Data(verdict_name(*row.verdict)) : Data());
    one.add("needed", row.needed ? Data(static_cast<std::int64_t>(*row.needed)) : Data());
    out.push(std::move(one));
  }
  return out;
}

std::vector<Finding> findings_of(const Results& results, const Judgement& judgement) {
  std::vector<Finding> out;
  for (const Row& row : judgement.rows) add_gate_finding(results, row, out);
  if (judgement.single && !judgement.rows.empty()) {
    std::size_t a = 0;
    std::size_t b = 0;
    for (const Row& row : judgement.rows) {
      a = std::max(a, row.count_a);
      b = std::max(b, row.count_b);
    }
    out.push_back(make_finding(Code::bench_one_run,
                               {{"what", results.b.label},
                                {"count", std::to_string(a) + (a == 1 ? " run" : " runs")},
                                {"other", std::to_string(b)}},
                               results.b.label));
  }
  for (const Metric& metric : judgement.unmeasured) {
    out.push_back(make_finding(Code::bench_cannot_tell,
                               {{"metric", metric.name},
                                {"change", "not measured"},
                                {"low", "?"},
                                {"high", "?"},
                                {"limit", "the limit"},
                                {"needed", ""},
                                {"how", "in a way that has " + metric.name}},
                               results.b.label));
  }
  if (results.a.execution != results.b.execution && !results.a.execution.empty() &&
      !results.b.execution.empty()) {
    out.push_back(make_finding(Code::bench_other_execution,
                               {{"a", results.a.execution}, {"b", results.b.execution}},
                               results.b.label));
  }
  if (!results.a.sha256.empty() && results.a.sha256 == results.b.sha256 &&
      results.a.command == results.b.command) {
    out.push_back(make_finding(Code::bench_same_program,
                               {{"digest", results.a.sha256.substr(0, 12)}}, results.b.label));
  }
  add_sample_findings(judgement, out);
  return out;
}

}  // namespace tenon::bench
