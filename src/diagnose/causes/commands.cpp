#include "diagnose/causes/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/template.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diagnose/causes/install.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "diagnose/rows/names.h"
#include "diagnose/rows/symbols.h"
#include "platform/packages.h"
#include "platform/platforms.h"
#include "platform/symbol_libraries.h"

namespace tenon {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// Names that are worked out: where one is not known no reader can guess it.
constexpr auto worked_out = std::to_array<std::string_view>(
    {"{compiler}", "{cxx}", "{compilerpackage}", "{debian}", "{allow}", "{variable}",
     "{staticpackage}", "{firstrelease}", "{baseline}", "{symbollib}", "{symbolpc}", "{formula}",
     "{targetpackage}", "{ccpackage}", "{condapackage}", "{release}", "{bindingmodule}",
     "{crosstarget}", "{ownsetting}"});

// tenon does not build for every target, and not every target has a compiler with a name of its
// own.
bool applies(const CommandText& command, const Log& log, const Captures& captures) {
  const auto names = [&](std::string_view name) {
    return std::ranges::any_of(command.words, [&](auto word) { return word.contains(name); });
  };
  for (const std::string_view name : worked_out) {
    const std::string_view bare = name.substr(1, name.size() - 2);
    if (names(name) && capture(captures, bare).empty()) return false;
  }
  // There is no C for these.
  if ((log.goos == "js" || log.goos == "wasip1") && names("CGO_ENABLED=1")) return false;
  const bool builds =
      command.words.size() > 1 && command.words[0] == "tenon" && command.words[1] == "build";
  if (log.goos.empty() || !builds) return true;
  return builds_for(log.goos, log.goarch);
}

// The system that a command is of, as fix_facts() names it; empty for any.
std::string system_of(const ShellCommand& command) {
  constexpr std::string_view prefix = "system:";
  for (const std::string& need : fix_facts(command).needs) {
    if (need.starts_with(prefix)) return need.substr(prefix.size());
  }
  return {};
}

bool is_distribution(std::string_view system) {
  return system == "debian" || system == "fedora" || system == "alpine";
}

// Whether the machine of the log can have a command of this system: no apt on Windows or a Mac, no
// apk on Debian. Where the machine is not known nothing speaks against it.
bool can_have(const Log& log, std::string_view system) {
  const std::string_view host = log.origin.host.value;
  const std::string_view family = package_family(log);
  if (system.empty()) return true;
  if (is_distribution(system)) {
    if (!host.empty() && host != "linux") return false;
    const bool known = is_distribution(family) || family == "arch" || family == "opensuse" ||
                       family == "nixos" || family == "termux";
    return !known || family == system;
  }
  if (system == "homebrew") return host.empty() || host == "darwin";
  return host.empty() || host == system;
}

// A cause that says what to do on each system says it for a known one, and of an unknown one what
// most builds run on.
void keep_own_system(std::vector<ShellCommand>& commands, const Log& log) {
  const bool several = std::ranges::any_of(
      commands, [](const ShellCommand& one) { return is_distribution(system_of(one)); });
  std::erase_if(commands, [&](const ShellCommand& one) {
    const std::string system = system_of(one);
    const bool rare = several && (system == "darwin" || system == "windows");
    return !can_have(log, system) || (rare && !log.origin.host.known());
  });
}

}  // namespace

Shown fill_names(std::string_view text, const Captures& captures) {
  std::string out = fill(text, captures);
  for (std::size_t at = out.find('{'); at != out.npos; at = out.find('{', at + 1)) {
    const std::size_t end = out.find('}', at);
    if (end == out.npos) break;
    const auto word = std::string_view(out).substr(at + 1, end - at - 1);
    const bool name =
        !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    const bool of_go = at > 0 && out[at - 1] == '{';  // "{{end}}" of a template for go list
    if (name && !of_go) out.replace(at, end - at + 1, upper(word));
  }
  return Shown::of(out);
}

void add_static_package(Captures& captures) {
  const std::string_view package = alpine_static_package(capture(captures, "name"));
  if (!package.empty()) captures.emplace_back("staticpackage", package);
}

void add_first_release(Captures& captures) {
  const std::string_view series = capture(captures, "release");
  const auto parts = split(series, '.');
  const bool two = parts.size() == 2 && parse_number(parts[0]) && parse_number(parts[1]);
  if (two) captures.emplace_back("firstrelease", fmt::format("{}.0", series));
}

void add_symbol_library(const Log& log, const std::vector<std::size_t>& lines, Captures& captures) {
  std::string_view symbol = capture(captures, "symbol");
  const LogEvent* event = lines.empty() ? nullptr : log.event_at(lines.front());
  if (symbol.empty() && event != nullptr && event->kind == EventKind::symbol_undefined)
    symbol = rows::plain_symbol(event->get("name"));
  if (symbol.empty()) return;
  // Windows' own libraries are what nobody names, and their functions are marked.
  const LogEvent* import = log.event(EventKind::symbol_undefined, [](const LogEvent& one) {
    return one.get("name").contains("__imp_") &&
           !library_of_symbol(rows::plain_symbol(one.get("name"))).empty();
  });
  if (import != nullptr) symbol = rows::plain_symbol(import->get("name"));
  std::string_view library = library_of_symbol(symbol);
  // Constants of a library are its prefix in capitals.
  if (library.empty()) library = library_of_symbol(lower(symbol));
  if (library.empty()) return;
  captures.emplace_back("symbollib", library);
  const LibraryPackages* packages = packages_of(library);
  const auto names = split_words(packages == nullptr ? std::string_view() : packages->pc);
  if (!names.empty()) captures.emplace_back("symbolpc", names.front());
}

void add_compiler_package(Captures& captures) {
  // A copy: captures grow below.
  const std::string cc(capture(captures, "cc"));
  const std::string_view name = std::string_view(cc).substr(cc.find_last_of("/\\") + 1);
  if (name.empty()) return;
  // osxcross's names of clang; the compiler of this machine does not stand in for them.
  constexpr auto osxcross =
      std::to_array<std::string_view>({"o64-clang", "o64h-clang", "oa64-clang", "oa64e-clang"});
  const bool of_osxcross =
      std::ranges::any_of(osxcross, [&](std::string_view one) { return name.starts_with(one); });
  if (of_osxcross && capture(captures, "crosstarget").empty())
    captures.emplace_back("crosstarget", name.starts_with("oa") ? "darwin/arm64" : "darwin/amd64");
  if (!of_osxcross) captures.emplace_back("ownsetting", "CC");
  if (name.contains("-conda")) {
    const bool mac = name.contains("-apple-");
    captures.emplace_back("condapackage", mac ? "clang_osx-64" : "gcc_linux-64");
    return;
  }
  if (name.ends_with("musl-gcc")) {
    if (name == "musl-gcc") captures.emplace_back("ccpackage", "musl-tools");
    return;
  }
  for (const Platform& one : platforms()) {
    if (one.cross.empty() || (name != one.cross_cc && name != one.cross_cxx)) continue;
    const bool cxx = name == one.cross_cxx;
    const bool mingw = one.goos == "windows";
    std::string triple(mingw ? one.cross.substr(0, one.cross.find('-')) : one.cross);
    std::ranges::replace(triple, '_', '-');
    captures.emplace_back("ccpackage", fmt::format("{}-{}{}", cxx ? "g++" : "gcc",
                                                   mingw ? "mingw-w64-" : "", triple));
    return;
  }
}

void add_formula(Captures& captures) {
  const std::string_view path = capture(captures, "name");
  for (const std::string_view folder : {"/homebrew/opt/", "/local/opt/", "/Cellar/"}) {
    const std::size_t at = path.find(folder);
    if (at == path.npos) continue;
    const std::string_view rest = path.substr(at + folder.size());
    captures.emplace_back("formula", rest.substr(0, rest.find('/')));
    return;
  }
  const std::string_view header = capture(captures, "header");
  const LibraryPackages* found =
      packages_of(header.empty() ? capture(captures, "library") : header);
  if (found != nullptr && !found->brew.empty())
    captures.emplace_back("formula", split_words(found->brew).front());
}

void add_pc_directory(const Log& log, Captures& captures) {
  const std::string_view name = capture(captures, "name");
  if (name.empty()) return;
  const std::string file = fmt::format("/{}.pc", name);
  for (const LogLine& line : log.lines()) {
    if (!line.text.ends_with(file)) continue;
    const std::size_t end = line.text.size() - file.size();
    const std::size_t blank = line.text.rfind(' ', end);
    const std::size_t start = blank == std::string::npos ? 0 : blank + 1;
    if (line.text[start] != '/') continue;
    captures.emplace_back("pcdir", line.text.substr(start, end - start));
    return;
  }
  const LibraryPackages* found = packages_of(name);
  const bool brewed = found != nullptr && !found->brew.empty() && log.origin.host.is("darwin");
  if (!brewed) {
    captures.emplace_back("pcdir", "DIR");
    return;
  }
  const bool intel = log.has("/usr/local/Cellar") || log.origin.architecture.is("amd64");
  captures.emplace_back(
      "pcdir", fmt::format("{}/opt/{}/lib/pkgconfig", intel ? "/usr/local" : "/opt/homebrew",
                           split_words(found->brew).front()));
}

void add_needed_release(Captures& captures) {
  const std::string_view version = capture(captures, "needs");
  const auto parts = split(version, '.');
  const auto is_number = [](std::string_view part) { return parse_number(part).has_value(); };
  if (parts.size() < 2 || !std::ranges::all_of(parts, is_number)) return;
  captures.emplace_back("release",
                        parts.size() == 2 ? fmt::format("{}.0", version) : std::string(version));
}

namespace {

// "github.com/a/b" of "github.com/a/b/c": where the host tells how long a module's path is.
std::string module_of(std::string_view package) {
  const auto parts = split(package, '/');
  constexpr auto hosts =
      std::to_array<std::string_view>({"github.com", "gitlab.com", "bitbucket.org", "gopkg.in"});
  if (parts.size() < 3 || std::ranges::find(hosts, parts.front()) == hosts.end()) return {};
  const bool major = parts.size() > 3 && parts[3].size() > 1 && parts[3].starts_with('v') &&
                     parse_number(parts[3].substr(1)).has_value();
  std::string out = fmt::format("{}/{}/{}", parts[0], parts[1], parts[2]);
  if (major) out += fmt::format("/{}", parts[3]);
  return out;
}

}  // namespace

void add_binding_module(const Log& log, const std::vector<std::size_t>& lines, Captures& captures) {
  const LogEvent* event = lines.empty() ? nullptr : log.event_at(lines.front());
  std::string module = event == nullptr ? std::string() : module_of(event->package);
  if (!module.empty()) captures.emplace_back("bindingmodule", std::move(module));
}

void add_baseline(const Log& log, Captures& captures) {
  const auto has = [&](std::string_view text) { return log.has(text); };
  const std::string_view goarch = log.goarch.empty() ? log.origin.architecture.value : log.goarch;
  if (goarch == "arm" || has("armv6") || has("armv7") || has("raspberry") || has("Raspberry") ||
      has("pi@")) {
    captures.emplace_back("baseline", "GOARM=6");
  } else if (goarch == "amd64" || (goarch.empty() && !has("arm64") && !has("aarch64"))) {
    captures.emplace_back("baseline", "GOAMD64=v1");
  }
}

namespace {

// Debian's package with a missing header or library for another processor.
std::string target_package(const Captures& captures) {
  const std::string_view debian = capture(captures, "debian");
  const std::string_view header = capture(captures, "header");
  std::string_view library = capture(captures, "name");
  library = library.substr(0, library.find_first_of(": \t'`"));
  if (rows::is_libc_header(header) || rows::is_libc_library(library))
    return fmt::format("libc6-dev-{}-cross", debian);
  const LibraryPackages* found = packages_of(header.empty() ? library : header);
  if (found == nullptr || found->debian.empty()) return {};
  return fmt::format("{}:{}", split_words(found->debian).front(), debian);
}

}  // namespace

void add_target_names(const Log& log, Captures& captures) {
  if (log.goos.empty()) {
    // Where a program starts its libraries lie in a directory that names the machine.
    for (const Platform& one : platforms()) {
      if (one.goos != "linux" || one.debian.empty() || !log.goarch.empty()) continue;
      if (!log.find(fmt::format("{}/libc.so.6: version", one.debian))) continue;
      captures.emplace_back("target", fmt::format("{}/{}", one.goos, one.goarch));
      return;
    }
    return;
  }
  // The usual processor where none is named.
  const std::string_view goarch = log.goarch.empty() ? std::string_view("amd64") : log.goarch;
  captures.emplace_back("target", fmt::format("{}/{}", log.goos, goarch));
  if (is_of(log.origin, "cross") && builds_for(log.goos, goarch))
    captures.emplace_back("crosstarget", capture(captures, "target"));
  const Platform* platform = find_platform(log.goos, goarch);
  if (platform == nullptr || platform->cross_cc.empty()) return;
  captures.emplace_back("compiler", platform->cross_cc);
  captures.emplace_back("cxx", platform->cross_cxx);
  if (platform->debian_arch.empty()) return;
  std::string package = fmt::format("gcc-{}", platform->cross);
  std::ranges::replace(package, '_', '-');  // x86_64: gcc-x86-64-linux-gnu
  captures.emplace_back("compilerpackage", std::move(package));
  captures.emplace_back("debian", platform->debian_arch);
  if (std::string found = target_package(captures); !found.empty())
    captures.emplace_back("targetpackage", std::move(found));
}

namespace {

// A package of this machine does not help a build for another one; the target's own does. Debian's
// packages are for glibc. Where nothing tells a distribution, one that has them is named; a package
// that nobody knows stays for the reader to put in.
std::vector<ShellCommand> sysroot_commands(const Log& log, const Captures& captures) {
  if (log.goos != "linux") return {};
  if (capture(captures, "debian").empty()) {
    return {{"tenon", "build", "--target", ShellWord::filled("{target}", captures), "--sysroot",
             "DIR"}};
  }
  Captures all = captures;
  const std::string_view known = log.build.distribution;
  all.emplace_back("sysroot",
                   fmt::format("{}/{}", known.empty() ? "debian:12" : known, log.goarch));
  const std::string_view package = debian_package(log, captures);
  if (!package.empty()) all.emplace_back("package", package);
  const auto word = [&](std::string_view pattern) { return ShellWord::filled(pattern, all); };
  return {{"tenon", "sysroot", word("{sysroot}"), word("{package}")},
          {"tenon", "build", "--target", word("{target}:gnu"), "--sysroot", word("{sysroot}")}};
}

}  // namespace

std::vector<ShellCommand> commands_of(const Cause& cause, const Log& log,
                                      const Captures& captures) {
  std::vector<ShellCommand> out = runtime_commands(log, capture(captures, "soname"));
  if (!out.empty()) return out;
  if (cause.installs && log.build.cross()) return sysroot_commands(log, captures);
  if (cause.installs) out = install_commands(log, captures);
  if (!out.empty()) return out;
  for (const CommandText& command : cause.commands) {
    if (!applies(command, log, captures)) continue;
    ShellCommand filled = filled_command(command.words, captures);
    // What cannot be taken back is no advice; a team's row may hold such a command.
    if (!fix_facts(filled).destructive) out.push_back(std::move(filled));
  }
  keep_own_system(out, log);
  return out;
}

}  // namespace tenon
