#include "watch/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/role.h"
#include "watch/verdict.h"
#include "watch/view.h"

namespace tenon::watch {
namespace {

std::optional<std::uint64_t> bytes_of(const ProcessSample& process, const TreeSample& tree) {
  const std::string source = source_of(process);
  const auto at = std::ranges::find(tree.sources, source, &SourceFile::path);
  return at == tree.sources.end() ? std::nullopt : std::optional(at->bytes);
}

std::string size_of(const ProcessSample& process, const TreeSample& tree) {
  const auto bytes = bytes_of(process, tree);
  return bytes ? fmt::format(" ({})", size_text(*bytes)) : std::string();
}

bool under_go(const ProcessSample& process, const TreeSample& tree) {
  const ProcessSample* at = &process;
  for (int depth = 0; depth < 16 && at != nullptr; ++depth) {
    if (role_of(*at) == Role::go) return true;
    at = find_process(tree, at->parent);
  }
  return false;
}

// Time on a processor over the last seconds: the proof that it works.
std::string share_text(const ProcessSample& process, const View& view) {
  const TreeSample& since = view.recent();
  const ProcessSample* old = find_process(since, process.id);
  const std::uint64_t before = old == nullptr ? 0 : cpu(*old);
  return fmt::format("{} ms in the last {} ms", cpu(process) > before ? cpu(process) - before : 0,
                     view.now.at_ms - since.at_ms);
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
    case Role::go_assemble:
    case Role::go_tool: return Kind::compiling;
    case Role::test: return Kind::test;
    case Role::link:
    case Role::go_link: return Kind::linking;
    default: return Kind::busy;
  }
}

// A file is called large by its size; a small one takes long by what it includes.
std::string words_for_compiler(const ProcessSample& process, const TreeSample& tree) {
  const std::string what = work_of(process);
  const std::string thing = what.empty() ? std::string("code") : what + size_of(process, tree);
  const std::string start =
      fmt::format("{} {} for {}",
                  role_of(process) == Role::go_tool ? "has been working on" : "has been compiling",
                  thing, time_text(process.age_ms));
  const auto bytes = bytes_of(process, tree);
  std::string why = "what it includes, or optimizing it, takes long";
  if (source_of(process).empty()) {
    why = "large packages take long";
  } else if (bytes && *bytes >= 300'000) {
    why = "a large C file takes a minute and more";
  }
  return fmt::format("{}: {}{}", start, why,
                     under_go(process, tree) ? ", and Go caches the result" : "");
}

std::string words_for_work(Kind kind, const ProcessSample& process, const TreeSample& tree) {
  const std::string age = time_text(process.age_ms);
  switch (kind) {
    case Kind::compiling: return words_for_compiler(process, tree);
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

// A hundredth of a processor: what a nice process on a busy machine still gets.
bool has_share(const ProcessSample& process, const View& view) {
  const TreeSample& since = view.recent();
  const ProcessSample* old = find_process(since, process.id);
  const std::uint64_t before = old == nullptr ? 0 : cpu(*old);
  return cpu(process) > before && (cpu(process) - before) * 100 >= view.now.at_ms - since.at_ms;
}

// It asks for a processor and gets next to nothing of one: that it will end is not certain.
void as_starved(Verdict& out, const ProcessSample& process, const View& view) {
  out.kind = Kind::starved;
  out.normal = false;
  out.confidence = Confidence::likely;
  out.key = fmt::format("starved {}", process.id);
  out.reason = fmt::format("hardly gets a processor, {}: other programs use them",
                           share_text(process, view));
  if (view.now.processor_pressure) {
    const std::uint32_t share = *view.now.processor_pressure;
    out.evidence.push_back(
        fact("pressure on the processors, last 10 s",
             fmt::format("some tasks waited {}.{:02} %", share / 100, share % 100)));
  }
}

// One word for one file or package, whichever of its programs works on it: the compiler, the driver
// that started it, the assembler behind it.
std::string key_of_work(Kind kind, const ProcessSample& process, const TreeSample& tree) {
  const ProcessSample* at = &process;
  const ProcessSample* parent = find_process(tree, process.parent);
  if (parent != nullptr && role_of(*parent) == Role::c_driver) at = parent;
  const std::string source = source_of(*at);
  if (!source.empty() && kind == Kind::compiling) return fmt::format("compiling {}", source);
  return fmt::format("{} {}", kind_name(kind), at->id);
}

// What the control group let the command have of the processors since an earlier sample.
struct HeldBack {
  std::uint64_t periods = 0;
  std::uint64_t held = 0;
};

HeldBack held_back(const View& view) {
  const auto& now = view.now.processors;
  const auto& then = view.recent().processors;
  if (!now || !then || now->path != then->path || now->periods < then->periods) return {};
  return {now->periods - then->periods,
          now->held_back > then->held_back ? now->held_back - then->held_back : 0};
}

std::string quota_text(const ProcessorGroup& group) {
  if (!group.quota_us || group.period_us == 0) return "a part of the processors";
  const std::uint64_t percent = *group.quota_us * 100 / group.period_us;
  return percent >= 100 ? fmt::format("{}.{} processors", percent / 100, percent / 10 % 10)
                        : fmt::format("{} % of a processor", percent);
}

}  // namespace

Verdict from_work(const ProcessSample& process, const View& view) {
  Kind kind = kind_of_work(role_of(process));
  const std::string source = source_of(process);
  if (role_of(process) == Role::zig) kind = kind_of_zig(process);
  if (builds_library(process)) kind = Kind::zig_library;
  Verdict out{.kind = kind, .process = process.id, .name = display_name(process)};
  out.key = key_of_work(kind, process, view.now);
  out.reason = words_for_work(kind, process, view.now);
  out.normal = kind != Kind::busy;
  out.for_ms = process.age_ms;
  if (kind == Kind::busy || kind == Kind::zig_library) out.confidence = Confidence::likely;
  out.evidence.push_back(fact("time on a processor", share_text(process, view)));
  out.evidence.push_back(fact("resident memory", size_text(process.resident_kib * 1024)));
  if (const std::size_t parts = open_parts(process); parts > 0 && kind == Kind::zig_library) {
    out.evidence.push_back(fact("parts of libraries that zig has open", fmt::format("{}", parts)));
  }
  if (!source.empty()) {
    out.evidence.push_back(
        {Evidence::Kind::file, source, "the source" + size_of(process, view.now)});
  }
  if (kind != Kind::busy && !has_share(process, view)) {
    as_starved(out, process, view);
  } else if (const ProcessSample* test = test_of(process, view.now)) {
    out.normal = true;
    as_test(out, process, *test, view);
  }
  add_context(out, process, view);
  return out;
}

std::optional<Verdict> throttled(const View& view) {
  const HeldBack group = held_back(view);
  if (group.periods < 3 || group.held * 2 < group.periods) return std::nullopt;
  const TreeSample& since = view.recent();
  std::uint64_t sum = 0;
  const ProcessSample* most = nullptr;
  for (const ProcessSample& process : view.now.processes) {
    const ProcessSample* old = find_process(since, process.id);
    if (old != nullptr && cpu(process) > cpu(*old)) sum += cpu(process) - cpu(*old);
    if (ended(process) || !is_leaf(process, view.now)) continue;
    if (most == nullptr || cpu(process) > cpu(*most)) most = &process;
  }
  if (most == nullptr || sum * 2 >= view.now.at_ms - since.at_ms) return std::nullopt;
  Verdict out{.kind = Kind::starved, .process = most->id, .name = display_name(*most)};
  out.key = "throttled";
  out.reason = fmt::format(
      "hardly gets a processor: its control group may use {} and was held back in {} of the last "
      "{} periods",
      quota_text(*view.now.processors), group.held, group.periods);
  out.for_ms = view.now.at_ms - since.at_ms;
  out.advice = "Raise the group's limit on processor time (docker --cpus, limits.cpu), or wait.";
  out.evidence.push_back(
      fact("cpu.stat of control group " + view.now.processors->path,
           fmt::format("throttled in {} of {} periods meanwhile", group.held, group.periods)));
  out.evidence.push_back(fact("time on a processor", share_text(*most, view)));
  add_context(out, *most, view);
  return out;
}

}  // namespace tenon::watch
