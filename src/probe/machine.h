// A snapshot of the machine. Files tell where they can; a program is asked only where nothing else
// knows, each with a limit. Never judges.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/process.h"
#include "model/snapshot.h"

namespace tenon {

// How the machine is asked. Tests give a folder that stands for "/" and programs of their own.
struct MachineAccess {
  std::string root;          // before every absolute path; empty: this machine
  std::string goos, goarch;  // whose rules hold
  std::optional<bool> translated;
  // False on a Mac without developer tools: its /usr/bin/clang then opens a window and waits.
  bool developer_tools = true;
  std::function<std::optional<std::string>(const char* name)> environment;

  // The path of a program in the PATH of `environment`, without `root`.
  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> find_all(const std::string& name) const;
  [[nodiscard]] std::string at(const std::string& path) const { return root + path; }
  [[nodiscard]] bool file(const std::string& path) const;
  [[nodiscard]] bool folder(const std::string& path) const;
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  [[nodiscard]] std::string variable(const char* name) const {
    return environment(name).value_or("");
  }
  // Standard output of a program, or why there is none.
  [[nodiscard]] TextFact ask(const std::vector<std::string>& argv,
                             std::chrono::milliseconds limit) const;
};

[[nodiscard]] MachineAccess this_machine();

struct SnapshotRequest {
  bool build_probe = true;  // build and run three lines with C
  std::chrono::milliseconds program_limit{1000};
  std::chrono::milliseconds build_limit{3500};
};

[[nodiscard]] Snapshot take_snapshot(const MachineAccess& machine, const SnapshotRequest& request);

// Parts, each of one group. `settings` are those that were found before.
[[nodiscard]] SystemState probe_system(const MachineAccess& machine);
[[nodiscard]] GoState probe_go_installs(const MachineAccess& machine);
[[nodiscard]] SettingsState probe_settings(const MachineAccess& machine);
[[nodiscard]] CompilerState probe_compiler(const MachineAccess& machine,
                                           const SettingsState& settings,
                                           std::chrono::milliseconds limit);
[[nodiscard]] AppleState probe_apple(const MachineAccess& machine);
[[nodiscard]] PackagesState probe_packages(const MachineAccess& machine,
                                           const SettingsState& settings);
[[nodiscard]] EnginesState probe_engines(const MachineAccess& machine,
                                         std::chrono::milliseconds limit);
[[nodiscard]] StorageState probe_storage(const MachineAccess& machine,
                                         const SettingsState& settings);
[[nodiscard]] IdentityState probe_identities(const MachineAccess& machine,
                                             std::chrono::milliseconds limit);
[[nodiscard]] NetworkState probe_network(const MachineAccess& machine);
// Fills `probe` and `probe_output` of the compiler's state.
void probe_build(const MachineAccess& machine, const SnapshotRequest& request,
                 CompilerState& compiler);

// The value that holds for a name; empty when nobody set it.
[[nodiscard]] std::string setting_value(const SettingsState& settings, std::string_view name);

}  // namespace tenon
