// Operating system, storage, network: all from files and calls.
#include "host/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "format/plist/plist.h"
#include "host/files.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

// os-release(5): NAME=value, in quotes or not.
std::string os_release(const std::string& text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != '=') continue;
    line.remove_prefix(name.size() + 1);
    if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'')) {
      line = line.substr(1, line.size() - 2);
    }
    return std::string(line);
  }
  return {};
}

// Both C libraries can be installed; the system's own is the one that its shell asks for.
TextFact libc_of(const MachineAccess& machine) {
  constexpr std::size_t head = 8192;  // the interpreter's name stands near the beginning
  for (const char* path : {"/bin/sh", "/bin/busybox", "/usr/bin/env"}) {
    const auto file = machine.file(path) ? map_file(machine.at(path)) : fail(Errc::io, "");
    if (!file) continue;
    const auto bytes = file->view().bytes().first(std::min<std::size_t>(head, file->view().size()));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.contains("/ld-musl-")) return TextFact::of("musl", path);
    if (text.contains("/ld-linux")) return TextFact::of("glibc", path);
  }
  return TextFact::open("the interpreter of /bin/sh cannot be determined");
}

void linux_system(const MachineAccess& machine, SystemState& out) {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    const auto text = machine.text(path);
    if (!text) continue;
    out.name = TextFact::of(os_release(*text, "ID"), path);
    const std::string version = os_release(*text, "VERSION_ID");
    out.version = version.empty() ? TextFact::none(path) : TextFact::of(version, path);
    break;
  }
  out.libc = libc_of(machine);
  out.translated = FlagFact::of(false, "no Rosetta on Linux");
  out.shell_translated = FlagFact::of(false, "no Rosetta on Linux");
  out.rosetta = FlagFact::none("no Rosetta on Linux");
}

// Each leaves a file of its own.
TextFact container_of(const MachineAccess& machine) {
  constexpr std::pair<const char*, const char*> marks[] = {{"/.dockerenv", "docker"},
                                                           {"/run/.containerenv", "podman"},
                                                           {"/run/systemd/container", "systemd"},
                                                           {"/dev/lxd/sock", "lxc"}};
  for (const auto& [path, name] : marks) {
    if (file_info(machine.at(path))) return TextFact::of(name, path);
  }
  return TextFact::none("/.dockerenv, /run/.containerenv");
}

void shell_of(const MachineAccess& machine, SystemState& out) {
  const std::string shell = machine.variable("SHELL");
  out.shell = shell.empty() ? TextFact::none("SHELL") : TextFact::of(shell, "SHELL");
  if (shell.empty()) {
    out.shell_goarch = TextFact::open("SHELL is not set");
    return;
  }
  std::string goarch = program_arch(machine, shell);
  out.shell_goarch = goarch.empty() ? TextFact::open(shell + " is not a known program")
                                    : TextFact::of(std::move(goarch), shell);
}

void mac_system(const MachineAccess& machine, SystemState& out) {
  const std::string path = "/System/Library/CoreServices/SystemVersion.plist";
  out.name = TextFact::of("macOS", path);
  if (const auto text = machine.text(path)) {
    const auto list = plist::parse(view_of(*text));
    const std::string* version = list ? list->string_at("ProductVersion") : nullptr;
    if (version != nullptr) out.version = TextFact::of(*version, path);
  }
  if (!out.version.known()) out.version = TextFact::open(path + " cannot be read");
  out.libc = TextFact::of("libSystem", "macOS has no other");
  out.translated = machine.translated ? FlagFact::of(*machine.translated, "sysctl.proc_translated")
                                      : FlagFact::open("sysctl.proc_translated does not exist");
  const std::string runtime = "/Library/Apple/usr/libexec/oah/libRosettaRuntime";
  out.shell_translated = machine.shell_translated
                             ? FlagFact::of(*machine.shell_translated, "P_TRANSLATED of the shell")
                             : FlagFact::open("the parent process does not show it");
  out.rosetta = machine.file(runtime) ? FlagFact::of(true, runtime) : FlagFact::none(runtime);
}

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

}  // namespace

SystemState probe_system(const MachineAccess& machine) {
  SystemState out;
  out.goos = machine.goos;
  out.goarch = machine.goarch;
  if (machine.goos == "darwin") {
    mac_system(machine, out);
  } else {
    linux_system(machine, out);
  }
  out.container = container_of(machine);
  shell_of(machine, out);
  out.threads_refused = machine.threads_refused
                            ? FlagFact::of(*machine.threads_refused, "clone3(2)")
                            : FlagFact::open("not asked on this system");
  out.day = machine.day.empty() ? TextFact::open("not told") : TextFact::of(machine.day, "clock");
  return out;
}

StorageState probe_storage(const MachineAccess& machine, const SettingsState& settings) {
  StorageState out;
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
  if (!volume) {
    out.temporary_writable = FlagFact::of(false, temporary + " does not exist");
    out.temporary_runs = FlagFact::open(temporary + " does not exist");
    out.temporary_free = CountFact::open(temporary + " does not exist");
  } else {
    out.temporary_writable = FlagFact::of(can_write(machine.at(temporary)), "access(2)");
    out.temporary_runs = FlagFact::of(volume->can_execute, "statvfs(3)");
    out.temporary_free = CountFact::of(volume->free_mib, "statvfs(3)");
  }
  const std::string cache = cache_of_go(machine, settings);
  if (!cache.starts_with('/')) {
    out.cache = cache.empty() ? TextFact::none("GOCACHE, XDG_CACHE_HOME and HOME")
                              : TextFact::of(cache, "GOCACHE");
    out.cache_free = CountFact::none("there is no cache");
    out.cache_writable = FlagFact::none("there is no cache");
    return out;
  }
  const std::string place = existing(machine, cache);
  out.cache = TextFact::of(cache, "GOCACHE or its default");
  const auto cache_volume = volume_state(machine.at(place));
  out.cache_free = cache_volume ? CountFact::of(cache_volume->free_mib, "statvfs(3)")
                                : CountFact::open("statvfs(3) failed");
  const auto info = file_info(machine.at(cache));
  const bool in_the_way = info && info->kind != FileInfo::Kind::folder;
  out.cache_writable = in_the_way
                           ? FlagFact::of(false, cache + " is not a directory")
                           : FlagFact::of(can_write(machine.at(place)), "access(2) of " + place);
  return out;
}

NetworkState probe_network(const MachineAccess& machine) {
  NetworkState out;
  out.proxies = ListFact::of({}, "the environment");
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY",
                           "NO_PROXY", "no_proxy"}) {
    std::string value = machine.variable(name);
    if (value.empty()) continue;
    // Names and passwords before '@' are nobody's business.
    if (const std::size_t at = value.rfind('@'); at != value.npos) value.erase(0, at + 1);
    out.proxies.value.push_back(fmt::format("{}={}", name, value));
  }
  const auto resolv = machine.text("/etc/resolv.conf");
  out.resolv_conf = !resolv ? FlagFact::none("/etc/resolv.conf")
                            : FlagFact::of(resolv->contains("nameserver"), "/etc/resolv.conf");
  const auto nsswitch = machine.text("/etc/nsswitch.conf");
  out.nsswitch_hosts = !nsswitch ? FlagFact::none("/etc/nsswitch.conf")
                                 : FlagFact::of(nsswitch->contains("hosts:"), "/etc/nsswitch.conf");
  return out;
}

}  // namespace tenon
