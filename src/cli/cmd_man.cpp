// tenon man: the manual page, made from the table of commands when tenon is built.
#include <cstdio>

#include "cli/table.h"

namespace tenon {
namespace {

int run(const Arguments& /*arguments*/) {
  std::fputs(man_page().c_str(), stdout);
  return exit_ok;
}

}  // namespace

extern const CommandSpec command_man;
const CommandSpec command_man{.name = "man",
                              .summary = "print the manual page (roff)",
                              .usage = "",
                              .description = "Prints the manual page.",
                              .options = {},
                              .examples = {},
                              .run = run,
                              .hidden = true};

}  // namespace tenon
