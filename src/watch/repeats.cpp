#include "watch/repeats.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/role.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

std::string command_line(const ProcessSample& process) {
  std::string out;
  for (const std::string& word : process.arguments) {
    if (!out.empty()) out += ' ';
    out += word;
    if (out.size() > 200) break;
  }
  return out.empty() ? process.name : out;
}

// Numbers of the processes that a parent has had, by command line.
using Children = std::map<std::string, std::set<int>>;

Children children_of(int parent, const Question& question) {
  Children out;
  for (const TreeSample& sample : question.samples) {
    for (const ProcessSample& process : sample.processes) {
      if (process.parent != parent || ended(process)) continue;
      out[command_line(process)].insert(process.id);
    }
  }
  return out;
}

bool in_all(int id, const Question& question) {
  return std::ranges::all_of(question.samples, [&](const TreeSample& sample) {
    return find_process(sample, id) != nullptr;
  });
}

}  // namespace

// A build starts many programs, too, but each with other arguments: a few command lines, one of
// them with many processes, is a loop.
std::optional<Verdict> repeated(const Question& question) {
  constexpr std::size_t enough = 4;
  const TreeSample& now = question.samples.back();
  const std::uint64_t span = now.at_ms - question.samples.front().at_ms;
  if (question.samples.size() < enough || span < question.limit_ms) return std::nullopt;
  for (const ProcessSample& parent : now.processes) {
    if (role_of(parent) == Role::go || !in_all(parent.id, question)) continue;
    const Children children = children_of(parent.id, question);
    if (children.empty() || children.size() > 3) continue;
    const auto most =
        std::ranges::max_element(children, {}, [](const auto& one) { return one.second.size(); });
    if (most->second.size() < enough) continue;
    Verdict out{.kind = Kind::repeats, .process = parent.id, .name = display_name(parent)};
    out.key = fmt::format("repeats {}", parent.id);
    out.reason = fmt::format("starts the same programs again and again, and prints nothing: {}",
                             most->first);
    out.for_ms = span;
    out.confidence = Confidence::possible;
    for (const auto& [line, ids] : children) {
      out.evidence.push_back(
          {Evidence::Kind::fact, line, fmt::format("{} processes seen", ids.size())});
    }
    if (!question.last_line.empty()) {
      out.evidence.push_back({Evidence::Kind::log, "last line of the command", question.last_line});
    }
    return out;
  }
  return std::nullopt;
}

}  // namespace tenon::watch
