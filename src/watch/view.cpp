#include "watch/view.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/role.h"
#include "watch/test_wait.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

std::string chain(const ProcessSample& process, const TreeSample& tree) {
  std::string out = display_name(process);
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16; ++depth) {
    at = find_process(tree, at->parent);
    if (at == nullptr) break;
    out.insert(0, fmt::format("{} > ", display_name(*at)));
  }
  return out;
}

}  // namespace

std::uint64_t cpu(const ProcessSample& process) { return process.cpu_ms + process.waited_cpu_ms; }

std::uint64_t spent(const ProcessSample& process, const View& view) {
  const ProcessSample* old = find_process(view.before, process.id);
  const std::uint64_t since = old == nullptr ? 0 : cpu(*old);
  return cpu(process) > since ? cpu(process) - since : 0;
}

void add_context(Verdict& verdict, const ProcessSample& process, const View& view) {
  verdict.evidence.push_back(fact("chain of processes", chain(process, view.now)));
  if (!view.question.last_line.empty()) {
    verdict.evidence.push_back(
        {Evidence::Kind::log, "last line of the command", view.question.last_line});
  }
}

const ProcessSample* test_of(const ProcessSample& process, const TreeSample& tree) {
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16 && at != nullptr; ++depth) {
    if (role_of(*at) == Role::test) return at;
    at = find_process(tree, at->parent);
  }
  return nullptr;
}

void as_test(Verdict& verdict, const ProcessSample& process, const ProcessSample& test,
             const View& view) {
  const std::string_view running = test_of_line(view.question.last_line);
  const std::string what = running.empty() ? "runs a test" : fmt::format("runs {}", running);
  if (process.id != test.id) {
    verdict.reason = fmt::format("{}; {} {}", what, display_name(process), verdict.reason);
    verdict.normal = true;
  } else {
    verdict.reason = fmt::format("{}; it {}", what, verdict.reason);
  }
  verdict.kind = Kind::test;
  verdict.process = test.id;
  verdict.name = display_name(test);
  verdict.key = fmt::format("test {} {}", test.id, verdict.normal ? "" : "deadlock");
  verdict.advice =
      fmt::format("{}kill -QUIT {} prints what each goroutine waits for, and ends the test.",
                  verdict.normal ? "Wait; " : "", test.id);
}

}  // namespace tenon::watch
