#include "watch/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/network_wait.h"
#include "watch/partner.h"
#include "watch/role.h"
#include "watch/test_wait.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

std::string_view call_name(Call call) {
  switch (call) {
    case Call::unknown: return "not told";
    case Call::running: return "runs";
    case Call::other: return "another call";
    case Call::open: return "open";
    case Call::lookup: return "question to a file system";
    case Call::read: return "read";
    case Call::write: return "write";
    case Call::lock_file: return "flock";
    case Call::lock_record: return "fcntl lock";
    case Call::poll: return "poll";
    case Call::epoll: return "epoll";
    case Call::connect: return "connect";
    case Call::receive: return "receive";
    case Call::accept: return "accept";
    case Call::sleep: return "sleep";
    case Call::futex: return "futex";
    case Call::wait_child: return "wait for a child";
    case Call::signal: return "wait for a signal";
    case Call::semaphore: return "semop";
    case Call::message: return "wait for a message";
  }
  return "not told";
}

bool waits_in(const ThreadSample& thread, std::string_view name) {
  return thread.wait.contains(name);
}

// The terminal stops a program in the background that reads it (SIGTTIN), or that writes or changes
// it where that is forbidden (SIGTTOU).
const ThreadSample* stopped_by_terminal(const ProcessSample& process) {
  if (process.state != 'T' || !process.background) return nullptr;
  const auto at = std::ranges::find_if(process.threads, [&](const ThreadSample& thread) {
    const FileSample* file = file_of(process, thread.file);
    return file != nullptr && file->kind == FileSample::Kind::terminal &&
           (thread.call == Call::read || thread.call == Call::write);
  });
  return at == process.threads.end() ? nullptr : &*at;
}

std::optional<Block> stopped(const ProcessSample& process) {
  if (process.state != 'T' && process.state != 't') return std::nullopt;
  Block out{.kind = Kind::stopped, .key = std::string("stopped ") + process.state, .hard = true};
  out.reason = process.state == 't' ? "is held by a debugger or tracer" : "is stopped by a signal";
  out.evidence.push_back(fact(fmt::format("state of {}", display_name(process)),
                              process.state == 't' ? "t (traced)" : "T (stopped)"));
  if (process.state == 'T') out.advice = fmt::format("Continue it: kill -CONT {}", process.id);
  if (const ThreadSample* thread = stopped_by_terminal(process)) {
    const bool reads = thread->call == Call::read;
    out.reason = fmt::format("is stopped: it {} the terminal in the background ({})",
                             reads ? "reads" : "writes to", reads ? "SIGTTIN" : "SIGTTOU");
    out.advice =
        "Bring it to the foreground with fg, or start it with </dev/null; kill -CONT alone would "
        "stop it again.";
    out.evidence.push_back(thread_fact(process, *thread));
  }
  return out;
}

std::optional<Block> opens_fifo(const ProcessSample& process, const ThreadSample& thread) {
  const bool told = waits_in(thread, "wait_for_partner") || waits_in(thread, "fifo_open");
  if (!told && (thread.call != Call::open || thread.state != 'S' || !thread.wait.empty())) {
    return std::nullopt;
  }
  Block out{.kind = Kind::fifo, .key = "fifo " + thread.path, .hard = true};
  const std::string what = thread.path.empty() ? "a FIFO" : "the FIFO " + thread.path;
  out.reason = fmt::format("waits until another process opens the other end of {}", what);
  if (!told) {
    out.confidence = Confidence::likely;
    out.reason = fmt::format("cannot open {}: the call does not return, as for a FIFO",
                             thread.path.empty() ? "a file" : thread.path);
  }
  out.evidence.push_back(thread_fact(process, thread));
  if (!thread.path.empty()) out.evidence.push_back(fact("file being opened", thread.path));
  if (!process.folder.empty()) out.evidence.push_back(fact("folder", process.folder));
  return out;
}

std::string lock_advice(std::string_view path) {
  if (path.ends_with("/cache/lock")) return " (Go's module cache)";
  if (path.contains("/cache/download/") && path.ends_with(".lock")) {
    return " (one module of Go's module cache)";
  }
  return {};
}

struct Holders {
  std::string names;
  bool seen = false;    // somebody holds it, whether he can be named or not
  bool itself = false;  // through another descriptor
  int stopped = 0;      // one of them that does not run
};

std::string name_with_state(const std::string& name, int id, char state) {
  return fmt::format("{} ({}){}", name, id, state == 'T' ? ", which is stopped" : "");
}

Holders holders_of_lock(const ProcessSample& process, std::uint64_t inode, const TreeSample& tree) {
  Holders out;
  for (const LockSample& lock : tree.locks) {
    if (lock.inode != inode || lock.waits) continue;
    out.itself = out.itself || (lock.process == process.id && lock.process != 0);
    if (lock.process == process.id && lock.process != 0) continue;
    out.seen = true;
    if (lock.process == 0) continue;
    if (lock.state == 'T') out.stopped = lock.process;
    const std::string who = name_with_state(lock.name, lock.process, lock.state);
    if (out.names.contains(who)) continue;
    if (!out.names.empty()) out.names += " and ";
    out.names += who;
  }
  return out;
}

std::optional<Block> waits_for_lock(const ProcessSample& process, const ThreadSample& thread,
                                    const TreeSample& tree) {
  if (thread.call != Call::lock_file && thread.call != Call::lock_record) return std::nullopt;
  const FileSample* file = file_of(process, thread.file);
  const std::string path = file == nullptr ? "a file that cannot be named" : file->path;
  Block out{.kind = Kind::lock, .key = "lock " + path, .hard = true};
  const Holders holders = file == nullptr ? Holders{} : holders_of_lock(process, file->inode, tree);
  out.reason = fmt::format("waits for the lock {}{}", path, lock_advice(path));
  if (!holders.names.empty()) {
    out.reason += ", held by " + holders.names;
    out.evidence.push_back(fact("list of locks", fmt::format("{} holds it", holders.names)));
  } else if (holders.itself && !holders.seen) {
    out.reason += ", which it holds itself through another descriptor";
  } else {
    out.reason +=
        holders.seen ? ", held by a process that is not visible" : "; its holder is unknown";
  }
  if (holders.stopped != 0) {
    out.advice = fmt::format("Continue the holder: kill -CONT {}", holders.stopped);
  }
  out.evidence.push_back(thread_fact(process, thread));
  return out;
}

bool only_terminals(const ProcessSample& process, const ThreadSample& thread) {
  return !thread.files.empty() && std::ranges::all_of(thread.files, [&](int number) {
    const FileSample* file = file_of(process, number);
    return file != nullptr && file->kind == FileSample::Kind::terminal;
  });
}

// The terminal that a thread reads, or null.
const FileSample* terminal_read(const ProcessSample& process, const ThreadSample& thread) {
  if (thread.call == Call::poll && only_terminals(process, thread)) {
    return file_of(process, thread.files.front());
  }
  if (thread.call != Call::read) return nullptr;
  const FileSample* file = file_of(process, thread.file);
  return file != nullptr && file->kind == FileSample::Kind::terminal ? file : nullptr;
}

std::optional<Block> reads_terminal(const ProcessSample& process, const ThreadSample& thread) {
  const FileSample* file = terminal_read(process, thread);
  if (file == nullptr && !waits_in(thread, "n_tty_read")) return std::nullopt;
  const std::string path = file == nullptr ? "the terminal" : file->path;
  Block out{.kind = Kind::terminal, .key = "terminal " + path, .hard = true};
  const Role role = role_of(process);
  const bool asks = role == Role::repository || role == Role::remote;
  out.reason = fmt::format("waits for {} on the terminal ({})",
                           asks ? "a name, a password or other input" : "an answer", path);
  out.evidence.push_back(thread_fact(process, thread));
  if (file != nullptr && file->echo) {
    out.evidence.push_back(fact(path, *file->echo ? "shows what is typed" : "hides what is typed"));
  }
  // ssh shows the answer to its question about a host, and hides a secret.
  if (ssh_name(process) && file != nullptr && file->echo) {
    const std::string host = ssh_host(process);
    out.reason = *file->echo
                     ? fmt::format("asks whether to trust the key of the host {} ({})", host, path)
                     : fmt::format("asks for the password or pass phrase for {} ({})", host, path);
    out.advice = *file->echo
                     ? "Compare the fingerprint and answer yes; for builds add the key before: "
                       "ssh-keyscan HOST >> ~/.ssh/known_hosts"
                     : "Answer it; for builds use a key that ssh-agent holds (ssh-add).";
  }
  return out;
}

// Where the system does not tell what a thread waits for: prompts open the terminal by its name.
std::optional<Block> opened_terminal(const ProcessSample& process) {
  if (process.threads_known) return std::nullopt;
  const auto file = std::ranges::find_if(process.files, [](const FileSample& one) {
    return one.kind == FileSample::Kind::terminal && one.path == "/dev/tty" && one.number > 2;
  });
  if (file == process.files.end()) return std::nullopt;
  Block out{.kind = Kind::terminal,
            .key = "terminal " + file->path,
            .hard = true,
            .confidence = Confidence::likely};
  out.reason = "has opened the terminal, and probably waits for input from it";
  out.evidence.push_back(fact(fmt::format("descriptor {}", file->number), file->path));
  return out;
}

std::string others_at(const ProcessSample& process, const TreeSample& tree, std::uint64_t pipe,
                      bool writers, bool& in_tree) {
  std::string out;
  for (const PipeEnd& end : tree.pipe_ends) {
    if (end.inode != pipe || end.writes != writers || end.process == process.id) continue;
    // What only inherited an end does not use it: the ancestors of the process.
    if (find_process(tree, end.process) != nullptr) {
      in_tree = true;
      continue;
    }
    const std::string who = name_with_state(end.name, end.process, end.state);
    if (out.contains(who)) continue;
    if (!out.empty()) out += ", ";
    out += who;
  }
  return out;
}

// A process of the tree that reads the pipe right now, or could: not one that waits for its child.
bool reader_in_tree(const ProcessSample& process, const TreeSample& tree, std::uint64_t pipe) {
  return std::ranges::any_of(tree.pipe_ends, [&](const PipeEnd& end) {
    return end.inode == pipe && !end.writes && end.process != process.id &&
           find_process(tree, end.process) != nullptr;
  });
}

std::optional<Block> writes_full_pipe(const ProcessSample& process, const ThreadSample& thread,
                                      const TreeSample& tree) {
  if (thread.call != Call::write && !waits_in(thread, "pipe_write")) return std::nullopt;
  const FileSample* file = file_of(process, thread.file);
  const bool pipe =
      (file != nullptr && file->kind == FileSample::Kind::pipe) || waits_in(thread, "pipe_write");
  if (!pipe) return std::nullopt;
  const std::uint64_t inode = file == nullptr ? 0 : file->inode;
  // Another process of the tree should read: it is the one that makes this one wait.
  if (file != nullptr && reader_in_tree(process, tree, inode)) return std::nullopt;
  Block out{.kind = Kind::pipe_full, .key = fmt::format("pipe {}", inode), .hard = true};
  bool in_tree = false;
  const std::string readers = others_at(process, tree, inode, false, in_tree);
  out.reason = "cannot write: the pipe is full and ";
  if (file == nullptr) {
    out.reason += "its reader is unknown";
  } else {
    out.reason += readers.empty() ? "no process reads it" : readers + " does not read it";
  }
  out.evidence.push_back(thread_fact(process, thread));
  if (file != nullptr) {
    out.evidence.push_back(fact(fmt::format("descriptor {}", file->number), file->path));
    out.evidence.push_back(
        fact("readers of the pipe", readers.empty() ? "none except itself" : readers));
  }
  return out;
}

std::optional<Block> reads_pipe(const ProcessSample& process, const ThreadSample& thread,
                                const TreeSample& tree) {
  if (thread.call != Call::read) return std::nullopt;
  const FileSample* file = file_of(process, thread.file);
  if (file == nullptr || file->kind != FileSample::Kind::pipe) return std::nullopt;
  bool in_tree = false;
  const std::string writers = others_at(process, tree, file->inode, true, in_tree);
  if (in_tree) return std::nullopt;
  Block out{.kind = Kind::input, .key = fmt::format("input {}", file->inode)};
  out.reason = fmt::format("waits for input on {}: ", file->number == 0
                                                          ? std::string("its standard input")
                                                          : fmt::format("pipe {}", file->inode));
  out.reason += writers.empty() ? "no process is left to write to it" : writers + " writes nothing";
  out.evidence.push_back(thread_fact(process, thread));
  return out;
}

// inotify(7): a watcher of files waits for somebody to change one.
std::optional<Block> waits_for_change(const ProcessSample& process, const ThreadSample& thread) {
  const auto watches = [&](int number) {
    const FileSample* file = file_of(process, number);
    return file != nullptr && file->path.contains("inotify");
  };
  const bool reads = thread.call == Call::read && watches(thread.file);
  const bool polls = (thread.call == Call::poll || thread.call == Call::epoll) &&
                     thread.files.size() == 1 && watches(thread.files.front());
  if (!reads && !polls) return std::nullopt;
  Block out{.kind = Kind::input, .key = "inotify"};
  out.reason = "waits until a file changes: it watches files, and does not end by itself";
  out.advice = "Start the watcher apart from the build, or leave it out.";
  out.evidence.push_back(thread_fact(process, thread));
  return out;
}

std::optional<Block> waits_for_semaphore(const ProcessSample& process, const ThreadSample& thread) {
  const bool message = thread.call == Call::message;
  if (thread.call != Call::semaphore && !message) return std::nullopt;
  Block out{.kind = Kind::lock, .key = message ? "message queue" : "semaphore"};
  out.reason = message ? "waits for a message in a queue that no process writes to"
                       : "waits for a semaphore that no process releases";
  out.advice = message ? "`ipcs -q` lists the queues of System V, and who used them last."
                       : "`ipcs -s` lists the semaphores; `ipcs -s -i ID` shows who used one last.";
  out.evidence.push_back(thread_fact(process, thread));
  return out;
}

// Writers of a pipe, when none of them is in the tree or above it: what was started by the command
// and does not belong to it any more.
std::vector<PipeEnd> strangers_at(const TreeSample& tree, std::uint64_t pipe) {
  std::vector<PipeEnd> out;
  for (const PipeEnd& end : tree.pipe_ends) {
    if (end.inode != pipe || !end.writes) continue;
    if (find_process(tree, end.process) != nullptr) return {};
    if (std::ranges::find(tree.ancestors, end.process) != tree.ancestors.end()) return {};
    out.push_back(end);
  }
  return out;
}

// A pipe that the process made for a child and reads to its end: the child has ended, and what the
// child started holds the other end. Standard streams come from outside and are no such pipes.
std::optional<Block> waits_for_left_behind(const ProcessSample& process, const ThreadSample& thread,
                                           const TreeSample& tree) {
  for (const FileSample& file : process.files) {
    const bool awaited = (thread.call == Call::read && file.number == thread.file) ||
                         ((thread.call == Call::poll || thread.call == Call::epoll) &&
                          std::ranges::find(thread.files, file.number) != thread.files.end());
    if (!awaited || file.number <= 2 || file.writes || file.kind != FileSample::Kind::pipe)
      continue;
    const auto others = strangers_at(tree, file.inode);
    if (others.empty()) continue;
    const PipeEnd& first = others.front();
    const std::string who = name_with_state(first.name, first.process, first.state);
    Block out{.kind = Kind::left_behind, .key = fmt::format("left behind {}", first.process)};
    out.reason = fmt::format(
        "waits for the end of a pipe that {} holds open; that process was left behind by a child "
        "that has ended",
        who);
    out.advice = fmt::format(
        "End it: kill {}. In a Go test: wait for the child process, or set cmd.WaitDelay.",
        first.process);
    for (const PipeEnd& end : others) {
      out.evidence.push_back(fact(fmt::format("writing end of pipe {}", file.inode),
                                  name_with_state(end.name, end.process, end.state)));
    }
    out.evidence.push_back(thread_fact(process, thread));
    return out;
  }
  return std::nullopt;
}

// The unix socket that a thread waits at. In a large set of descriptors none of them is meant.
const SocketSample* awaited_local(const ProcessSample& process, const ThreadSample& thread) {
  const bool one = thread.call == Call::read || thread.call == Call::receive ||
                   thread.call == Call::connect || thread.call == Call::write;
  const bool set =
      (thread.call == Call::poll || thread.call == Call::epoll) && thread.files.size() <= 2;
  for (const FileSample& file : process.files) {
    const bool meant = (one && file.number == thread.file) ||
                       (set && std::ranges::find(thread.files, file.number) != thread.files.end());
    if (!meant || file.kind != FileSample::Kind::socket) continue;
    const auto at = std::ranges::find_if(process.sockets, [&](const SocketSample& socket) {
      return socket.inode == file.inode && socket.unix_domain && (one || socket.peer != 0);
    });
    if (at != process.sockets.end()) return &*at;
  }
  return nullptr;
}

std::optional<Block> waits_for_local_socket(const ProcessSample& process,
                                            const ThreadSample& thread, const TreeSample& tree) {
  const SocketSample* socket = awaited_local(process, thread);
  if (socket == nullptr) return std::nullopt;
  std::string server;
  for (const PipeEnd& end : tree.pipe_ends) {
    if (end.inode != socket->peer || socket->peer == 0) continue;
    // A process of the tree: it is the one that makes this one wait.
    if (find_process(tree, end.process) != nullptr) return std::nullopt;
    const std::string who = name_with_state(end.name, end.process, end.state);
    if (server.contains(who)) continue;
    if (!server.empty()) server += ", ";
    server += who;
  }
  const std::string path = socket->path.empty() ? "a unix socket" : "the socket " + socket->path;
  Block out{.kind = Kind::no_answer, .key = "socket " + socket->path, .address = socket->path};
  out.reason = fmt::format("is connected to {} of {}, but gets no response", path,
                           server.empty() ? "a process that is not visible" : server);
  out.advice = fmt::format("Look at the server of the socket{}{}: it accepts and does not answer.",
                           server.empty() ? "" : ", ", server);
  out.evidence.push_back(thread_fact(process, thread));
  if (!server.empty()) out.evidence.push_back(fact("other end of the socket", server));
  return out;
}

std::optional<Block> sleeps(const ProcessSample& process) {
  if (process.threads.size() != 1) return std::nullopt;
  const ThreadSample& thread = process.threads.front();
  const bool sleep = thread.call == Call::sleep || waits_in(thread, "nanosleep");
  if (!sleep && thread.call != Call::signal) return std::nullopt;
  Block out{.kind = Kind::sleeps, .key = "sleeps"};
  out.reason = sleep ? "sleeps and does nothing" : "waits for a signal and does nothing";
  out.evidence.push_back(thread_fact(process, thread));
  return out;
}

// "fuse.sshfs on /mnt from host:/x"
bool served_elsewhere(std::string_view mount) {
  return std::ranges::any_of(
      std::to_array<std::string_view>({"fuse", "nfs", "cifs", "smb", "9p", "ceph", "afs"}),
      [&](std::string_view kind) { return mount.starts_with(kind); });
}

std::optional<Block> waits_for_disk(const ProcessSample& process) {
  for (const ThreadSample& thread : process.threads) {
    const bool remote = waits_in(thread, "request_wait") || waits_in(thread, "rpc_wait") ||
                        served_elsewhere(thread.mount);
    if (thread.state != 'D' && !waits_in(thread, "request_wait") && !waits_in(thread, "rpc_wait"))
      continue;
    Block out{.kind = Kind::disk, .key = "disk " + thread.mount, .confidence = Confidence::likely};
    out.reason = remote ? "waits for a file system that another program or machine serves"
                        : "waits for a disk or another device";
    if (!thread.mount.empty()) {
      out.reason += fmt::format(": {}, {}", thread.path, thread.mount);
      out.advice = fmt::format("Check what serves it: {}", thread.mount);
      out.evidence.push_back(fact("mount", thread.mount));
    }
    if (!thread.path.empty()) out.evidence.push_back(fact("file asked for", thread.path));
    out.evidence.push_back(thread_fact(process, thread));
    return out;
  }
  return std::nullopt;
}

// An ended child that its parent has not asked about: the parent does not notice that it is done.
std::optional<Block> leaves_zombie(const ProcessSample& process, const TreeSample& tree) {
  for (const ProcessSample& child : tree.processes) {
    if (child.parent != process.id || !ended(child)) continue;
    Block out{.kind = Kind::sleeps, .key = fmt::format("zombie {}", child.id)};
    out.reason = fmt::format("does not collect its child {}, which has ended (a zombie)",
                             display_name(child));
    out.advice =
        fmt::format("The fault is in {}: it must wait for its children.", display_name(process));
    out.evidence.push_back(fact(fmt::format("state of {}", display_name(child)), "Z (zombie)"));
    for (Evidence& one : thread_evidence(process)) out.evidence.push_back(std::move(one));
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Block> block_of(const ProcessSample& process, const TreeSample& tree) {
  if (ended(process)) return std::nullopt;
  if (auto block = stopped(process)) return block;
  for (const ThreadSample& thread : process.threads) {
    if (auto block = opens_fifo(process, thread)) return block;
    if (auto block = waits_for_lock(process, thread, tree)) return block;
    if (auto block = reads_terminal(process, thread)) return block;
    if (auto block = writes_full_pipe(process, thread, tree)) return block;
  }
  if (!is_leaf(process, tree)) return std::nullopt;
  if (auto block = opened_terminal(process)) return block;
  if (auto block = waits_for_disk(process)) return block;
  if (role_of(process) == Role::test) return test_waits(process);
  if (auto block = leaves_zombie(process, tree)) return block;
  if (auto block = waits_for_network(process)) return block;
  for (const ThreadSample& thread : process.threads) {
    if (auto block = waits_for_left_behind(process, thread, tree)) return block;
    if (auto block = waits_for_partner(process, thread, tree)) return block;
    if (auto block = reads_pipe(process, thread, tree)) return block;
    if (auto block = waits_for_change(process, thread)) return block;
    if (auto block = waits_for_semaphore(process, thread)) return block;
    if (auto block = waits_for_local_socket(process, thread, tree)) return block;
  }
  return sleeps(process);
}

const FileSample* file_of(const ProcessSample& process, int number) {
  const auto at = std::ranges::find(process.files, number, &FileSample::number);
  return at == process.files.end() ? nullptr : &*at;
}

Evidence thread_fact(const ProcessSample& process, const ThreadSample& thread) {
  std::string text = fmt::format("state {}, {}", thread.state, call_name(thread.call));
  if (!thread.wait.empty()) text += fmt::format(", sleeps in {}", thread.wait);
  return fact(fmt::format("{}, thread {}", display_name(process), thread.id), std::move(text));
}

const ProcessSample* find_process(const TreeSample& tree, int id) {
  const auto at = std::ranges::find(tree.processes, id, &ProcessSample::id);
  return at == tree.processes.end() ? nullptr : &*at;
}

bool ended(const ProcessSample& process) { return process.state == 'Z' || process.state == 'X'; }

bool is_leaf(const ProcessSample& process, const TreeSample& tree) {
  return std::ranges::none_of(tree.processes, [&](const ProcessSample& other) {
    return other.parent == process.id && !ended(other);
  });
}

Evidence fact(std::string where, std::string text) {
  return {Evidence::Kind::fact, std::move(where), std::move(text)};
}

std::vector<Evidence> thread_evidence(const ProcessSample& process) {
  std::vector<Evidence> out;
  for (const ThreadSample& thread : process.threads) {
    if (out.size() == 4) break;
    out.push_back(thread_fact(process, thread));
  }
  return out;
}

}  // namespace tenon::watch
