// The operating system, from files and calls.
#include "host/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "format/plist/plist.h"
#include "host/files.h"
#include "host/mapping.h"
#include "machine/probe/own_platform.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

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
  const ProcessLimits limits = machine.root.empty() ? process_limits() : ProcessLimits();
  constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
  out.open_files = limits.open_files ? CountFact::of(*limits.open_files, "RLIMIT_NOFILE")
                                     : CountFact::none("RLIMIT_NOFILE");
  out.address_space = limits.address_space ? CountFact::of(*limits.address_space / mib, "RLIMIT_AS")
                                           : CountFact::none("RLIMIT_AS");
  out.file_size = limits.file_size ? CountFact::of(*limits.file_size / mib, "RLIMIT_FSIZE")
                                   : CountFact::none("RLIMIT_FSIZE");
  out.day = machine.day.empty() ? TextFact::open("not told") : TextFact::of(machine.day, "clock");
  return out;
}

}  // namespace tenon
