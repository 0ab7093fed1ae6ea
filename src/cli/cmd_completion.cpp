// tenon completion SHELL
#include <cstdio>
#include <string>

#include "cli/table.h"

namespace tenon {
namespace {

int run(const Arguments& arguments) {
  const std::string shell = arguments.positional.empty() ? "" : arguments.positional.front();
  const std::string script = completion_script(shell);
  if (script.empty()) {
    std::fputs("tenon: completion: expected a shell: bash, zsh or fish\n", stderr);
    return exit_usage;
  }
  std::fputs(script.c_str(), stdout);
  return exit_ok;
}

constexpr Example examples[] = {
    {"tenon completion bash > ~/.local/share/bash-completion/completions/tenon", "for bash"}};

}  // namespace

extern const CommandSpec command_completion;
const CommandSpec command_completion{.name = "completion",
                                     .summary = "print a completion script for bash, zsh or fish",
                                     .usage = "bash|zsh|fish",
                                     .description = "Prints a completion script for the shell.",
                                     .options = {},
                                     .examples = examples,
                                     .run = run};

}  // namespace tenon
