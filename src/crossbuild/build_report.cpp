#include "crossbuild/build_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "crossbuild/build_output.h"
#include "crossbuild/build_request.h"
#include "crossbuild/gate/gate_row.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/trace.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon {
namespace {

Shown gate_summary(const BuildOutput& output) {
  std::map<GateState, std::size_t> count;
  for (const SliceGate& slice : output.gates) {
    for (const GateRow& row : slice.rows) ++count[row.state];
  }
  if (count.empty()) return "-";
  const std::size_t ok = count[GateState::ok];
  const std::size_t failed = count[GateState::failed];
  const std::size_t unknown = count[GateState::unknown];
  Shown text = shown_format("{} ok", ok);
  if (failed > 0) text += shown_format(", {} failed", failed);
  if (unknown > 0) text += shown_format(", {} unknown", unknown);
  return text;
}

Shown run_summary(const BuildOutput& output) {
  if (!output.smoke) return "-";
  switch (output.smoke->state) {
    case SmokeResult::State::ok: return shown_format("ok, {}", output.smoke->how);
    case SmokeResult::State::failed: return shown_format("failed: {}", output.smoke->why);
    case SmokeResult::State::not_run: return "not run";
  }
  return "-";
}

Shown size_text(std::int64_t size) {
  return size == 0 ? Shown("-") : shown_format("{:.1f} MB", static_cast<double>(size) / 1e6);
}

// `here` ends in a slash.
std::string relative(const std::string& path, const std::string& here) {
  return path.starts_with(here) ? path.substr(here.size()) : path;
}

void add_row(std::vector<std::vector<Shown>>& rows, const BuildOutput& output,
             const std::string& here) {
  rows.push_back({Shown::of(output.target), output.built ? Shown("built") : Shown("failed"),
                  gate_summary(output), run_summary(output), size_text(output.size),
                  output.built ? Shown::of(relative(output.path, here)) : Shown("-")});
}

Shown table(const std::vector<std::vector<Shown>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].text().size());
  }
  Shown out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += fmt::format("{:{}}  ", row[i].text(), widths[i]);
    }
    out += shown_format("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return out;
}

std::string mark(GateState state, const TextStyle& style) {
  switch (state) {
    case GateState::ok: return style.unicode ? "\u2713" : "[ok]";
    case GateState::failed: return style.unicode ? "\u2717" : "[!!]";
    case GateState::unknown: return style.unicode ? "?" : "[??]";
  }
  return "?";
}

bool has_rows(const BuildOutput& output) {
  return std::ranges::any_of(output.gates,
                             [](const SliceGate& slice) { return !slice.rows.empty(); });
}

// Libraries of macOS that stubs stand for, with the number of their symbols.
std::map<std::string, std::set<std::string>> stub_symbols(const BuildOutput& output) {
  std::map<std::string, std::set<std::string>> libraries;
  for (const TraceRecord& record : output.trace) {
    if (record.kind == TraceRecord::Kind::stub) libraries[record.library].insert(record.symbol);
  }
  return libraries;
}

Shown details(const BuildOutput& output, const TextStyle& style, const std::string& here) {
  Shown out =
      shown_format("\n{}  {}  {}\n", output.target, output.engine, relative(output.path, here));
  for (const SliceGate& slice : output.gates) {
    for (const GateRow& row : slice.rows) {
      out += shown_format("  {} {:12} {}\n", mark(row.state, style), row.check, row.value);
    }
  }
  if (output.reproducible) {
    out += shown_format(
        "  {} {:12} {}\n", mark(*output.reproducible ? GateState::ok : GateState::failed, style),
        "reproducible", *output.reproducible ? "two builds, equal bytes" : "differs");
  }
  for (const auto& [library, symbols] : stub_symbols(output)) {
    out += shown_format("    stub {} for {} symbols\n", library, symbols.size());
  }
  if (!output.headers.empty()) out += shown_format("    headers: {}\n", output.headers);
  out += shown_format("    sha256 {}\n", output.sha256);
  return out;
}

Data row_data(const GateRow& row) {
  Data data = Data::object();
  data.add("check", row.check);
  data.add("state", gate_state_name(row.state));
  data.add("value", row.value);
  if (row.code != Code::none) data.add("code", code_text(row.code));
  return data;
}

Data gate_data(const BuildOutput& output) {
  Data rows = Data::array();
  for (const SliceGate& slice : output.gates) {
    for (const GateRow& row : slice.rows) {
      Data data = row_data(row);
      if (output.gates.size() > 1) data.add("slice", slice.slice);
      rows.push(std::move(data));
    }
  }
  return rows;
}

Data stub_data(const BuildOutput& output) {
  Data list = Data::array();
  std::set<std::string> seen;
  for (const TraceRecord& record : output.trace) {
    if (record.kind != TraceRecord::Kind::stub || !seen.insert(record.symbol).second) continue;
    Data data = Data::object();
    data.add("symbol", record.symbol);
    data.add("library", record.library);
    data.add("origin", record.reason);
    list.push(std::move(data));
  }
  return list;
}

Data flag_data(const BuildOutput& output) {
  Data list = Data::array();
  std::set<std::string> seen;
  for (const TraceRecord& record : output.trace) {
    if (record.kind != TraceRecord::Kind::flag || !seen.insert(record.flag).second) continue;
    Data data = Data::object();
    data.add("flag", record.flag);
    data.add("reason", record.reason);
    list.push(std::move(data));
  }
  return list;
}

Data cache_data(const BuildOutput& output) {
  std::int64_t hits = 0;
  std::int64_t misses = 0;
  std::map<std::string, std::int64_t> reasons;
  for (const TraceRecord& record : output.trace) {
    if (record.kind != TraceRecord::Kind::cache) continue;
    if (record.reason == "hit") {
      ++hits;
    } else if (record.reason == "miss") {
      ++misses;
    } else {
      ++reasons[record.reason];
    }
  }
  Data data = Data::object();
  data.add("hits", hits);
  data.add("misses", misses);
  Data uncached = Data::object();
  for (const auto& [reason, count] : reasons) uncached.add(reason, count);
  data.add("uncacheable", std::move(uncached));
  return data;
}

Data output_data(const BuildOutput& output) {
  Data data = Data::object();
  data.add("target", output.target);
  data.add("built", output.built);
  data.add("path", output.built ? Data(output.path) : Data());
  data.add("sha256", output.built ? Data(output.sha256) : Data());
  data.add("size", output.size);
  data.add("engine", output.engine);
  if (!output.headers.empty()) data.add("headers", output.headers);
  data.add("gate", gate_data(output));
  if (output.smoke) {
    Data smoke = Data::object();
    smoke.add("state", smoke_state_name(output.smoke->state));
    smoke.add("how", output.smoke->how);
    smoke.add("why", output.smoke->why);
    smoke.add("output", output.smoke->output);
    data.add("smoke", std::move(smoke));
  }
  if (output.reproducible) data.add("reproducible", *output.reproducible);
  data.add("stubs", stub_data(output));
  data.add("flags", flag_data(output));
  data.add("cache", cache_data(output));
  return data;
}

// The command of the step that builds, beside all steps.
Data slice_data(const SlicePlan& slice) {
  const Step* go = find_step(slice, Step::Kind::go);
  Data data = Data::object();
  data.add("target", slice.cc.target.name());
  data.add("engine", slice.cc.toolchain.describe());
  data.add("command", go == nullptr ? Data(std::string()) : Data(quoted(command_of(*go)).text()));
  data.add("steps", wire::write(slice.steps));
  return data;
}

Shown step_text(const Step& step) {
  const ShellCommand command = command_of(step);
  Shown out = shown_format("# {}\n", step.why);
  for (const Shown& name : replaced_names(command)) out += "# " + name + "\n";
  return out + quoted(command) + "\n";
}

Shown settings_text(const std::vector<BuildSetting>& settings) {
  Shown out;
  for (const BuildSetting& one : settings) {
    const std::string name = one.target.empty() ? one.name : one.target + " " + one.name;
    out += shown_format("# {} = {}  ({})\n", name, one.value, one.origin);
  }
  return out;
}

Data settings_data(const std::vector<BuildSetting>& settings) {
  Data list = Data::array();
  for (const BuildSetting& one : settings) {
    Data data = Data::object();
    data.add("name", one.name);
    data.add("value", one.value);
    data.add("origin", one.origin);
    if (!one.target.empty()) data.add("target", one.target);
    list.push(std::move(data));
  }
  return list;
}

Report plan_report(const BuildResult& result) {
  Report report;
  report.text = settings_text(result.settings);
  report.data.add("settings", settings_data(result.settings));
  Data slices = Data::array();
  for (const Plan& plan : result.plans) {
    for (const SlicePlan& slice : plan.slices) {
      report.text +=
          shown_format("# {} ({})\n", slice.cc.target.name(), slice.cc.toolchain.describe());
      for (const Step& step : slice.steps) {
        report.text += step_text(step);
      }
      slices.push(slice_data(slice));
    }
  }
  report.data.add("plan", std::move(slices));
  return report;
}

Report output_report(const BuildResult& result, const TextStyle& style, const std::string& here) {
  Report report;
  std::vector<std::vector<Shown>> rows{{"TARGET", "BUILD", "GATE", "RUN", "SIZE", "FILE"}};
  Data outputs = Data::array();
  for (const BuildOutput& output : result.outputs) {
    add_row(rows, output, here);
    outputs.push(output_data(output));
  }
  if (rows.size() > 1) report.text = table(rows);
  for (const BuildOutput& output : result.outputs) {
    if (has_rows(output)) report.text += details(output, style, here);
  }
  report.data.add("go", result.go_version);
  report.data.add("outputs", std::move(outputs));
  return report;
}

}  // namespace

void BuildResult::add(Finding finding) {
  const bool known = std::ranges::any_of(findings, [&](const Finding& other) {
    return other.code == finding.code && other.message == finding.message;
  });
  if (!known) findings.push_back(std::move(finding));
}

Report build_report(const BuildResult& result, const TextStyle& style, const std::string& here) {
  Report report = result.dry_run ? plan_report(result) : output_report(result, style, here + "/");
  report.command = "build";
  report.findings = result.findings;
  report.ok = std::ranges::none_of(
      result.findings, [](const Finding& finding) { return finding.severity == Severity::error; });
  return report;
}

}  // namespace tenon
