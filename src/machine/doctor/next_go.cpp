#include "machine/doctor/next_go.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon {

using namespace doctor;

namespace {

using State = NextStep::State;

NextStep toolchain(const Snapshot& snapshot) {
  const RunningGo runs = running_go(snapshot);
  NextStep out{"toolchain", State::unknown, "unknown"};
  switch (runs.state) {
    case RunningGo::State::unknown: return out;
    case RunningGo::State::runs:
      return {"toolchain", State::ready, fmt::format("{} runs ({})", runs.version, runs.rule)};
    case RunningGo::State::downloads:
      return {"toolchain", State::downloads,
              fmt::format("downloads {} ({})", runs.version, runs.rule)};
    case RunningGo::State::refused:
      return {"toolchain", State::fails,
              fmt::format("no go command works: {} is required ({}), and {}", runs.version,
                          runs.rule, runs.why)};
  }
  return out;
}

NextStep modules(const Snapshot& snapshot) {
  const ListFact& missing = snapshot.project.missing;
  if (!missing.known()) return {"modules", State::unknown, "unknown"};
  if (missing.value.empty()) return {"modules", State::ready, "all are there"};
  const std::string some = fmt::format("{} packages are not downloaded, {} among them",
                                       missing.value.size(), missing.value.front());
  const auto refusal = proxy_refusal(snapshot);
  if (refusal) return {"modules", State::fails, fmt::format("{}, and {}", some, refusal->why)};
  return {"modules", State::downloads, "downloads: " + some};
}

NextStep c_code(const Snapshot& snapshot) {
  const auto& packages = snapshot.project.cgo;
  if (!packages.known()) return {"C", State::unknown, packages.why};
  if (packages.value.empty()) return {"C", State::ready, "no package has C"};
  const std::string names = cgo_packages(snapshot);
  const Decision cgo = cgo_decision(snapshot);
  if (cgo.value == "0") {
    return {"C", project_needs_cgo(snapshot) ? State::fails : State::ready,
            fmt::format("{}: left out, cgo is off ({})", names, cgo.rule)};
  }
  const CompilerState& compiler = snapshot.compiler;
  if (c_works(snapshot)) {
    return {"C", State::ready, fmt::format("{}: {} works", names, compiler.command.value)};
  }
  const bool known = compiler.probe.known() || compiler.program.state == FactState::absent;
  return {"C", known ? State::fails : State::unknown,
          fmt::format("{}: needs {}, which {}", names, compiler.command.value,
                      known ? "does not work here" : "was not tried")};
}

// Steps that a finding of its own decides.
NextStep by_finding(std::string what, const std::vector<Finding>& findings, Code code,
                    std::string fine) {
  const auto found = std::ranges::find(findings, code, &Finding::code);
  if (found == findings.end()) return {std::move(what), State::ready, std::move(fine)};
  return {std::move(what), found->severity == Severity::error ? State::fails : State::ready,
          found->message.text()};
}

void pkg_config(const Snapshot& snapshot, const std::vector<Finding>& findings,
                std::vector<NextStep>& out) {
  std::vector<std::string> names;
  for (const CgoPackage& one : snapshot.project.cgo.value) {
    for (const std::string& name : one.pc) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  if (names.empty()) return;
  const auto failed = std::ranges::find_if(findings, [](const Finding& one) {
    return slug_of(one.code).starts_with("pkgconfig/") && one.severity == Severity::error;
  });
  const bool fails = failed != findings.end();
  out.push_back({"pkg-config", fails ? State::fails : State::ready,
                 fails ? failed->message.text() : "asks for " + join(names, ", ")});
}

std::string_view state_word(State state) {
  switch (state) {
    case State::ready: return "ready";
    case State::downloads: return "downloads";
    case State::fails: return "fails";
    case State::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace

std::vector<NextStep> next_go_command(const Snapshot& snapshot) {
  if (snapshot.project.module.state == FactState::unknown) return {};
  const auto findings = diagnose_machine(snapshot);
  std::vector<NextStep> out{toolchain(snapshot), modules(snapshot)};
  if (snapshot.project.vendor.known()) {
    out.push_back(by_finding("vendor", findings, Code::project_vendor_inconsistent,
                             "vendor agrees with go.mod"));
  }
  out.push_back(c_code(snapshot));
  if (std::ranges::any_of(snapshot.project.cgo.value, &CgoPackage::cxx)) {
    out.push_back(by_finding("C++", findings, Code::cc_cxx_missing,
                             "needs " + snapshot.compiler.cxx_command.value + ", which is there"));
  }
  pkg_config(snapshot, findings, out);
  if (snapshot.project.vcs.known()) {
    out.push_back(
        by_finding("revision", findings, Code::project_vcs_refused, "git reads the repository"));
  }
  return out;
}

Shown next_go_text(const std::vector<NextStep>& steps) {
  Shown out = "the next go build here:\n";
  for (const NextStep& one : steps) {
    out += shown_format("    {:11} {:9} {}\n", one.what, state_word(one.state), one.text);
  }
  return out;
}

Data next_go_data(const std::vector<NextStep>& steps) {
  Data out = Data::array();
  for (const NextStep& one : steps) {
    Data row = Data::object();
    row.add("what", one.what);
    row.add("state", state_word(one.state));
    row.add("text", one.text);
    out.push(std::move(row));
  }
  return out;
}

}  // namespace tenon
