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
#include "diagnose/origin.h"
#include "platform/packages.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

// Names that are worked out: where one is not known no reader can guess it.
constexpr std::array<std::string_view, 9> worked_out{
    "{compiler}", "{cxx}",           "{compilerpackage}", "{debian}",  "{allow}",
    "{variable}", "{staticpackage}", "{firstrelease}",    "{baseline}"};

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
    if (name) out.replace(at, end - at + 1, upper(word));
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

void add_target_names(const Log& log, Captures& captures) {
  if (log.goos.empty()) return;
  // The usual processor where none is named.
  const std::string_view goarch = log.goarch.empty() ? std::string_view("amd64") : log.goarch;
  captures.emplace_back("target", fmt::format("{}/{}", log.goos, goarch));
  const Platform* platform = find_platform(log.goos, goarch);
  if (platform == nullptr || platform->cross_cc.empty()) return;
  captures.emplace_back("compiler", platform->cross_cc);
  captures.emplace_back("cxx", platform->cross_cxx);
  if (platform->debian_arch.empty()) return;
  std::string package = fmt::format("gcc-{}", platform->cross);
  std::ranges::replace(package, '_', '-');  // x86_64: gcc-x86-64-linux-gnu
  captures.emplace_back("compilerpackage", std::move(package));
  captures.emplace_back("debian", platform->debian_arch);
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
  std::vector<ShellCommand> out;
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
