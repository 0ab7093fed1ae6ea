#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "base/text.h"
#include "host/process_tree.h"
#include "host/procfs.h"

namespace tenon {
namespace {

constexpr std::size_t most_processes = 512;
constexpr std::size_t most_threads = 64;
constexpr std::size_t most_files = 256;

// A file of /proc: it has no size, and is read to its end.
std::optional<std::string> proc_text(const std::string& path, std::size_t most = 1U << 20U) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string out;
  std::array<char, 16384> buffer;
  while (out.size() < most) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      ::close(fd);
      return std::nullopt;
    }
    if (count == 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(fd);
  return out;
}

std::string proc_link(const std::string& path) {
  std::array<char, 4096> buffer;
  const ssize_t size = ::readlink(path.c_str(), buffer.data(), buffer.size());
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

// Names in a folder of /proc that are numbers.
std::vector<int> numbers_in(const std::string& folder, std::size_t most) {
  std::vector<int> out;
  DIR* const dir = ::opendir(folder.c_str());
  if (dir == nullptr) return out;
  while (const dirent* entry = ::readdir(dir)) {
    const auto number = parse_number(entry->d_name);
    if (number && *number < 1U << 30U) out.push_back(static_cast<int>(*number));
    if (out.size() == most) break;
  }
  ::closedir(dir);
  return out;
}

std::string of(int process, std::string_view name) {
  std::string path = "/proc/" + std::to_string(process) + "/";
  path += name;
  return path;
}

std::uint64_t ticks_to_ms(std::uint64_t ticks) {
  const long per_second = ::sysconf(_SC_CLK_TCK);
  return per_second <= 0 ? 0 : ticks * 1000 / static_cast<std::uint64_t>(per_second);
}

std::uint64_t boot_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

struct CallName {
  long number;
  Call call;
};

#ifdef SYS_poll
constexpr long poll_number = SYS_poll;
#else
constexpr long poll_number = SYS_ppoll;
#endif

constexpr CallName call_names[] = {
#ifdef SYS_open  // newer processors have only the second of these pairs
    {SYS_open, Call::open},
    {SYS_poll, Call::poll},
    {SYS_select, Call::poll},
    {SYS_epoll_wait, Call::epoll},
    {SYS_pause, Call::signal},
#endif
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
};

bool works_on_file(Call call) {
  return call == Call::read || call == Call::write || call == Call::lock_file ||
         call == Call::lock_record || call == Call::connect || call == Call::receive ||
         call == Call::accept;
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

// Numbers of calls are those of the process's own width.
bool same_width(int process) {
  const int fd = ::open(of(process, "exe").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  std::array<char, 5> head{};
  const ssize_t count = ::read(fd, head.data(), head.size());
  ::close(fd);
  return count == 5 && head[4] == (sizeof(void*) == 8 ? 2 : 1);
}

ThreadSample thread_sample(int process, int thread, bool calls) {
  const std::string folder = of(process, "task/" + std::to_string(thread) + "/");
  ThreadSample out;
  out.id = thread;
  if (const auto stat = proc_text(folder + "stat")) {
    if (const auto parsed = procfs::parse_stat(*stat)) out.state = parsed->state;
  }
  if (const auto wait = proc_text(folder + "wchan")) {
    const std::string_view name = trim(*wait);
    if (name != "0") out.wait = name;
  }
  if (!calls) return out;
  const auto text = proc_text(folder + "syscall");
  const auto made = text ? procfs::parse_syscall(*text) : std::nullopt;
  if (!made) return out;
  out.call = call_of(*made);
  if (works_on_file(out.call) && made->arguments[0] < 1U << 20U) {
    out.file = static_cast<int>(made->arguments[0]);
  }
  if (out.call == Call::open) {
    out.path = path_at(process, made->arguments[made->number == SYS_openat ? 1 : 0]);
  }
  if (out.call == Call::poll) out.files = polled(process, *made);
  return out;
}

FileSample::Kind kind_of(unsigned mode, const std::string& path) {
  if (path.starts_with("pipe:[")) return FileSample::Kind::pipe;
  if (S_ISSOCK(mode)) return FileSample::Kind::socket;
  if (S_ISFIFO(mode)) return FileSample::Kind::fifo;
  if (S_ISREG(mode)) return FileSample::Kind::file;
  if (S_ISDIR(mode)) return FileSample::Kind::folder;
  if (path == "/dev/tty" || path == "/dev/console" || path.starts_with("/dev/pts/") ||
      path.starts_with("/dev/tty")) {
    return FileSample::Kind::terminal;
  }
  if (S_ISCHR(mode) || S_ISBLK(mode)) return FileSample::Kind::device;
  return FileSample::Kind::other;
}

// "flags:\t0100001" in octal; the last two bits tell reading from writing.
bool opened_for_writing(int process, int fd) {
  const auto info = proc_text(of(process, "fdinfo/" + std::to_string(fd)));
  if (!info) return false;
  for (const std::string_view line : split(*info, '\n')) {
    if (!line.starts_with("flags:")) continue;
    const auto flags = parse_number(trim(line.substr(6)), 8);
    return flags && (*flags & O_ACCMODE) == O_WRONLY;
  }
  return false;
}

std::optional<FileSample> file_sample(int process, int fd) {
  const std::string path = of(process, "fd/" + std::to_string(fd));
  FileSample out;
  out.number = fd;
  out.path = proc_link(path);
  if (out.path.empty()) return std::nullopt;
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0) out.inode = info.st_ino;
  out.kind = kind_of(info.st_mode, out.path);
  if (out.kind == FileSample::Kind::pipe || out.kind == FileSample::Kind::fifo) {
    out.writes = opened_for_writing(process, fd);
  }
  return out;
}

std::vector<SocketSample> sockets_of(const ProcessSample& process) {
  std::set<std::uint64_t> own;
  for (const FileSample& file : process.files) {
    if (file.kind == FileSample::Kind::socket) own.insert(file.inode);
  }
  std::vector<SocketSample> out;
  if (own.empty()) return out;
  for (const char* table : {"tcp", "tcp6", "udp", "udp6"}) {
    const auto text = proc_text(of(process.id, std::string("net/") + table), 8U << 20U);
    if (!text) continue;
    for (SocketSample& row : procfs::parse_sockets(*text, table[0] == 'u')) {
      if (own.contains(row.inode)) out.push_back(std::move(row));
    }
  }
  return out;
}

void read_threads(ProcessSample& process, std::vector<std::string>& closed) {
  const bool calls = same_width(process.id);
  for (const int thread : numbers_in(of(process.id, "task"), most_threads)) {
    process.threads.push_back(thread_sample(process.id, thread, calls));
  }
  process.threads_known =
      !process.threads.empty() && std::ranges::all_of(process.threads, [](const ThreadSample& one) {
        return one.call != Call::unknown || !one.wait.empty() || one.state == 'R';
      });
  if (process.threads_known || process.state == 'Z') return;
  closed.push_back("/proc/" + std::to_string(process.id) + "/syscall of " + process.name +
                   " cannot be read");
}

void read_files(ProcessSample& process, std::vector<std::string>& closed) {
  const std::string folder = of(process.id, "fd");
  process.files_known = ::access(folder.c_str(), R_OK | X_OK) == 0;
  for (const int fd : numbers_in(folder, most_files)) {
    if (auto file = file_sample(process.id, fd)) process.files.push_back(*std::move(file));
  }
  if (process.files_known || process.state == 'Z') return;
  closed.push_back(folder + " of " + process.name + " cannot be read");
}

void read_rest(ProcessSample& process) {
  process.sockets = sockets_of(process);
  process.folder = proc_link(of(process.id, "cwd"));
  if (const auto io = proc_text(of(process.id, "io"))) {
    const auto read = procfs::named_number(*io, "rchar");
    const auto written = procfs::named_number(*io, "wchar");
    if (read && written) process.moved_bytes = *read + *written;
  }
  if (process.name != "go") return;
  if (const auto environment = proc_text(of(process.id, "environ"))) {
    for (const std::string& entry : procfs::parse_strings(*environment, 4096)) {
      if (entry.starts_with("GOPROXY=")) process.proxy = entry.substr(8);
    }
  }
}

ProcessSample process_sample(const procfs::Stat& stat, std::uint64_t now) {
  ProcessSample out;
  out.id = stat.id;
  out.parent = stat.parent;
  out.state = stat.state;
  out.name = stat.name;
  out.cpu_ms = ticks_to_ms(stat.cpu_ticks);
  out.waited_cpu_ms = ticks_to_ms(stat.waited_cpu_ticks);
  const std::uint64_t start = ticks_to_ms(stat.start_ticks);
  out.age_ms = now > start ? now - start : 0;
  out.major_faults = stat.major_faults;
  out.resident_kib =
      stat.resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
  if (const auto text = proc_text(of(stat.id, "cmdline"), 65536)) {
    out.arguments = procfs::parse_strings(*text, 2048);
  }
  return out;
}

// The root and everything below it, parents first.
std::vector<procfs::Stat> tree_below(int root) {
  std::multimap<int, procfs::Stat> children;
  std::vector<procfs::Stat> out;
  for (const int id : numbers_in("/proc", 1U << 20U)) {
    const auto text = proc_text(of(id, "stat"), 4096);
    if (!text) continue;
    auto stat = procfs::parse_stat(*text);
    if (!stat) continue;
    if (stat->id == root) {
      out.push_back(*std::move(stat));
    } else {
      const int parent = stat->parent;
      children.emplace(parent, *std::move(stat));
    }
  }
  for (std::size_t at = 0; at < out.size() && out.size() < most_processes; ++at) {
    const auto [first, last] = children.equal_range(out[at].id);
    for (auto child = first; child != last; ++child) out.push_back(child->second);
  }
  return out;
}

// All processes that have one of the pipes open.
std::vector<PipeEnd> pipe_ends(const std::set<std::uint64_t>& pipes) {
  std::vector<PipeEnd> out;
  if (pipes.empty()) return out;
  for (const int id : numbers_in("/proc", 1U << 20U)) {
    for (const int fd : numbers_in(of(id, "fd"), most_files)) {
      const auto inode = procfs::link_inode(proc_link(of(id, "fd/" + std::to_string(fd))));
      if (!inode || !pipes.contains(*inode)) continue;
      PipeEnd end{*inode, id, {}, opened_for_writing(id, fd)};
      if (const auto name = proc_text(of(id, "comm"))) end.name = trim(*name);
      out.push_back(std::move(end));
    }
  }
  return out;
}

// Pipes and FIFOs that a thread of the tree waits at.
std::set<std::uint64_t> awaited_pipes(const std::vector<ProcessSample>& processes) {
  std::set<std::uint64_t> out;
  for (const ProcessSample& process : processes) {
    for (const ThreadSample& thread : process.threads) {
      for (const FileSample& file : process.files) {
        const bool meant = file.number == thread.file ||
                           std::ranges::find(thread.files, file.number) != thread.files.end();
        if (meant && file.kind == FileSample::Kind::pipe) out.insert(file.inode);
      }
    }
  }
  return out;
}

void read_group(MemorySample& out, int root) {
  const auto text = proc_text(of(root, "cgroup"));
  if (!text) return;
  const auto group = procfs::parse_memory_group(*text);
  if (group.path.empty()) return;
  const std::string base = group.unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  const std::string folder = base + (group.path == "/" ? "" : group.path) + "/";
  const auto number = [&](const char* name) {
    const auto value = proc_text(folder + name);
    return value ? parse_number(trim(*value)) : std::nullopt;
  };
  if (group.unified) {
    out.group_used = number("memory.current");
    out.group_limit = number("memory.max");
    if (const auto events = proc_text(folder + "memory.events")) {
      out.group_hits = procfs::named_number(*events, "high").value_or(0) +
                       procfs::named_number(*events, "max").value_or(0);
      out.group_kills = procfs::named_number(*events, "oom_kill").value_or(0);
    }
    return;
  }
  out.group_used = number("memory.usage_in_bytes");
  out.group_limit = number("memory.limit_in_bytes");
  out.group_hits = number("memory.failcnt").value_or(0);
  if (const auto control = proc_text(folder + "memory.oom_control")) {
    out.group_kills = procfs::named_number(*control, "oom_kill").value_or(0);
  }
}

std::optional<MemorySample> memory_sample(int root) {
  const auto text = proc_text("/proc/meminfo");
  if (!text) return std::nullopt;
  MemorySample out;
  out.total_kib = procfs::named_number(*text, "MemTotal").value_or(0);
  out.available_kib = procfs::named_number(*text, "MemAvailable").value_or(0);
  out.swap_total_kib = procfs::named_number(*text, "SwapTotal").value_or(0);
  out.swap_free_kib = procfs::named_number(*text, "SwapFree").value_or(0);
  if (const auto pressure = proc_text("/proc/pressure/memory")) {
    const auto parsed = procfs::parse_pressure(*pressure);
    out.some = parsed.some;
    out.full = parsed.full;
  }
  if (const auto paging = proc_text("/proc/vmstat")) {
    out.swapped_in = procfs::named_number(*paging, "pswpin").value_or(0);
    out.swapped_out = procfs::named_number(*paging, "pswpout").value_or(0);
  }
  read_group(out, root);
  return out;
}

bool is_source(std::string_view name) {
  constexpr std::array<std::string_view, 9> endings{".c",  ".cc", ".cpp", ".cxx", ".m",
                                                    ".mm", ".S",  ".s",   ".C"};
  return std::ranges::any_of(endings, [&](std::string_view one) { return name.ends_with(one); });
}

// Sizes of the sources that command lines name.
std::vector<SourceFile> source_sizes(const std::vector<ProcessSample>& processes) {
  std::vector<SourceFile> out;
  for (const ProcessSample& process : processes) {
    for (const std::string& word : process.arguments) {
      if (!is_source(word) || word.starts_with('-') || out.size() == 64) continue;
      std::string path = word;
      if (!word.starts_with('/')) path = of(process.id, "cwd/") + word;
      struct stat info{};
      if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
      out.push_back({word, static_cast<std::uint64_t>(info.st_size)});
    }
  }
  return out;
}

}  // namespace

TreeSample sample_tree(const TreeQuestion& question) {
  TreeSample out;
  out.root = question.root;
  out.at_ms = boot_ms();
  for (const procfs::Stat& stat : tree_below(question.root)) {
    out.processes.push_back(process_sample(stat, out.at_ms));
  }
  if (question.depth == TreeQuestion::Depth::names) return out;
  for (ProcessSample& process : out.processes) {
    read_threads(process, out.closed);
    read_files(process, out.closed);
  }
  if (question.depth == TreeQuestion::Depth::terminal) return out;
  for (ProcessSample& process : out.processes) read_rest(process);
  out.pipe_ends = pipe_ends(awaited_pipes(out.processes));
  out.sources = source_sizes(out.processes);
  if (const auto locks = proc_text("/proc/locks", 8U << 20U)) {
    out.locks = procfs::parse_locks(*locks);
    for (LockSample& lock : out.locks) {
      if (const auto name = proc_text(of(lock.process, "comm"))) lock.name = trim(*name);
    }
  } else {
    out.closed.emplace_back("/proc/locks cannot be read");
  }
  out.memory = memory_sample(question.root);
  return out;
}

std::vector<PipeEnd> writers_of(const std::vector<int>& descriptors) {
  std::set<std::uint64_t> pipes;
  for (const int fd : descriptors) {
    struct stat info{};
    if (::fstat(fd, &info) == 0) pipes.insert(info.st_ino);
  }
  std::vector<PipeEnd> out = pipe_ends(pipes);
  std::erase_if(out, [](const PipeEnd& end) { return !end.writes || end.process == ::getpid(); });
  return out;
}

}  // namespace tenon
