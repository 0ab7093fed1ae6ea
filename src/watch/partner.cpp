#include "watch/partner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/process_sample.h"
#include "watch/block.h"
#include "watch/role.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

// The pipe that a thread reads or writes; 0 when it does neither.
std::uint64_t pipe_of(const ProcessSample& process, const ThreadSample& thread, Call call) {
  if (thread.call != call) return 0;
  const FileSample* file = file_of(process, thread.file);
  return file != nullptr && file->kind == FileSample::Kind::pipe ? file->inode : 0;
}

bool has_end(const TreeSample& tree, std::uint64_t pipe, int process, bool writes) {
  return std::ranges::any_of(tree.pipe_ends, [&](const PipeEnd& end) {
    return end.inode == pipe && end.process == process && end.writes == writes;
  });
}

bool descends(const ProcessSample& process, int ancestor, const TreeSample& tree) {
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16 && at != nullptr; ++depth) {
    if (at->parent == ancestor) return true;
    at = find_process(tree, at->parent);
  }
  return false;
}

enum class Waits { no, for_end, for_output };

// Whether all that `other` does is to wait for `process`: no thread of it runs.
Waits waits_for(const ProcessSample& other, const ProcessSample& process, const TreeSample& tree) {
  Waits out = Waits::no;
  for (const ThreadSample& thread : other.threads) {
    if (thread.state == 'R' || thread.call == Call::running) return Waits::no;
    if (thread.call == Call::wait_child && descends(process, other.id, tree)) out = Waits::for_end;
    const std::uint64_t read = pipe_of(other, thread, Call::read);
    if (read != 0 && has_end(tree, read, process.id, true)) out = Waits::for_output;
  }
  return out;
}

// The only process at the other end of the pipe that is not `process`; null when there are others,
// or it may still move the pipe.
const ProcessSample* partner_at(const ProcessSample& process, std::uint64_t pipe, bool writers,
                                const TreeSample& tree, Waits& how) {
  const ProcessSample* out = nullptr;
  for (const PipeEnd& end : tree.pipe_ends) {
    if (end.inode != pipe || end.writes != writers || end.process == process.id) continue;
    const ProcessSample* other = find_process(tree, end.process);
    if (other == nullptr || (out != nullptr && out != other)) return nullptr;
    how = waits_for(*other, process, tree);
    if (how == Waits::no) return nullptr;
    out = other;
  }
  return out;
}

}  // namespace

std::optional<Block> waits_for_partner(const ProcessSample& process, const ThreadSample& thread,
                                       const TreeSample& tree) {
  const std::uint64_t full = pipe_of(process, thread, Call::write);
  const std::uint64_t empty = pipe_of(process, thread, Call::read);
  const std::uint64_t pipe = full != 0 ? full : empty;
  if (pipe == 0) return std::nullopt;
  Waits how = Waits::no;
  const ProcessSample* other = partner_at(process, pipe, full == 0, tree, how);
  if (other == nullptr) return std::nullopt;
  const std::string name = display_name(*other);
  Block out{.kind = full != 0 ? Kind::pipe_full : Kind::input, .key = fmt::format("pipe {}", pipe)};
  if (full != 0) {
    out.reason = fmt::format(
        "cannot write: the pipe is full and {}, {}, does not read it", name,
        how == Waits::for_end ? "which waits for it to end" : "which waits for other output of it");
    out.advice = fmt::format(
        "The fault is in {}: it must read the output before it waits for the end.", name);
  } else {
    out.reason =
        fmt::format("waits for input of {}, and that waits for {}: they wait for each other", name,
                    how == Waits::for_end ? "its end" : "its output");
    out.advice = fmt::format(
        "The fault is in {}: it must close the pipe that {} reads, or write more to it.", name,
        display_name(process));
  }
  out.evidence.push_back(thread_fact(process, thread));
  for (const ThreadSample& one : other->threads) {
    if (out.evidence.size() < 4) out.evidence.push_back(thread_fact(*other, one));
  }
  return out;
}

}  // namespace tenon::watch
