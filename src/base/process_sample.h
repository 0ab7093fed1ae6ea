// What can be seen of a process tree at one moment: host takes it, engine/watch judges it. What the
// system did not let us read is marked as such, never left out silently.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tenon {

// What a thread asked of the kernel and waits for; named by meaning, since numbers differ by
// processor.
enum class Call {
  unknown,  // not told
  running,  // it is on a processor, or ready for one
  other,    // a call that no verdict needs
  open,
  lookup,  // another call that walks a path or asks a file system: stat, readdir, fsync
  read,
  write,
  lock_file,    // flock
  lock_record,  // fcntl with F_SETLKW or F_OFD_SETLKW
  poll,         // poll, select
  epoll,
  connect,
  receive,
  accept,
  sleep,
  futex,
  wait_child,
  signal,     // pause, sigsuspend
  semaphore,  // semop
  message,    // msgrcv, mq_timedreceive
};

struct ThreadSample {
  int id = 0;
  char state = '?';  // R runs, S sleeps, D waits for a device, T stopped, t traced, Z ended
  std::string wait;  // the function of the kernel that it sleeps in; empty when not told
  Call call = Call::unknown;
  int file = -1;           // the descriptor that the call works on, -1 for none
  std::string path;        // of an open or lookup call, when it could be read
  std::string mount;       // "fuse.sshfs on /mnt from host:/x": of a thread that waits for a disk
  std::vector<int> files;  // descriptors of a poll or epoll call, when they could be read
  std::optional<std::int64_t> timeout_ms;  // of such a call; -1: it has none
};

struct FileSample {
  enum class Kind { file, folder, terminal, pipe, fifo, socket, device, other };
  int number = -1;
  Kind kind = Kind::other;
  std::string path;         // "/dev/tty", "pipe:[73116]"
  std::uint64_t inode = 0;  // of a file, a pipe or a socket
  bool writes = false;      // open for writing only
  std::optional<bool> echo =
      std::nullopt;  // of a terminal that is read: whether it shows the input
};

struct SocketSample {
  enum class State { unknown, established, connecting, listening, closing };
  std::uint64_t inode = 0;
  bool datagram = false;
  State state = State::unknown;
  std::string local = {};  // "127.0.0.1", "::1"; empty for any
  std::uint16_t local_port = 0;
  std::string remote = {};  // empty when not connected
  std::uint16_t remote_port = 0;
  std::uint64_t unread = 0;  // bytes that the program has not taken
  std::uint64_t unsent = 0;  // bytes that the other side has not confirmed
  std::optional<std::uint64_t> received = std::nullopt;  // bytes since the connection was made
  bool unix_domain = false;
  std::string path = {};   // of a unix socket: the name of the end that has one
  std::uint64_t peer = 0;  // inode of its other end, to be found in `pipe_ends`; 0 for none
};

struct ProcessSample {
  int id = 0;
  int parent = 0;
  char state = '?';
  std::string name;                    // as the kernel knows it, at most 15 characters
  std::vector<std::string> arguments;  // empty when not told
  std::string folder;                  // its working directory
  std::string proxy;                   // GOPROXY of its environment
  std::uint64_t cpu_ms = 0;            // of the process
  std::uint64_t waited_cpu_ms = 0;     // of children that have ended
  std::uint64_t age_ms = 0;
  std::uint64_t resident_kib = 0;
  std::optional<std::uint64_t> moved_bytes;  // through read and write calls, any kind of file
  std::uint64_t major_faults = 0;            // pages that had to come from a disk
  std::vector<ThreadSample> threads;
  std::vector<FileSample> files;
  std::vector<SocketSample> sockets;
  bool background = false;     // its group is not the one that may use the terminal
  bool threads_known = false;  // whether `threads` holds what each waits for
  bool files_known = false;
};

// One row of the list of file locks.
struct LockSample {
  int process = 0;  // 0 when it is out of sight
  std::uint64_t inode = 0;
  bool waits = false;
  std::string name;  // of the process
  char state = '?';  // of the process
};

// Who has the other end of a pipe or unix socket that a process of the tree waits for.
struct PipeEnd {
  std::uint64_t inode = 0;
  int process = 0;
  std::string name;
  bool writes = false;
  char state = '?';
};

struct MemorySample {
  std::uint64_t total_kib = 0;
  std::uint64_t available_kib = 0;
  std::uint64_t swap_total_kib = 0;
  std::uint64_t swap_free_kib = 0;
  // Share of the last 10 seconds that some, or all, tasks waited for memory, in hundredths of a
  // percent.
  std::optional<std::uint32_t> some;
  std::optional<std::uint32_t> full;
  std::uint64_t swapped_in = 0;   // pages since the start
  std::uint64_t swapped_out = 0;  // pages since the start
  // Of the control group: bytes used and allowed, times that the limit was hit, processes killed.
  std::optional<std::uint64_t> group_used;
  std::optional<std::uint64_t> group_limit;
  std::uint64_t group_hits = 0;
  std::uint64_t group_kills = 0;
};

// A control group that may use a part of the processors' time: its periods so far, and in how many
// of them it was held back.
struct ProcessorGroup {
  std::string path;
  std::optional<std::uint64_t> quota_us = std::nullopt;  // of each period
  std::uint64_t period_us = 0;
  std::uint64_t periods = 0;
  std::uint64_t held_back = 0;
};

struct SourceFile {
  std::string path;
  std::uint64_t bytes = 0;
};

struct TreeSample {
  std::uint64_t at_ms = 0;               // since any fixed moment
  int root = 0;                          // the command
  std::vector<int> ancestors;            // of the command: this process and those above it
  std::vector<ProcessSample> processes;  // the command and all that it started
  std::vector<LockSample> locks;
  std::vector<PipeEnd> pipe_ends;
  std::vector<std::string> dialogs;  // windows of the system that wait for an answer
  std::vector<SourceFile> sources;   // sizes of files named by compilers' command lines
  std::vector<std::string> closed;   // what could not be read, and why
  std::optional<MemorySample> memory;
  std::optional<ProcessorGroup> processors;         // the strictest group of the command
  std::optional<std::uint32_t> processor_pressure;  // some tasks waited for one, as in MemorySample
};

}  // namespace tenon
