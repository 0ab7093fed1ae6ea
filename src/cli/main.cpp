// Contents page of the program: find the command, parse, run.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/guarded.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/version.h"
#include "crossbuild/run/wrapper.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/process.h"
#include "host/system.h"
#include "wire/run/link.h"

namespace tenon {
namespace {

int print_overview() { return print(overview_text(page_style({}))) ? exit_ok : exit_undecided; }

// With --json an error is a document too.
int finish(Finding finding, bool json, int code) {
  Arguments arguments;
  if (json) arguments.values["--json"] = "1";
  Report report;
  report.ok = false;
  report.findings.push_back(std::move(finding));
  return Term(arguments).finish(report, code);
}

bool wants_json(const std::vector<std::string>& args) {
  return std::ranges::find(args, "--json") != args.end();
}

// `fix` says what to ask for help.
int complain(const std::string& text, const std::string& subject, const Shown& fix, bool json) {
  Finding finding = make_finding(Code::usage_bad_option, {{"message", text}}, subject);
  finding.fixes.push_back({Fix::Safety::manual, fix, {}});
  return finish(std::move(finding), json, exit_usage);
}

int complain(const std::string& text) { return complain(text, "tenon", "see tenon --help", false); }

int run_command(const CommandSpec& command, const std::vector<std::string>& args) {
  if (command.raw != nullptr) return command.raw(args);
  const auto arguments = parse_arguments(command, args);
  if (!arguments) {
    return complain(arguments.error().message, "tenon " + std::string(command.name),
                    shown_format("see tenon {} --help", command.name), wants_json(args));
  }
  if (arguments->has("--help")) return print_help(command, *arguments);
  return command.run(*arguments);
}

// Started under the name of a compiler: options stand beside the link, arguments are the
// compiler's.
int run_as_compiler(const std::string& argv0, const std::vector<std::string>& args) {
  auto options = wrapper_options(argv0);
  if (!options) {
    return complain(argv0 +
                    ": cannot read the options of this compiler wrapper: " + options.error().what);
  }
  // Go's linker runs the link "dsymutil" beside them (crossbuild/run/dsymutil.h).
  if (base_name(argv0) == "dsymutil") options->emplace_back("--run-dsymutil");
  options->insert(options->end(), args.begin(), args.end());
  return find_command(base_name(argv0) == "c++" ? "c++" : "cc")->raw(*options);
}

bool is_pkg_config_name(std::string_view name) {
  return name.ends_with("pkg-config") || name == "pkgconf" || name.ends_with("-pkgconf");
}

// Started under the name of pkg-config: options stand beside the link, or the name begins with the
// triplet of a personality.
int run_as_pkg_config(const std::string& argv0, const std::vector<std::string>& args) {
  std::vector<std::string> all;
  if (has_wrapper_options(argv0)) {
    auto options = wrapper_options(argv0);
    if (!options) {
      return complain(argv0 + ": cannot read the options of this wrapper: " + options.error().what);
    }
    all = *std::move(options);
  }
  const std::string_view name = base_name(argv0);
  if (const std::size_t end = name.find("-pkg"); end != std::string_view::npos) {
    all.push_back("--personality=" + std::string(name.substr(0, end)));
  }
  all.insert(all.end(), args.begin(), args.end());
  return find_command("pkg-config")->raw(all);
}

bool is_wrapper_name(std::string_view name) {
  return name == "cc" || name == "c++" || name == "dsymutil";
}

// cmd/link asks which flags CC takes (`tenon -no-pie ... trivial.c`) with the first word of CC
// alone. The whole of it stands in cmd/link's own command line, "-extld=tenon cc --native".
std::optional<std::vector<std::string>> question_of_linker(const std::vector<std::string>& args) {
  if (!args.front().starts_with('-') || base_name(args.back()) != "trivial.c") return std::nullopt;
  constexpr std::string_view flag = "-extld=";
  for (const std::string& arg : parent_arguments()) {
    if (!arg.starts_with(flag)) continue;
    auto words = go_split(std::string_view(arg).substr(flag.size()));
    if (!words || words->size() < 2) continue;
    words->erase(words->begin());
    if (words->front() != "cc" && words->front() != "c++") continue;
    words->insert(words->end(), args.begin(), args.end());
    return words;
  }
  return std::nullopt;
}

// cmd/go starts the first word of PKG_CONFIG alone: `tenon --libs -- zlib`. The whole of it stands
// in the environment, "tenon pkg-config --static".
std::optional<std::vector<std::string>> question_of_go(const std::vector<std::string>& args) {
  if (args.front() != "--cflags" && args.front() != "--libs") return std::nullopt;
  const auto setting = environment_variable("PKG_CONFIG");
  auto words = setting ? go_split(*setting) : std::nullopt;
  if (!words || words->size() < 2 || (*words)[1] != "pkg-config") return std::nullopt;
  words->erase(words->begin());
  words->insert(words->end(), args.begin(), args.end());
  return words;
}

int no_such_command(const std::string& word, bool json) {
  std::vector<std::string_view> names;
  for (const CommandSpec* command : commands()) names.push_back(command->name);
  const std::string_view near = nearest(word, names);
  std::string text = "there is no command '" + word + "'";
  if (!near.empty()) text += "; did you mean " + std::string(near) + "?";
  return complain(text, "tenon", "tenon --help lists the commands", json);
}

// gRPC is in a program of its own beside this one (cmake/Wire.cmake). Comes back where it is not
// there: what needs no fleet works, and the rest says what is missing.
void become_fleet_program(const std::vector<std::string>& args) {
  const std::string program = join_path(folder_of(own_path()), "tenon-fleet");
  if (!is_file(program)) return;
  std::vector<std::string> argv{program};
  argv.insert(argv.end(), args.begin(), args.end());
  (void)execute(argv, {});
}

int run_line(const std::string& argv0, const std::vector<std::string>& args) {
  if (is_wrapper_name(base_name(argv0))) return run_as_compiler(argv0, args);
  if (is_pkg_config_name(base_name(argv0))) return run_as_pkg_config(argv0, args);
  if (args.empty()) {
    tell(overview_text(page_style({})));
    return exit_usage;
  }
  if (const auto question = question_of_linker(args)) return run_line(argv0, *question);
  if (const auto question = question_of_go(args)) return run_line(argv0, *question);
  // Options of every command may stand before it.
  const auto is_common = [](const std::string& arg) {
    return arg == "-v" || arg == "--verbose" || arg == "-q" || arg == "--quiet" || arg == "--json";
  };
  const auto command_word = std::ranges::find_if_not(args, is_common);
  if (command_word != args.begin() && command_word != args.end()) {
    std::vector<std::string> sorted(command_word, args.end());
    sorted.insert(sorted.begin() + 1, args.begin(), command_word);
    return run_line(argv0, sorted);
  }
  const std::vector<std::string> rest(args.begin() + 1, args.end());
  const std::string& word = args.front();
  if (word == "--help" || word == "-h") return print_overview();
  if (word == "help") {
    if (rest.empty()) return print_overview();
    if (const CommandSpec* topic = find_command(rest.front())) return print_help(*topic, {});
    return no_such_command(rest.front(), false);
  }
  const bool door = word == "cache" && !rest.empty() && rest.front() == "door";
  if ((word == "fleet" || word == "worker" || door) && !remote::has_link()) {
    become_fleet_program(args);
  }
  if (word == "--version" || word == "-V" || word == "version") return show_version(rest);
  if (const CommandSpec* command = find_command(word)) return run_command(*command, rest);
  return no_such_command(word, wants_json(args));
}

}  // namespace
}  // namespace tenon

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
  tenon::survive_file_size_limit();
  return tenon::guarded([&] { return tenon::run_line(argc > 0 ? argv[0] : "", args); },
                        [&](tenon::Finding finding, int code) {
                          return tenon::finish(std::move(finding), tenon::wants_json(args), code);
                        });
}
