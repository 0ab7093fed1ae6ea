#include <fcntl.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "host/owners.h"
#include "host/proc_files.h"
#include "host/procfs.h"

namespace tenon {
namespace {

using procfs::most_descriptors;
using procfs::numbers_in;
using procfs::of;
using procfs::proc_link;
using procfs::proc_text;

std::optional<procfs::Stat> stat_of(int process) {
  const auto text = proc_text(of(process, "stat"), 4096);
  return text ? procfs::parse_stat(*text) : std::nullopt;
}

bool needs_search(const LockSample& lock, const std::set<std::uint64_t>& awaited) {
  return !lock.waits && awaited.contains(lock.inode) && lock.name.empty();
}

// Descriptors of one process that hold a lock on a file somebody waits for.
void add_holders(int process, const std::set<std::uint64_t>& awaited,
                 std::vector<LockSample>& out) {
  for (const int fd : numbers_in(of(process, "fdinfo"), most_descriptors)) {
    const auto info = proc_text(of(process, "fdinfo/" + std::to_string(fd)));
    if (!info || !info->contains("\nlock:")) continue;
    for (LockSample& lock : procfs::parse_descriptor_locks(*info)) {
      if (lock.waits || !awaited.contains(lock.inode)) continue;
      const auto stat = stat_of(process);
      if (!stat) continue;
      lock.process = process;
      lock.name = stat->name;
      lock.state = stat->state;
      out.push_back(std::move(lock));
    }
  }
}

}  // namespace

// The last two bits tell reading from writing.
bool opened_for_writing(int process, int descriptor) {
  const auto info = proc_text(of(process, "fdinfo/" + std::to_string(descriptor)));
  return info && (procfs::opened_flags(*info) & O_ACCMODE) == O_WRONLY;
}

std::vector<PipeEnd> holders_of(const std::set<std::uint64_t>& inodes) {
  std::vector<PipeEnd> out;
  if (inodes.empty()) return out;
  for (const int id : numbers_in("/proc", 1U << 20U)) {
    for (const int fd : numbers_in(of(id, "fd"), most_descriptors)) {
      const auto inode = procfs::link_inode(proc_link(of(id, "fd/" + std::to_string(fd))));
      if (!inode || !inodes.contains(*inode)) continue;
      PipeEnd end{*inode, id, {}, opened_for_writing(id, fd)};
      if (const auto stat = stat_of(id)) {
        end.name = stat->name;
        end.state = stat->state;
      }
      out.push_back(std::move(end));
    }
  }
  return out;
}

void name_lock_holders(std::vector<LockSample>& locks, const std::set<std::uint64_t>& awaited) {
  bool search = false;
  for (LockSample& lock : locks) {
    if (!awaited.contains(lock.inode)) continue;
    if (const auto stat = lock.process == 0 ? std::nullopt : stat_of(lock.process)) {
      lock.name = stat->name;
      lock.state = stat->state;
    }
    search = search || needs_search(lock, awaited);
  }
  if (!search) return;
  std::vector<LockSample> found;
  for (const int id : numbers_in("/proc", 1U << 20U)) add_holders(id, awaited, found);
  if (found.empty()) return;
  std::erase_if(locks, [&](const LockSample& lock) { return needs_search(lock, awaited); });
  for (LockSample& lock : found) locks.push_back(std::move(lock));
}

}  // namespace tenon
