#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "host/system.h"
#include "machine/probe/own_platform.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

constexpr std::size_t most_text = std::size_t{4} << 20U;

bool executable(const std::string& path) {
  const auto info = file_info(path);
  return info && info->kind == FileInfo::Kind::file && (info->mode & 0111U) != 0;
}

}  // namespace

MachineAccess this_machine() {
  OwnPlatform own = own_platform();
  return {.root = {},
          .goos = std::move(own.goos),
          .goarch = std::move(own.goarch),
          .translated = translated_process(),
          .shell_translated = translated_parent(),
          .threads_refused = threads_refused(),
          .day = today(),
          .environment = environment_variable};
}

std::vector<std::string> MachineAccess::find_all(const std::string& name) const {
  std::vector<std::string> out;
  if (name.contains('/')) {
    if (executable(at(name))) out.push_back(name);
    return out;
  }
  const std::string path = variable("PATH");
  for (const std::string_view folder : split(path, ':')) {
    if (!folder.starts_with('/')) continue;
    std::string candidate = join_path(folder, name);
    if (executable(at(candidate))) out.push_back(std::move(candidate));
  }
  return out;
}

std::optional<std::string> MachineAccess::find(const std::string& name) const {
  auto all = find_all(name);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

bool MachineAccess::file(const std::string& path) const { return is_file(at(path)); }

bool MachineAccess::folder(const std::string& path) const { return is_folder(at(path)); }

Result<std::optional<std::string>> MachineAccess::settings_text(const std::string& path) const {
  auto text = read_text(at(path), most_text);
  if (text) return std::optional(*std::move(text));
  const int failed = text.error().os_errno;
  if (failed == ENOENT || failed == ENOTDIR) return std::nullopt;
  return std::unexpected(text.error());
}

std::optional<std::string> MachineAccess::text(const std::string& path) const {
  if (!file(path)) return std::nullopt;
  auto text = read_text(at(path), most_text);
  if (!text) return std::nullopt;
  return *std::move(text);
}

TextFact MachineAccess::ask(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                            bool both) const {
  Command command;
  command.argv = argv;
  command.argv.front() = at(argv.front());
  command.deadline = limit;
  command.patience = std::chrono::milliseconds(200);
  command.output_limit = std::size_t{1} << 20U;
  command.merge_streams = both;
  // No go command may fetch another one to answer.
  command.environment = {"GOTOOLCHAIN=local", "GOFLAGS=", "LC_ALL=C"};
  const std::string shown = join(argv, " ");
  const auto exit = run(command);
  if (!exit) return TextFact::open(fmt::format("{}: {}", shown, exit.error().what));
  if (exit->timed_out) {
    return TextFact::open(fmt::format("{} did not respond within {} ms", shown, limit.count()));
  }
  if (exit->code != 0) {
    const std::string_view said = trim(exit->err.empty() ? exit->out : exit->err);
    return TextFact::open(fmt::format("{} failed: {}", shown, said.substr(0, 300)));
  }
  return TextFact::of(std::string(trim(exit->out)), shown);
}

std::string setting_value(const SettingsState& settings, std::string_view name) {
  for (const Setting& one : settings.list.value) {
    if (one.name == name && one.active) return one.value;
  }
  return {};
}

}  // namespace tenon
