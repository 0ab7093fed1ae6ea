// tenon man: the manual page, made from the table of commands when tenon is built.
#include <cstdio>

#include "cli/table.h"
#include "cli/term.h"

namespace tenon {
namespace {

int run(const Arguments& /*arguments*/) {
  print_document(man_page());
  return exit_ok;
}

constexpr Example examples[] = {{"tenon man | man -l -", "read it"}};

}  // namespace

extern const CommandSpec command_man;
const CommandSpec command_man{.name = "man",
                              .summary = "print the manual page (roff)",
                              .usage = "",
                              .description = "Prints the manual page.",
                              .options = {},
                              .examples = examples,
                              .run = run,
                              .own_options = true};

}  // namespace tenon
