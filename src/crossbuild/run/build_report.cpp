#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "crossbuild/run/build.h"
#include "diag/codes.h"
#include "host/files.h"

namespace tenon {
namespace {

std::string gate_summary(const BuildOutput& output) {
  std::size_t ok = 0;
  std::size_t failed = 0;
  std::size_t unknown = 0;
  for (const GateRow& row : output.gate) {
    ok += row.state == GateState::ok ? 1 : 0;
    failed += row.state == GateState::failed ? 1 : 0;
    unknown += row.state == GateState::unknown ? 1 : 0;
  }
  if (output.gate.empty()) return "-";
  std::string text = fmt::format("{} ok", ok);
  if (failed > 0) text += fmt::format(", {} failed", failed);
  if (unknown > 0) text += fmt::format(", {} unknown", unknown);
  return text;
}

std::string run_summary(const BuildOutput& output) {
  if (!output.smoke) return "-";
  switch (output.smoke->state) {
    case SmokeResult::State::ok: return "ok, " + output.smoke->how;
    case SmokeResult::State::failed: return "failed: " + output.smoke->why;
    case SmokeResult::State::not_run: return "not run";
  }
  return "-";
}

std::string size_text(std::int64_t size) {
  return size == 0 ? "-" : fmt::format("{:.1f} MB", static_cast<double>(size) / 1e6);
}

std::string relative(const std::string& path) {
  const std::string here = current_folder() + "/";
  return path.starts_with(here) ? path.substr(here.size()) : path;
}

void add_row(std::vector<std::vector<std::string>>& rows, const BuildOutput& output) {
  rows.push_back({output.target, output.built ? "built" : "failed", gate_summary(output),
                  run_summary(output), size_text(output.size),
                  output.built ? relative(output.path) : "-"});
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:{}}  ", row[i], widths[i]);
    out += std::string(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
  }
  return out;
}

std::string mark(GateState state, const TextStyle& style) {
  if (!style.unicode) {
    return state == GateState::ok ? "[ok]" : state == GateState::failed ? "[!!]" : "[??]";
  }
  return state == GateState::ok ? "\u2713" : state == GateState::failed ? "\u2717" : "?";
}

// Libraries of macOS that stubs stand for, with the number of their symbols.
std::map<std::string, std::set<std::string>> stub_symbols(const BuildOutput& output) {
  std::map<std::string, std::set<std::string>> libraries;
  for (const TraceLine& line : output.trace) {
    if (line.word == "stub" && line.fields.size() >= 2) {
      libraries[line.fields[0]].insert(line.fields[1]);
    }
  }
  return libraries;
}

std::string details(const BuildOutput& output, const TextStyle& style) {
  std::string out =
      fmt::format("\n{}  {}  {}\n", output.target, output.engine, relative(output.path));
  for (const GateRow& row : output.gate) {
    out += fmt::format("  {} {:12} {}\n", mark(row.state, style), row.check, row.value);
  }
  if (output.reproducible) {
    out += fmt::format(
        "  {} {:12} {}\n", mark(*output.reproducible ? GateState::ok : GateState::failed, style),
        "reproducible", *output.reproducible ? "two builds, equal bytes" : "differs");
  }
  for (const auto& [library, symbols] : stub_symbols(output)) {
    out += fmt::format("    stub {} for {} symbols\n", library, symbols.size());
  }
  out += fmt::format("    sha256 {}\n", output.sha256);
  return out;
}

Data gate_data(const BuildOutput& output) {
  Data rows = Data::array();
  const std::size_t slices = std::max<std::size_t>(output.slices.size(), 1);
  const std::size_t each = output.gate.size() / slices;
  for (std::size_t i = 0; i < output.gate.size(); ++i) {
    const GateRow& row = output.gate[i];
    Data data = Data::object();
    data.add("check", row.check);
    data.add("state", gate_state_name(row.state));
    data.add("value", row.value);
    if (row.code != Code::none) data.add("code", code_text(row.code));
    if (slices > 1 && each > 0) data.add("slice", output.slices[std::min(i / each, slices - 1)]);
    rows.push(std::move(data));
  }
  return rows;
}

Data stub_data(const BuildOutput& output) {
  Data list = Data::array();
  std::set<std::string> seen;
  for (const TraceLine& line : output.trace) {
    if (line.word != "stub" || line.fields.size() < 3 || !seen.insert(line.fields[1]).second)
      continue;
    Data data = Data::object();
    data.add("symbol", line.fields[1]);
    data.add("library", line.fields[0]);
    data.add("origin", line.fields[2]);
    list.push(std::move(data));
  }
  return list;
}

Data flag_data(const BuildOutput& output) {
  Data list = Data::array();
  std::set<std::string> seen;
  for (const TraceLine& line : output.trace) {
    if (line.word != "flag" || line.fields.size() < 2 || !seen.insert(line.fields[0]).second)
      continue;
    Data data = Data::object();
    data.add("flag", line.fields[0]);
    data.add("reason", line.fields[1]);
    list.push(std::move(data));
  }
  return list;
}

Data output_data(const BuildOutput& output) {
  Data data = Data::object();
  data.add("target", output.target);
  data.add("built", output.built);
  data.add("path", output.built ? Data(output.path) : Data());
  data.add("sha256", output.built ? Data(output.sha256) : Data());
  data.add("size", output.size);
  data.add("engine", output.engine);
  data.add("gate", gate_data(output));
  if (output.smoke) {
    static constexpr std::string_view states[] = {"ok", "failed", "unknown"};
    Data smoke = Data::object();
    smoke.add("state", states[static_cast<std::size_t>(output.smoke->state)]);
    smoke.add("how", output.smoke->how);
    smoke.add("why", output.smoke->why);
    smoke.add("output", output.smoke->output);
    data.add("smoke", std::move(smoke));
  }
  if (output.reproducible) data.add("reproducible", *output.reproducible);
  data.add("stubs", stub_data(output));
  data.add("flags", flag_data(output));
  return data;
}

Report plan_report(const BuildState& state) {
  Report report;
  report.command = "build";
  Data plans = Data::array();
  for (const BuildOutput& output : state.outputs) {
    report.text += fmt::format("# {} ({})\n{}\n", output.target, output.engine, output.path);
    Data data = Data::object();
    data.add("target", output.target);
    data.add("engine", output.engine);
    data.add("command", output.path);
    plans.push(std::move(data));
  }
  report.data.add("plan", std::move(plans));
  return report;
}

}  // namespace

Report build_report(const BuildState& state) {
  Report report = state.request.dry_run ? plan_report(state) : Report();
  report.command = "build";
  report.findings = state.findings;
  report.ok = std::ranges::none_of(
      state.findings, [](const Finding& finding) { return finding.severity == Severity::error; });
  if (state.request.dry_run) return report;
  std::vector<std::vector<std::string>> rows{{"TARGET", "BUILD", "GATE", "RUN", "SIZE", "FILE"}};
  Data outputs = Data::array();
  for (const BuildOutput& output : state.outputs) {
    add_row(rows, output);
    outputs.push(output_data(output));
  }
  if (rows.size() > 1) report.text = table(rows);
  for (const BuildOutput& output : state.outputs) {
    if (!output.gate.empty()) report.text += details(output, state.style);
  }
  report.data.add("go", state.go.version);
  report.data.add("outputs", std::move(outputs));
  return report;
}

}  // namespace tenon
