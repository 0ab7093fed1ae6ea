#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/memory.h"
#include "watch/role.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

struct View {
  const Question& question;
  const TreeSample& now;
  const TreeSample& before;

  [[nodiscard]] std::uint64_t span() const {
    return now.at_ms > before.at_ms ? now.at_ms - before.at_ms : 1;
  }

  // How long a state has to last before it is called a state.
  [[nodiscard]] std::uint64_t hold() const {
    return std::clamp<std::uint64_t>(question.limit_ms / 2, 800, 4000);
  }
};

std::uint64_t cpu(const ProcessSample& process) { return process.cpu_ms + process.waited_cpu_ms; }

// Time on a processor between the last two samples, of one process with its ended children.
std::uint64_t spent(const ProcessSample& process, const View& view) {
  const ProcessSample* old = find_process(view.before, process.id);
  const std::uint64_t since = old == nullptr ? 0 : cpu(*old);
  return cpu(process) > since ? cpu(process) - since : 0;
}

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

void add_context(Verdict& verdict, const ProcessSample& process, const View& view) {
  verdict.evidence.push_back(fact("chain of processes", chain(process, view.now)));
  if (!view.question.last_line.empty()) {
    verdict.evidence.push_back(
        {Evidence::Kind::log, "last line of the command", view.question.last_line});
  }
}

// Bytes that a connection brought while it looked silent from outside.
void look_for_data(Verdict& verdict, const ProcessSample& process, const Block& block,
                   const View& view) {
  if (verdict.kind != Kind::no_answer) return;
  if (!process.moved_bytes) {
    verdict.reason += "; whether data arrives is unknown";
    verdict.confidence = Confidence::possible;
    return;
  }
  const ProcessSample* old = nullptr;
  for (const TreeSample& one : view.question.samples) {
    if (view.now.at_ms - one.at_ms > view.hold() + 1000) continue;
    old = find_process(one, process.id);
    if (old != nullptr) break;
  }
  if (old == nullptr || !old->moved_bytes || *process.moved_bytes < *old->moved_bytes + 512) return;
  const std::uint64_t bytes = *process.moved_bytes - *old->moved_bytes;
  verdict.kind = Kind::downloading;
  verdict.normal = true;
  verdict.reason = fmt::format("is downloading from {}: data arrives", block.address);
  verdict.evidence.push_back(fact("bytes read and written meanwhile", size_text(bytes)));
}

Verdict from_block(const ProcessSample& process, const Block& block, std::uint64_t ms,
                   const View& view) {
  Verdict out{.kind = block.kind, .process = process.id, .name = display_name(process)};
  out.key = fmt::format("{} {} {}", kind_name(block.kind), process.id, block.key);
  out.reason = block.reason;
  out.for_ms = ms;
  out.confidence = block.confidence;
  out.evidence = block.evidence;
  look_for_data(out, process, block, view);
  const ProcessSample* compiler = compiler_above(process, view.now);
  if (compiler != nullptr) {
    out.evidence.push_back(fact("C compiler that go started", display_name(*compiler)));
    if (compiler != &process) {
      out.reason += fmt::format("; the C compiler {} waits for it", display_name(*compiler));
    }
  }
  add_context(out, process, view);
  return out;
}

std::string size_of(const ProcessSample& process, const TreeSample& tree) {
  const std::string source = source_of(process);
  const auto at = std::ranges::find(tree.sources, source, &SourceFile::path);
  return at == tree.sources.end() ? std::string() : fmt::format(" ({})", size_text(at->bytes));
}

// Whether the command line is that of a part of a C library, which zig builds itself.
bool of_c_library(const ProcessSample& process) {
  return std::ranges::any_of(process.arguments, [](const std::string& word) {
    return word.contains("/lib/libc/") || word.contains("/compiler_rt") ||
           word.contains("/libunwind/") || word.contains("/libcxx/");
  });
}

Kind kind_of_work(Role role) {
  switch (role) {
    case Role::c_compile:
    case Role::c_driver:
    case Role::assemble:
    case Role::go_compile:
    case Role::go_assemble: return Kind::compiling;
    case Role::link:
    case Role::go_link: return Kind::linking;
    default: return Kind::busy;
  }
}

std::string words_for_work(Kind kind, const ProcessSample& process, const TreeSample& tree) {
  const std::string age = time_text(process.age_ms);
  const std::string what = work_of(process);
  switch (kind) {
    case Kind::compiling: {
      const std::string thing = what.empty() ? std::string("code") : what + size_of(process, tree);
      const bool c = !source_of(process).empty();
      return fmt::format("has been compiling {} for {}: {}, and Go caches the result", thing, age,
                         c ? "a large C file takes a minute and more" : "large packages take long");
    }
    case Kind::linking:
      return fmt::format("has been linking for {}: a large program takes long", age);
    case Kind::zig_library:
      return fmt::format(
          "has been running for {}: its first use for a target builds that target's C library, "
          "which takes about a minute and is cached",
          age);
    default: return fmt::format("has been running for {} without output", age);
  }
}

// Each part of a library that zig builds has an open list of its inputs, "h/<32 digits>.txt" in the
// cache; a file of a user's has one or two. Seen with zig 0.15: over a hundred for musl.
std::size_t open_parts(const ProcessSample& process) {
  constexpr std::size_t name_size = 3 + 32 + 4;  // "/h/", digits, ".txt"
  return static_cast<std::size_t>(std::ranges::count_if(process.files, [](const FileSample& file) {
    const std::string_view path = file.path;
    return path.ends_with(".txt") && path.size() > name_size &&
           path.substr(path.size() - name_size).starts_with("/h/");
  }));
}

bool builds_library(const ProcessSample& process) {
  return of_c_library(process) || (role_of(process) == Role::zig && open_parts(process) >= 8);
}

Kind kind_of_zig(const ProcessSample& process) {
  if (!source_of(process).empty()) return Kind::compiling;
  const bool objects = std::ranges::any_of(process.arguments, [](const std::string& word) {
    return word.ends_with(".o") || word.ends_with(".a");
  });
  return objects ? Kind::linking : Kind::busy;
}

Verdict from_work(const ProcessSample& process, const View& view) {
  Kind kind = kind_of_work(role_of(process));
  const std::string source = source_of(process);
  if (role_of(process) == Role::zig) kind = kind_of_zig(process);
  if (builds_library(process)) kind = Kind::zig_library;
  Verdict out{.kind = kind, .process = process.id, .name = display_name(process)};
  out.key = fmt::format("{} {}", kind_name(kind), process.id);
  out.reason = words_for_work(kind, process, view.now);
  out.normal = kind != Kind::busy;
  out.for_ms = process.age_ms;
  if (kind == Kind::busy || kind == Kind::zig_library) out.confidence = Confidence::likely;
  out.evidence.push_back(
      fact("time on a processor",
           fmt::format("{} ms in the last {} ms", spent(process, view), view.span())));
  out.evidence.push_back(fact("resident memory", size_text(process.resident_kib * 1024)));
  if (const std::size_t parts = open_parts(process); parts > 0 && kind == Kind::zig_library) {
    out.evidence.push_back(fact("parts of libraries that zig has open", fmt::format("{}", parts)));
  }
  if (!source.empty()) {
    out.evidence.push_back(
        {Evidence::Kind::file, source, "the source" + size_of(process, view.now)});
  }
  add_context(out, process, view);
  return out;
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
    if (!long_running(process, view.question.limit_ms)) continue;
    Verdict verdict = from_work(process, view);
    const bool busy = verdict.kind == Kind::busy;
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
  append(out.verdicts, soft);
  collect_work(view, work);
  append(out.verdicts, work);
  if (out.verdicts.empty() && !out.progress && unchanged(view)) {
    out.verdicts.push_back(not_known(view));
  }
  return out;
}

}  // namespace tenon::watch
