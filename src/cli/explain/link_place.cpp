#include "cli/explain/link_place.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "crossbuild/run/sysroot.h"
#include "crossbuild/sysroot/name.h"
#include "diagnose/log.h"
#include "host/environment.h"
#include "host/files.h"
#include "machine/probe/own_platform.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon::explain {
namespace {

// Variables with flags for the linker, or with the compiler that calls it.
constexpr std::string_view flag_variables[] = {"CC", "CXX", "CGO_CFLAGS", "CGO_LDFLAGS", "LDFLAGS"};

std::string_view unquoted(std::string_view word) {
  while (!word.empty() && std::string_view("\"'`").contains(word.front())) word.remove_prefix(1);
  while (!word.empty() && std::string_view("\"'`,;").contains(word.back())) word.remove_suffix(1);
  return word;
}

// Words that a linker's driver got, or that led to it: those of the command with this process's
// variables, else those of lines of the log that show a command.
std::vector<std::string> words_of_link(const Log& log, const std::vector<std::string>& command) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view text) {
    for (const std::string_view word : split_words(text)) out.emplace_back(unquoted(word));
  };
  if (!command.empty()) {
    for (const auto& [name, value] : environment_entries()) {
      if (std::ranges::find(flag_variables, name) != std::end(flag_variables)) add(value);
    }
    // Of "CC=clang --sysroot=/s" what stands behind the name.
    for (const std::string& word : command) {
      const std::size_t equals = word.find('=');
      const bool variable =
          equals != std::string::npos &&
          std::ranges::find(flag_variables, word.substr(0, equals)) != std::end(flag_variables);
      add(variable ? std::string_view(word).substr(equals + 1) : std::string_view(word));
    }
  }
  for (const LogLine& line : log.lines()) {
    const bool shows = line.text.contains("sysroot") || line.text.contains(" -l");
    if (shows && !line.text.contains("cannot find") && !line.text.contains("not found for"))
      add(line.text);
  }
  return out;
}

// The value of "--sysroot=X" and "--sysroot X", or of another option; the first that is accepted.
template <class Accept>
void each_value(const std::vector<std::string>& words, std::string_view option, Accept accept) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (!word.starts_with(option)) continue;
    if (word.size() > option.size() && word[option.size()] == '=') {
      if (accept(unquoted(word.substr(option.size() + 1)))) return;
    } else if (word.size() == option.size() && i + 1 < words.size()) {
      if (accept(std::string_view(words[i + 1]))) return;
    }
  }
}

std::string sysroot_of(const std::vector<std::string>& words, bool command) {
  std::string out;
  each_value(words, "--sysroot", [&](std::string_view value) {
    // A relative one of a log is relative to a folder that nobody knows.
    if (!command && !value.starts_with('/') && !parse_sysroot_name(value)) return false;
    const auto found = find_sysroot(std::string(value), current_folder(), "tenon explain");
    if (!found || !is_folder(*found)) return false;
    out = *found;
    return true;
  });
  return out;
}

// "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-ld:"
bool is_named_by_triple(std::string_view word) {
  constexpr std::string_view tools[] = {"-gcc", "-g++", "-ld", "-clang", "-clang++", "-cc"};
  while (word.ends_with(':')) word.remove_suffix(1);
  return std::ranges::any_of(tools, [&](std::string_view tool) { return word.ends_with(tool); });
}

// By its record, else by the one triple that it has a directory of; empty when neither tells.
std::string goarch_of_sysroot(const LinkPlace& place) {
  if (const auto name = parse_sysroot_name(place.name)) return std::string(name->platform->goarch);
  std::string out;
  for (const Platform& one : platforms()) {
    if (one.debian.empty() || out == one.goarch) continue;
    if (!is_folder(join_path(join_path(place.sysroot, "usr/lib"), one.debian))) continue;
    if (!out.empty()) return {};
    out = one.goarch;
  }
  return out;
}

std::optional<Target> target_of(const Log& log, const std::vector<std::string>& words,
                                const LinkPlace& place) {
  std::optional<Target> out;
  std::string goos = log.goos.empty() ? "linux" : log.goos, goarch = log.goarch;
  const auto take = [&](std::string_view value) {
    if (auto parsed = parse_target(value)) {
      out = *std::move(parsed);
    } else if (const Platform* platform = platform_of(value)) {
      goos = platform->goos;
      goarch = platform->goarch;
    }
    return true;
  };
  each_value(words, "--target", take);
  if (out) return out;
  each_value(words, "-target", take);
  if (out) return out;
  for (const std::string& word : words) {
    const std::string_view tool = base_name(word);
    if (goarch.empty() && is_named_by_triple(tool)) take(tool);
  }
  if (goarch.empty()) goarch = goarch_of_sysroot(place);
  if (goarch.empty()) goarch = own_platform().goarch;
  const bool musl =
      place.name.starts_with("alpine") || is_file(join_path(place.sysroot, "etc/alpine-release"));
  auto parsed = parse_target(goos + "/" + goarch + (goos == "linux" && !musl ? ":gnu" : ""));
  if (parsed) out = *std::move(parsed);
  return out;
}

}  // namespace

std::optional<LinkPlace> link_place(const Log& log, const std::vector<std::string>& command,
                                    const std::string& root) {
  const std::vector<std::string> words = words_of_link(log, command);
  LinkPlace out;
  const std::string folder = root.empty() ? sysroot_of(words, !command.empty()) : root;
  if (folder.empty() || !is_folder(folder)) return std::nullopt;
  out.sysroot = real_path(folder).value_or(folder);
  out.name = sysroot_record_name(out.sysroot);
  auto target = target_of(log, words, out);
  if (!target) return std::nullopt;
  out.target = *std::move(target);
  for (const std::string_view word : words) {
    if (word.size() < 3) continue;
    if (word.starts_with("-l")) out.named.emplace_back(word.substr(2));
    if (!word.starts_with("-L")) continue;
    const std::string_view path = word.substr(2);
    std::string full(path.starts_with('=') ? join_path(out.sysroot, path.substr(1)) : path);
    if (full.starts_with('/') && is_folder(full)) out.folders.push_back(std::move(full));
  }
  return out;
}

}  // namespace tenon::explain
