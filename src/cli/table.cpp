#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/version.h"
#include "cli/commands.inc"  // made by CMake from the names of the command files
#include "platform/target.h"

namespace tenon {
namespace {

constexpr std::array<OptionSpec, 5> common{{
    {"--json", "", "print one JSON document on standard output"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is respected"},
    {"-q,--quiet", "", "print no progress"},
    {"-v,--verbose", "", "print more details"},
    {"-h,--help", "", "print this help"},
}};

std::string option_lines(std::span<const OptionSpec> options) {
  std::string out;
  for (const OptionSpec& option : options) {
    std::string left;
    for (const std::string_view name : split(option.name, ',')) {
      if (!left.empty()) left += ", ";
      left += name;
    }
    if (!option.value.empty()) left += fmt::format(" {}", option.value);
    if (left.size() > 26) {
      out += fmt::format("  {}\n  {:26}  {}\n", left, "", option.help);
    } else {
      out += fmt::format("  {:26}  {}\n", left, option.help);
    }
  }
  return out;
}

std::string option_words(const CommandSpec& command) {
  std::string out;
  for (const auto& list : {command.options, common_options()}) {
    for (const OptionSpec& option : list) {
      for (const std::string_view name : split(option.name, ',')) out += fmt::format("{} ", name);
    }
  }
  return out;
}

std::string bash_script() {
  std::string names;
  std::string cases;
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    names += fmt::format("{} ", command->name);
    cases += fmt::format("    {}) words='{}' ;;\n", command->name, option_words(*command));
  }
  return fmt::format(R"sh(# bash completion of tenon
_tenon() {{
  local words cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  COMPREPLY=()
  case $prev in
    --target) COMPREPLY=($(compgen -W '{}' -- "$cur")); return ;;
    --engine) COMPREPLY=($(compgen -W 'zig clang apple' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    --sdk|--sysroot|--out) COMPREPLY=($(compgen -d -- "$cur")); return ;;
  esac
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W '{}' -- "$cur"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  case $cur in
    -*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -d -- "$cur")) ;;
  esac
}}
complete -o default -F _tenon tenon
)sh",
                     join(target_names(), " "), names, cases);
}

std::string zsh_script() {
  std::string names;
  std::string cases;
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    names += fmt::format("    '{}:{}'\n", command->name, command->summary);
    cases += fmt::format("    {}) compadd -- {} ;;\n", command->name, option_words(*command));
  }
  return fmt::format(R"sh(#compdef tenon
_tenon() {{
  local -a names
  names=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  case ${{words[CURRENT-1]}} in
    --target) compadd -- {}; return ;;
    --engine) compadd -- zig clang apple; return ;;
  esac
  if [[ ${{words[CURRENT]}} != -* ]]; then
    _files
    return
  fi
  case ${{words[2]}} in
{}  esac
}}
_tenon "$@"
)sh",
                     names, join(target_names(), " "), cases);
}

std::string fish_script() {
  std::string out = "# fish completion of tenon\ncomplete -c tenon -f\n";
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    out += fmt::format("complete -c tenon -n __fish_use_subcommand -a {} -d '{}'\n", command->name,
                       command->summary);
    for (const auto& list : {command->options, common_options()}) {
      for (const OptionSpec& option : list) {
        for (const std::string_view name : split(option.name, ',')) {
          const bool is_long = name.starts_with("--");
          out += fmt::format("complete -c tenon -n '__fish_seen_subcommand_from {}' -{} {}{}\n",
                             command->name, is_long ? "l" : "s", name.substr(is_long ? 2 : 1),
                             option.value.empty() ? "" : " -r");
        }
      }
    }
  }
  out += fmt::format("complete -c tenon -l target -a '{}'\n", join(target_names(), " "));
  return out;
}

// Text as roff: a leading dot or apostrophe is no request, a backslash no escape.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string roff_options(std::span<const OptionSpec> options) {
  std::string out;
  for (const OptionSpec& option : options) {
    out += fmt::format(".TP\n.B {}", roff(option.name));
    if (!option.value.empty()) out += fmt::format(" \\fI{}\\fR", roff(option.value));
    out += fmt::format("\n{}\n", roff(option.help));
  }
  return out;
}

}  // namespace

std::span<const CommandSpec* const> commands() { return all_commands; }

const CommandSpec* find_command(std::string_view name) {
  const auto found =
      std::ranges::find(all_commands, name, [](const CommandSpec* c) { return c->name; });
  return found == std::end(all_commands) ? nullptr : *found;
}

std::span<const OptionSpec> common_options() { return common; }

std::string help_text(const CommandSpec& command) {
  std::string out = fmt::format("tenon {}: {}\n\n", command.name, command.summary);
  if (!command.examples.empty()) out += "Examples:\n";
  for (const Example& example : command.examples) {
    out += fmt::format("  {}\n      {}\n", example.command, example.text);
  }
  out +=
      fmt::format("\nUsage: tenon {} {}\n\n{}\n", command.name, command.usage, command.description);
  if (!command.options.empty()) out += "\nOptions:\n" + option_lines(command.options);
  if (command.raw == nullptr) out += "\nFor every command:\n" + option_lines(common);
  return out;
}

std::string overview_text() {
  std::string out =
      "tenon: build, check and explain Go programs that use C.\n\n"
      "Examples:\n"
      "  tenon build ./cmd/app --target darwin/arm64,linux/arm64\n"
      "  CC=\"tenon cc --target darwin/arm64\" CGO_ENABLED=1 GOOS=darwin GOARCH=arm64 go build\n\n"
      "Commands:\n";
  for (const CommandSpec* command : commands()) {
    if (!command->hidden) out += fmt::format("  {:12} {}\n", command->name, command->summary);
  }
  out +=
      "\ntenon COMMAND --help lists the options; tenon --version shows the version and the "
      "engines.\n";
  return out;
}

std::string man_page() {
  std::string out = fmt::format(
      ".TH TENON 1 \"\" \"tenon {}\" \"User Commands\"\n.SH NAME\ntenon \\- build, check and "
      "explain Go "
      "programs that use C\n.SH SYNOPSIS\n.B tenon\n\\fICOMMAND\\fR "
      "[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\ntenon builds Go projects that use C, on any Linux or "
      "macOS machine, into checked binaries for other platforms, without a container or a "
      "Mac.\n.SH COMMANDS\n",
      tenon_version());
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    out += fmt::format(".SS \"tenon {} {}\"\n{}.\n.PP\n{}\n", command->name, roff(command->usage),
                       roff(command->summary), roff(command->description));
    out += roff_options(command->options);
    for (const Example& example : command->examples) {
      out += fmt::format(".PP\n.EX\n{}\n.EE\n{}\n", roff(example.command), roff(example.text));
    }
  }
  out += ".SH \"COMMON OPTIONS\"\n" + roff_options(common);
  out +=
      ".SH \"EXIT STATUS\"\n.TP\n0\nsuccess: built, clean, all gates passed\n.TP\n1\nfailure: a "
      "finding, a failed build or gate\n.TP\n2\ncould not be decided\n.TP\n3\nusage error or "
      "unreadable input\n.TP\n4\nthe notary rejected the team\n.TP\n5\nthe key or the account is "
      "refused\n.TP\n6\na service cannot be "
      "reached\n.TP\n70\na bug in tenon\n.TP\n130\ninterrupted\n"
      ".SH ENVIRONMENT\n.TP\nTENON_ZIG\nthe zig program to use\n.TP\nTENON_CACHE\ndirectory "
      "for derived files (default: ~/.cache/tenon)\n.TP\nSDKROOT\na macOS SDK, as --sdk\n.TP\n"
      "NO_COLOR, CLICOLOR_FORCE\ncolor off, on\n";
  return out;
}

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return {};
}

}  // namespace tenon
