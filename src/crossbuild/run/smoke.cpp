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
#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/build_output.h"
#include "crossbuild/run/runner.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
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

// Another machine is the only way.
Fix run_there(const Target& target) {
  return {
      Fix::Safety::manual,
      shown_format("run it on a {} machine, or omit --smoke", target.platform->processor->goarch),
      {}};
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
    return smoke_not_run(
        "this wine is too old for Go: it has no bcryptprimitives.dll",
        Fix{Fix::Safety::manual, "install a newer wine, or run the program on Windows", {}});
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

SmokeResult smoke_run(const std::string& program, const Target& target, const std::string& sysroot,
                      const std::vector<std::string>& args, std::chrono::milliseconds deadline) {
  const Runner runner = runner_for(target, sysroot);
  if (!runner.why.empty()) return smoke_not_run(runner.why, runner.fix);
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
