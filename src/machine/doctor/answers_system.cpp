// Causes of Apple's tools, of pkg-config, and of the rest of the machine.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "machine/doctor/answer.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"

namespace tenon::decide {

using namespace doctor;

// ---- Apple's tools

Answer no_tools(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const AppleState& apple = q.snapshot.apple;
  if (apple.developer_folder.state == FactState::absent) {
    return yes(fact(apple.developer_folder.source, "nothing is selected"));
  }
  return when(apple.developer_folder.value + " holds clang", apple.developer_usable, false);
}

Answer licence(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  return when("license of Xcode accepted", q.snapshot.apple.license, false);
}

static Answer missing_path(const Question& q, std::string_view word, std::string_view what) {
  for (const std::string& one : q.snapshot.settings.missing.value) {
    if (one.contains(word)) return yes(fact(one.substr(0, one.find('=')), one + " is not there"));
  }
  return open("settings", fmt::format("none names {}; Go's build cache may", what));
}

Answer stale_sdk(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  return missing_path(q, ".sdk", "an SDK that was removed");
}

Answer stale_cellar(const Question& q) {
  const auto& brew = q.snapshot.packages.brew;
  if (brew.known() && brew.value.empty()) return no(fact(brew.source, "there is no Homebrew"));
  return missing_path(q, "/Cellar/", "a Homebrew directory that was removed");
}

Answer old_sdk(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const auto& sdks = q.snapshot.apple.sdks;
  const GoInstall* go = first_go(q.snapshot);
  const unsigned floor = go == nullptr ? 0 : oldest_macos(go_minor(go->version));
  if (!sdks.known() || sdks.value.empty()) return open("SDK", sdks.why);
  const unsigned version = major_of(sdks.value.front().version);
  if (floor == 0 || version == 0) return open("SDK", "its release, or that of go, is not known");
  return either(version < floor,
                fact(sdks.value.front().path, "SDK " + sdks.value.front().version));
}

Answer old_macos(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const TextFact& version = q.snapshot.system.version;
  const GoInstall* go = first_go(q.snapshot);
  const unsigned floor = go == nullptr ? 0 : oldest_macos(go_minor(go->version));
  const unsigned macos = major_of(version.value);
  if (floor == 0 || macos == 0) return open("system", "its release, or that of go, is not known");
  return either(macos < floor, fact(version.source, "macOS " + version.value));
}

Answer translated(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  return when("this process runs under Rosetta", q.snapshot.system.translated, true);
}

Answer no_rosetta(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  if (q.snapshot.system.goarch != "arm64") return no(fact("processor", q.snapshot.system.goarch));
  const FlagFact& rosetta = q.snapshot.system.rosetta;
  if (rosetta.state == FactState::absent) return yes(fact(rosetta.source, "not there"));
  return when("Rosetta is installed", rosetta, false);
}

Answer brew_not_searched(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const auto& brew = q.snapshot.packages.brew;
  if (!brew.known()) return open("Homebrew", brew.why);
  const auto arm = std::ranges::find(brew.value, "/opt/homebrew", &BrewPrefix::path);
  if (arm == brew.value.end()) return no(fact(brew.source, "no Homebrew in /opt/homebrew"));
  for (const char* name : {"CGO_LDFLAGS", "CGO_CFLAGS", "LIBRARY_PATH", "CPATH"}) {
    const Setting* set = active(q.snapshot, name);
    if (set != nullptr && set->value.contains(arm->path)) return no(setting_fact(*set));
  }
  return yes(fact(arm->path, "no CGO_CFLAGS, CGO_LDFLAGS, CPATH or LIBRARY_PATH names it"));
}

Answer dyld_path(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  for (const char* name : {"DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "DYLD_FRAMEWORK_PATH"}) {
    if (const Setting* set = active(q.snapshot, name)) return yes(setting_fact(*set));
  }
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  return no(fact(q.snapshot.settings.list.source, "no DYLD_LIBRARY_PATH"));
}

// ---- pkg-config

Answer no_pkg_config(const Question& q) {
  const TextFact& tool = q.snapshot.packages.pkg_config;
  if (tool.known()) return no(fact(tool.source, tool.value));
  if (tool.state == FactState::unknown) return open("pkg-config", tool.why);
  if (const Setting* set = active(q.snapshot, "PKG_CONFIG")) return no(setting_fact(*set));
  return yes(fact(tool.source, "no program of the name pkg-config"));
}

Answer named_pkg_config(const Question& q) {
  const Setting* set = active(q.snapshot, "PKG_CONFIG");
  const TextFact& tool = q.snapshot.packages.pkg_config;
  if (set == nullptr) {
    if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
    return no(fact(q.snapshot.settings.list.source, "PKG_CONFIG is not set"));
  }
  if (tool.state == FactState::unknown) return open("pkg-config", tool.why);
  return either(!tool.known(), setting_fact(*set));
}

struct PcPlaces {
  const PcFile* searched = nullptr;
  const PcFile* hidden = nullptr;
  std::string asked;  // the first name that is nowhere in the search path
};

static PcPlaces places(const Question& q, std::string_view name) {
  PcPlaces out;
  for (const PcFile& one : q.snapshot.packages.pc_files.value) {
    if (one.name != name) continue;
    (one.searched ? out.searched : out.hidden) = &one;
  }
  if (out.searched == nullptr) out.asked = name;
  return out;
}

// Of the name that the log has, else of the first of the project's that is not found.
static PcPlaces asked_places(const Question& q) {
  if (!q.subject.empty()) return places(q, q.subject);
  PcPlaces last;
  for (const CgoPackage& package : q.snapshot.project.cgo.value) {
    for (const std::string& name : package.pc) {
      last = places(q, name);
      if (last.searched == nullptr) return last;
    }
  }
  return last;
}

Answer pc_hidden(const Question& q) {
  const auto& files = q.snapshot.packages.pc_files;
  if (!files.known()) return open("pkg-config", files.why);
  const PcPlaces found = asked_places(q);
  if (found.searched != nullptr) return no(fact(found.searched->folder, found.searched->name));
  if (found.hidden != nullptr) return yes(fact(found.hidden->folder, found.hidden->name + ".pc"));
  if (found.asked.empty()) return open("pkg-config", "no package is named");
  return no(fact(files.source, "no " + found.asked + ".pc anywhere"));
}

Answer pc_missing(const Question& q) {
  const auto& files = q.snapshot.packages.pc_files;
  if (!files.known()) return open("pkg-config", files.why);
  const PcPlaces found = asked_places(q);
  for (const PcFile* one : {found.searched, found.hidden}) {
    if (one != nullptr) return no(fact(one->folder, one->name + ".pc"));
  }
  if (found.asked.empty()) return open("pkg-config", "no package is named");
  return yes(fact(files.source, "no " + found.asked + ".pc anywhere"));
}

Answer host_pc(const Question& q) {
  const Setting* other = other_platform(q.snapshot);
  if (other == nullptr) return open("GOOS, GOARCH", "those of this machine");
  for (const char* name : {"PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR"}) {
    if (const Setting* set = active(q.snapshot, name)) return no(setting_fact(*set));
  }
  return yes(setting_fact(*other));
}

// ---- the rest of the machine

Answer full(const Question& q) {
  constexpr std::uint64_t least = 200, plenty = 2048;  // MiB
  std::uint64_t smallest = plenty;
  const StorageState& state = q.snapshot.storage;
  for (const auto& [free, folder] : {std::pair(&state.temporary_free, &state.temporary),
                                     std::pair(&state.cache_free, &state.cache)}) {
    if (!free->known()) return open("storage", free->why);
    smallest = std::min(smallest, free->value);
    if (free->value < least) {
      return yes(fact(folder->value, fmt::format("{} MiB free", free->value)));
    }
  }
  if (smallest < plenty) return open("storage", fmt::format("{} MiB free", smallest));
  return no(fact("storage", fmt::format("more than {} MiB free", plenty)));
}

Answer cache_closed(const Question& q) {
  return when(q.snapshot.storage.cache.value + " can be written", q.snapshot.storage.cache_writable,
              false);
}

Answer clone3(const Question& q) {
  return when("clone3 is forbidden", q.snapshot.system.threads_refused, true);
}

Answer musl_machine(const Question& q) {
  const TextFact& libc = q.snapshot.system.libc;
  if (!libc.known()) return open("C library", libc.why);
  return either(libc.value == "musl", fact(libc.source, libc.value));
}

// Other than musl speaks against; musl alone does not speak for.
Answer only_musl(const Question& q) {
  Answer answer = musl_machine(q);
  if (answer.support == Support::supported) answer.support = Support::unknown;
  return answer;
}

Answer not_musl(const Question& q) {
  const TextFact& libc = q.snapshot.system.libc;
  if (libc.known() && libc.value == "musl") return no(fact(libc.source, libc.value));
  return open("C library", "its release decides, and the program's");
}

Answer no_resolv(const Question& q) {
  const FlagFact& file = q.snapshot.network.resolv_conf;
  if (file.state == FactState::absent) return yes(fact(file.source, "not there"));
  return when("resolv.conf names a server", file, false);
}

Answer no_nsswitch(const Question& q) {
  const GoInstall* go = first_go(q.snapshot);
  if (go != nullptr && go_minor(go->version) >= 16) return no(fact(go->program, go->version));
  const FlagFact& file = q.snapshot.network.nsswitch_hosts;
  if (file.state == FactState::absent) return yes(fact(file.source, "not there"));
  return when("nsswitch.conf has hosts", file, false);
}

Answer split_dns(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const GoInstall* go = first_go(q.snapshot);
  const unsigned minor = go == nullptr ? 0 : go_minor(go->version);
  if (minor == 0) return open("go", "its release is not known");
  if (minor >= 20) return no(fact(go->program, go->version));
  return cgo_is_off(q);
}

Answer zig_here(const Question& q) {
  const CompilerState& compiler = q.snapshot.compiler;
  if (compiler.kind.known() && compiler.kind.value != "zig" &&
      q.snapshot.engines.zig.state == FactState::absent) {
    return no(fact(q.snapshot.engines.zig.source, "there is no zig"));
  }
  return open("zig", "its release decides");
}

Answer on_windows(const Question& q) {
  if (q.snapshot.system.goos.empty()) return open("system", "");
  return no(fact("system", q.snapshot.system.goos));
}

Answer only_mac(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  return open("system", "macOS; no fact of a snapshot concerns this");
}

}  // namespace tenon::decide
