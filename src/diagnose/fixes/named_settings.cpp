#include "diagnose/fixes/named_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/log.h"

namespace tenon {
namespace {

bool of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The word with nothing of a name before or behind it, nor of a path when it is none itself:
// "local" does not stand in /usr/local/go.
bool names(std::string_view text, std::string_view word) {
  const bool path = word.starts_with('/') || word.contains("://");
  const auto of_more = [&](char c) {
    return of_a_name(c) || (!path && (c == '/' || c == '-' || c == '.'));
  };
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !of_a_name(word.front()) || !of_more(text[at - 1]);
    const bool ends = end == text.size() || !of_a_name(word.back()) || !of_more(text[end]);
    if (starts && ends) return true;
  }
  return false;
}

// "-L/x" by its folder, "-mod=vendor" by the flag alone, all others as they are.
bool names_flag(std::string_view text, std::string_view word) {
  if (word.size() >= 3 && names(text, word)) return true;
  if (word.starts_with("-L/") || word.starts_with("-I/")) return names(text, word.substr(2));
  const std::string_view flag = word.substr(0, word.find('='));
  return flag.size() >= 4 && flag != word && names(text, flag);
}

// The words of a list that the text does not name; nothing when it names none.
std::optional<std::string> words_left(std::string_view text, std::string_view value) {
  auto words = go_split(value);
  if (!words) return std::nullopt;
  const auto named =
      std::erase_if(*words, [&](const std::string& word) { return names_flag(text, word); });
  return named > 0 ? go_quote(*words) : std::nullopt;
}

// What decides which program is built. Without it the command may pass and give another one.
bool is_of_the_target(std::string_view name) {
  return name == "GOOS" || name == "GOARCH" || name == "GOARM" || name == "CGO_ENABLED" ||
         name == "PATH" || name == "GOENV";
}

bool says_where(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"COMPILER_PATH", "GCC_EXEC_PREFIX", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH",
       "LIBRARY_PATH", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR",
       "PKG_CONFIG_TOP_BUILD_DIR", "LD_LIBRARY_PATH", "LD_PRELOAD", "SDKROOT", "DEVELOPER_DIR"});
  return std::ranges::find(names, name) != names.end();
}

bool flag_says_where(std::string_view word) {
  constexpr auto starts = std::to_array<std::string_view>(
      {"-B", "-L", "-I", "-isystem", "-iquote", "-fuse-ld=", "--ld-path=", "--sysroot", "-isysroot",
       "-nostdinc", "-nostdlib", "-nodefaultlibs", "-nostartfiles", "-specs="});
  return std::ranges::any_of(starts, [&](auto start) { return word.starts_with(start); });
}

std::optional<NamedSetting> lookup_setting(const MachineSetting& setting) {
  if (says_where(setting.name)) return NamedSetting{setting.name, std::nullopt};
  auto words = join_of(setting.name) == Join::words ? go_split(setting.value) : std::nullopt;
  if (!words || std::erase_if(*words, flag_says_where) == 0) return std::nullopt;
  return NamedSetting{setting.name, words->empty() ? std::nullopt : go_quote(*words)};
}

}  // namespace

std::string lines_of(const Failure& failure, const Log& log) {
  std::string out = failure.text;
  for (const LogLine& line : log.lines()) {
    const bool ours =
        std::ranges::find(failure.lines, line.number) != failure.lines.end() ||
        std::ranges::find(failure.consequences, line.number) != failure.consequences.end();
    if (ours) out += "\n" + line.text;
  }
  return out;
}

std::optional<NamedSetting> named_setting(std::string_view text, const MachineSetting& setting) {
  if (setting.value.empty() || is_of_the_target(setting.name)) return std::nullopt;
  if (is_list_of_words(join_of(setting.name))) {
    const auto left = words_left(text, setting.value);
    if (left && !left->empty()) return NamedSetting{setting.name, left};
    if (left) return NamedSetting{setting.name, std::nullopt};
  }
  const auto words = split_words(setting.value);
  const std::string_view program = words.empty() ? std::string_view() : words.front();
  bool named = names(text, setting.name) || (program.size() >= 3 && names(text, program));
  // gcc's paths are relative to the folder that go runs it in.
  if (join_of(setting.name) == Join::folders && setting.value.starts_with('/'))
    named = named || text.contains(fmt::format("../{}/", base_name(setting.value)));
  return named ? std::optional(NamedSetting{setting.name, std::nullopt}) : std::nullopt;
}

bool is_of_c_tools(FailureClass kind) {
  using enum FailureClass;
  constexpr auto kinds = std::to_array<FailureClass>(
      {program_missing, toolchain_wrong, sdk_missing, pkg_config, header_missing, c_error,
       option_unknown, file_refused, library_missing, symbol_undefined, symbol_duplicate,
       link_failed, start_refused, crashed, tool_failed, unknown});
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::vector<NamedSetting> lookup_settings(const Failure& failure,
                                          std::span<const MachineSetting> settings) {
  std::vector<NamedSetting> out;
  if (!is_of_c_tools(failure.kind)) return out;
  for (const MachineSetting& one : settings) {
    if (auto found = lookup_setting(one)) out.push_back(*std::move(found));
  }
  return out;
}

std::vector<NamedSetting> named_settings(const Failure& failure, const Log& log,
                                         std::span<const MachineSetting> settings) {
  std::vector<NamedSetting> out;
  const std::string text = lines_of(failure, log);
  for (const MachineSetting& one : settings) {
    if (auto named = named_setting(text, one)) out.push_back(*std::move(named));
  }
  return out;
}

}  // namespace tenon
