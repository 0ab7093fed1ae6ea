// Where Go puts files: whether they can be made there, and whether there is room.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "host/files.h"
#include "host/system.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

std::string cache_of_go(const MachineAccess& machine, const SettingsState& settings) {
  std::string folder = setting_value(settings, "GOCACHE");
  if (!folder.empty()) return folder;
  const std::string home = machine.variable("HOME");
  if (home.empty() && (machine.goos == "darwin" || machine.variable("XDG_CACHE_HOME").empty())) {
    return {};
  }
  if (machine.goos == "darwin") return home + "/Library/Caches/go-build";
  const std::string xdg = machine.variable("XDG_CACHE_HOME");
  return (xdg.empty() ? home + "/.cache" : xdg) + "/go-build";
}

// The folder itself, or the nearest one above that exists: there it would be made.
std::string existing(const MachineAccess& machine, std::string folder) {
  while (!folder.empty() && folder != "/" && !machine.folder(folder)) folder = folder_of(folder);
  return folder.empty() ? "/" : folder;
}

CountFact inodes(const std::optional<VolumeState>& volume) {
  if (!volume) return CountFact::open("statvfs(3) failed");
  return volume->free_inodes ? CountFact::of(*volume->free_inodes, "statvfs(3)")
                             : CountFact::none("statvfs(3)");
}

// A file is made, where there is room for one: permissions do not tell of a file system that is
// mounted read-only for one user, or of root that is nobody on a server.
FlagFact writable(const MachineAccess& machine, const std::string& folder) {
  const std::string path = machine.at(folder);
  if (!can_write(path)) return FlagFact::of(false, "access(2) of " + folder);
  const auto volume = volume_state(path);
  const bool room = volume && volume->free_mib > 0 && volume->free_inodes.value_or(1) > 0;
  if (!room) return FlagFact::of(true, "access(2) of " + folder);
  return FlagFact::of(can_make_file(path), "a file was made in " + folder);
}

// Folders of a cache that are there and closed to this user: files of 256 folders make up GOCACHE.
void add_closed(const MachineAccess& machine, const std::string& folder, ListFact& out) {
  for (const std::string& name : search_folder(machine.at(folder))) {
    // Modules themselves are meant to be read-only.
    if (name.contains('@')) continue;
    std::string path = join_path(folder, name);
    if (machine.folder(path) && !can_write(machine.at(path))) out.value.push_back(std::move(path));
  }
}

void probe_temporary(const MachineAccess& machine, const SettingsState& settings,
                     StorageState& out) {
  std::string temporary = setting_value(settings, "GOTMPDIR");
  std::string from = "GOTMPDIR";
  if (temporary.empty()) {
    temporary = machine.variable("TMPDIR");
    from = "TMPDIR";
  }
  if (temporary.empty()) {
    temporary = "/tmp";
    from = "default";
  }
  out.temporary = TextFact::of(temporary, from);
  const auto volume = volume_state(machine.at(temporary));
  out.temporary_inodes = inodes(volume);
  if (!volume) {
    out.temporary_writable = FlagFact::of(false, temporary + " does not exist");
    out.temporary_runs = FlagFact::open(temporary + " does not exist");
    out.temporary_free = CountFact::open(temporary + " does not exist");
    return;
  }
  out.temporary_writable = writable(machine, temporary);
  out.temporary_runs = FlagFact::of(volume->can_execute, "statvfs(3)");
  out.temporary_free = CountFact::of(volume->free_mib, "statvfs(3)");
}

void probe_cache(const MachineAccess& machine, const SettingsState& settings, StorageState& out) {
  const std::string cache = cache_of_go(machine, settings);
  if (!cache.starts_with('/')) {
    out.cache = cache.empty() ? TextFact::none("GOCACHE, XDG_CACHE_HOME and HOME")
                              : TextFact::of(cache, "GOCACHE");
    out.cache_free = out.cache_inodes = CountFact::none("there is no cache");
    out.cache_writable = FlagFact::none("there is no cache");
    return;
  }
  const std::string place = existing(machine, cache);
  out.cache = TextFact::of(cache, "GOCACHE or its default");
  const auto volume = volume_state(machine.at(place));
  out.cache_free =
      volume ? CountFact::of(volume->free_mib, "statvfs(3)") : CountFact::open("statvfs(3) failed");
  out.cache_inodes = inodes(volume);
  const auto info = file_info(machine.at(cache));
  const bool in_the_way = info && info->kind != FileInfo::Kind::folder;
  out.cache_writable =
      in_the_way ? FlagFact::of(false, cache + " is not a directory") : writable(machine, place);
  add_closed(machine, cache, out.closed);
}

void probe_modules(const MachineAccess& machine, const SettingsState& settings, StorageState& out) {
  const std::string modules = module_cache_of(machine, settings);
  if (!modules.starts_with('/')) {
    out.modules = TextFact::none("GOMODCACHE, GOPATH and HOME");
    out.modules_writable = FlagFact::none("there is no module cache");
    return;
  }
  out.modules = TextFact::of(modules, "GOMODCACHE or its default");
  out.modules_writable = writable(machine, existing(machine, modules));
  const std::string cache = join_path(modules, "cache");
  for (const std::string& folder : {modules, cache, join_path(cache, "download")}) {
    add_closed(machine, folder, out.closed);
  }
}

}  // namespace

StorageState probe_storage(const MachineAccess& machine, const SettingsState& settings) {
  StorageState out;
  out.user = machine.root.empty() ? TextFact::of(user_and_group(), "geteuid(2)")
                                  : TextFact::open("another machine's files");
  out.closed = ListFact::of({}, "access(2) of the directories of both caches");
  const std::string home = machine.variable("HOME");
  out.home_missing = home.empty() ? FlagFact::none("HOME is not set")
                                  : FlagFact::of(!machine.folder(home), "HOME");
  probe_temporary(machine, settings, out);
  probe_cache(machine, settings, out);
  probe_modules(machine, settings, out);
  return out;
}

}  // namespace tenon
