// What a thread asked of the kernel, as /proc tells: numbers of calls and their arguments.
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "base/process_sample.h"
#include "host/proc_files.h"
#include "host/procfs.h"
#include "host/thread_call.h"

namespace tenon {
namespace {

struct CallName {
  long number;
  Call call;
};

#ifdef SYS_poll
constexpr long poll_number = SYS_poll;
#else
constexpr long poll_number = SYS_ppoll;
#endif

#ifdef SYS_newfstatat
constexpr long status_at_number = SYS_newfstatat;
#else
constexpr long status_at_number = SYS_statx;
#endif

constexpr CallName call_names[] = {
#ifdef SYS_open  // newer processors have only the second of these pairs
    {SYS_open, Call::open},
    {SYS_poll, Call::poll},
    {SYS_select, Call::poll},
    {SYS_epoll_wait, Call::epoll},
    {SYS_pause, Call::signal},
    {SYS_stat, Call::lookup},
    {SYS_lstat, Call::lookup},
    {SYS_access, Call::lookup},
    {SYS_readlink, Call::lookup},
    {SYS_mkdir, Call::lookup},
    {SYS_unlink, Call::lookup},
    {SYS_rename, Call::lookup},
#endif
    {status_at_number, Call::lookup},
    {SYS_statx, Call::lookup},
    {SYS_faccessat, Call::lookup},
    {SYS_readlinkat, Call::lookup},
    {SYS_mkdirat, Call::lookup},
    {SYS_unlinkat, Call::lookup},
    {SYS_execve, Call::lookup},
    {SYS_chdir, Call::lookup},
    {SYS_getdents64, Call::lookup},
    {SYS_fsync, Call::lookup},
    {SYS_fdatasync, Call::lookup},
    {SYS_fstat, Call::lookup},
    {SYS_pread64, Call::read},
    {SYS_pwrite64, Call::write},
    {SYS_openat, Call::open},
    {SYS_read, Call::read},
    {SYS_readv, Call::read},
    {SYS_write, Call::write},
    {SYS_writev, Call::write},
    {SYS_flock, Call::lock_file},
    {SYS_ppoll, Call::poll},
    {SYS_pselect6, Call::poll},
    {SYS_epoll_pwait, Call::epoll},
    {SYS_connect, Call::connect},
    {SYS_recvfrom, Call::receive},
    {SYS_recvmsg, Call::receive},
    {SYS_accept, Call::accept},
    {SYS_accept4, Call::accept},
    {SYS_nanosleep, Call::sleep},
    {SYS_clock_nanosleep, Call::sleep},
    {SYS_futex, Call::futex},
    {SYS_wait4, Call::wait_child},
    {SYS_waitid, Call::wait_child},
    {SYS_rt_sigsuspend, Call::signal},
    {SYS_rt_sigtimedwait, Call::signal},
#ifdef SYS_semop
    {SYS_semop, Call::semaphore},
    {SYS_msgrcv, Call::message},
#endif
#ifdef SYS_semtimedop
    {SYS_semtimedop, Call::semaphore},
#endif
    {SYS_mq_timedreceive, Call::message},
};

bool works_on_file(Call call) {
  return call == Call::read || call == Call::write || call == Call::lock_file ||
         call == Call::lock_record || call == Call::connect || call == Call::receive ||
         call == Call::accept;
}

// Where the path of a call stands among its arguments.
enum class PathPlace { first, second, none };

PathPlace path_place(long number) {
  constexpr std::array<long, 6> at_folder{SYS_openat,     SYS_statx,   SYS_faccessat,
                                          SYS_readlinkat, SYS_mkdirat, SYS_unlinkat};
  constexpr std::array<long, 4> of_descriptor{SYS_getdents64, SYS_fsync, SYS_fdatasync, SYS_fstat};
  if (std::ranges::find(of_descriptor, number) != of_descriptor.end()) return PathPlace::none;
  if (std::ranges::find(at_folder, number) != at_folder.end()) return PathPlace::second;
  return number == status_at_number ? PathPlace::second : PathPlace::first;
}

Call call_of(const procfs::SystemCall& made) {
  if (made.running) return Call::running;
  if (made.number < 0) return Call::other;
  if (made.number == SYS_fcntl) {
    const bool waits = made.arguments[1] == F_SETLKW || made.arguments[1] == 38;  // F_OFD_SETLKW
    return waits ? Call::lock_record : Call::other;
  }
  const auto* row = std::ranges::find(call_names, made.number, &CallName::number);
  return row == std::end(call_names) ? Call::other : row->call;
}

// Bytes of another process, as many as can be read.
std::string memory_of(int process, std::uint64_t address, std::size_t size) {
  std::string out(size, '\0');
  iovec here{out.data(), out.size()};
  iovec there{reinterpret_cast<void*>(address), size};  // NOLINT(performance-no-int-to-ptr)
  const ssize_t count = ::process_vm_readv(process, &here, 1, &there, 1, 0);
  out.resize(count <= 0 ? 0 : static_cast<std::size_t>(count));
  return out;
}

// The text at an address, read page by page: the next page may not exist.
std::string path_at(int process, std::uint64_t address) {
  std::string out;
  while (out.size() < 4096) {
    const std::size_t left = 4096 - address % 4096;
    const std::string part = memory_of(process, address, left);
    const std::size_t end = part.find('\0');
    out += part.substr(0, end);
    if (end != part.npos) return out;
    if (part.size() < left) return {};
    address += left;
  }
  return {};
}

std::vector<int> polled(int process, const procfs::SystemCall& made) {
  const bool poll_call = made.number == SYS_ppoll || made.number == poll_number;
  std::vector<int> out;
  if (call_of(made) == Call::epoll) {
    const auto info =
        procfs::proc_text(procfs::of(process, "fdinfo/" + std::to_string(made.arguments[0])));
    return info ? procfs::parse_watched(*info) : out;
  }
  if (poll_call) {
    const std::size_t count = std::min<std::uint64_t>(made.arguments[1], 64);
    const std::string bytes = memory_of(process, made.arguments[0], count * sizeof(pollfd));
    for (std::size_t at = 0; at + sizeof(pollfd) <= bytes.size(); at += sizeof(pollfd)) {
      pollfd entry{};
      bytes.copy(reinterpret_cast<char*>(&entry), sizeof entry, at);
      if (entry.fd >= 0 && (entry.events & POLLIN) != 0) out.push_back(entry.fd);
    }
    return out;
  }
  // select: a bit a descriptor.
  const std::size_t count = std::min<std::uint64_t>(made.arguments[0], 1024);
  const std::string bits = memory_of(process, made.arguments[1], (count + 7) / 8);
  for (std::size_t i = 0; i < count && i / 8 < bits.size(); ++i) {
    if ((static_cast<unsigned char>(bits[i / 8]) >> (i % 8) & 1U) != 0) {
      out.push_back(static_cast<int>(i));
    }
  }
  return out;
}

// In milliseconds; -1 for a wait without an end.
std::optional<std::int64_t> timeout_of(int process, const procfs::SystemCall& made) {
  if (made.number == SYS_ppoll) {
    if (made.arguments[2] == 0) return -1;
    const std::string bytes = memory_of(process, made.arguments[2], sizeof(timespec));
    if (bytes.size() != sizeof(timespec)) return std::nullopt;
    timespec time{};
    bytes.copy(reinterpret_cast<char*>(&time), sizeof time);
    return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
  }
  const bool poll_call = made.number == poll_number;
  if (!poll_call && call_of(made) != Call::epoll) return std::nullopt;
  return static_cast<std::int32_t>(made.arguments.at(poll_call ? 2 : 3) & 0xffffffffU);
}

void read_path(ThreadSample& out, int process, const procfs::SystemCall& made) {
  const PathPlace place = path_place(made.number);
  if (place == PathPlace::none) {
    if (made.arguments[0] < 1U << 20U) out.file = static_cast<int>(made.arguments[0]);
    return;
  }
  out.path = path_at(process, made.arguments[place == PathPlace::second ? 1 : 0]);
  const auto folder = static_cast<std::int32_t>(made.arguments[0] & 0xffffffffU);
  if (place == PathPlace::first || out.path.starts_with('/') || folder < 0) return;
  const std::string base = procfs::proc_link(procfs::of(process, "fd/" + std::to_string(folder)));
  if (!base.empty()) out.path = base + "/" + out.path;
}

}  // namespace

void read_call(ThreadSample& out, int process, const procfs::SystemCall& made) {
  out.call = call_of(made);
  if (works_on_file(out.call) && made.arguments[0] < 1U << 20U) {
    out.file = static_cast<int>(made.arguments[0]);
  }
  if (out.call == Call::open || out.call == Call::lookup) read_path(out, process, made);
  if (out.call == Call::poll || out.call == Call::epoll) {
    out.files = polled(process, made);
    out.timeout_ms = timeout_of(process, made);
  }
}

}  // namespace tenon
