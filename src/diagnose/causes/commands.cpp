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
#include "diag/catalog.h"
#include "diagnose/causes/install.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/log.h"
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
constexpr std::array<std::string_view, 6> worked_out{"{compiler}", "{cxx}",   "{compilerpackage}",
                                                     "{debian}",   "{allow}", "{variable}"};

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
// packages are for glibc.
std::vector<ShellCommand> sysroot_commands(const Log& log, const Captures& captures) {
  if (log.goos != "linux") return {};
  const LibraryPackages* found = library_of(captures);
  const std::string_view debian = capture(captures, "debian");
  if (found == nullptr || found->debian.empty() || debian.empty()) {
    return {{"tenon", "build", "--target", ShellWord::filled("{target}", captures), "--sysroot",
             "DIR"}};
  }
  Captures all = captures;
  all.emplace_back("sysroot", fmt::format("debian:12/{}", log.goarch));
  all.emplace_back("package", found->debian);
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
  return out;
}

}  // namespace tenon
