// Releases of Go that GOTOOLCHAIN and go.mod can choose without a download (go.dev/doc/toolchain):
// commands such as go1.26.8 on PATH, and what was downloaded into the module cache.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/system.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

bool is_release(std::string_view name) { return name.starts_with("go1") && name.size() > 3; }

void on_path(const MachineAccess& machine, std::vector<GoInstall>& out) {
  const std::string path = machine.variable("PATH");
  for (const std::string_view part : split(path, ':')) {
    const std::string folder(part);
    if (!folder.starts_with('/')) continue;
    for (const std::string& name : search_folder(machine.at(folder))) {
      if (!is_release(name)) continue;
      const auto found = machine.find(name);
      const bool first = found && *found == join_path(folder, name);
      if (first) out.push_back({.program = *found, .root = {}, .version = name, .goarch = {}});
    }
  }
}

// "v0.0.1-go1.26.8.linux-amd64" -> "go1.26.8"
std::string release_in(std::string_view name, std::string_view platform) {
  constexpr std::string_view head = "toolchain@v0.0.1-";
  if (!name.starts_with(head) || !name.ends_with(platform)) return {};
  name.remove_prefix(head.size());
  name.remove_suffix(platform.size());
  return is_release(name) ? std::string(name) : std::string();
}

}  // namespace

std::string module_cache_of(const MachineAccess& machine, const SettingsState& settings) {
  std::string folder = setting_value(settings, "GOMODCACHE");
  if (!folder.empty()) return folder;
  std::string path = setting_value(settings, "GOPATH");
  path.resize(std::min(path.find(':'), path.size()));
  const std::string home = machine.variable("HOME");
  if (path.empty() && home.empty()) return {};
  return join_path(path.empty() ? join_path(home, "go") : path, "pkg/mod");
}

Fact<std::vector<GoInstall>> probe_toolchains(const MachineAccess& machine,
                                              const SettingsState& settings,
                                              const std::string& goarch) {
  std::vector<GoInstall> found;
  on_path(machine, found);
  const std::string cache = module_cache_of(machine, settings);
  const std::string folder = join_path(cache, "golang.org");
  const std::string platform = "." + machine.goos + "-" + goarch;
  for (const std::string& name :
       cache.empty() ? std::vector<std::string>() : search_folder(machine.at(folder))) {
    std::string version = release_in(name, platform);
    const std::string root = join_path(folder, name);
    if (version.empty() || !machine.file(root + "/bin/go")) continue;
    found.push_back({.program = root + "/bin/go",
                     .root = root,
                     .version = std::move(version),
                     .goarch = goarch});
  }
  return Fact<std::vector<GoInstall>>::of(std::move(found), "PATH and " + folder);
}

// VERSION of a release has a line "time 2026-09-01T16:39:16Z"; before Go 1.21 its file has a time.
TextFact released_day(const MachineAccess& machine, const std::string& root) {
  const std::string file = root + "/VERSION";
  const auto text = root.empty() ? std::nullopt : machine.text(file);
  if (!text) return TextFact::open("no VERSION file");
  for (const std::string_view line : split(*text, '\n')) {
    if (line.starts_with("time 2")) return TextFact::of(std::string(line.substr(5, 10)), file);
  }
  const auto info = file_info(machine.at(file));
  return info ? TextFact::of(day_of(info->modified_ns), file) : TextFact::open(file);
}

}  // namespace tenon
