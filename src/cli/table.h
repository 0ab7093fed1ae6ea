// The table of commands. It drives parsing, help, the man page and the completions.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "cli/page.h"

namespace tenon {

struct OptionSpec {
  std::string_view name;   // "--target"; several spellings separated by commas: "-o,--output"
  std::string_view value;  // placeholder of its value; empty for a switch
  std::string_view help;
  bool repeated = false;  // may be given several times; all values count
  // What a shell offers for the value: words with blanks between them, or TARGET for the names of
  // all targets. Empty: by `value`, files for FILE, PATH and PROGRAM, directories for DIR.
  std::string_view words = {};
};

// Of commands that have findings. Each form but text is one document on standard output, as --json.
inline constexpr OptionSpec format_option{
    "--format", "NAME", "text, json, sarif (2.1.0), github (annotations) or junit", false,
    "text json sarif github junit"};

// The same findings in files, whatever is printed: one run serves a reader, a log and a service.
inline constexpr OptionSpec save_option{
    "--save", "FORM=FILE", "write the findings to a file too: sarif=FILE, github= or junit=", true,
    "sarif= github= junit="};

struct Example {
  std::string_view command;
  std::string_view text;
};

// What the command line said.
struct Arguments {
  std::map<std::string, std::string, std::less<>> values;  // by the first long name, "--target"
  std::map<std::string, std::vector<std::string>, std::less<>> lists;  // of repeated options
  std::vector<std::string> positional;
  std::vector<std::string> behind;  // everything behind "--"

  [[nodiscard]] bool has(std::string_view name) const { return values.contains(name); }

  [[nodiscard]] std::string get(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  }

  // The values of a repeated option, in their order.
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    const auto found = lists.find(name);
    return found == lists.end() ? std::vector<std::string>() : found->second;
  }
};

enum ExitCode : int {
  exit_ok = 0,
  exit_no = 1,         // findings, a gate that failed, will not work
  exit_undecided = 2,  // could not be decided
  exit_usage = 3,      // usage error or unreadable input
  exit_rejected = 4,   // by the notary, because of the team
  exit_account = 5,    // the key or the account is refused
  exit_network = 6,    // a service gave no usable answer
  exit_bug = 70,
  exit_cannot_run = 126,  // of a command that we run, as env(1) and the shells have it
  exit_not_found = 127,
  exit_interrupted = 130,
};

struct CommandSpec {
  std::string_view name;
  std::string_view summary;      // one line
  std::string_view usage;        // behind "tenon NAME"
  std::string_view description;  // paragraphs for --help and the man page
  std::span<const OptionSpec> options;
  std::span<const Example> examples;
  // Gets the raw arguments when `raw` is set, else parsed ones.
  int (*run)(const Arguments& arguments) = nullptr;
  int (*raw)(const std::vector<std::string>& args) = nullptr;
  bool hidden = false;
  // What stands behind "--" is a command, or arguments of one; else operands, also with a dash.
  bool command_behind = false;
  // What a shell offers for operands: FILE, DIR, CODE (codes of findings), "=one,two"; several with
  // blanks between them.
  std::string_view operands = {};
  bool own_options = false;  // those of every command are not among them
  // Standard output is another program's, so --json is refused and offered nowhere.
  bool no_document = false;
};

[[nodiscard]] std::span<const CommandSpec* const> commands();
[[nodiscard]] const CommandSpec* find_command(std::string_view name);

// Options of every command.
[[nodiscard]] std::span<const OptionSpec> common_options();
// Those of them that a command has, as help and shells offer them.
[[nodiscard]] std::vector<OptionSpec> common_options_of(const CommandSpec& command);

[[nodiscard]] Shown help_text(const CommandSpec& command, const PageStyle& style);
[[nodiscard]] Shown overview_text(const PageStyle& style);
[[nodiscard]] std::string man_page();
// Empty for a shell that is not known.
[[nodiscard]] std::string completion_script(std::string_view shell);

// Why a command line is wrong.
struct UsageError {
  std::string message;
};

// Parses with the options of `command`.
[[nodiscard]] Result<Arguments, UsageError> parse_arguments(const CommandSpec& command,
                                                            const std::vector<std::string>& args);

}  // namespace tenon
