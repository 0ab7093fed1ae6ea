// Texts of /proc: any bytes are read or refused. What is read is judged: a verdict has a name, a
// reason and a key.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "host/procfs.h"
#include "watch/verdict.h"

namespace {

using namespace tenon;

// One process from one part of the input, with the sockets and locks that the rest tells of.
TreeSample sample(std::string_view stat, std::string_view call, std::string_view rest) {
  TreeSample tree;
  tree.locks = procfs::parse_locks(rest);
  ProcessSample process;
  process.arguments = procfs::parse_strings(rest, 16);
  process.sockets = procfs::parse_sockets(rest, false);
  if (const auto parsed = procfs::parse_stat(stat)) {
    process.id = parsed->id;
    process.parent = parsed->parent;
    process.state = parsed->state;
    process.name = parsed->name;
    process.cpu_ms = parsed->cpu_ticks;
  }
  ThreadSample thread;
  if (const auto made = procfs::parse_syscall(call)) {
    constexpr std::array calls{Call::open, Call::read,  Call::write,   Call::lock_file,
                               Call::poll, Call::epoll, Call::receive, Call::sleep};
    thread.call = calls.at(static_cast<std::size_t>(made->number) % calls.size());
    thread.file = static_cast<int>(made->arguments[0] % 8);
    process.threads_known = true;
  }
  process.threads.push_back(thread);
  for (int number = 0; number < 8; ++number) {
    FileSample file;
    file.number = number;
    file.kind = static_cast<FileSample::Kind>(number);
    file.inode = static_cast<std::uint64_t>(number);
    process.files.push_back(file);
  }
  tree.root = process.id;
  MemorySample memory;
  const auto pressure = procfs::parse_pressure(rest);
  memory.some = pressure.some;
  memory.full = pressure.full;
  memory.total_kib = procfs::named_number(rest, "MemTotal").value_or(0);
  memory.available_kib = procfs::named_number(rest, "MemAvailable").value_or(0);
  tree.memory = memory;
  tree.processes.push_back(std::move(process));
  return tree;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t first = std::min(text.find('\n'), text.size());
  const std::size_t second = std::min(text.find('\n', first + 1), text.size());
  const std::string_view stat = text.substr(0, first);
  const std::string_view call = text.substr(first, second - first);
  const std::string_view rest = text.substr(second);
  (void)procfs::parse_group(rest, "memory");
  (void)procfs::link_inode(stat);
  std::array samples{sample(stat, call, rest), sample(stat, call, rest), sample(stat, call, rest)};
  samples[1].at_ms = 5000;
  samples[2].at_ms = 6000;
  watch::Question question;
  question.samples = samples;
  question.silent_ms = 12'000;
  for (const watch::Verdict& verdict : watch::judge(question).verdicts) {
    if (verdict.name.empty() || verdict.reason.empty() || verdict.key.empty()) __builtin_trap();
    if (!code_text(watch::code_of(verdict.kind)).starts_with("TN11")) __builtin_trap();
  }
  (void)watch::status_text(samples[2]);
  (void)watch::asks_on_terminal(samples[2]);
  return 0;
}
