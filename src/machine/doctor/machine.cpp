// Storage, the deciding probe, and the order of all findings.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"

namespace tenon {
namespace doctor {
namespace {

void storage(const Snapshot& snapshot, Findings& out) {
  constexpr std::uint64_t least = 200;  // MiB; one link of a large program takes as much
  const StorageState& state = snapshot.storage;
  const auto problem = [&](std::string text, const FlagFact& why, Severity severity) {
    Finding found = of_rule(Code::machine_temporary_folder,
                            {{"folder", state.temporary.value}, {"problem", std::move(text)}},
                            state.temporary.value, {fact(why.source, state.temporary.value)});
    found.severity = severity;
    out.push_back(std::move(found));
  };
  if (state.temporary_writable.known() && !state.temporary_writable.value) {
    problem("it is not writable", state.temporary_writable, Severity::error);
  } else if (state.temporary_runs.known() && !state.temporary_runs.value) {
    problem("mounted noexec: go run and go test cannot start what they build", state.temporary_runs,
            Severity::warning);
  }
  for (const auto& [free, folder] : {std::pair(&state.temporary_free, &state.temporary),
                                     std::pair(&state.cache_free, &state.cache)}) {
    if (!free->known() || free->value >= least) continue;
    out.push_back(of_cause(Code::not_toolchain_disk_full,
                           {Severity::error,
                            folder->value,
                            fmt::format("{} MiB are free in {}", free->value, folder->value),
                            {fact(free->source, fmt::format("{} MiB", free->value))}}));
    break;
  }
  if (state.cache_writable.state == FactState::absent) {
    const bool off = state.cache.known();
    out.push_back(of_cause(
        Code::not_toolchain_build_cache_permission,
        {Severity::error,
         "GOCACHE",
         off ? fmt::format("GOCACHE={} is not an absolute path: go refuses to build",
                           state.cache.value)
             : std::string("go has no directory for its build cache: HOME and GOCACHE are not set"),
         {fact(state.cache.source, off ? "GOCACHE=" + state.cache.value : "not set")}}));
  }
  if (state.cache_writable.known() && !state.cache_writable.value) {
    out.push_back(of_cause(Code::not_toolchain_build_cache_permission,
                           {Severity::error,
                            state.cache.value,
                            "Go's build cache cannot be written: " + state.cache.value,
                            {fact(state.cache_writable.source, "not writable")}}));
  }
}

// Whether a finding can be the reason that C does not build.
bool explains_c(const Finding& one) {
  switch (entry(one.code).explains_c) {
    // What is about C itself: without a need of C it is a note, and explains it all the same.
    case ExplainsC::note: return true;
    case ExplainsC::warning: return one.severity != Severity::note;
    case ExplainsC::error: return one.severity == Severity::error;
    case ExplainsC::never: return false;
  }
  return false;
}

}  // namespace

void diagnose_machine_parts(const Snapshot& snapshot, Findings& out) {
  storage(snapshot, out);
  const FlagFact& refused = snapshot.system.threads_refused;
  if (refused.known() && refused.value) {
    out.push_back(
        of_cause(Code::container_old_docker_seccomp_clone3,
                 {Severity::error,
                  snapshot.system.container.known() ? snapshot.system.container.value : "kernel",
                  "clone3 is forbidden here: programs with C cannot start threads",
                  {fact(refused.source, "EPERM")}}));
  }
  const TextFact& probe = snapshot.compiler.probe;
  if (!probe.known() || probe.value == "works") return;
  // Findings above that concern C explain it.
  if (std::ranges::any_of(out, explains_c)) return;
  Finding failed = of_rule(Code::cgo_probe_failed, {{"stage", probe.value}}, "cgo", {});
  failed.severity = without_c(snapshot);
  for (const std::string_view line : split(snapshot.compiler.probe_output.value, '\n')) {
    if (failed.evidence.size() < 6 && !trim(line).empty()) {
      failed.evidence.push_back(
          {Evidence::Kind::command, probe.source, std::string(trim(line).substr(0, 300))});
    }
  }
  if (failed.evidence.empty()) failed.evidence.push_back(fact("cgo check", "no output"));
  out.push_back(std::move(failed));
}

}  // namespace doctor

std::vector<Finding> diagnose_machine(const Snapshot& snapshot) {
  std::vector<Finding> out;
  doctor::diagnose_go(snapshot, out);
  doctor::diagnose_settings(snapshot, out);
  doctor::diagnose_apple(snapshot, out);
  doctor::diagnose_compiler(snapshot, out);
  doctor::diagnose_packages(snapshot, out);
  doctor::diagnose_paths(snapshot, out);
  doctor::diagnose_identities(snapshot, out);
  doctor::diagnose_machine_parts(snapshot, out);
  doctor::keep_own_commands(snapshot, out);
  doctor::point_to_shell_files(snapshot, out);
  std::ranges::stable_sort(out, {},
                           [](const Finding& one) { return static_cast<int>(one.severity); });
  return out;
}

}  // namespace tenon
