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

bool runs_directly(const OwnPlatform& machine, const Target& target) {
  const std::string_view wanted = target.platform->goarch;
  const Processor* own = find_processor(machine.goarch);
  return machine.goarch == wanted || (own != nullptr && own->also_runs == wanted);
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
  const OwnPlatform machine = own_platform();
  if (machine.goos != "linux") return smoke_not_run("Linux programs run only on Linux");
  if (target.darwin()) return smoke_not_run("macOS programs run only on a Mac");
  SmokeResult result;
  Command command;
  const bool native = runs_directly(machine, target);
  if (native) {
    if (target.libc == Libc::glibc && !is_file(std::string(target.platform->glibc_loader))) {
      return smoke_not_run("this machine has no glibc",
                           by_hand("build it for musl, or run it on a system with glibc"));
    }
    result.how = "directly";
  } else {
    const std::string name(target.platform->processor->qemu);
    const auto qemu =
        find_program(name + "-static") ? find_program(name + "-static") : find_program(name);
    if (!qemu) {
      return smoke_not_run(name + " is not installed",
                           install("install the emulator", "qemu-user-static"));
    }
    command.argv.push_back(*qemu);
    if (target.libc == Libc::glibc) {
      const std::string root = foreign_root(target);
      if (root.empty()) {
        return smoke_not_run(fmt::format("there is no glibc for {} in /usr/{}",
                                         target.platform->debian, target.platform->cross),
                             install("install the target's glibc",
                                     fmt::format("libc6-{}-cross", target.platform->debian_arch)));
      }
      command.argv.insert(command.argv.end(), {"-L", root});
    }
    result.how = base_name(*qemu);
  }
  command.argv.push_back(program.starts_with('/') ? program : join_path(current_folder(), program));
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.deadline = deadline;
  command.merge_streams = true;
  command.output_limit = std::size_t{1} << 20U;
  const auto exit = run(command);
  if (!exit) return smoke_not_run(exit.error().what);
  result.output = last_lines(exit->out, 12);
  if (exit->ok()) {
    result.state = SmokeResult::State::ok;
    return result;
  }
  // Its shadow memory does not fit into the address space that qemu-user gives.
  if (!native && exit->out.contains("ThreadSanitizer")) {
    return smoke_not_run("the race detector does not work under qemu-user", run_there(target));
  }
  result.state = SmokeResult::State::failed;
  result.why = exit->timed_out     ? "timed out"
               : exit->signal != 0 ? fmt::format("signal {}", exit->signal)
                                   : fmt::format("exit code {}", exit->code);
  return result;
}

}  // namespace tenon
