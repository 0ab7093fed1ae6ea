// tenon test: `go test` for another platform. Compiles as `tenon build` does, and lets go start
// each test program through the emulator of its target. Then it is go: its flags, its output, its
// exit code.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <expected>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/build/request.h"
#include "cli/table.h"
#include "cli/term.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/plan_target.h"
#include "crossbuild/run/run_slice.h"
#include "crossbuild/run/runner.h"
#include "crossbuild/run/warm.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/target.h"

namespace tenon {
namespace {

constexpr OptionSpec options[] = {
    {"--target", "TARGET", "one target, such as linux/arm64", false, "TARGET"},
    {"--targets-file", "FILE", "options in TOML (default: .tenon.toml of the module)"},
    {"--engine", "NAME", "zig, clang, apple or auto (default)", false, "zig clang apple auto"},
    {"--sdk", "DIR", "Apple SDK"},
    {"--no-macos-headers", "", "do not use tenon's headers for macOS"},
    {"--sysroot", "DIR", "headers and libraries for a Linux target, also for qemu"},
    {"--min", "VERSION", "oldest macOS"},
    {"--dry-run", "", "print the command, run nothing"},
};

// The command line, apart: what tenon reads, and what go test does.
struct Words {
  std::vector<std::string> ours, theirs;
  std::string folder;  // of -C
  bool compile_only = false, own_exec = false, help = false;
};

const OptionSpec* option_of(std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  const auto* found = std::ranges::find(options, name, &OptionSpec::name);
  return found == std::end(options) ? nullptr : found;
}

// Flags of go that the plan has to know.
bool shapes_plan(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>({"ldflags", "race", "msan", "asan"});
  return std::ranges::find(names, name) != names.end();
}

// Whether the word is a flag of go whose value follows apart.
bool takes_next(std::string_view flag, std::string_view name) {
  return (name == "ldflags" || name == "C") && !flag.contains('=');
}

void sort_go_flag(const std::vector<std::string>& args, std::size_t& i, Words& out) {
  std::string_view flag = args[i];
  flag.remove_prefix(flag.starts_with("--") ? 2 : 1);
  const std::string_view name = flag.substr(0, flag.find('='));
  out.compile_only = out.compile_only || name == "c";
  out.own_exec = out.own_exec || name == "exec";
  std::string word = fmt::format("-{}", flag);
  if (takes_next(flag, name) && i + 1 < args.size()) word += "=" + args[++i];
  if (name == "C") {
    out.folder = word.substr(std::min(word.size(), std::string_view("-C=").size()));
  } else if (shapes_plan(name)) {
    out.ours.push_back(std::move(word));
  } else {
    out.theirs.push_back(args[i]);
  }
}

Words sorted(const std::vector<std::string>& args) {
  Words out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& word = args[i];
    if (word == "-args" || word == "--args") {  // the rest is for the test program
      out.theirs.insert(out.theirs.end(), args.begin() + static_cast<std::ptrdiff_t>(i),
                        args.end());
      break;
    }
    out.help = out.help || word == "--help" || word == "-h";
    if (const OptionSpec* option = option_of(word)) {
      out.ours.push_back(word);
      const bool apart = !option->value.empty() && !word.contains('=');
      if (apart && i + 1 < args.size()) out.ours.push_back(args[++i]);
    } else if (word.size() > 1 && word.starts_with('-')) {
      sort_go_flag(args, i, out);
    } else {
      out.theirs.push_back(word);
    }
  }
  // Tests open files beside their sources and print where they stand.
  out.ours.emplace_back("--keep-paths");
  if (!out.folder.empty()) out.ours.push_back("-C=" + out.folder);
  return out;
}

int say(Finding finding) {
  if (finding.subject == "tenon build") finding.subject = "tenon test";
  const bool usage =
      finding.code == Code::usage_bad_option || finding.code == Code::usage_bad_project_file;
  tell(render_finding(completed(std::move(finding)), {}));
  return usage ? exit_usage : exit_no;
}

Outcome<BuildRequest> request_of(const Words& words) {
  Arguments arguments;
  BuildRequest all = TENON_TRY(read_request(words.ours, arguments));
  if (all.targets.size() != 1 || all.targets.front().universal) {
    return std::unexpected(make_finding(
        Code::usage_bad_option, {{"message", "tests are run for one target: --target linux/arm64"}},
        "tenon test"));
  }
  BuildRequest request = request_for(all, all.targets.front());
  // Packages, outputs and the kind of a build are not those of its tests.
  request.folder =
      words.folder.empty() ? current_folder() : absolute_path(current_folder(), words.folder);
  request.go_args.output.clear();
  request.go_args.build_mode.clear();
  std::erase_if(request.go_args.flags,
                [](const std::string& flag) { return flag.starts_with("-buildmode"); });
  request.packages = {"."};
  return request;
}

// How go starts test programs: -exec and its value; nothing where they run as they are.
Outcome<std::vector<std::string>> exec_flag(const Words& words, const BuildRequest& request,
                                            std::vector<std::string>& environment) {
  if (words.compile_only || words.own_exec) return {};
  const Target& target = request.targets.front();
  Runner runner = runner_for(target, request.sysroot);
  const auto& flags = request.go_args.flags;
  if (runner.why.empty() && request.go_args.race && runner.how.starts_with("qemu") &&
      std::ranges::find(flags, "-race=false") == flags.end()) {
    runner.why = "the race detector does not work under qemu-user";
  }
  if (!runner.why.empty()) {
    Finding finding =
        make_finding(Code::project_tests_not_run,
                     {{"target", target.name()}, {"reason", runner.why}}, target.name());
    if (runner.fix) finding.fixes.insert(finding.fixes.begin(), std::move(*runner.fix));
    return std::unexpected(std::move(finding));
  }
  environment.insert(environment.end(), runner.environment.begin(), runner.environment.end());
  if (runner.words.empty()) return {};
  return std::vector<std::string>{"-exec=" + go_quote(runner.words).value_or(runner.words.front())};
}

// The go step of the plan as `go test`: its flags without those for an output.
Outcome<Step> test_step(const Words& words, const BuildRequest& request, const SlicePlan& slice) {
  Step step = *find_step(slice, Step::Kind::go);
  std::vector<std::string> argv{step.argv.front(), "test"};
  const auto flags = std::ranges::find(step.argv, "-o");
  for (auto word = flags + 2; word < step.argv.end() && *word != "--"; ++word)
    argv.push_back(*word);
  for (std::string& word : TENON_TRY(exec_flag(words, request, step.environment)))
    argv.push_back(std::move(word));
  argv.insert(argv.end(), words.theirs.begin(), words.theirs.end());
  step.argv = std::move(argv);
  step.why = "tests for " + slice.cc.target.name();
  return step;
}

Outcome<void> make_ready(const BuildRequest& request, const SlicePlan& slice) {
  TENON_TRY(make_compiler(slice));
  const Step* warm = find_step(slice, Step::Kind::warm);
  if (warm == nullptr) return {};
  tell(shown_format("{}: {}\n", slice.cc.target.name(), warm->why));
  return warm_up(slice.cc, *warm, request.timeout, [](std::chrono::seconds) {});
}

Outcome<int> run_tests(const Words& words) {
  const BuildRequest request = TENON_TRY(request_of(words));
  Arguments quiet;
  quiet.values["--quiet"] = "1";
  Term term(quiet);
  BuildState state{request, term, {}, {}};
  TENON_TRY(check_before(state));
  const Plan plan = TENON_TRY(plan_target(state, request.targets.front()));
  for (Finding& note : state.result.findings) (void)say(std::move(note));
  const SlicePlan& slice = plan.slices.front();
  const Step step = TENON_TRY(test_step(words, request, slice));
  if (request.dry_run) {
    print(quoted(command_of(step)) + "\n");
    return exit_ok;
  }
  TENON_TRY(make_ready(request, slice));
  if (!enter_folder(step.folder)) {
    return std::unexpected(make_finding(Code::usage_unreadable_input,
                                        {{"path", step.folder}, {"reason", "it cannot be entered"}},
                                        step.folder));
  }
  const Error error = execute(step.argv, step.environment);
  return std::unexpected(make_finding(Code::usage_unreadable_input,
                                      {{"path", step.argv.front()}, {"reason", reason_text(error)}},
                                      step.argv.front()));
}

int run(const std::vector<std::string>& args) {
  const Words words = sorted(args);
  if (words.help) {
    return print_help(*find_command("test"), {});
  }
  auto done = run_tests(words);
  return done ? *done : say(std::move(done).error());
}

constexpr Example examples[] = {
    {"tenon test --target linux/arm64 ./...", "all tests, run under qemu-user"},
    {"tenon test --target linux/arm64:gnu2.28 -run TestStore -v ./store",
     "flags of go test are passed on"},
    {"tenon test --target darwin/arm64 -c -o store.test ./store",
     "only compiled, to be run on a Mac"},
};

}  // namespace

extern const CommandSpec command_test;
const CommandSpec command_test{
    .name = "test",
    .summary = "run the tests of a Go project with C code for another platform",
    .usage = "--target TARGET [OPTIONS] [PACKAGES] [GO TEST FLAGS]",
    .description =
        "Runs go test with the compiler and the environment of tenon build. Test programs for "
        "Linux\n"
        "on another processor are started by qemu-user, those for Windows by wine, and those that "
        "this\n"
        "machine runs directly. Output and exit code are those of go test, -json is its own.",
    .options = options,
    .examples = examples,
    .raw = run,
    .command_behind = true,
    .operands = "DIR",
    .own_options = true};

}  // namespace tenon
