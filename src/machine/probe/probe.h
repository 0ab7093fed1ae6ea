// A snapshot of the machine. Files tell where they can; a program is asked only where nothing else
// knows, each with a limit. Never judges.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/process.h"
#include "machine/snapshot.h"

namespace tenon {

// How the machine is asked. Tests give a folder that stands for "/" and programs of their own.
struct MachineAccess {
  std::string root;          // before every absolute path; empty: this machine
  std::string goos, goarch;  // whose rules hold
  std::optional<bool> translated, shell_translated, threads_refused;
  std::string day;  // "2026-11-28"; empty: not known
  // False on a Mac without developer tools: its /usr/bin/clang then opens a window and waits.
  bool developer_tools = true;
  std::function<std::optional<std::string>(const char* name)> environment;

  // The path of a program in the PATH of `environment`, without `root`.
  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> find_all(const std::string& name) const;
  [[nodiscard]] std::string at(const std::string& path) const { return root + path; }
  [[nodiscard]] bool file(const std::string& path) const;
  [[nodiscard]] bool folder(const std::string& path) const;
  // Of a file that decides: nullopt where there is none; an error when it cannot be read, or is a
  // folder or a pipe.
  [[nodiscard]] Result<std::optional<std::string>> settings_text(const std::string& path) const;
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  [[nodiscard]] std::string variable(const char* name) const {
    return environment(name).value_or("");
  }
  // Standard output of a program, or why there is none. `both`: standard error with it.
  [[nodiscard]] TextFact ask(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                             bool both = false) const;
};

[[nodiscard]] MachineAccess this_machine();

struct SnapshotRequest {
  // How far C is tried: not at all, with the compiler alone, or with go too.
  enum class Try { nothing, compiler, go };
  Try c = Try::go;
  std::chrono::milliseconds program_limit{1000};
  std::chrono::milliseconds compiler_limit{3000};  // for one run of the compiler
  std::chrono::milliseconds build_limit{30'000};
  std::string build_cache = {};   // GOCACHE of the cgo check; empty: a new one each time
  std::string kept_program = {};  // directory of the program that go builds; empty: a new one
};

[[nodiscard]] Snapshot take_snapshot(const MachineAccess& machine, const SnapshotRequest& request);

// Parts, each of one group. `settings` are those that were found before.
[[nodiscard]] SystemState probe_system(const MachineAccess& machine);
// From files alone.
[[nodiscard]] GoState probe_go_installs(const MachineAccess& machine);
// Of the first go command: asks it for what its files do not tell, because it is a script.
void ask_go(const MachineAccess& machine, std::chrono::milliseconds limit, GoState& go);
// GOROOT as it was set, and what is there.
void probe_set_root(const MachineAccess& machine, const SettingsState& settings, GoState& go);
// GOMODCACHE, or its default; empty when neither it nor a home is known.
[[nodiscard]] std::string module_cache_of(const MachineAccess& machine,
                                          const SettingsState& settings);
[[nodiscard]] Fact<std::vector<GoInstall>> probe_toolchains(const MachineAccess& machine,
                                                            const SettingsState& settings,
                                                            const std::string& goarch);
// The day of a release, by the files of its GOROOT.
[[nodiscard]] TextFact released_day(const MachineAccess& machine, const std::string& root);
// `root` is that of the go command that runs, for its go.env; may be empty.
[[nodiscard]] SettingsState probe_settings(const MachineAccess& machine,
                                           const std::string& root = {});
// Lines of the start-up files of shells that set what matters here.
[[nodiscard]] Fact<std::vector<ShellLine>> probe_shell_files(const MachineAccess& machine);
// Paths in values of settings that are not there.
[[nodiscard]] ListFact missing_paths(const MachineAccess& machine, const SettingsState& settings);
[[nodiscard]] CompilerState probe_compiler(const MachineAccess& machine,
                                           const SettingsState& settings,
                                           std::chrono::milliseconds limit);
[[nodiscard]] AppleState probe_apple(const MachineAccess& machine);
// What can forbid programs on a Mac, or hold them up: profiles of MDM, XProtect.
void probe_policies(const MachineAccess& machine, std::chrono::milliseconds limit,
                    AppleState& apple);
// Whether macOS checks a program before its first start.
[[nodiscard]] FlagFact probe_quarantine(const MachineAccess& machine, const std::string& program);
[[nodiscard]] PackagesState probe_packages(const MachineAccess& machine,
                                           const SettingsState& settings,
                                           std::chrono::milliseconds limit);
// Which libraries of the project lie in Homebrew's folder.
[[nodiscard]] Fact<std::vector<PcFile>> probe_brew_libraries(const MachineAccess& machine,
                                                             const PackagesState& packages,
                                                             const ProjectState& project);
[[nodiscard]] EnginesState probe_engines(const MachineAccess& machine,
                                         std::chrono::milliseconds limit);
[[nodiscard]] StorageState probe_storage(const MachineAccess& machine,
                                         const SettingsState& settings);
[[nodiscard]] IdentityState probe_identities(const MachineAccess& machine,
                                             std::chrono::milliseconds limit);
[[nodiscard]] BpfState probe_bpf(const MachineAccess& machine);
[[nodiscard]] NetworkState probe_network(const MachineAccess& machine,
                                         const SettingsState& settings);
// Fills `c_probe` and `probe` of the compiler's state, and what was said: first the compiler alone,
// in some 50 ms, then go build of a program with C, where the compiler works.
void probe_build(const MachineAccess& machine, const SettingsState& settings, const GoState& go,
                 const SnapshotRequest& request, CompilerState& compiler);
// What the compiler says of headers and libraries that packages of the project need, where they are
// not here.
void probe_package_files(const MachineAccess& machine, const SnapshotRequest& request,
                         Snapshot& snapshot);
// The words of CC with the program found on PATH; empty when there is none.
[[nodiscard]] std::vector<std::string> compiler_words(const MachineAccess& machine,
                                                      const SettingsState& settings);
// The same for C++, where a package of the project has such files.
void probe_cxx(const MachineAccess& machine, const SettingsState& settings,
               const SnapshotRequest& request, Snapshot& snapshot);
// The repository of a folder, and whether git reads it for this user.
void probe_repository(const MachineAccess& machine, const std::string& folder,
                      std::chrono::milliseconds limit, ProjectState& project);

// GOARCH of a program by the head of its file; "universal" for several, "" for scripts.
[[nodiscard]] std::string program_arch(const MachineAccess& machine, const std::string& path);

// The value that holds for a name; empty when nobody set it.
[[nodiscard]] std::string setting_value(const SettingsState& settings, std::string_view name);

}  // namespace tenon
