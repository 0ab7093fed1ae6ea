#include "machine/run/shell_check.h"

#include <array>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/doctor/shell_lines.h"

namespace tenon {
namespace {

struct Dialect {
  std::string_view shell;
  std::array<std::string_view, 2> programs;
  std::vector<std::string> options;
};

std::vector<Dialect> dialects() {
  return {{"bash", {"bash", ""}, {"--noprofile", "--norc", "-n"}},
          {"zsh", {"zsh", ""}, {"-f", "-n"}},
          {"fish", {"fish", ""}, {"--no-execute"}},
          {"csh", {"tcsh", "csh"}, {"-f", "-n"}},
          {"sh", {"sh", ""}, {"-n"}}};
}

// The user's own, which need not be the first on PATH.
std::optional<std::string> program_of(const Dialect& dialect) {
  std::string own = environment_variable("SHELL").value_or("");
  for (const std::string_view name : dialect.programs) {
    if (name.empty()) continue;
    if (own.starts_with('/') && base_name(own) == name && is_file(own)) return own;
    if (auto found = find_program(name)) return found;
  }
  return std::nullopt;
}

}  // namespace

ShellVerdict check_with_shell(std::string_view shell, const std::string& text) {
  using State = ShellVerdict::State;
  constexpr std::chrono::milliseconds limit{2000}, patience{100};
  for (Dialect& dialect : dialects()) {
    if (dialect.shell != shell) continue;
    const auto program = program_of(dialect);
    if (!program) return {State::not_installed};
    Command command;
    command.argv = {*program};
    command.argv.insert(command.argv.end(), dialect.options.begin(), dialect.options.end());
    command.input = text;
    // BASH_ENV, ENV and ZDOTDIR name files that a shell reads before it.
    command.environment = {"HOME=/nonexistent", "PATH=/usr/bin:/bin", "LC_ALL=C"};
    command.replace_environment = true;
    command.deadline = limit;
    command.patience = patience;
    const auto done = run(command);
    if (!done || done->timed_out || done->interrupted || done->signal != 0) {
      return {State::no_answer};
    }
    if (done->code == 0) return {State::accepted};
    std::string said(trim(split(done->err, '\n').front()));
    return {State::refused, std::move(said)};
  }
  return {State::not_installed};
}

}  // namespace tenon
