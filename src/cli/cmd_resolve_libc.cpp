// tenon resolve_libc: one call of getaddrinfo(3), for `tenon resolve --run`, which ends the process
// when the call takes too long: it cannot be stopped in any other way.
#include <string>
#include <vector>

#include "cli/table.h"
#include "cli/term.h"
#include "resolve/run/look_up.h"

namespace tenon {
namespace {

int run(const std::vector<std::string>& args) {
  if (args.size() != 2 || args.front() != "--") return exit_usage;
  return print_document(resolve::libc_child_text(args.back())) ? exit_ok : exit_undecided;
}

}  // namespace

extern const CommandSpec command_resolve_libc;
const CommandSpec command_resolve_libc{.name = "resolve_libc",
                                       .summary = "one call of getaddrinfo",
                                       .usage = "-- NAME",
                                       .description = "A child of tenon resolve --run.",
                                       .options = {},
                                       .examples = {},
                                       .raw = run,
                                       .hidden = true,
                                       .own_options = true};

}  // namespace tenon
