#include "cli/table.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "cli/commands.inc"  // made by CMake from the names of the command files

namespace tenon {
namespace {

constexpr std::array<OptionSpec, 5> common{{
    {"--json", "", "print one JSON document on standard output"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is respected", false, "auto always never"},
    {"-q,--quiet", "", "print no progress"},
    {"-v,--verbose", "", "print more details"},
    {"-h,--help", "", "print this help"},
}};

}  // namespace

std::span<const CommandSpec* const> commands() { return all_commands; }

const CommandSpec* find_command(std::string_view name) {
  const auto found =
      std::ranges::find(all_commands, name, [](const CommandSpec* c) { return c->name; });
  return found == std::end(all_commands) ? nullptr : *found;
}

std::span<const OptionSpec> common_options() { return common; }

std::vector<OptionSpec> common_options_of(const CommandSpec& command) {
  std::vector<OptionSpec> out;
  if (command.own_options) return out;
  for (const OptionSpec& option : common) {
    if (!command.no_document || option.name != "--json") out.push_back(option);
  }
  return out;
}

}  // namespace tenon
