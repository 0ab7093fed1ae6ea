// The only file that knows the command line library.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <expected>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "cli/table.h"

namespace tenon {
namespace {

std::string key_of(std::string_view names) {
  const auto parts = split(names, ',');
  for (const std::string_view part : parts) {
    if (part.starts_with("--")) return std::string(part);
  }
  return std::string(parts.front());
}

std::string suggestion(const CommandSpec& command, const std::vector<std::string>& args) {
  std::vector<std::string_view> known;
  for (const auto& list : {command.options, common_options()}) {
    for (const OptionSpec& option : list) {
      for (const std::string_view name : split(option.name, ',')) known.push_back(name);
    }
  }
  for (const std::string& arg : args) {
    const std::string_view name = std::string_view(arg).substr(0, arg.find('='));
    if (!name.starts_with('-') || std::ranges::find(known, name) != known.end()) continue;
    const std::string_view near = nearest(name, known);
    if (!near.empty()) return "; did you mean " + std::string(near) + "?";
  }
  return {};
}

// A form of the findings that is a document, as --json.
Result<void, UsageError> take_format(const CommandSpec& command, Arguments& out) {
  const std::string format = out.get("--format");
  const auto own = std::ranges::find(command.options, format_option.name, &OptionSpec::name);
  if (format.empty() || own == command.options.end()) return {};
  if (own->words != format_option.words) return {};
  const auto known = split(format_option.words, ' ');
  if (std::ranges::find(known, format) == known.end()) {
    return std::unexpected(UsageError{"--format is text, json, sarif, github or junit"});
  }
  if (format != "text") out.values["--json"] = "1";
  return {};
}

// Each --save is FORM=FILE.
Result<void, UsageError> check_saves(const Arguments& out) {
  for (const std::string& one : out.all(save_option.name)) {
    const auto equals = one.find('=');
    const bool known =
        one.starts_with("sarif=") || one.starts_with("github=") || one.starts_with("junit=");
    if (!known || equals + 1 == one.size()) {
      return std::unexpected(UsageError{"--save is sarif=FILE, github=FILE or junit=FILE"});
    }
  }
  return {};
}

}  // namespace

Result<Arguments, UsageError> parse_arguments(const CommandSpec& command,
                                              const std::vector<std::string>& args) {
  Arguments out;
  CLI::App app;
  app.set_help_flag();
  std::map<std::string, bool> switches;
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> lists;
  for (const auto& list : {command.options, common_options()}) {
    for (const OptionSpec& option : list) {
      const std::string key = key_of(option.name);
      if (option.value.empty()) {
        app.add_flag(std::string(option.name), switches[key]);
      } else {
        if (option.repeated) {
          app.add_option(std::string(option.name), lists[key])->allow_extra_args(false);
          continue;
        }
        auto* added = app.add_option(std::string(option.name), values[key]);
        // A list may be given in parts.
        if (option.value == "LIST") {
          added->join(',');
        } else {
          added->take_last();
        }
      }
    }
  }
  std::vector<std::string> front = args;
  if (const auto dashes = std::ranges::find(front, "--"); dashes != front.end()) {
    out.behind.assign(dashes + 1, front.end());
    front.erase(dashes, front.end());
  }
  app.add_option("words", out.positional);
  std::vector<std::string> reversed(front.rbegin(), front.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(UsageError{error.what() + suggestion(command, front)});
  }
  if (!command.command_behind) std::ranges::move(out.behind, std::back_inserter(out.positional));
  if (!command.command_behind) out.behind.clear();
  if (std::ranges::any_of(out.positional, &std::string::empty)) {
    return std::unexpected(UsageError{"an operand is empty"});
  }
  for (const auto& [key, set] : switches) {
    if (set) out.values[key] = "1";
  }
  for (const auto& list : {command.options, common_options()}) {
    for (const OptionSpec& option : list) {
      const std::string key = key_of(option.name);
      if (option.value.empty() || app.count(key) == 0) continue;
      if (option.repeated) {
        out.values[key] = lists[key].back();
        out.lists[key] = lists[key];
      } else {
        out.values[key] = values[key];
      }
    }
  }
  TENON_TRY(take_format(command, out));
  TENON_TRY(check_saves(out));
  return out;
}

}  // namespace tenon
