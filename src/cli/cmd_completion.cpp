// tenon completion SHELL
#include <cstdio>
#include <string>

#include "cli/table.h"
#include "cli/term.h"

namespace tenon {
namespace {

int run(const Arguments& arguments) {
  const std::string shell = arguments.positional.empty() ? "" : arguments.positional.front();
  const std::string script = completion_script(shell);
  if (script.empty()) {
    tell("tenon: completion: expected a shell: bash, zsh or fish\n");
    return exit_usage;
  }
  print_document(script);
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
                                     .run = run,
                                     .operands = "=bash,zsh,fish",
                                     .own_options = true};

}  // namespace tenon
