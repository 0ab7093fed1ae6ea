// Settings that hold for every project: of the environment and of `go env -w`; what decides cgo.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon {

using namespace doctor;

Decision cgo_decision(const Snapshot& snapshot) {
  Decision out{"CGO_ENABLED", {}, {}, "default"};
  const Setting* set = active(snapshot, "CGO_ENABLED");
  if (set != nullptr && (set->value == "0" || set->value == "1")) {
    return {"CGO_ENABLED", set->value, "set", set->where};
  }
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr || !snapshot.settings.list.known()) {
    out.rule = "not known without a go command";
    return out;
  }
  const Setting* goos = active(snapshot, "GOOS");
  const Setting* goarch = active(snapshot, "GOARCH");
  const bool other = (goos != nullptr && goos->value != snapshot.system.goos) ||
                     (goarch != nullptr && !go->goarch.empty() && goarch->value != go->goarch);
  if (other) {
    const Setting& why = goos != nullptr && goos->value != snapshot.system.goos ? *goos : *goarch;
    return {"CGO_ENABLED", "0", fmt::format("off for another platform: {}={}", why.name, why.value),
            why.where};
  }
  const RunningGo runs = running_go(snapshot);
  const unsigned minor = go_minor(runs.version.empty() ? go->version : runs.version);
  if (minor == 0) {
    out.rule = "not known: the release of Go is not";
    return out;
  }
  if (minor < 20) return {"CGO_ENABLED", "1", "on for the own platform before Go 1.20", "default"};
  const Setting* cc = active(snapshot, "CC");
  if (cc != nullptr && cc->where == "the environment") {
    return {"CGO_ENABLED", "1", "on: CC is set in the environment", "default"};
  }
  const TextFact& compiler = snapshot.compiler.default_program;
  if (compiler.known()) {
    return {"CGO_ENABLED", "1", "on: " + compiler.value + " is on PATH", "default"};
  }
  if (compiler.state == FactState::absent) {
    const bool mac = snapshot.system.goos == "darwin";
    return {"CGO_ENABLED", "0",
            fmt::format("off: {} is not on PATH and CC is not set in the environment",
                        mac ? "clang" : "gcc"),
            "default"};
  }
  out.rule = "not known: " + compiler.why;
  return out;
}

namespace {

void sdk_decision(const Snapshot& snapshot, std::vector<Decision>& out) {
  const auto& sdks = snapshot.apple.sdks;
  const bool known = sdks.known() && !sdks.value.empty();
  if (const Setting* set = active(snapshot, "SDKROOT")) {
    out.push_back({"SDK", set->value, "SDKROOT", set->where});
  } else {
    out.push_back({"SDK", known ? sdks.value.front().path : "",
                   known ? sdks.source : std::string("none was found"), "default"});
  }
}

}  // namespace

std::vector<Decision> decisions(const Snapshot& snapshot) {
  std::vector<Decision> out{cgo_decision(snapshot)};
  const auto simple = [&](std::string_view name, std::string fallback, std::string_view rule) {
    const Setting* set = active(snapshot, name);
    if (set != nullptr) {
      out.push_back({std::string(name), set->value, "set", set->where});
    } else {
      out.push_back({std::string(name), std::move(fallback), std::string(rule), "default"});
    }
  };
  simple("CC", snapshot.system.goos == "darwin" ? "clang" : "gcc", "Go's default for the system");
  simple("GOOS", snapshot.system.goos, "the system");
  const GoInstall* go = first_go(snapshot);
  simple("GOARCH", go == nullptr ? "" : go->goarch, "that of the go command");
  if (go != nullptr) {
    out.push_back({"go", go->program, "the first on PATH", "PATH"});
    simple("GOROOT", go->root, "found from the go command");
    const RunningGo runs = running_go(snapshot);
    if (!runs.version.empty()) {
      out.push_back({"toolchain", runs.version,
                     runs.why.empty() ? runs.rule : runs.rule + ", " + runs.why, runs.where});
    }
    simple("GOTOOLCHAIN", go_minor(go->version) >= 21 ? "auto" : "local",
           go_minor(go->version) >= 21 ? "Go's default since 1.21" : "Go before 1.21 has no other");
  }
  if (snapshot.system.goos == "darwin") sdk_decision(snapshot, out);
  for (Decision& one : out) {
    const Setting* set =
        active(snapshot, one.name == "SDK" ? "SDKROOT" : std::string_view(one.name));
    if (set == nullptr || one.where != "the environment") continue;
    if (const ShellLine* line = shell_line_for(snapshot, set->name, set->value)) {
      one.where += fmt::format(", from {}:{}", line->file, line->line);
    }
  }
  return out;
}

namespace doctor {
namespace {

void cgo_switch(const Snapshot& snapshot, Findings& out) {
  const Setting* set = active(snapshot, "CGO_ENABLED");
  if (set != nullptr && set->value != "0" && set->value != "1") {
    Finding ignored =
        of_rule(Code::cgo_value_ignored, {{"value", set->value}, {"where", set->where}},
                "CGO_ENABLED", {fact(set->where, "CGO_ENABLED=" + set->value)});
    ignored.fixes = {unset(*set)};
    out.push_back(std::move(ignored));
  }
  const Decision cgo = cgo_decision(snapshot);
  const Setting* cc = active(snapshot, "CC");
  const bool persisted = cc != nullptr && cc->where != "the environment";
  if (cgo.value == "0" && cgo.where == "default" && persisted &&
      snapshot.compiler.program.known()) {
    const bool mac = snapshot.system.goos == "darwin";
    Finding off =
        of_rule(Code::cgo_off_cc_persisted,
                {{"value", cc->value}, {"where", cc->where}, {"default", mac ? "clang" : "gcc"}},
                "CC", {fact(cc->where, "CC=" + cc->value), fact("CGO_ENABLED", cgo.rule)});
    off.severity = without_c(snapshot);
    out.push_back(std::move(off));
    return;
  }
  if (cgo.value != "0" || set == nullptr || set->value != "0") return;
  if (project_needs_cgo(snapshot)) {
    out.push_back(
        of_cause(Code::cgo_disabled_needs_cgo,
                 {Severity::error,
                  "CGO_ENABLED",
                  "cgo is off, and packages of this project need it: " + cgo_packages(snapshot),
                  {fact(set->where, "CGO_ENABLED=0")},
                  {unset(*set)}}));
    return;
  }
  Finding off = of_rule(Code::cgo_off_by_setting, {{"where", set->where}}, "CGO_ENABLED",
                        {fact(set->where, "CGO_ENABLED=0")});
  off.fixes = {unset(*set)};
  out.push_back(std::move(off));
}

// Whether go test can start what it builds for a platform. Where no module is at hand, nobody knows
// what is meant; 386 runs on amd64, and who has Rosetta runs amd64.
bool starts_here(const Snapshot& snapshot, bool os, std::string_view value) {
  if (!snapshot.project.module.known()) return true;
  if (os) return false;
  const SystemState& system = snapshot.system;
  if (system.goarch == "amd64") return value == "386";
  const bool rosetta = system.rosetta.known() && system.rosetta.value;
  return rosetta && value == "amd64";
}

}  // namespace

void diagnose_settings(const Snapshot& snapshot, Findings& out) {
  cgo_switch(snapshot, out);
  for (const char* name : {"GOOS", "GOARCH"}) {
    const Setting* set = active(snapshot, name);
    if (set == nullptr) continue;
    const GoInstall* go = first_go(snapshot);
    const bool os = name == std::string_view("GOOS");
    const bool told = go != nullptr && !go->goarch.empty() && go->goarch != "universal";
    const std::string own = os ? snapshot.system.goos : told ? go->goarch : snapshot.system.goarch;
    if (own.empty() || set->value == own) continue;
    const bool off = cgo_decision(snapshot).value == "0";
    const bool fails = off && project_needs_cgo(snapshot);
    out.push_back(of_cause(
        Code::env_goos_goarch_persisted,
        {fails || !starts_here(snapshot, os, set->value) ? Severity::error : Severity::warning,
         name,
         fmt::format("{}={} holds for every build: programs are built for another platform{}{}",
                     name, set->value, off ? ", with cgo off" : "",
                     fails ? ", and packages of this project need it" : ""),
         {fact(set->where, fmt::format("{}={}", name, set->value))},
         {unset(*set)}}));
  }
  const bool in_shell_file =
      std::ranges::any_of(snapshot.settings.shell_lines.value,
                          [](const ShellLine& one) { return one.name == "GOFLAGS"; });
  if (const Setting* flags = active(snapshot, "GOFLAGS");
      flags != nullptr && (flags->where != "the environment" || in_shell_file)) {
    Finding found =
        of_rule(Code::env_goflags_persisted, {{"value", flags->value}, {"where", flags->where}},
                "GOFLAGS", {fact(flags->where, "GOFLAGS=" + flags->value)});
    // Flags that change what is built; others only how.
    bool changes = false;
    for (const std::string_view flag :
         {"-tags", "-mod", "-ldflags", "-gcflags", "-overlay", "-race", "-toolexec", "-compiler",
          "-buildmode", "-installsuffix"}) {
      changes = changes || flags->value.contains(flag);
    }
    if (!changes) found.severity = Severity::note;
    found.fixes = {unset(*flags)};
    out.push_back(std::move(found));
  }
}

}  // namespace doctor
}  // namespace tenon
