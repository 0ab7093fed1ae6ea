// Names of verdicts, and the words of the status line.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/process_sample.h"
#include "diag/codes.h"
#include "watch/block.h"
#include "watch/role.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

struct KindName {
  Kind kind;
  Code code;
  std::string_view name;
};

constexpr KindName kind_names[] = {
    {Kind::compiling, Code::watch_compiling, "compiling"},
    {Kind::zig_library, Code::watch_zig_library, "zig-library"},
    {Kind::linking, Code::watch_linking, "linking"},
    {Kind::downloading, Code::watch_downloading, "downloading"},
    {Kind::no_answer, Code::watch_no_answer, "no-answer"},
    {Kind::dns, Code::watch_dns, "dns"},
    {Kind::terminal, Code::watch_terminal, "terminal"},
    {Kind::lock, Code::watch_lock, "lock"},
    {Kind::sleeps, Code::watch_sleeps, "sleeps"},
    {Kind::pipe_full, Code::watch_pipe_full, "pipe-full"},
    {Kind::stopped, Code::watch_stopped, "stopped"},
    {Kind::fifo, Code::watch_fifo, "fifo"},
    {Kind::memory, Code::watch_memory, "memory"},
    {Kind::dialog, Code::watch_dialog, "dialog"},
    {Kind::input, Code::watch_input, "input"},
    {Kind::disk, Code::watch_disk, "disk"},
    {Kind::busy, Code::watch_busy, "busy"},
    {Kind::unknown, Code::watch_unknown, "unknown"},
    {Kind::held_open, Code::watch_held_open, "held-open"},
    {Kind::not_read, Code::watch_not_read, "not-read"},
    {Kind::starved, Code::watch_starved, "starved"},
    {Kind::test, Code::watch_test, "test"},
    {Kind::left_behind, Code::watch_left_behind, "left-behind"},
    {Kind::repeats, Code::watch_repeats, "repeats"},
};

const KindName& row(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::string_view verb(Role role) {
  switch (role) {
    case Role::go_compile:
    case Role::c_compile:
    case Role::c_driver:
    case Role::zig: return "compiling";
    case Role::go_assemble:
    case Role::assemble: return "assembling";
    case Role::go_link:
    case Role::link: return "linking";
    case Role::repository:
    case Role::remote: return "fetching";
    case Role::test: return "testing";
    default: return {};
  }
}

}  // namespace

Code code_of(Kind kind) { return row(kind).code; }

std::string_view kind_name(Kind kind) { return row(kind).name; }

std::string status_text(const TreeSample& now) {
  const ProcessSample* best = nullptr;
  std::size_t others = 0;
  for (const ProcessSample& process : now.processes) {
    if (ended(process) || !is_leaf(process, now)) continue;
    ++others;
    const bool telling = !verb(role_of(process)).empty();
    const bool best_telling = best != nullptr && !verb(role_of(*best)).empty();
    // The one that began first holds up the rest.
    if (best == nullptr || (telling && !best_telling) ||
        (telling == best_telling && process.age_ms > best->age_ms)) {
      best = &process;
    }
  }
  if (best == nullptr) return {};
  const std::string_view what = verb(role_of(*best));
  const std::string work = work_of(*best);
  std::string out = what.empty() ? display_name(*best) : std::string(what);
  if (!what.empty()) out += " " + (work.empty() ? "with " + display_name(*best) : work);
  out += fmt::format(", {}", time_text(best->age_ms));
  if (others > 1) out += fmt::format("; {} more running", others - 1);
  return out;
}

bool asks_on_terminal(const TreeSample& now) {
  return std::ranges::any_of(now.processes, [&](const ProcessSample& process) {
    if (ended(process)) return false;
    // A program that opens the terminal by its name means to talk to a person.
    if (std::ranges::any_of(process.files, [](const FileSample& file) {
          return file.kind == FileSample::Kind::terminal && file.path == "/dev/tty" &&
                 file.number > 2;
        })) {
      return true;
    }
    const auto block = block_of(process, now);
    return block && block->kind == Kind::terminal;
  });
}

}  // namespace tenon::watch
