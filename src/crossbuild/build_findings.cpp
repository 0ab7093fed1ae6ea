#include "crossbuild/build_findings.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/build_output.h"
#include "crossbuild/gate/gate_row.h"
#include "crossbuild/trace.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "platform/target.h"

namespace tenon {
namespace {

using Kind = TraceRecord::Kind;

// The first object that needs a newer macOS than was asked for.
void add_newer_object(const BuildOutput& output, std::vector<Finding>& findings) {
  const auto record = std::ranges::find_if(output.trace, [](const TraceRecord& one) {
    return one.kind == Kind::minimum || one.kind == Kind::newer_object;
  });
  if (record == output.trace.end()) return;
  const std::string version = record->version.text();
  Finding finding = make_finding(Code::darwin_deployment_target_mismatch_warning,
                                 {{"object", record->file}, {"version", version}}, output.target);
  if (record->kind == Kind::minimum) finding.message += "; the program is built for that version";
  finding.evidence.push_back({Evidence::Kind::file, record->file, "macOS " + version});
  findings.push_back(std::move(finding));
}

void add_glibc_users(const BuildOutput& output, std::vector<Finding>& findings) {
  for (const TraceRecord& record : output.trace) {
    if (record.kind != Kind::glibc_names) continue;
    Finding finding =
        make_finding(Code::sdk_glibc_names_provided, {{"library", record.library}}, output.target);
    finding.evidence.push_back({Evidence::Kind::file, record.library, "names of glibc"});
    findings.push_back(std::move(finding));
  }
}

void add_flat_symbols(const BuildOutput& output, std::vector<Finding>& findings) {
  std::vector<std::string> flat;
  for (const TraceRecord& record : output.trace) {
    if (record.kind == Kind::flat) flat.push_back(record.symbol);
  }
  if (flat.empty()) return;
  const std::string names = join(flat, ", ");
  Finding finding =
      make_finding(Code::sdk_flat_lookup_used,
                   {{"count", std::to_string(flat.size())}, {"symbols", names}}, output.target);
  finding.evidence.push_back({Evidence::Kind::file, output.path, names});
  findings.push_back(std::move(finding));
}

void add_host_folders(const BuildOutput& output, std::vector<Finding>& findings) {
  std::vector<std::string> folders;
  for (const TraceRecord& record : output.trace) {
    if (record.kind != Kind::host_folder) continue;
    if (std::ranges::find(folders, record.flag) != folders.end()) continue;
    folders.push_back(record.flag);
    Finding finding =
        make_finding(Code::build_host_folder_ignored,
                     {{"flag", record.flag}, {"package", "a package"}, {"target", output.target}},
                     output.target);
    finding.evidence.push_back({Evidence::Kind::command, "flag", record.flag});
    findings.push_back(std::move(finding));
  }
}

void add_plugin_host(const BuildOutput& output, std::vector<Finding>& findings) {
  const auto record = std::ranges::find(output.trace, Kind::plugin_host, &TraceRecord::kind);
  if (record == output.trace.end()) return;
  Finding finding = make_finding(Code::project_plugin_host_for_musl,
                                 {{"glibc_target", record->library}}, output.target);
  finding.evidence.push_back({Evidence::Kind::fact, output.path, "imports plugin"});
  findings.push_back(std::move(finding));
}

Finding gate_finding(const GateRow& row, const BuildOutput& output) {
  Finding finding = make_finding(row.code, {{"value", row.value}}, output.target);
  if (row.state == GateState::unknown) {
    finding.severity = Severity::warning;
    finding.message = shown_format("could not be checked: {}: {}", row.check, row.value);
    finding.confidence = Confidence::possible;
  }
  finding.evidence.push_back({Evidence::Kind::file, output.path, row.check + ": " + row.value});
  return finding;
}

}  // namespace

std::vector<Finding> gate_findings(const BuildOutput& output) {
  std::vector<Finding> findings;
  for (const SliceGate& slice : output.gates) {
    for (const GateRow& row : slice.rows) {
      if (row.state == GateState::ok || row.code == Code::none) continue;
      findings.push_back(gate_finding(row, output));
    }
  }
  return findings;
}

std::vector<Finding> trace_findings(const BuildOutput& output) {
  std::vector<Finding> findings;
  add_newer_object(output, findings);
  add_glibc_users(output, findings);
  add_flat_symbols(output, findings);
  add_host_folders(output, findings);
  add_plugin_host(output, findings);
  return findings;
}

Finding interrupted_while(const std::string& subject, const Shown& doing) {
  Finding finding = make_finding(Code::usage_interrupted, {}, subject);
  finding.message =
      shown_format("interrupted while {}; outputs of earlier builds are unchanged", doing.text());
  return finding;
}

std::optional<Finding> smoke_finding(const BuildOutput& output, const Target& target) {
  if (!output.smoke || output.smoke->state == SmokeResult::State::ok) return std::nullopt;
  const SmokeResult& result = *output.smoke;
  const bool failed = result.state == SmokeResult::State::failed;
  Finding finding = make_finding(
      failed ? Code::run_smoke_failed : Code::run_no_emulator,
      {{"program", output.path}, {"status", result.why}, {"reason", result.why}}, target.name());
  if (failed) {
    finding.evidence.push_back({Evidence::Kind::command, "end of its output", result.output});
    return finding;
  }
  if (target.darwin()) finding.severity = Severity::note;
  if (result.fix) finding.fixes.push_back(*result.fix);
  finding.evidence.push_back({Evidence::Kind::fact, "reason", result.why});
  return finding;
}

}  // namespace tenon
