// Help of a command and the list of commands, from the table.
#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/shown.h"
#include "base/text.h"
#include "cli/page.h"
#include "cli/table.h"

namespace tenon {
namespace {

constexpr std::size_t name_columns = 28;

Shown padded(const Shown& text, std::size_t shown_columns, std::size_t columns) {
  Shown out = text;
  for (std::size_t i = shown_columns; i < columns; ++i) out += " ";
  return out;
}

Shown option_lines(std::span<const OptionSpec> options, const PageStyle& style) {
  Shown out;
  for (const OptionSpec& option : options) {
    Shown left;
    std::size_t columns = 2;
    for (const std::string_view name : split(option.name, ',')) {
      if (!left.empty()) {
        left += ", ";
        columns += 2;
      }
      left += bold(Shown::of(name), style);
      columns += name.size();
    }
    if (!option.value.empty()) {
      left += shown_format(" {}", option.value);
      columns += option.value.size() + 1;
    }
    constexpr std::size_t indent = name_columns + 2;
    if (columns > name_columns) {
      out += "  " + left + "\n" + padded({}, 0, indent);
    } else {
      out += "  " + padded(left, columns, indent);
    }
    out += wrapped(option.help, style.width, indent, indent) + "\n";
  }
  return out;
}

}  // namespace

Shown help_text(const CommandSpec& command, const PageStyle& style) {
  Shown out =
      bold(shown_format("tenon {}", command.name), style) +
      wrapped(": " + std::string(command.summary), style.width, 0, command.name.size() + 6) + "\n";
  if (!command.examples.empty()) out += "\n" + bold("Examples:", style) + "\n";
  for (const Example& example : command.examples) {
    out += shown_format("  {}\n      ", example.command) +
           wrapped(example.text, style.width, 6, 6) + "\n";
  }
  constexpr std::string_view usage = "Usage: tenon ";
  out += "\n" + bold("Usage:", style) + shown_format(" tenon {} ", command.name) +
         wrapped(command.usage, style.width, 7, usage.size() + command.name.size() + 1) + "\n\n";
  out += paragraphs(command.description, style);
  if (!command.options.empty()) {
    out += "\n" + bold("Options:", style) + "\n" + option_lines(command.options, style);
  }
  if (const auto common = common_options_of(command); !common.empty()) {
    out += "\n" + bold("For every command:", style) + "\n" + option_lines(common, style);
  }
  return out;
}

Shown overview_text(const PageStyle& style) {
  Shown out = "tenon: build, check and explain Go programs that use C.\n\n" +
              bold("Examples:", style) +
              "\n"
              "  tenon build ./cmd/app --target darwin/arm64,linux/arm64\n"
              "  go build ./... 2>&1 | tenon explain -\n"
              "  tenon doctor\n\n" +
              bold("Commands:", style) + "\n";
  constexpr std::size_t columns = 15;
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    out += "  " + padded(bold(Shown::of(command->name), style), command->name.size() + 2, columns) +
           wrapped(command->summary, style.width, columns, columns) + "\n";
  }
  out += "\n" +
         paragraphs(
             "tenon COMMAND --help lists the options; tenon --version shows the version and "
             "the engines; tenon explain CODE explains a finding.\n\nTo report a fault of tenon: "
             "tenon doctor --record FILE writes down what can be told of the machine; send it "
             "with the command and what it printed.",
             style);
  return out;
}

}  // namespace tenon
