#include "crossbuild/run/smoke.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/build_output.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/own_platform.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon {
namespace {

std::string last_lines(std::string_view text, std::size_t count) {
  text = trim(text);
  if (text.empty()) return {};
  std::size_t at = text.size();
  for (std::size_t i = 0; i < count && at != std::string_view::npos && at > 0; ++i) {
    at = text.rfind('\n', at - 1);
  }
  return std::string(at == std::string_view::npos || at == 0 ? text : text.substr(at + 1));
}

// Where Debian puts another architecture's glibc.
std::string foreign_root(const Target& target) {
  const std::string cross = fmt::format("/usr/{}", target.platform->cross);
  return is_file(cross + std::string(target.platform->glibc_loader)) ? cross : std::string();
}

Fix by_hand(const Shown& text) { return {Fix::Safety::manual, text, {}}; }

Fix install(const Shown& text, std::string_view package) {
  return {Fix::Safety::review, text, {{"apt-get", "install", ShellWord::of(package)}}};
}

// Another machine is the only way.
Fix run_there(const Target& target) {
  return by_hand(
      shown_format("run it on a {} machine, or omit --smoke", target.platform->processor->goarch));
}

// Debian's package wine64 alone puts no command on PATH.
std::optional<std::string> find_wine() {
  for (const char* name : {"wine64", "wine"}) {
    if (auto found = find_program(name)) return found;
  }
  std::string of_package = "/usr/lib/wine/wine64";
  if (!is_file(of_package)) return std::nullopt;
  return of_package;
}

bool runs_directly(const OwnPlatform& machine, const Target& target) {
  const std::string_view wanted = target.platform->goarch;
  const Processor* own = find_processor(machine.goarch);
  return machine.goarch == wanted || (own != nullptr && own->also_runs == wanted);
}

// How a program of a target is started here, or why it cannot be.
struct Runner {
  std::vector<std::string> words;  // in front of the program
  std::vector<std::string> environment;
  std::string how;
  SmokeResult not_run;  // with a reason where it cannot be
};

Runner cannot(std::string why, std::optional<Fix> fix = {}) {
  return {{}, {}, {}, smoke_not_run(std::move(why), std::move(fix))};
}

Runner with_wine(const OwnPlatform& machine, const Target& target) {
  if (!runs_directly(machine, target)) {
    return cannot(fmt::format("wine runs no programs for {} here", target.platform->name),
                  run_there(target));
  }
  const auto wine = find_wine();
  if (!wine) return cannot("wine is not installed", install("install wine", "wine64"));
  // Its remarks on what it lacks would be taken for the program's output.
  return {{*wine}, {"WINEDEBUG=-all"}, std::string(base_name(*wine)), {}};
}

Runner with_qemu(const Target& target) {
  const std::string name(target.platform->processor->qemu);
  auto qemu = find_program(name + "-static");
  if (!qemu) qemu = find_program(name);
  if (!qemu) {
    return cannot(name + " is not installed", install("install the emulator", "qemu-user-static"));
  }
  Runner runner{{*qemu}, {}, std::string(base_name(*qemu)), {}};
  if (target.libc != Libc::glibc) return runner;
  const std::string root = foreign_root(target);
  if (root.empty()) {
    return cannot(fmt::format("there is no glibc for {} in /usr/{}", target.platform->debian,
                              target.platform->cross),
                  install("install the target's glibc",
                          fmt::format("libc6-{}-cross", target.platform->debian_arch)));
  }
  runner.words.insert(runner.words.end(), {"-L", root});
  return runner;
}

Runner runner_for(const OwnPlatform& machine, const Target& target) {
  if (machine.goos != "linux") return cannot("programs for other systems run only on Linux");
  if (target.darwin()) return cannot("macOS programs run only on a Mac");
  if (target.windows()) return with_wine(machine, target);
  if (!runs_directly(machine, target)) return with_qemu(target);
  if (target.libc == Libc::glibc && !is_file(std::string(target.platform->glibc_loader))) {
    return cannot("this machine has no glibc",
                  by_hand("build it for musl, or run it on a system with glibc"));
  }
  return {{}, {}, "directly", {}};
}

// What a failed program says of its runner.
std::optional<SmokeResult> what_runner_lacks(std::string_view output, const Runner& runner,
                                             const Target& target) {
  // Its shadow memory does not fit into the address space that qemu-user gives.
  if (runner.how.starts_with("qemu") && output.contains("ThreadSanitizer")) {
    return smoke_not_run("the race detector does not work under qemu-user", run_there(target));
  }
  // Go's source of random numbers since 1.22, which the wine 8.0 of Debian 12 lacks.
  if (runner.how.starts_with("wine") && output.contains("bcryptprimitives.dll not found")) {
    return smoke_not_run("this wine is too old for Go: it has no bcryptprimitives.dll",
                         by_hand("install a newer wine, or run the program on Windows"));
  }
  return std::nullopt;
}

}  // namespace

SmokeResult smoke_not_run(std::string why, std::optional<Fix> fix) {
  SmokeResult result;
  result.why = std::move(why);
  result.fix = std::move(fix);
  return result;
}

SmokeResult smoke_run(const std::string& program, const Target& target,
                      const std::vector<std::string>& args, std::chrono::milliseconds deadline) {
  const Runner runner = runner_for(own_platform(), target);
  if (!runner.not_run.why.empty()) return runner.not_run;
  Command command;
  command.argv = runner.words;
  command.argv.push_back(program.starts_with('/') ? program : join_path(current_folder(), program));
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.environment = runner.environment;
  command.deadline = deadline;
  command.merge_streams = true;
  command.output_limit = std::size_t{1} << 20U;
  const auto exit = run(command);
  if (!exit) return smoke_not_run(exit.error().what);
  SmokeResult result;
  result.how = runner.how;
  result.output = last_lines(exit->out, 12);
  if (exit->ok()) {
    result.state = SmokeResult::State::ok;
    return result;
  }
  if (auto lacking = what_runner_lacks(exit->out, runner, target)) return *lacking;
  result.state = SmokeResult::State::failed;
  result.why = exit->timed_out     ? "timed out"
               : exit->signal != 0 ? fmt::format("signal {}", exit->signal)
                                   : fmt::format("exit code {}", exit->code);
  return result;
}

}  // namespace tenon
