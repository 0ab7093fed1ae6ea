#include <future>
#include <utility>

#include "base/fact.h"
#include "machine/probe/go_facts.h"
#include "machine/probe/probe.h"

namespace tenon {

// The groups that ask programs run beside each other: the slowest decides how long all take.
Snapshot take_snapshot(const MachineAccess& access, const SnapshotRequest& request) {
  MachineAccess machine = access;
  Snapshot out;
  out.apple = probe_apple(machine);
  const FlagFact& usable = out.apple.developer_usable;
  machine.developer_tools = machine.goos != "darwin" || (usable.known() && usable.value);
  out.go = probe_go_installs(machine);
  const auto& installs = out.go.installs.value;
  out.settings = probe_settings(machine, installs.empty() ? "" : installs.front().root);
  out.settings.shell_lines = probe_shell_files(machine);
  out.settings.missing = missing_paths(machine, out.settings);
  const auto limit = request.program_limit;
  if (!installs.empty()) {
    out.go.toolchains = probe_toolchains(machine, out.settings, installs.front().goarch);
    out.go.released = released_day(machine, installs.front().root);
    out.go.quarantine = probe_quarantine(machine, installs.front().program);
  }
  // Where no thread can be had, a probe runs when its answer is asked for.
  constexpr auto when_possible = std::launch::async | std::launch::deferred;
  auto compiler =
      std::async(when_possible, [&] { return probe_compiler(machine, out.settings, limit); });
  auto engines = std::async(when_possible, [&] { return probe_engines(machine, limit); });
  auto identities = std::async(when_possible, [&] { return probe_identities(machine, limit); });
  auto packages =
      std::async(when_possible, [&] { return probe_packages(machine, out.settings, limit); });
  auto policies = std::async(when_possible, [&] { probe_policies(machine, limit, out.apple); });
  auto asked = std::async(when_possible, [&] { ask_go(machine, limit, out.go); });
  CompilerState built;
  probe_build(machine, out.settings, out.go, request, built);
  out.system = probe_system(machine);
  out.storage = probe_storage(machine, out.settings);
  out.network = probe_network(machine, out.settings);
  out.bpf = probe_bpf(machine);
  asked.get();
  policies.get();
  probe_set_root(machine, out.settings, out.go);
  out.packages = packages.get();
  out.compiler = compiler.get();
  out.engines = engines.get();
  out.identities = identities.get();
  out.compiler.c_probe = std::move(built.c_probe);
  out.compiler.c_output = std::move(built.c_output);
  out.compiler.probe = std::move(built.probe);
  out.compiler.probe_output = std::move(built.probe_output);
  return out;
}

}  // namespace tenon
