// Go itself. A bare `go env` is not asked: it runs the C compiler and can block on it.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/system.h"
#include "machine/probe/probe.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

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

constexpr auto gone = std::to_array<Gone>({
    {26, "src/runtime/map_noswiss.go"},
    {26, "src/internal/abi/map_noswiss.go"},
    {24, "src/crypto/internal/nistec/nistec.go"},
    {24, "src/crypto/internal/edwards25519/edwards25519.go"},
    {24, "src/crypto/internal/bigmod/nat.go"},
    {24, "src/runtime/internal/sys/sys.go"},
    {24, "src/runtime/internal/math/math.go"},
    {23, "src/runtime/internal/atomic/types.go"},
    {16, "src/runtime/cgo/gcc_signal_darwin_armx.c"},
    {16, "src/runtime/cgo/gcc_signal_darwin_lldb.c"},
    {15, "src/runtime/cgo/gcc_darwin_386.c"},
    {15, "src/runtime/cgo/gcc_darwin_arm.c"},
    {15, "src/runtime/sys_darwin_386.s"},
    {14, "src/runtime/os_nacl.go"},
});

// api/go1.N.txt of a newer release: an older one was unpacked over it.
std::vector<std::string> newer_files(const MachineAccess& machine, const GoInstall& go,
                                     unsigned minor) {
  std::vector<std::string> out;
  for (const std::string& name : search_folder(machine.at(go.root + "/api"))) {
    if (!name.starts_with("go1.") || !name.ends_with(".txt")) continue;
    const std::string_view number = std::string_view(name).substr(4, name.size() - 8);
    if (parse_number(number).value_or(0) > minor) out.push_back(go.root + "/api/" + name);
  }
  return out;
}

// Folders that hold one Go each, and where the Go is in them.
std::vector<std::string> usual_programs(const MachineAccess& machine) {
  std::vector<std::string> out{"/usr/local/go/bin/go",   "/opt/homebrew/bin/go",
                               "/usr/local/bin/go",      "/usr/lib/go/bin/go",
                               "/usr/lib/golang/bin/go", "/snap/bin/go"};
  const std::string home = machine.variable("HOME");
  if (home.empty()) return out;
  out.push_back(home + "/go-sdk/bin/go");
  out.push_back(home + "/.local/go/bin/go");
  constexpr std::pair<std::string_view, std::string_view> places[] = {
      {"/sdk", "/bin/go"},
      {"/.gvm/gos", "/bin/go"},
      {"/.goenv/versions", "/bin/go"},
      {"/.asdf/installs/golang", "/go/bin/go"},
      {"/.local/share/mise/installs/go", "/bin/go"}};
  for (const auto& [folder, rest] : places) {
    const std::string base = home + std::string(folder);
    for (const std::string& name : search_folder(machine.at(base))) {
      // Names such as "latest" are links to others.
      const std::string path = join_path(base, name);
      if (!is_link(machine.at(path))) out.push_back(path + std::string(rest));
    }
  }
  return out;
}

std::string goarch_name(const Processor* processor) {
  return processor == nullptr ? std::string() : std::string(processor->goarch);
}

}  // namespace

// ELF e_machine, Mach-O cputype.
std::string program_arch(const MachineAccess& machine, const std::string& path) {
  if (!machine.file(path)) return {};
  const auto mapped = map_file(machine.at(path));
  if (!mapped || mapped->view().size() < 20) return {};
  const auto bytes = mapped->view().bytes();
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
  if (byte(0) == 0x7f && byte(1) == 'E' && byte(2) == 'L' && byte(3) == 'F') {
    const bool big = byte(5) == 2;
    const unsigned id = big ? byte(19) | byte(18) << 8U : byte(18) | byte(19) << 8U;
    return goarch_name(
        processor_of_elf(static_cast<std::uint16_t>(id), byte(4) == 2 ? 64 : 32, big));
  }
  const bool macho = byte(0) == 0xcf && byte(1) == 0xfa && byte(2) == 0xed && byte(3) == 0xfe;
  const bool fat = byte(0) == 0xca && byte(1) == 0xfe && byte(2) == 0xba;
  if (fat) return "universal";
  if (!macho || byte(7) != 1 || !mapped->unchanged()) return {};
  return goarch_name(processor_of_macho(byte(4) | byte(7) << 24U));
}

GoState probe_go_installs(const MachineAccess& machine) {
  constexpr std::size_t most = 32;
  GoState out;
  std::set<std::string> seen;
  const auto fresh = [&](const std::string& program) {
    return seen.insert(machine.root.empty() ? real_path(program).value_or(program) : program)
        .second;
  };
  std::vector<GoInstall> found, others;
  for (const std::string& program : machine.find_all("go")) {
    if (fresh(program)) found.push_back(describe(machine, program));
  }
  for (const std::string& program : usual_programs(machine)) {
    if (others.size() < most && !machine.find_all(program).empty() && fresh(program)) {
      others.push_back(describe(machine, program));
    }
  }
  out.off_path = Fact<std::vector<GoInstall>>::of(std::move(others), "the usual places");
  out.set_root = TextFact::none("GOROOT is not set");
  out.set_root_version = TextFact::none("GOROOT is not set");
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
    out.stale_files = ListFact::of(newer_files(machine, first, minor), first.root);
    for (const Gone& one : gone) {
      const std::string path = fmt::format("{}/{}", first.root, one.path);
      if (minor >= one.minor && machine.file(path)) out.stale_files.value.push_back(path);
    }
  }
  out.installs = Fact<std::vector<GoInstall>>::of(std::move(found), "PATH");
  return out;
}

void ask_go(const MachineAccess& machine, std::chrono::milliseconds limit, GoState& go) {
  if (!go.installs.known() || go.installs.value.empty() || !machine.developer_tools) return;
  GoInstall& first = go.installs.value.front();
  if (!first.root.empty()) return;
  // "go version go1.26.8 linux/amd64"; a wrapper of a version manager chooses by the folder.
  const TextFact said = machine.ask({first.program, "version"}, limit);
  if (!said.known()) return;
  first.gccgo = first.gccgo || said.value.contains("gccgo");
  for (const std::string_view word : split_words(said.value)) {
    if (word.starts_with("go1") && first.version.empty()) first.version = word;
    const std::size_t slash = word.find('/');
    if (slash != word.npos) first.goarch = word.substr(slash + 1);
  }
  const TextFact root = machine.ask({first.program, "env", "GOROOT"}, limit);
  if (root.known() && root.value.starts_with('/')) first.root = root.value;
}

void probe_set_root(const MachineAccess& machine, const SettingsState& settings, GoState& go) {
  const std::string set = setting_value(settings, "GOROOT");
  if (set.empty()) return;
  const std::string real = machine.root.empty() ? real_path(set).value_or(set) : std::string(set);
  go.set_root = TextFact::of(real, "GOROOT");
  const auto version = set.starts_with('/') ? machine.text(set + "/VERSION") : std::nullopt;
  go.set_root_version =
      version ? TextFact::of(std::string(trim(version->substr(0, version->find('\n')))),
                             set + "/VERSION")
              : TextFact::none(set + "/VERSION");
}

}  // namespace tenon
