#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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
#include "host/control_group.h"
#include "host/owners.h"
#include "host/proc_files.h"
#include "host/process_tree.h"
#include "host/procfs.h"
#include "host/socket_list.h"
#include "host/thread_call.h"

namespace tenon {
namespace {

constexpr std::size_t most_processes = 512;
constexpr std::size_t most_threads = 64;

using procfs::most_files;
using procfs::numbers_in;
using procfs::of;
using procfs::proc_link;
using procfs::proc_text;

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
  if (made) read_call(out, process, *made);
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

std::optional<FileSample> file_sample(int process, int fd) {
  const std::string path = of(process, "fd/" + std::to_string(fd));
  FileSample out;
  out.number = fd;
  out.path = proc_link(path);
  if (out.path.empty()) return std::nullopt;
  // What is known without asking: the server of a file system may be what does not answer.
  struct statx info{};
  constexpr unsigned wanted = STATX_TYPE | STATX_INO;
  if (::statx(AT_FDCWD, path.c_str(), AT_STATX_DONT_SYNC, wanted, &info) == 0) {
    out.inode = info.stx_ino;
  }
  out.kind = kind_of(info.stx_mode, out.path);
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
      if (!own.contains(row.inode)) continue;
      own.erase(row.inode);
      out.push_back(std::move(row));
    }
  }
  // What is left is of the machine itself, mostly.
  for (const std::uint64_t inode : own) out.push_back({.inode = inode, .unix_domain = true});
  return out;
}

// The end of a unix socket that has a name, and its other end: where nobody has accepted the
// connection, the socket that listens.
void add_local(SocketSample& socket, const std::map<std::uint64_t, LocalSocket>& all) {
  const auto own = all.find(socket.inode);
  if (own == all.end()) return;
  socket.state = SocketSample::State::established;
  socket.path = own->second.path;
  socket.peer = own->second.peer;
  for (const auto& [inode, other] : all) {
    if (socket.peer == 0 && other.waiting.contains(socket.inode)) socket.peer = inode;
  }
  const auto peer = all.find(socket.peer);
  if (socket.path.empty() && peer != all.end()) socket.path = peer->second.path;
}

// Facts of sockets that /proc/net does not have.
void read_sockets(std::vector<ProcessSample>& processes) {
  const auto any = [&](auto wanted) {
    return std::ranges::any_of(processes, [&](const ProcessSample& process) {
      return std::ranges::any_of(process.sockets, wanted);
    });
  };
  std::map<std::uint64_t, std::uint64_t> received;
  std::map<std::uint64_t, LocalSocket> local;
  if (any([](const SocketSample& one) { return !one.remote.empty(); })) received = received_bytes();
  if (any([](const SocketSample& one) { return one.unix_domain; })) local = local_sockets();
  for (ProcessSample& process : processes) {
    for (SocketSample& socket : process.sockets) {
      const auto bytes = received.find(socket.inode);
      if (bytes != received.end()) socket.received = bytes->second;
      if (socket.unix_domain) add_local(socket, local);
    }
  }
}

// Whether what a person types at the terminal is shown: a question, or a password. "/dev/tty" is
// the terminal of whoever asks, and we have the command's.
std::optional<bool> echo_of(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  termios mode{};
  const bool known = ::tcgetattr(fd, &mode) == 0;
  ::close(fd);
  if (!known) return std::nullopt;
  return (mode.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
}

bool works_on(const ThreadSample& thread, int file) {
  return file == thread.file || std::ranges::find(thread.files, file) != thread.files.end();
}

void read_terminals(ProcessSample& process) {
  for (FileSample& file : process.files) {
    if (file.kind != FileSample::Kind::terminal) continue;
    const bool read = std::ranges::any_of(
        process.threads, [&](const ThreadSample& one) { return works_on(one, file.number); });
    if (read) file.echo = echo_of(file.path);
  }
}

// Which mount a thread waits for, when it waits for a disk or for the server of a file system.
void read_mounts(ProcessSample& process) {
  for (ThreadSample& thread : process.threads) {
    const bool served = thread.wait.contains("request_wait") || thread.wait.contains("rpc_");
    if (thread.state != 'D' && !served) continue;
    std::string path = thread.path;
    for (const FileSample& file : process.files) {
      if (path.empty() && file.number == thread.file) path = file.path;
    }
    if (path.empty()) continue;
    if (!path.starts_with('/')) path.insert(0, process.folder + "/");
    const auto text = proc_text(of(process.id, "mountinfo"), 8U << 20U);
    const auto mount = text ? procfs::mount_of(*text, path) : std::nullopt;
    thread.path = path;
    if (!mount) continue;
    thread.mount = mount->type;
    thread.mount.append(" on ").append(mount->point).append(" from ").append(mount->source);
  }
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
  const std::vector<int> numbers = numbers_in(folder, most_files + 1);
  for (const int fd : numbers) {
    if (auto file = file_sample(process.id, fd)) process.files.push_back(*std::move(file));
  }
  const bool all = numbers.size() <= most_files;
  if ((process.files_known && all) || process.state == 'Z') return;
  closed.push_back(folder + " of " + process.name +
                   (process.files_known ? " has more than 1,024 files" : " cannot be read"));
  process.files_known = false;
}

void read_rest(ProcessSample& process) {
  process.sockets = sockets_of(process);
  process.folder = proc_link(of(process.id, "cwd"));
  read_terminals(process);
  read_mounts(process);
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
  out.background = stat.terminal_group > 0 && stat.group != stat.terminal_group;
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

// Pipes that a thread of the tree waits at, and the other ends of its unix sockets.
std::set<std::uint64_t> awaited_ends(const std::vector<ProcessSample>& processes) {
  std::set<std::uint64_t> out;
  for (const ProcessSample& process : processes) {
    for (const ThreadSample& thread : process.threads) {
      for (const FileSample& file : process.files) {
        const bool pipe = file.kind == FileSample::Kind::pipe;
        if (pipe && works_on(thread, file.number)) out.insert(file.inode);
      }
    }
    for (const SocketSample& socket : process.sockets) {
      if (socket.peer != 0) out.insert(socket.peer);
    }
  }
  return out;
}

// Files that a thread of the tree wants to lock.
std::set<std::uint64_t> awaited_files(const std::vector<ProcessSample>& processes) {
  std::set<std::uint64_t> out;
  for (const ProcessSample& process : processes) {
    for (const ThreadSample& thread : process.threads) {
      if (thread.call != Call::lock_file && thread.call != Call::lock_record) continue;
      for (const FileSample& file : process.files) {
        if (file.number == thread.file) out.insert(file.inode);
      }
    }
  }
  return out;
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
  read_memory_group(out, root);
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
    if (process.state == 'D') continue;  // the file may be what it waits for
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

std::vector<int> ancestors_of(int process) {
  std::vector<int> out;
  while (process > 1 && out.size() < 64) {
    const auto text = proc_text(of(process, "stat"), 4096);
    const auto stat = text ? procfs::parse_stat(*text) : std::nullopt;
    if (!stat) break;
    process = stat->parent;
    out.push_back(process);
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
  read_sockets(out.processes);
  out.ancestors = ancestors_of(question.root);
  out.pipe_ends = holders_of(awaited_ends(out.processes));
  out.sources = source_sizes(out.processes);
  if (const auto locks = proc_text("/proc/locks", 8U << 20U)) {
    out.locks = procfs::parse_locks(*locks);
    name_lock_holders(out.locks, awaited_files(out.processes));
  } else {
    out.closed.emplace_back("/proc/locks cannot be read");
  }
  out.memory = memory_sample(question.root);
  out.processors = processor_group(question.root);
  if (const auto pressure = proc_text("/proc/pressure/cpu")) {
    out.processor_pressure = procfs::parse_pressure(*pressure).some;
  }
  return out;
}

std::vector<PipeEnd> writers_of(const std::vector<int>& descriptors) {
  std::set<std::uint64_t> pipes;
  for (const int fd : descriptors) {
    struct stat info{};
    if (::fstat(fd, &info) == 0) pipes.insert(info.st_ino);
  }
  std::vector<PipeEnd> out = holders_of(pipes);
  std::erase_if(out, [](const PipeEnd& end) { return !end.writes || end.process == ::getpid(); });
  return out;
}

}  // namespace tenon
