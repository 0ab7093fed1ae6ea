// Completion scripts, from the table: options of each command, values that an option has, files
// where files are meant.
//
// From end to end: offers_of() says of an option or an operand whether it is one of some words, a
// file, a directory or something else. The three writers put that into the shells' own terms.
// bash (3.2 too, which macOS has): words of `compgen -W`, names of `compgen -f` or `-d`, which
// compopt makes behave like names; "=" breaks words there, and a value behind it counts as the next
// word. zsh: compadd, _files. fish: -a, -F.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/table.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "platform/target.h"

namespace tenon {
namespace {

struct Offers {
  enum class Kind { none, words, file, folder };

  Kind kind = Kind::none;
  std::string words;
};

Offers offers_of(std::string_view what, std::string_view words) {
  if (words == "TARGET") return {Offers::Kind::words, join(target_names(), " ")};
  if (words == "CODE") {
    std::string codes;
    for (const CodeArea& area : code_areas())
      for (const Code code : area.codes)
        codes += fmt::format("{} {} ", code_text(code), slug_of(code));
    return {Offers::Kind::words, codes};
  }
  if (!words.empty()) return {Offers::Kind::words, std::string(words)};
  if (what == "DIR") return {Offers::Kind::folder, {}};
  for (const std::string_view file : {"FILE", "PATH", "PROGRAM"}) {
    if (what == file) return {Offers::Kind::file, {}};
  }
  return {};
}

Offers offers_of(const OptionSpec& option) { return offers_of(option.value, option.words); }

std::vector<Offers> operands_of(const CommandSpec& command) {
  std::vector<Offers> out;
  for (const std::string_view operand : split_words(command.operands)) {
    std::string words(operand.starts_with('=') ? operand.substr(1) : std::string_view());
    for (char& c : words) c = c == ',' ? ' ' : c;
    if (operand == "CODE") words = operand;
    out.push_back(offers_of(operand, words));
  }
  return out;
}

std::vector<OptionSpec> options_of(const CommandSpec& command) {
  std::vector<OptionSpec> out(command.options.begin(), command.options.end());
  for (const OptionSpec& option : common_options_of(command)) out.push_back(option);
  return out;
}

std::string option_words(const CommandSpec& command) {
  std::string out;
  for (const OptionSpec& option : options_of(command)) {
    for (const std::string_view name : split(option.name, ',')) out += fmt::format("{} ", name);
  }
  return out;
}

std::string names_as_pattern(std::string_view names) {
  std::string out;
  for (const char c : names) out += c == ',' ? '|' : c;
  return out;
}

std::string bash_offer(const Offers& offers, bool list) {
  switch (offers.kind) {
    case Offers::Kind::none: return ":";
    case Offers::Kind::words:
      return fmt::format("_tenon_{} '{}'", list ? "list" : "words", offers.words);
    case Offers::Kind::file: return "_tenon_names -f";
    case Offers::Kind::folder: return "_tenon_names -d";
  }
  return ":";
}

// The cases of one command: values of its options, its options, its operands.
std::string bash_case(const CommandSpec& command) {
  std::string values;
  for (const OptionSpec& option : options_of(command)) {
    if (option.value.empty()) continue;
    values += fmt::format("        {}) {}; return ;;\n", names_as_pattern(option.name),
                          bash_offer(offers_of(option), option.value == "LIST"));
  }
  std::string out = fmt::format("    {})\n", command.name);
  if (!values.empty()) out += fmt::format("      case $prev in\n{}      esac\n", values);
  out += fmt::format("      case $cur in -*) _tenon_words '{}'; return ;; esac\n",
                     option_words(command));
  for (const Offers& offers : operands_of(command)) {
    out += fmt::format("      {}\n", bash_offer(offers, false));
  }
  return out + "      ;;\n";
}

std::string bash_script() {
  std::string names;
  std::string cases;
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    names += fmt::format("{} ", command->name);
    cases += bash_case(*command);
  }
  return fmt::format(R"sh(# bash completion of tenon
_tenon_words() {{
  local IFS=$' \t\n'
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}}
# The last of some values with commas between them.
_tenon_list() {{
  local IFS=$' \t\n' front= last=$cur word
  case $cur in *,*) front=${{cur%,*}},; last=${{cur##*,}} ;; esac
  for word in $(compgen -W "$1" -- "$last"); do COMPREPLY+=("$front$word"); done
}}
_tenon_names() {{
  local IFS=$'\n'
  compopt -o filenames 2> /dev/null
  COMPREPLY+=($(compgen "$1" -- "$cur"))
}}
_tenon() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=
  [ "$COMP_CWORD" -gt 0 ] && prev=${{COMP_WORDS[COMP_CWORD-1]}}
  COMPREPLY=()
  if [ "$cur" = = ]; then
    cur=
  elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 2 ]; then
    prev=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  if [ "$COMP_CWORD" = 1 ]; then
    _tenon_words '{}help --help --version'
    return
  fi
  case ${{COMP_WORDS[1]}} in
    help) _tenon_words '{}'; return ;;
{}  esac
}}
complete -F _tenon tenon
)sh",
                     names, names, cases);
}

std::string zsh_offer(const Offers& offers, bool list) {
  switch (offers.kind) {
    case Offers::Kind::none: return ":";
    case Offers::Kind::words:
      // Behind the last comma another value begins.
      return fmt::format("{}compadd -- {}", list ? "compset -P '*,'; " : "", offers.words);
    case Offers::Kind::file: return "_files";
    case Offers::Kind::folder: return "_files -/";
  }
  return ":";
}

std::string zsh_case(const CommandSpec& command) {
  std::string values;
  for (const OptionSpec& option : options_of(command)) {
    if (option.value.empty()) continue;
    values += fmt::format("        {}) {}; return ;;\n", names_as_pattern(option.name),
                          zsh_offer(offers_of(option), option.value == "LIST"));
  }
  std::string out = fmt::format("    {})\n", command.name);
  if (!values.empty()) out += fmt::format("      case $prev in\n{}      esac\n", values);
  out += fmt::format("      if [[ $words[CURRENT] == -* ]]; then compadd -- {}; return; fi\n",
                     option_words(command));
  for (const Offers& offers : operands_of(command)) {
    out += fmt::format("      {}\n", zsh_offer(offers, false));
  }
  return out + "      ;;\n";
}

// In single quotes of zsh, where ":" separates a name from its description.
std::string described(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    if (c != '\'') out += c;
  }
  return out;
}

std::string zsh_script() {
  std::string names;
  std::string cases;
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    names += fmt::format("    '{}:{}'\n", command->name, described(command->summary));
    cases += zsh_case(*command);
  }
  return fmt::format(R"sh(#compdef tenon
_tenon() {{
  local -a names
  local prev=$words[CURRENT-1]
  names=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  # "--option=value" is one word here.
  if [[ $words[CURRENT] == --*=* ]]; then
    prev=${{words[CURRENT]%%=*}}
    compset -P '*='
    words[CURRENT]=
  fi
  case $words[2] in
{}  esac
}}
_tenon "$@"
)sh",
                     names, cases);
}

std::string fish_offer(const Offers& offers) {
  switch (offers.kind) {
    case Offers::Kind::none: return " -x";
    case Offers::Kind::words: return fmt::format(" -x -a '{}'", offers.words);
    case Offers::Kind::file: return " -r -F";
    case Offers::Kind::folder: return " -x -a '(__fish_complete_directories)'";
  }
  return {};
}

std::string fish_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return "'" + out + "'";
}

std::string fish_case(const CommandSpec& command) {
  const std::string here =
      fmt::format("complete -c tenon -n '__fish_seen_subcommand_from {}'", command.name);
  std::string out;
  for (const OptionSpec& option : options_of(command)) {
    std::string spelled;
    for (const std::string_view name : split(option.name, ',')) {
      const bool is_long = name.starts_with("--");
      spelled += fmt::format(" -{} {}",
                             is_long            ? "l"
                             : name.size() == 2 ? "s"
                                                : "o",
                             name.substr(is_long ? 2 : 1));
    }
    out += fmt::format("{}{}{} -d {}\n", here, spelled,
                       option.value.empty() ? "" : fish_offer(offers_of(option)),
                       fish_quoted(option.help));
  }
  for (const Offers& offers : operands_of(command)) {
    if (offers.kind == Offers::Kind::file) out += here + " -F\n";
    if (offers.kind == Offers::Kind::folder) out += here + " -a '(__fish_complete_directories)'\n";
    if (offers.kind == Offers::Kind::words) out += fmt::format("{} -a '{}'\n", here, offers.words);
  }
  return out;
}

std::string fish_script() {
  std::string out = "# fish completion of tenon\ncomplete -c tenon -f\n";
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    out += fmt::format("complete -c tenon -n __fish_use_subcommand -a {} -d {}\n", command->name,
                       fish_quoted(command->summary));
    out += fish_case(*command);
  }
  return out;
}

}  // namespace

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return {};
}

}  // namespace tenon
