#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/memory.h"
#include "watch/repeats.h"
#include "watch/role.h"
#include "watch/verdict.h"
#include "watch/view.h"
#include "watch/work.h"

namespace tenon::watch {
namespace {

bool wants_processor(const ProcessSample& process) {
  return process.state == 'R' || std::ranges::any_of(process.threads, [](const ThreadSample& one) {
           return one.state == 'R';
         });
}

// Under load a process may get little of a processor though it asks for it all the time.
bool works(const ProcessSample& process, const View& view) {
  if (spent(process, view) * 20 >= view.span()) return true;
  const ProcessSample* old = find_process(view.before, process.id);
  return old != nullptr && wants_processor(*old) && wants_processor(process);
}

// The compiler that go started and that this process belongs to, or null.
const ProcessSample* compiler_above(const ProcessSample& process, const TreeSample& tree) {
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16 && at != nullptr; ++depth) {
    const ProcessSample* parent = find_process(tree, at->parent);
    if (parent != nullptr && called_as_compiler(*at, *parent)) return at;
    at = parent;
  }
  return nullptr;
}

// Since which sample, without a gap, the process waits for the same thing.
std::uint64_t lasted(const ProcessSample& process, const Block& block, const View& view) {
  std::uint64_t since = view.now.at_ms;
  const auto samples = view.question.samples;
  for (std::size_t i = samples.size(); i > 0; --i) {
    const TreeSample& one = samples[i - 1];
    const ProcessSample* then = find_process(one, process.id);
    if (then == nullptr) break;
    const auto earlier = block_of(*then, one);
    if (!earlier || earlier->key != block.key) break;
    since = one.at_ms;
  }
  return view.now.at_ms - since;
}

// The process as the oldest sample shows it that is not older than a few seconds.
const ProcessSample* some_seconds_ago(const ProcessSample& process, const View& view,
                                      std::uint64_t& at_ms) {
  for (const TreeSample& one : view.question.samples) {
    if (view.now.at_ms - one.at_ms > view.hold() + 1000) continue;
    const ProcessSample* old = find_process(one, process.id);
    at_ms = one.at_ms;
    if (old != nullptr) return old;
  }
  return nullptr;
}

// Bytes that a connection brought meanwhile: those of the socket itself, or where the kernel does
// not count them, those that the process read and wrote.
std::optional<std::uint64_t> brought(const ProcessSample& process, const ProcessSample& old,
                                     const Block& block) {
  TreeSample then;
  then.processes.push_back(old);
  const auto before = block_of(old, then);
  if (block.received && before && before->received && before->address == block.address) {
    return *block.received > *before->received ? *block.received - *before->received : 0;
  }
  if (!process.moved_bytes || !old.moved_bytes) return std::nullopt;
  const std::uint64_t bytes =
      *process.moved_bytes > *old.moved_bytes ? *process.moved_bytes - *old.moved_bytes : 0;
  return bytes >= 512 ? bytes : 0;
}

std::string rate_text(std::uint64_t bytes, std::uint64_t ms) {
  const std::uint64_t rate = ms == 0 ? 0 : (bytes * 1000 + ms / 2) / ms;
  return rate == 0 ? "less than a byte a second" : size_text(rate) + " a second";
}

// A connection that looks silent from outside and brings data.
void look_for_data(Verdict& verdict, const ProcessSample& process, const Block& block,
                   const View& view) {
  if (verdict.kind != Kind::no_answer || block.address.starts_with('/')) return;
  if (!process.moved_bytes && !block.received) {
    verdict.reason += "; whether data arrives is unknown";
    verdict.confidence = Confidence::possible;
    return;
  }
  std::uint64_t since = 0;
  const ProcessSample* old = some_seconds_ago(process, view, since);
  const auto bytes = old == nullptr ? std::nullopt : brought(process, *old, block);
  if (!bytes || *bytes == 0) return;
  constexpr std::uint64_t slow = 2000;  // bytes a second
  const std::uint64_t ms = std::max<std::uint64_t>(view.now.at_ms - since, 1);
  const std::string rate = rate_text(*bytes, ms);
  verdict.kind = Kind::downloading;
  verdict.key = fmt::format("downloading {} {}", process.id, block.address);
  verdict.normal = *bytes * 1000 / ms >= slow;
  verdict.reason = fmt::format("is downloading from {}: data arrives{}, {}", block.address,
                               verdict.normal ? "" : " slowly", rate);
  if (!verdict.normal) {
    verdict.advice = "The other end is slow, or what lies between: try another proxy or mirror.";
  }
  verdict.evidence.push_back(
      fact("bytes received meanwhile", fmt::format("{} in {} ms", size_text(*bytes), ms)));
}

// "; go vet waits for it": the phase of a go command that a process belongs to.
void add_phase(Verdict& verdict, const ProcessSample& process, const TreeSample& tree) {
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16; ++depth) {
    const ProcessSample* parent = find_process(tree, at->parent);
    if (parent == nullptr) return;
    const std::string_view verb = go_verb(*parent);
    const bool vet = verb == "vet" || (!verb.empty() && !at->arguments.empty() &&
                                       at->arguments.back().ends_with("vet.cfg"));
    if (vet || verb == "generate") {
      verdict.reason += fmt::format("; go {} waits for {}", vet ? "vet" : verb,
                                    at == &process ? "it" : display_name(*at));
      verdict.advice = vet ? "Run the vet tool by hand, or leave it out: go test -vet=off."
                           : "Look at the //go:generate line that starts it.";
      return;
    }
    at = parent;
  }
}

bool behind_cache(const ProcessSample& process, const TreeSample& tree) {
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16 && at != nullptr; ++depth) {
    if (compiler_cache(*at)) return true;
    at = find_process(tree, at->parent);
  }
  return false;
}

// What to do follows from who waits; where the catalogue's advice is right it stays.
void add_advice(Verdict& verdict, const ProcessSample& process, const Block& block,
                const View& view, bool compiler) {
  if (!block.advice.empty()) verdict.advice = block.advice;
  if (!verdict.advice.empty()) return;
  const Role role = role_of(process);
  const ProcessSample* parent = find_process(view.now, process.parent);
  if (verdict.kind == Kind::no_answer && behind_cache(process, view.now)) {
    verdict.advice = "Restart the compiler cache's server, or set CC to the compiler alone.";
  } else if (verdict.kind == Kind::no_answer && role == Role::repository) {
    verdict.advice = fmt::format(
        "Check whether this machine can reach the repository at {}; GOPROXY is not asked here.",
        block.address);
  } else if (verdict.kind == Kind::no_answer && role != Role::go) {
    verdict.advice = fmt::format("Check what should answer {} at {}.", verdict.name, block.address);
  } else if (verdict.kind == Kind::terminal && role != Role::repository && role != Role::remote) {
    verdict.advice = "Answer it, or start the command with </dev/null.";
  } else if (verdict.kind == Kind::sleeps && !compiler && parent != nullptr) {
    verdict.advice = fmt::format("Look at what {} starts it for.", display_name(*parent));
  }
}

// The editor of a message, started by git: nobody sees it when output goes elsewhere.
void as_editor(Verdict& verdict, const ProcessSample& process, const TreeSample& tree) {
  if (verdict.kind != Kind::terminal) return;
  const bool message = std::ranges::any_of(process.arguments, [](const std::string& word) {
    return word.ends_with("_EDITMSG") || word.ends_with("/MERGE_MSG") ||
           word.ends_with("/git-rebase-todo");
  });
  const ProcessSample* at = find_process(tree, process.parent);
  while (at != nullptr && role_of(*at) != Role::repository) at = find_process(tree, at->parent);
  if (!message || at == nullptr) return;
  verdict.reason +=
      fmt::format("; {} waits for it: it is the editor of a message", display_name(*at));
  verdict.advice = "Give the text with -m, or set GIT_EDITOR=true where nobody can edit.";
}

Verdict from_block(const ProcessSample& process, const Block& block, std::uint64_t ms,
                   const View& view) {
  Verdict out{.kind = block.kind, .process = process.id, .name = display_name(process)};
  out.key = fmt::format("{} {} {}", kind_name(block.kind), process.id, block.key);
  out.reason = block.reason;
  out.for_ms = ms;
  out.confidence = block.confidence;
  out.evidence = block.evidence;
  out.normal = block.normal;
  look_for_data(out, process, block, view);
  const ProcessSample* compiler = compiler_above(process, view.now);
  if (compiler != nullptr) {
    out.evidence.push_back(fact("C compiler that go started", display_name(*compiler)));
    if (compiler != &process) {
      out.reason += fmt::format("; the C compiler {} waits for it", display_name(*compiler));
    }
  }
  const ProcessSample* test = block.hard ? nullptr : test_of(process, view.now);
  if (test != nullptr) {
    as_test(out, process, *test, view);
  } else {
    add_phase(out, process, view.now);
    as_editor(out, process, view.now);
    add_advice(out, process, block, view, compiler != nullptr);
  }
  add_context(out, process, view);
  return out;
}

// Every thread waits for a lock or a condition of its own program.
void as_deadlock(Verdict& out, const ProcessSample& process) {
  const bool all = process.threads.size() > 1 &&
                   std::ranges::all_of(process.threads, [](const ThreadSample& one) {
                     return one.call == Call::futex;
                   });
  if (!all) return;
  out.reason = "does nothing: all its threads wait for a lock in its own memory, as in a deadlock";
  out.advice = fmt::format(
      "Print its stacks: gdb -p {} -batch -ex 'thread apply all bt'; of a Go program: kill -QUIT "
      "{}",
      process.id, process.id);
}

// A process that makes the others wait without a state that we know.
Verdict not_known(const View& view) {
  Verdict out{.kind = Kind::unknown, .process = view.now.root, .confidence = Confidence::possible};
  std::string names;
  for (const ProcessSample& process : view.now.processes) {
    if (ended(process) || !is_leaf(process, view.now)) continue;
    if (!names.empty()) names += ", ";
    if (names.size() < 80) names += display_name(process);
    out.process = process.id;
    for (Evidence& one : thread_evidence(process)) out.evidence.push_back(std::move(one));
  }
  for (const std::string& closed : view.now.closed) out.evidence.push_back(fact("unknown", closed));
  out.name = names.empty() ? "the command" : names;
  out.key = "unknown " + names;
  out.reason = view.now.closed.empty() ? "does nothing, for an unknown reason"
                                       : "does nothing; what it waits for could not be read";
  out.for_ms = view.question.silent_ms;
  if (!view.question.last_line.empty()) {
    out.evidence.push_back(
        {Evidence::Kind::log, "last line of the command", view.question.last_line});
  }
  const ProcessSample* last = find_process(view.now, out.process);
  if (last != nullptr) as_deadlock(out, *last);
  const ProcessSample* test = last == nullptr ? nullptr : test_of(*last, view.now);
  if (test != nullptr) {
    out.normal = true;
    out.reason = "waits";
    as_test(out, *last, *test, view);
  }
  return out;
}

Verdict from_dialog(const View& view) {
  const std::string& window = view.now.dialogs.front();
  Verdict out{.kind = Kind::dialog, .process = view.now.root, .name = window};
  out.key = "dialog " + window;
  out.reason =
      "waits for an answer on the desktop; the program that needs the tools continues without it";
  out.confidence = Confidence::likely;
  out.evidence.push_back(fact("process", window));
  return out;
}

Verdict from_shortage(const Shortage& shortage, const ProcessSample& process, const View& view) {
  Verdict out{.kind = Kind::memory, .process = process.id, .name = display_name(process)};
  out.key = fmt::format("memory {}", process.id);
  out.reason = "makes little progress: " + shortage.reason;
  out.confidence = Confidence::likely;
  out.for_ms = view.span();
  out.evidence = shortage.evidence;
  out.evidence.push_back(fact("resident memory", size_text(process.resident_kib * 1024)));
  add_context(out, process, view);
  return out;
}

// The largest process that works or waits for a device.
const ProcessSample* largest(const View& view) {
  const ProcessSample* out = nullptr;
  for (const ProcessSample& process : view.now.processes) {
    if (ended(process) || !is_leaf(process, view.now)) continue;
    if (out == nullptr || process.resident_kib > out->resident_kib) out = &process;
  }
  return out;
}

bool anybody_works(const View& view) {
  std::uint64_t sum = 0;
  bool any = false;
  for (const ProcessSample& process : view.now.processes) {
    sum += spent(process, view);
    any = any || works(process, view);
  }
  return any || sum * 20 >= view.span();
}

void collect_blocks(const View& view, bool progress, std::vector<Verdict>& hard,
                    std::vector<Verdict>& soft) {
  for (const ProcessSample& process : view.now.processes) {
    const auto block = block_of(process, view.now);
    if (!block) continue;
    const std::uint64_t ms = lasted(process, *block, view);
    const std::uint64_t enough =
        progress && !block->hard ? 2 * view.question.limit_ms : view.hold();
    if (ms < enough) continue;
    // A process that works beside its waiting thread is not held up by it.
    if (process.state != 'T' && process.state != 't' && works(process, view)) continue;
    (block->hard ? hard : soft).push_back(from_block(process, *block, ms, view));
  }
}

// For how long the samples show it without a child: go works a little between its compilers.
std::uint64_t alone_for(const ProcessSample& process, const View& view) {
  std::uint64_t since = view.now.at_ms;
  const auto samples = view.question.samples;
  for (std::size_t i = samples.size(); i > 0; --i) {
    const ProcessSample* then = find_process(samples[i - 1], process.id);
    if (then == nullptr || !is_leaf(*then, samples[i - 1])) break;
    since = samples[i - 1].at_ms;
  }
  return view.now.at_ms - since;
}

// Long by the time that it had on a processor. One that hardly gets any is long when it has lasted
// for three times the limit: on a loaded machine every compiler takes long, and that is no news.
bool long_running(const ProcessSample& process, std::uint64_t limit_ms) {
  if (process.age_ms < limit_ms) return false;
  return cpu(process) >= limit_ms / 4 * 3 || process.age_ms >= 3 * limit_ms;
}

void collect_work(const View& view, std::vector<Verdict>& out) {
  for (const ProcessSample& process : view.now.processes) {
    if (ended(process) || !works(process, view)) continue;
    // What a driver has of a processor is that of its ended children.
    if (role_of(process) == Role::c_driver && !is_leaf(process, view.now)) continue;
    if (!long_running(process, view.question.limit_ms)) continue;
    Verdict verdict = from_work(process, view);
    const bool busy = verdict.kind == Kind::busy;
    // What other programs leave to it changes from moment to moment: no word for a short while.
    if (verdict.kind == Kind::starved && process.age_ms < 6 * view.question.limit_ms) continue;
    if (busy && alone_for(process, view) < view.question.limit_ms) continue;
    out.push_back(std::move(verdict));
  }
  std::ranges::stable_sort(out, [](const Verdict& a, const Verdict& b) {
    return (a.kind == Kind::busy) < (b.kind == Kind::busy);
  });
}

// Whether all processes are those of the first sample that is old enough.
bool unchanged(const View& view) {
  for (const TreeSample& one : view.question.samples) {
    if (view.now.at_ms - one.at_ms < view.hold()) return false;
    const bool same = std::ranges::all_of(view.now.processes, [&](const ProcessSample& process) {
      return ended(process) || find_process(one, process.id) != nullptr;
    });
    if (same) return true;
  }
  return false;
}

// "Does nothing" needs a proof, too: on a loaded machine a program may get next to nothing of a
// processor and work all the same. After a long silence a tick now and then is no work.
bool idle(const View& view) {
  if (view.question.silent_ms >= 6 * view.question.limit_ms) return true;
  const TreeSample& since = view.recent();
  return std::ranges::all_of(view.now.processes, [&](const ProcessSample& process) {
    const ProcessSample* old = find_process(since, process.id);
    return old != nullptr && cpu(process) <= cpu(*old);
  });
}

void append(std::vector<Verdict>& to, std::vector<Verdict>& from) {
  for (Verdict& one : from) to.push_back(std::move(one));
}

}  // namespace

Judgement judge(const Question& question) {
  Judgement out;
  if (question.samples.size() < 2 || question.samples.back().processes.empty()) return out;
  const View view{question, question.samples.back(), question.samples[question.samples.size() - 2]};
  out.progress = anybody_works(view);
  std::vector<Verdict> hard, soft, work;
  collect_blocks(view, out.progress, hard, soft);
  if (!view.now.dialogs.empty()) out.verdicts.push_back(from_dialog(view));
  append(out.verdicts, hard);
  const ProcessSample* heavy = largest(view);
  const auto shortage = memory_shortage(view.before, view.now);
  if (shortage && heavy != nullptr) {
    out.verdicts.push_back(from_shortage(*shortage, *heavy, view));
  }
  auto held = throttled(view);
  const bool works = !held;  // what is held back does not work
  if (held) out.verdicts.push_back(*std::move(held));
  append(out.verdicts, soft);
  if (works) collect_work(view, work);
  append(out.verdicts, work);
  if (out.verdicts.empty()) {
    if (auto loop = repeated(question)) out.verdicts.push_back(*std::move(loop));
  }
  if (out.verdicts.empty() && !out.progress && unchanged(view) && idle(view)) {
    out.verdicts.push_back(not_known(view));
  }
  return out;
}

}  // namespace tenon::watch
