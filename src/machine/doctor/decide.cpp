// One function a cause, or a few that the same fact decides.
#include "machine/doctor/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

using namespace doctor;

struct Question {
  const Snapshot& snapshot;
  std::string_view subject;
};

struct Answer {
  Support support = Support::unknown;
  Evidence evidence;
};

Answer yes(Evidence evidence) { return {Support::supported, std::move(evidence)}; }
Answer no(Evidence evidence) { return {Support::contradicted, std::move(evidence)}; }
Answer open(std::string where, std::string why) {
  return {Support::unknown, fact(std::move(where), why.empty() ? "not checked" : std::move(why))};
}
Answer either(bool holds, const Evidence& evidence) { return holds ? yes(evidence) : no(evidence); }

// A flag that holds when the cause does.
Answer when(std::string name, const FlagFact& flag, bool value) {
  if (flag.known()) {
    return either(flag.value == value,
                  fact(flag.source, fmt::format("{}: {}", name, flag.value ? "yes" : "no")));
  }
  if (flag.state == FactState::absent) return no(fact(flag.source, name + ": not there"));
  return open(std::move(name), flag.why);
}

Evidence setting_fact(const Setting& set) {
  return fact(set.where, fmt::format("{}={}", set.name, set.value));
}

bool on_mac(const Snapshot& snapshot) { return snapshot.system.goos == "darwin"; }

Answer other_system(const Snapshot& snapshot) {
  if (snapshot.system.goos.empty()) return open("system", "");
  return no(fact("system", snapshot.system.goos));
}

Answer settings_open(const Snapshot& snapshot) {
  return open("settings", snapshot.settings.list.why);
}

// GOOS or GOARCH of another machine than this.
const Setting* other_platform(const Snapshot& snapshot) {
  for (const char* name : {"GOOS", "GOARCH"}) {
    const Setting* set = active(snapshot, name);
    if (set == nullptr) continue;
    const bool os = name == std::string_view("GOOS");
    const GoInstall* go = first_go(snapshot);
    const std::string& own = os              ? snapshot.system.goos
                             : go != nullptr ? go->goarch
                                             : snapshot.system.goarch;
    if (!own.empty() && set->value != own) return set;
  }
  return nullptr;
}

// ---- the C compiler

Answer no_compiler(const Question& q) {
  const TextFact& program = q.snapshot.compiler.program;
  if (program.known()) return no(fact(program.source, program.value));
  if (program.state == FactState::unknown) return open("C compiler", program.why);
  const Setting* cc = active(q.snapshot, "CC");
  if (cc != nullptr) return no(setting_fact(*cc));
  return yes(fact(program.source, "no program of the name " + q.snapshot.compiler.command.value));
}

Answer cc_missing(const Question& q) {
  const Setting* cc = active(q.snapshot, "CC");
  if (cc == nullptr) {
    if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
    return no(fact(q.snapshot.settings.list.source, "CC is not set"));
  }
  const TextFact& program = q.snapshot.compiler.program;
  if (program.known()) return no(fact(program.source, program.value));
  if (program.state == FactState::unknown) return open("C compiler", program.why);
  return misquoted(cc->value) ? no(setting_fact(*cc)) : yes(setting_fact(*cc));
}

Answer cc_blanks(const Question& q) {
  const Setting* cc = active(q.snapshot, "CC");
  if (cc == nullptr) {
    if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
    return no(fact(q.snapshot.settings.list.source, "CC is not set"));
  }
  const TextFact& program = q.snapshot.compiler.program;
  return either(program.state == FactState::absent && misquoted(cc->value), setting_fact(*cc));
}

Answer libc_files(const Question& q, std::string_view libc) {
  const SystemState& system = q.snapshot.system;
  if (on_mac(q.snapshot)) return other_system(q.snapshot);
  if (system.libc.known() && system.libc.value != libc) {
    return no(fact(system.libc.source, system.libc.value));
  }
  const CompilerState& compiler = q.snapshot.compiler;
  if (compiler.program.state == FactState::absent) {
    return no(fact(compiler.program.source, "there is no compiler"));
  }
  for (const FlagFact* flag : {&compiler.headers, &compiler.start_files}) {
    if (flag->known() && !flag->value) return yes(fact(flag->source, "not there"));
  }
  if (compiler.headers.known() && compiler.start_files.known()) {
    return no(fact(compiler.headers.source, "there"));
  }
  return open("C library", compiler.headers.why);
}

Answer musl_files(const Question& q) { return libc_files(q, "musl"); }
Answer glibc_files(const Question& q) { return libc_files(q, "glibc"); }

Answer not_apples(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const TextFact& kind = q.snapshot.compiler.kind;
  if (!kind.known()) return open("C compiler", kind.why);
  const bool apple = kind.value == "apple clang" || kind.value == "zig";
  return either(!apple, fact(kind.source, q.snapshot.compiler.program.value + ": " + kind.value));
}

// ---- cgo on or off

Answer off_without_compiler(const Question& q) {
  const Decision cgo = cgo_decision(q.snapshot);
  if (cgo.value.empty()) return open("CGO_ENABLED", cgo.rule);
  const bool blamed = cgo.value == "0" && cgo.where == "default" && cgo.rule.contains("on PATH");
  return either(blamed, fact("CGO_ENABLED", cgo.value + ": " + cgo.rule));
}

Answer off_by_setting(const Question& q) {
  const Setting* set = active(q.snapshot, "CGO_ENABLED");
  if (set != nullptr && (set->value == "0" || set->value == "1")) {
    return either(set->value == "0", setting_fact(*set));
  }
  return open("CGO_ENABLED", "set nowhere; a command line can set it");
}

Answer off_by_platform(const Question& q) {
  const Setting* set = active(q.snapshot, "CGO_ENABLED");
  if (set != nullptr && (set->value == "0" || set->value == "1")) return no(setting_fact(*set));
  if (const Setting* other = other_platform(q.snapshot)) return yes(setting_fact(*other));
  return open("GOOS, GOARCH", "those of this machine; a command line can set them");
}

Answer platform_persisted(const Question& q) {
  if (const Setting* other = other_platform(q.snapshot)) return yes(setting_fact(*other));
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  return no(fact(q.snapshot.settings.list.source, "GOOS and GOARCH are those of this machine"));
}

Answer cgo_is_off(const Question& q) {
  const Decision cgo = cgo_decision(q.snapshot);
  if (cgo.value.empty()) return open("CGO_ENABLED", cgo.rule);
  return either(cgo.value == "0", fact("CGO_ENABLED", cgo.value + ": " + cgo.rule));
}

// The program that fails may have been built elsewhere.
Answer stub(const Question& q) {
  Answer answer = cgo_is_off(q);
  if (answer.support == Support::contradicted) answer.support = Support::unknown;
  return answer;
}

// ---- Go

Answer go_arch(const Question& q, bool mac) {
  if (on_mac(q.snapshot) != mac) return other_system(q.snapshot);
  const GoInstall* go = first_go(q.snapshot);
  if (go == nullptr || go->goarch.empty()) return open("go", "its architecture is not known");
  const std::string& own = q.snapshot.system.goarch;
  if (mac && own != "arm64") return no(fact("processor", own));
  const bool other = go->goarch != own && go->goarch != "universal";
  return either(other,
                fact(go->program, fmt::format("for {}, but the machine is {}", go->goarch, own)));
}

Answer intel_go(const Question& q) { return go_arch(q, true); }
Answer foreign_go(const Question& q) { return go_arch(q, false); }

Answer go_before_arm64(const Question& q) {
  const GoInstall* go = first_go(q.snapshot);
  const unsigned minor = go == nullptr ? 0 : go_minor(go->version);
  if (minor == 0) return open("go", "its release is not known");
  return either(minor < 16, fact(go->program, go->version));
}

Answer mixed(const Question& q) {
  const ListFact& stale = q.snapshot.go.stale_files;
  if (!stale.known()) return open("GOROOT", stale.why);
  if (stale.value.empty()) return open(stale.source, "none of the old files that are known");
  return yes(fact(stale.source, stale.value.front()));
}

Answer wrong_root(const Question& q) {
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  const Setting* set = active(q.snapshot, "GOROOT");
  if (set == nullptr) return no(fact(q.snapshot.settings.list.source, "GOROOT is not set"));
  const GoInstall* go = first_go(q.snapshot);
  if (!set->value.starts_with('/')) return yes(setting_fact(*set));
  if (go == nullptr || go->root.empty()) return open("GOROOT", "that of go is not known");
  return either(!same_folder(set->value, go->root), setting_fact(*set));
}

Answer roots_swapped(const Question& q) {
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  const Setting* root = active(q.snapshot, "GOROOT");
  const Setting* path = active(q.snapshot, "GOPATH");
  const GoInstall* go = first_go(q.snapshot);
  if (path == nullptr) return no(fact(q.snapshot.settings.list.source, "GOPATH is not set"));
  const bool same = (root != nullptr && same_folder(root->value, path->value)) ||
                    (go != nullptr && !go->root.empty() && same_folder(path->value, go->root));
  return either(same, setting_fact(*path));
}

Answer too_old(const Question& q) {
  const GoInstall* go = first_go(q.snapshot);
  const unsigned have = go == nullptr ? 0 : go_minor(go->version);
  const unsigned need = go_minor(q.snapshot.project.go.value);
  if (have == 0 || need == 0) return open("go.mod", "its release, or that of go, is not known");
  return either(need > have, fact("go.mod", fmt::format("go {}, {} is here",
                                                        q.snapshot.project.go.value, go->version)));
}

Answer gccgo(const Question& q) {
  for (const GoInstall& one : q.snapshot.go.installs.value) {
    if (one.gccgo) return yes(fact(one.program, "gccgo"));
  }
  return open("PATH", "no gccgo; the program may have been built elsewhere");
}

// ---- other targets

Answer foreign_compiler(const Question& q) {
  const CompilerState& compiler = q.snapshot.compiler;
  if (!compiler.target.known()) return open("C compiler", compiler.target.why);
  const std::string_view made = goarch_of(compiler.target.value);
  const GoInstall* go = first_go(q.snapshot);
  const Setting* set = active(q.snapshot, "GOARCH");
  std::string_view wanted;
  if (set != nullptr) {
    wanted = set->value;
  } else if (go != nullptr) {
    wanted = go->goarch;
  }
  if (made.empty() || wanted.empty()) return open("C compiler", "its target is not known");
  return either(
      made != wanted && made != q.snapshot.system.goarch,
      fact(compiler.target.source, fmt::format("{}, GOARCH is {}", compiler.target.value, wanted)));
}

Answer host_compiler(const Question& q) {
  const Setting* other = other_platform(q.snapshot);
  if (other == nullptr) {
    return open("GOOS, GOARCH", "those of this machine; a command line can set them");
  }
  const CompilerState& compiler = q.snapshot.compiler;
  if (!compiler.target.known()) return open("C compiler", compiler.target.why);
  const bool host = fits_host(q.snapshot, compiler.target.value);
  return either(host, fact(compiler.target.source, fmt::format("{}, {}={}", compiler.target.value,
                                                               other->name, other->value)));
}

Answer bare_metal(const Question& q) {
  const TextFact& target = q.snapshot.compiler.target;
  if (!target.known()) return open("C compiler", target.why);
  return either(is_bare_metal(target.value), fact(target.source, target.value));
}

Answer no_cxx(const Question& q) {
  const TextFact& target = q.snapshot.compiler.target;
  if (const Setting* cxx = active(q.snapshot, "CXX")) return no(setting_fact(*cxx));
  if (!target.known()) return open("C compiler", target.why);
  if (fits_host(q.snapshot, target.value)) return open("CC", "for this machine");
  return yes(fact(target.source, target.value + ", and CXX is not set"));
}

Answer cross_libc(const Question& q) {
  for (const CrossCompiler& one : q.snapshot.engines.cross.value) {
    if (one.libc.known() && !one.libc.value) return yes(fact(one.libc.source, "not there"));
  }
  return open("cross compilers", "their C library is there; other libraries are not looked for");
}

Answer goos_on(const Question& q, std::string_view goos, std::string_view host) {
  if (q.snapshot.system.goos.empty()) return open("system", "");
  if (!host.empty() && q.snapshot.system.goos != host) return other_system(q.snapshot);
  const Setting* set = active(q.snapshot, "GOOS");
  if (set != nullptr) return either(set->value == goos, setting_fact(*set));
  return open("GOOS", "set nowhere; a command line can set it");
}

Answer mac_from_linux(const Question& q) { return goos_on(q, "darwin", "linux"); }
Answer linux_from_mac(const Question& q) { return goos_on(q, "linux", "darwin"); }
Answer windows_without_mingw(const Question& q) {
  const TextFact& target = q.snapshot.compiler.target;
  if (target.known() && target.value.contains("mingw"))
    return no(fact(target.source, target.value));
  return goos_on(q, "windows", {});
}

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

Answer missing_path(const Question& q, std::string_view word, std::string_view what) {
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

PcPlaces places(const Question& q, std::string_view name) {
  PcPlaces out;
  for (const PcFile& one : q.snapshot.packages.pc_files.value) {
    if (one.name != name) continue;
    (one.searched ? out.searched : out.hidden) = &one;
  }
  if (out.searched == nullptr) out.asked = name;
  return out;
}

// Of the name that the log has, else of the first of the project's that is not found.
PcPlaces asked_places(const Question& q) {
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

struct Row {
  std::string_view slug;  // ends with '/': all of that topic
  Answer (*answer)(const Question&);
};

// The first row that fits is asked.
constexpr auto rows = std::to_array<Row>({
    {"cc/not-installed", no_compiler},
    {"cc/env-points-to-missing-compiler", cc_missing},
    {"cc/env-has-flags-or-spaces", cc_blanks},
    {"alpine/musl-dev-missing", musl_files},
    {"linux/libc-dev-missing", glibc_files},
    {"darwin/non-apple-clang-on-path", not_apples},
    {"darwin/amd64-go-on-apple-silicon", intel_go},
    {"darwin/brew-prefix-not-searched", brew_not_searched},
    {"cgo/disabled-no-c-compiler", off_without_compiler},
    {"cgo/disabled-needs-cgo", off_by_setting},
    {"cgo/disabled-by-cross-compile", off_by_platform},
    {"cgo/off-by-setting", off_by_setting},
    {"cgo/race-needs-cgo", cgo_is_off},
    {"cgo/buildmode-needs-cgo", cgo_is_off},
    {"sqlite/cgo-disabled-stub", stub},
    {"sqlite/musl-lfs64-pread64", only_musl},
    {"env/goos-goarch-persisted", platform_persisted},
    {"go/version-lacks-darwin-arm64", go_before_arm64},
    {"goroot/go-arch-not-host-arch", foreign_go},
    {"goroot/mixed-install", mixed},
    {"goroot/relative-or-wrong-goroot", wrong_root},
    {"goroot/gopath-goroot-mixed-up", roots_swapped},
    {"gccgo/libgo-missing", gccgo},
    {"cross/target-cc-with-host-goarch", foreign_compiler},
    {"cross/host-cc-used-for-target", host_compiler},
    {"cross/bare-metal-compiler", bare_metal},
    {"cross/cxx-not-set", no_cxx},
    {"cross/target-libs-missing", cross_libc},
    {"cross/darwin-from-linux-needs-osxcross-or-zig", mac_from_linux},
    {"cross/host-clang-for-linux-target", linux_from_mac},
    {"cross/windows-needs-mingw", windows_without_mingw},
    {"clt/missing-or-broken-after-os-upgrade", no_tools},
    {"clt/license-not-accepted", licence},
    {"clt/stale-sdk-path", stale_sdk},
    {"cache/stale-cellar-path", stale_cellar},
    {"sdk/too-old-for-go", old_sdk},
    {"dyld/macos-too-old-for-go", old_macos},
    {"dyld/library-path-shadows-system", dyld_path},
    {"rosetta/translated-shell-selects-x86-clang", translated},
    {"rosetta/delve-under-translation", translated},
    {"rosetta/x86-binary-without-rosetta", no_rosetta},
    {"pkgconfig/not-installed", no_pkg_config},
    {"pkgconfig/env-points-to-missing-tool", named_pkg_config},
    {"pkgconfig/pc-not-in-search-path", pc_hidden},
    {"pkgconfig/dev-package-missing", pc_missing},
    {"pkgconfig/cross-uses-host-pc", host_pc},
    {"not-toolchain/disk-full", full},
    {"not-toolchain/build-cache-permission", cache_closed},
    {"not-toolchain/go-version-too-old", too_old},
    {"container/old-docker-seccomp-clone3", clone3},
    {"ldso/glibc-binary-on-musl", musl_machine},
    {"ldso/glibc-too-old", not_musl},
    {"dns/no-resolv-conf-android", no_resolv},
    {"dns/resolv-conf-not-yet-written", no_resolv},
    {"dns/nsswitch-missing-hosts-ignored", no_nsswitch},
    {"dns/darwin-nocgo-split-dns", split_dns},
    {"zig/", zig_here},
    {"windows/", on_windows},
    {"clt/", only_mac},
    {"rosetta/", only_mac},
    {"dyld/", only_mac},
    {"gatekeeper/", only_mac},
});

}  // namespace

std::vector<SnapshotVerdict> decide_causes(const Snapshot& snapshot,
                                           std::span<const std::string_view> slugs,
                                           std::string_view subject) {
  const Question question{snapshot, subject};
  std::vector<SnapshotVerdict> out;
  out.reserve(slugs.size());
  for (const std::string_view slug : slugs) {
    const auto row = std::ranges::find_if(rows, [&](const Row& one) {
      return one.slug == slug || (one.slug.ends_with('/') && slug.starts_with(one.slug));
    });
    Answer answer = row == rows.end() ? open("snapshot", "no fact of a snapshot concerns this")
                                      : row->answer(question);
    out.push_back({std::string(slug), answer.support, std::move(answer.evidence)});
  }
  return out;
}

}  // namespace tenon
