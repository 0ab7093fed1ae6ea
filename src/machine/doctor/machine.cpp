// Storage, the deciding probe, and the order of all findings.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon {
namespace doctor {
namespace {

// What gives a folder back to the user that runs this.
Fix give_back(const Snapshot& snapshot, const std::string& folder) {
  const TextFact& user = snapshot.storage.user;
  if (!user.known()) return {Fix::Safety::manual, "make the directory writable", {}};
  return {Fix::Safety::review,
          "give it back to this user",
          {{"sudo", "chown", "-R", ShellWord::of(user.value), ShellWord::path(folder)}}};
}

void temporary(const Snapshot& snapshot, Findings& out) {
  const StorageState& state = snapshot.storage;
  const auto problem = [&](std::string text, const FlagFact& why) {
    Finding found = of_rule(Code::machine_temporary_folder,
                            {{"folder", state.temporary.value}, {"problem", std::move(text)}},
                            state.temporary.value, {fact(why.source, state.temporary.value)});
    found.severity = Severity::error;
    out.push_back(std::move(found));
  };
  if (state.temporary_writable.known() && !state.temporary_writable.value) {
    problem("it is not writable", state.temporary_writable);
  } else if (state.temporary_runs.known() && !state.temporary_runs.value) {
    problem("mounted noexec: go run and go test cannot start what they build",
            state.temporary_runs);
  }
}

// Room for files, in MiB and in number.
void room(const Snapshot& snapshot, Findings& out) {
  constexpr std::uint64_t least = 200;  // MiB; one link of a large program takes as much
  constexpr std::uint64_t least_files = 1000;
  const StorageState& state = snapshot.storage;
  struct Room {
    const CountFact& free;
    const TextFact& folder;
    std::uint64_t least;
    std::string_view unit;
  };
  for (const Room& one : {Room{state.temporary_free, state.temporary, least, "MiB"},
                          Room{state.cache_free, state.cache, least, "MiB"},
                          Room{state.temporary_inodes, state.temporary, least_files, "inodes"},
                          Room{state.cache_inodes, state.cache, least_files, "inodes"}}) {
    if (!one.free.known() || one.free.value >= one.least) continue;
    const std::string amount = fmt::format("{} {}", one.free.value, one.unit);
    out.push_back(of_cause(Code::not_toolchain_disk_full,
                           {Severity::error,
                            one.folder.value,
                            fmt::format("{} are free in {}", amount, one.folder.value),
                            {fact(one.free.source, amount)}}));
    break;
  }
}

bool below(std::string_view path, const TextFact& folder) {
  return folder.known() && path.starts_with(folder.value + "/");
}

// HOME of a service's user: nobody's directory can be given back.
void no_home(const Snapshot& snapshot, std::vector<Evidence> evidence, Findings& out) {
  const std::string& cache = snapshot.storage.cache.value;
  evidence.push_back(fact(snapshot.storage.home_missing.source, "the directory does not exist"));
  out.push_back(of_cause(
      Code::not_toolchain_build_cache_permission,
      {Severity::error,
       "HOME",
       fmt::format("go cannot make its build cache {}: HOME is a directory that does not exist",
                   cache),
       std::move(evidence),
       {{Fix::Safety::manual,
         "set HOME, or GOCACHE and GOMODCACHE, to directories of this user",
         {}}}}));
}

void build_cache(const Snapshot& snapshot, Findings& out) {
  const StorageState& state = snapshot.storage;
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
    return;
  }
  std::vector<Evidence> evidence;
  if (state.cache_writable.known() && !state.cache_writable.value) {
    evidence.push_back(fact(state.cache_writable.source, "not writable"));
  }
  if (!evidence.empty() && state.home_missing.known() && state.home_missing.value) {
    return no_home(snapshot, std::move(evidence), out);
  }
  std::size_t closed = 0;
  for (const std::string& folder : state.closed.value) {
    if (!below(folder, state.cache)) continue;
    if (++closed <= 3) evidence.push_back({Evidence::Kind::file, folder, "not writable"});
  }
  if (evidence.empty()) return;
  out.push_back(of_cause(
      Code::not_toolchain_build_cache_permission,
      {Severity::error,
       state.cache.value,
       closed == 0 ? "Go's build cache cannot be written: " + state.cache.value
                   : fmt::format("{} directories of Go's build cache cannot be written: {}", closed,
                                 state.cache.value),
       std::move(evidence),
       {give_back(snapshot, state.cache.value)}}));
}

// What is there already builds: grave is only what has to be downloaded.
void module_cache(const Snapshot& snapshot, Findings& out) {
  const StorageState& state = snapshot.storage;
  std::vector<Evidence> evidence;
  if (state.modules_writable.known() && !state.modules_writable.value) {
    evidence.push_back(fact(state.modules_writable.source, "not writable"));
  }
  for (const std::string& folder : state.closed.value) {
    if (below(folder, state.modules) && evidence.size() < 4) {
      evidence.push_back({Evidence::Kind::file, folder, "not writable"});
    }
  }
  const bool no_home = state.home_missing.known() && state.home_missing.value;
  if (evidence.empty() || (no_home && state.cache_writable.known() && !state.cache_writable.value))
    return;
  Finding found = of_rule(Code::machine_module_cache_closed, {{"folder", state.modules.value}},
                          state.modules.value, std::move(evidence));
  const bool complete = snapshot.project.missing.known() && !must_download(snapshot);
  found.severity = complete ? Severity::warning : Severity::error;
  found.fixes = {give_back(snapshot, state.modules.value)};
  out.push_back(std::move(found));
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

// A long line with both ends: what a linker says stands last.
std::string shortened(std::string_view line) {
  constexpr std::size_t most = 300, begin = 100;
  if (line.size() <= most) return std::string(line);
  return fmt::format("{} ... {}", line.substr(0, begin), line.substr(line.size() - most + begin));
}

// "go: unknown GOEXPERIMENT x", "go: invalid GOAMD64": a setting that the tool names itself, by a
// word of its own.
void named_setting(const Snapshot& snapshot, Finding& failed) {
  const std::string& said = snapshot.compiler.probe_output.value;
  for (const Setting& one : snapshot.settings.list.value) {
    if (!one.active || !one.name.starts_with("GO")) continue;
    const std::size_t at = said.find(one.name);
    if (at == said.npos || !said.substr(0, at).ends_with(' ')) continue;
    failed.evidence.push_back(fact(one.where, fmt::format("{}={}", one.name, one.value)));
    failed.fixes = {unset(one)};
    return;
  }
}

}  // namespace

void diagnose_machine_parts(const Snapshot& snapshot, Findings& out) {
  temporary(snapshot, out);
  room(snapshot, out);
  build_cache(snapshot, out);
  module_cache(snapshot, out);
  const FlagFact& refused = snapshot.system.threads_refused;
  if (refused.known() && refused.value) {
    out.push_back(
        of_cause(Code::container_old_docker_seccomp_clone3,
                 {Severity::error,
                  snapshot.system.container.known() ? snapshot.system.container.value : "kernel",
                  "clone3 is forbidden here: programs with C cannot start threads",
                  {fact(refused.source, "EPERM")}}));
  }
  diagnose_needs(snapshot, out);
  const TextFact& probe = snapshot.compiler.probe;
  if (!probe.known() || probe.value == "works") return;
  // Findings above that concern C explain it.
  if (std::ranges::any_of(out, explains_c)) return;
  Finding failed = of_rule(Code::cgo_probe_failed, {{"stage", probe.value}}, "cgo", {});
  failed.severity = without_c(snapshot);
  for (const std::string_view line : split(snapshot.compiler.probe_output.value, '\n')) {
    if (failed.evidence.size() < 6 && !trim(line).empty()) {
      failed.evidence.push_back({Evidence::Kind::command, probe.source, shortened(trim(line))});
    }
  }
  if (failed.evidence.empty()) failed.evidence.push_back(fact("cgo check", "no output"));
  named_setting(snapshot, failed);
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
