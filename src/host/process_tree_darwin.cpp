// Not run on a Mac so far: written from <libproc.h>, <sys/proc_info.h> and <sys/sysctl.h>. macOS
// does not tell what a thread waits for, who holds a lock, or what a process read: these stay
// unknown.
#include <arpa/inet.h>
#include <libproc.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <sys/proc_info.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <set>
#include <string_view>

#include "host/process_tree.h"
#include "host/procfs.h"

namespace tenon {
namespace {

constexpr std::size_t most_processes = 512;
constexpr std::size_t most_threads = 64;

std::vector<int> all_processes() {
  const int count = ::proc_listallpids(nullptr, 0);
  if (count <= 0) return {};
  std::vector<int> out(static_cast<std::size_t>(count) + 64);
  const int got = ::proc_listallpids(out.data(), static_cast<int>(out.size() * sizeof(int)));
  out.resize(got <= 0 ? 0 : std::min(static_cast<std::size_t>(got), out.size()));
  return out;
}

// All of a structure, or nothing.
template <class T>
bool info_of(int process, int flavor, std::uint64_t argument, T& out) {
  const int size = static_cast<int>(sizeof out);
  return ::proc_pidinfo(process, flavor, argument, &out, size) == size;
}

template <class T>
bool file_info_of(int process, int fd, int flavor, T& out) {
  const int size = static_cast<int>(sizeof out);
  return ::proc_pidfdinfo(process, fd, flavor, &out, size) == size;
}

template <class T>
std::vector<T> list_of(int process, int flavor, std::size_t most) {
  std::vector<T> out(most);
  const int size =
      ::proc_pidinfo(process, flavor, 0, out.data(), static_cast<int>(most * sizeof(T)));
  out.resize(size <= 0 ? 0 : static_cast<std::size_t>(size) / sizeof(T));
  return out;
}

std::uint64_t mach_to_ms(std::uint64_t time) {
  mach_timebase_info_data_t base{};
  if (::mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0) return 0;
  return time / base.denom * base.numer / 1'000'000;
}

std::uint64_t now_ms(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

// SIDL 1, SRUN 2, SSLEEP 3, SSTOP 4, SZOMB 5 of <sys/proc.h>. SRUN is what most processes are.
char state_of(std::uint32_t status) {
  if (status == 4) return 'T';
  return status == 5 ? 'Z' : 'S';
}

// A count, the path of the program, zero bytes, then the arguments and the environment.
std::vector<std::string> words_of(int process, bool environment) {
  std::array<int, 3> name{CTL_KERN, KERN_PROCARGS2, process};
  std::size_t size = 0;
  if (::sysctl(name.data(), 3, nullptr, &size, nullptr, 0) != 0 || size < sizeof(int)) return {};
  std::string text(size, '\0');
  if (::sysctl(name.data(), 3, text.data(), &size, nullptr, 0) != 0 || size < sizeof(int)) {
    return {};
  }
  text.resize(size);
  int count = 0;
  text.copy(reinterpret_cast<char*>(&count), sizeof count);
  std::string_view rest = std::string_view(text).substr(sizeof count);
  rest.remove_prefix(std::min(rest.find('\0'), rest.size()));
  rest.remove_prefix(std::min(rest.find_first_not_of('\0'), rest.size()));
  std::vector<std::string> words = procfs::parse_strings(rest, 8192);
  const std::size_t arguments =
      std::min(words.size(), static_cast<std::size_t>(std::max(count, 0)));
  if (environment) {
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(arguments));
  } else {
    words.resize(arguments);
  }
  return words;
}

ProcessSample process_sample(const proc_taskallinfo& info, std::uint64_t wall_ms) {
  ProcessSample out;
  out.id = static_cast<int>(info.pbsd.pbi_pid);
  out.parent = static_cast<int>(info.pbsd.pbi_ppid);
  out.state = state_of(info.pbsd.pbi_status);
  const char* name = info.pbsd.pbi_comm;
  out.name.assign(name, ::strnlen(name, sizeof info.pbsd.pbi_comm));
  out.arguments = words_of(out.id, false);
  out.cpu_ms = mach_to_ms(info.ptinfo.pti_total_user + info.ptinfo.pti_total_system);
  const std::uint64_t start = info.pbsd.pbi_start_tvsec * 1000 + info.pbsd.pbi_start_tvusec / 1000;
  out.age_ms = wall_ms > start ? wall_ms - start : 0;
  out.resident_kib = info.ptinfo.pti_resident_size / 1024;
  out.major_faults = static_cast<std::uint64_t>(std::max(0, info.ptinfo.pti_pageins));
  return out;
}

std::vector<ProcessSample> tree_below(int root) {
  const std::uint64_t wall_ms = now_ms(CLOCK_REALTIME);
  std::multimap<int, proc_taskallinfo> children;
  std::vector<ProcessSample> out;
  for (const int id : all_processes()) {
    proc_taskallinfo info{};
    if (!info_of(id, PROC_PIDTASKALLINFO, 0, info)) continue;  // of another user, or gone
    if (id == root) out.push_back(process_sample(info, wall_ms));
    if (id != root) children.emplace(static_cast<int>(info.pbsd.pbi_ppid), info);
  }
  for (std::size_t at = 0; at < out.size() && out.size() < most_processes; ++at) {
    const auto [first, last] = children.equal_range(out[at].id);
    for (auto child = first; child != last; ++child) {
      out.push_back(process_sample(child->second, wall_ms));
    }
  }
  return out;
}

char thread_state(int state) {
  switch (state) {
    case TH_STATE_RUNNING: return 'R';
    case TH_STATE_STOPPED: return 'T';
    case TH_STATE_UNINTERRUPTIBLE: return 'D';
    default: return 'S';
  }
}

void read_threads(ProcessSample& process) {
  for (const auto handle : list_of<std::uint64_t>(process.id, PROC_PIDLISTTHREADS, most_threads)) {
    proc_threadinfo info{};
    if (!info_of(process.id, PROC_PIDTHREADINFO, handle, info)) continue;
    ThreadSample thread;
    thread.id = static_cast<int>(process.threads.size()) + 1;
    thread.state = thread_state(info.pth_run_state);
    if (thread.state == 'R') thread.call = Call::running;
    process.threads.push_back(std::move(thread));
  }
}

FileSample vnode_sample(int process, int fd) {
  FileSample out;
  out.number = fd;
  vnode_fdinfowithpath info{};
  if (!file_info_of(process, fd, PROC_PIDFDVNODEPATHINFO, info)) return out;
  out.path.assign(info.pvip.vip_path, ::strnlen(info.pvip.vip_path, sizeof info.pvip.vip_path));
  out.inode = info.pvip.vip_vi.vi_stat.vst_ino;
  out.writes = (info.pfi.fi_openflags & 3U) == 2U;  // FREAD 1, FWRITE 2 of <sys/fcntl.h>
  const unsigned mode = info.pvip.vip_vi.vi_stat.vst_mode;
  if (S_ISREG(mode)) out.kind = FileSample::Kind::file;
  if (S_ISDIR(mode)) out.kind = FileSample::Kind::folder;
  if (S_ISFIFO(mode)) out.kind = FileSample::Kind::fifo;
  if (S_ISBLK(mode) || S_ISCHR(mode)) out.kind = FileSample::Kind::device;
  if (S_ISCHR(mode) && out.path.starts_with("/dev/tty")) out.kind = FileSample::Kind::terminal;
  if (out.path == "/dev/console") out.kind = FileSample::Kind::terminal;
  return out;
}

// Both ends name the other: the smaller handle stands for the pipe.
FileSample pipe_sample(int process, int fd) {
  FileSample out;
  out.number = fd;
  out.kind = FileSample::Kind::pipe;
  pipe_fdinfo info{};
  if (!file_info_of(process, fd, PROC_PIDFDPIPEINFO, info)) return out;
  out.inode = std::min(info.pipeinfo.pipe_handle, info.pipeinfo.pipe_peerhandle);
  if (info.pipeinfo.pipe_peerhandle == 0) out.inode = info.pipeinfo.pipe_handle;
  out.writes = (info.pfi.fi_openflags & 3U) == 2U;
  out.path = "pipe:[" + std::to_string(out.inode) + "]";
  return out;
}

std::string address_of(const in_sockinfo& info) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool four = (info.insi_vflag & 1U) != 0;  // INI_IPV4
  const void* bytes = four ? static_cast<const void*>(&info.insi_faddr.ina_46.i46a_addr4)
                           : static_cast<const void*>(&info.insi_faddr.ina_6);
  if (::inet_ntop(four ? AF_INET : AF_INET6, bytes, text.data(), text.size()) == nullptr) return {};
  const std::string out = text.data();
  return out == "0.0.0.0" || out == "::" ? std::string() : out;
}

SocketSample::State socket_state(int state) {
  switch (state) {
    case TSI_S_ESTABLISHED: return SocketSample::State::established;
    case TSI_S_SYN_SENT: return SocketSample::State::connecting;
    case TSI_S_LISTEN: return SocketSample::State::listening;
    case TSI_S_CLOSED: return SocketSample::State::unknown;
    default: return SocketSample::State::closing;
  }
}

void read_socket(ProcessSample& process, int fd) {
  socket_fdinfo info{};
  FileSample file;
  file.number = fd;
  file.kind = FileSample::Kind::socket;
  if (!file_info_of(process.id, fd, PROC_PIDFDSOCKETINFO, info)) return;
  file.inode = info.psi.soi_so;
  process.files.push_back(file);
  const bool tcp = info.psi.soi_kind == SOCKINFO_TCP;
  if (!tcp && info.psi.soi_kind != SOCKINFO_IN) return;
  const in_sockinfo& in = tcp ? info.psi.soi_proto.pri_tcp.tcpsi_ini : info.psi.soi_proto.pri_in;
  SocketSample socket;
  socket.inode = file.inode;
  socket.datagram = !tcp;
  socket.remote = address_of(in);
  socket.remote_port = ntohs(static_cast<std::uint16_t>(in.insi_fport));
  socket.unread = info.psi.soi_rcv.sbi_cc;
  socket.unsent = info.psi.soi_snd.sbi_cc;
  socket.state =
      tcp ? socket_state(info.psi.soi_proto.pri_tcp.tcpsi_state) : SocketSample::State::established;
  process.sockets.push_back(std::move(socket));
}

void read_files(ProcessSample& process, std::vector<std::string>& closed) {
  const auto list = list_of<proc_fdinfo>(process.id, PROC_PIDLISTFDS, 256);
  process.files_known = !list.empty();
  if (list.empty() && process.state != 'Z') {
    closed.push_back("open files of " + process.name + " cannot be read");
  }
  for (const proc_fdinfo& one : list) {
    switch (one.proc_fdtype) {
      case PROX_FDTYPE_VNODE: process.files.push_back(vnode_sample(process.id, one.proc_fd)); break;
      case PROX_FDTYPE_PIPE: process.files.push_back(pipe_sample(process.id, one.proc_fd)); break;
      case PROX_FDTYPE_SOCKET: read_socket(process, one.proc_fd); break;
      default: break;
    }
  }
}

void read_rest(ProcessSample& process) {
  proc_vnodepathinfo paths{};
  if (info_of(process.id, PROC_PIDVNODEPATHINFO, 0, paths)) {
    const char* path = paths.pvi_cdir.vip_path;
    process.folder.assign(path, ::strnlen(path, sizeof paths.pvi_cdir.vip_path));
  }
  if (process.name != "go") return;
  for (const std::string& entry : words_of(process.id, true)) {
    if (entry.starts_with("GOPROXY=")) process.proxy = entry.substr(8);
  }
}

// The program that xcode-select's stand-ins start, and that waits for a click.
std::vector<std::string> open_dialogs() {
  std::vector<std::string> out;
  for (const int id : all_processes()) {
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    if (::proc_pidpath(id, path.data(), path.size()) <= 0) continue;
    const std::string_view text = path.data();
    if (text.contains("/Install Command Line Developer Tools.app/")) {
      out.push_back("Install Command Line Developer Tools (" + std::to_string(id) + ")");
    }
  }
  return out;
}

std::uint64_t system_number(const char* name) {
  std::uint64_t value = 0;
  std::size_t size = sizeof value;
  return ::sysctlbyname(name, &value, &size, nullptr, 0) == 0 ? value : 0;
}

std::optional<MemorySample> memory_sample() {
  vm_statistics64_data_t info{};
  mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
  const mach_port_t host = ::mach_host_self();
  const kern_return_t got =
      ::host_statistics64(host, HOST_VM_INFO64, reinterpret_cast<host_info64_t>(&info), &count);
  ::mach_port_deallocate(::mach_task_self(), host);
  if (got != KERN_SUCCESS) return std::nullopt;
  const auto page_kib = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
  MemorySample out;
  out.total_kib = system_number("hw.memsize") / 1024;
  out.available_kib =
      (std::uint64_t{info.free_count} + info.inactive_count + info.purgeable_count) * page_kib;
  out.swapped_in = info.swapins;
  out.swapped_out = info.swapouts;
  xsw_usage swap{};
  std::size_t size = sizeof swap;
  if (::sysctlbyname("vm.swapusage", &swap, &size, nullptr, 0) == 0) {
    out.swap_total_kib = swap.xsu_total / 1024;
    out.swap_free_kib = swap.xsu_avail / 1024;
  }
  return out;
}

bool is_source(std::string_view name) {
  constexpr std::array<std::string_view, 7> endings{".c", ".cc", ".cpp", ".cxx", ".m", ".mm", ".S"};
  return !name.starts_with('-') &&
         std::ranges::any_of(endings, [&](std::string_view one) { return name.ends_with(one); });
}

std::vector<SourceFile> source_sizes(const std::vector<ProcessSample>& processes) {
  std::vector<SourceFile> out;
  for (const ProcessSample& process : processes) {
    for (const std::string& word : process.arguments) {
      if (!is_source(word) || out.size() == 64) continue;
      const std::string path = word.starts_with('/') ? word : process.folder + "/" + word;
      struct stat info{};
      if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
      out.push_back({word, static_cast<std::uint64_t>(info.st_size)});
    }
  }
  return out;
}

// All that can be seen of the pipes.
std::vector<PipeEnd> pipe_ends(const std::set<std::uint64_t>& pipes) {
  std::vector<PipeEnd> out;
  if (pipes.empty()) return out;
  for (const int id : all_processes()) {
    for (const proc_fdinfo& one : list_of<proc_fdinfo>(id, PROC_PIDLISTFDS, 256)) {
      if (one.proc_fdtype != PROX_FDTYPE_PIPE) continue;
      const FileSample file = pipe_sample(id, one.proc_fd);
      if (!pipes.contains(file.inode)) continue;
      std::array<char, 256> name{};
      ::proc_name(id, name.data(), name.size());
      out.push_back({file.inode, id, name.data(), file.writes});
    }
  }
  return out;
}

}  // namespace

TreeSample sample_tree(const TreeQuestion& question) {
  TreeSample out;
  out.root = question.root;
  out.at_ms = now_ms(CLOCK_MONOTONIC);
  out.processes = tree_below(question.root);
  if (question.depth == TreeQuestion::Depth::names) return out;
  for (ProcessSample& process : out.processes) {
    read_threads(process);
    read_files(process, out.closed);
  }
  if (question.depth == TreeQuestion::Depth::terminal) return out;
  for (ProcessSample& process : out.processes) read_rest(process);
  out.closed.emplace_back("macOS does not report what a thread waits for, or who holds a lock");
  out.sources = source_sizes(out.processes);
  out.dialogs = open_dialogs();
  out.memory = memory_sample();
  return out;
}

std::vector<PipeEnd> writers_of(const std::vector<int>& descriptors) {
  std::set<std::uint64_t> pipes;
  for (const int fd : descriptors) {
    if (fd >= 0) pipes.insert(pipe_sample(::getpid(), fd).inode);
  }
  std::vector<PipeEnd> out = pipe_ends(pipes);
  std::erase_if(out, [](const PipeEnd& end) { return !end.writes || end.process == ::getpid(); });
  return out;
}

}  // namespace tenon
