// Go itself and its settings. `go env` is not asked: it runs the C compiler and can block on it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "host/files.h"
#include "host/system.h"
#include "probe/machine.h"

namespace tenon {
namespace {

// GOARCH of a program by the head of its file: ELF e_machine, Mach-O cputype; "" for scripts.
std::string program_arch(const MachineAccess& machine, const std::string& path) {
  const auto mapped = map_file(machine.at(path));
  if (!mapped || mapped->view().size() < 20) return {};
  const auto bytes = mapped->view().bytes();
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
  if (byte(0) == 0x7f && byte(1) == 'E' && byte(2) == 'L' && byte(3) == 'F') {
    const unsigned id = byte(18) | byte(19) << 8U;
    return id == 62 ? "amd64" : id == 183 ? "arm64" : id == 40 ? "arm" : id == 3 ? "386" : "";
  }
  const bool macho = byte(0) == 0xcf && byte(1) == 0xfa && byte(2) == 0xed && byte(3) == 0xfe;
  const bool fat = byte(0) == 0xca && byte(1) == 0xfe && byte(2) == 0xba;
  if (fat) return "universal";
  if (!macho || byte(7) != 1) return {};
  return byte(4) == 12 ? "arm64" : byte(4) == 7 ? "amd64" : "";
}

GoInstall describe(const MachineAccess& machine, const std::string& program) {
  GoInstall out;
  out.program = program;
  const std::string real =
      machine.root.empty() ? real_path(program).value_or(program) : std::string(program);
  std::string target = real;
  if (!machine.root.empty()) {
    const std::string link = link_text(machine.at(program));
    if (link.starts_with('/')) target = link;
  }
  out.goarch = program_arch(machine, target);
  out.snap =
      program.starts_with("/snap/") || target.starts_with("/snap/") || target == "/usr/bin/snap";
  out.gccgo = base_name(target).contains("gccgo");
  const std::string root(folder_of(folder_of(target)));
  for (const std::string& place : {root, root + "/libexec", root + "/lib/go"}) {
    const auto version = machine.text(place + "/VERSION");
    if (!version || !machine.folder(place + "/src")) continue;
    out.root = place;
    out.version = std::string(trim(version->substr(0, version->find('\n'))));
    break;
  }
  // gccgo's go command has no GOROOT of its own; Debian calls it go-NUMBER.
  if (out.root.empty() && base_name(target).starts_with("go-")) out.gccgo = true;
  return out;
}

// 1.26.8 -> 26; 0 when that cannot be told.
unsigned minor_of(std::string_view version) {
  if (!version.starts_with("go1.")) return 0;
  version.remove_prefix(4);
  std::size_t end = 0;
  while (end < version.size() && version[end] >= '0' && version[end] <= '9') ++end;
  return static_cast<unsigned>(parse_number(version.substr(0, end)).value_or(0));
}

// Files that a release took away and that break it when an older one was unpacked before.
struct Gone {
  unsigned minor;
  std::string_view path;
};

constexpr std::array<Gone, 7> gone{{{16, "src/runtime/cgo/gcc_signal_darwin_armx.c"},
                                    {16, "src/runtime/cgo/gcc_signal_darwin_lldb.c"},
                                    {15, "src/runtime/cgo/gcc_darwin_386.c"},
                                    {15, "src/runtime/cgo/gcc_darwin_arm.c"},
                                    {15, "src/runtime/sys_darwin_386.s"},
                                    {14, "src/runtime/os_nacl.go"},
                                    {23, "src/runtime/internal/atomic/types.go"}}};

}  // namespace

GoState probe_go_installs(const MachineAccess& machine) {
  GoState out;
  std::set<std::string> seen;
  std::vector<GoInstall> found;
  for (const std::string& program : machine.find_all("go")) {
    const std::string real = machine.root.empty() ? real_path(program).value_or(program) : program;
    if (seen.insert(real).second) found.push_back(describe(machine, program));
  }
  if (found.empty()) {
    out.installs = Fact<std::vector<GoInstall>>::none("PATH");
    out.stale_files = ListFact::open("there is no go");
    return out;
  }
  const GoInstall& first = found.front();
  const unsigned minor = minor_of(first.version);
  if (first.root.empty() || minor == 0) {
    out.stale_files = ListFact::open("the release of " + first.program + " is not known");
  } else {
    out.stale_files = ListFact::of({}, first.root);
    for (const Gone& one : gone) {
      const std::string path = fmt::format("{}/{}", first.root, one.path);
      if (minor >= one.minor && machine.file(path)) out.stale_files.value.push_back(path);
    }
  }
  out.installs = Fact<std::vector<GoInstall>>::of(std::move(found), "PATH");
  return out;
}

SettingsState probe_settings(const MachineAccess& machine) {
  constexpr auto names = std::to_array<const char*>({"CGO_ENABLED",
                                                     "CC",
                                                     "CXX",
                                                     "GOOS",
                                                     "GOARCH",
                                                     "GOROOT",
                                                     "GOPATH",
                                                     "GOTOOLCHAIN",
                                                     "GOFLAGS",
                                                     "GOPROXY",
                                                     "GOEXPERIMENT",
                                                     "GODEBUG",
                                                     "GOCACHE",
                                                     "GOTMPDIR",
                                                     "GOMODCACHE",
                                                     "GOWORK",
                                                     "PKG_CONFIG",
                                                     "PKG_CONFIG_PATH",
                                                     "PKG_CONFIG_LIBDIR",
                                                     "PKG_CONFIG_SYSROOT_DIR",
                                                     "CGO_CFLAGS",
                                                     "CGO_LDFLAGS",
                                                     "CGO_CXXFLAGS",
                                                     "SDKROOT",
                                                     "DEVELOPER_DIR",
                                                     "MACOSX_DEPLOYMENT_TARGET",
                                                     "DYLD_LIBRARY_PATH",
                                                     "DYLD_INSERT_LIBRARIES",
                                                     "LD_LIBRARY_PATH",
                                                     "CPATH",
                                                     "LIBRARY_PATH"});
  SettingsState out;
  out.list = Fact<std::vector<Setting>>::of({}, "the environment and the file of `go env -w`");
  for (const char* name : names) {
    std::string value = machine.variable(name);
    if (!value.empty()) {
      out.list.value.push_back({name, std::move(value), "the environment", true});
    }
  }
  std::string file = machine.variable("GOENV");
  if (file == "off") {
    out.file = TextFact::none("GOENV=off");
    return out;
  }
  if (file.empty()) {
    const std::string home = machine.variable("HOME"), xdg = machine.variable("XDG_CONFIG_HOME");
    file = machine.goos == "darwin" ? home + "/Library/Application Support/go/env"
                                    : (xdg.empty() ? home + "/.config" : xdg) + "/go/env";
  }
  const auto text = machine.text(file);
  if (!text) {
    out.file = TextFact::none(file);
    if (!machine.file(file)) return out;
    // What stands in the environment is still known.
    out.file = TextFact::open(file + " cannot be read");
    out.list.state = FactState::unknown;
    out.list.why = out.file.why;
    return out;
  }
  out.file = TextFact::of(file, file);
  // cmd/go/internal/cfg initEnvCache: NAME=value, the name up to the first '='; '#' begins a
  // comment; a later line wins; the environment wins over all.
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == line.npos || line.starts_with('#') || equals == 0) continue;
    std::string name(line.substr(0, equals)), value(line.substr(equals + 1));
    if (value.ends_with('\r')) value.pop_back();
    bool in_environment = false;
    for (Setting& other : out.list.value) {
      if (other.name != name) continue;
      if (other.where == "the environment") in_environment = true;
      if (other.where == file) other.active = false;
    }
    if (value.empty()) continue;
    out.list.value.push_back({std::move(name), std::move(value), file, !in_environment});
  }
  return out;
}

}  // namespace tenon
