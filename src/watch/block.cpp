#include "watch/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/role.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

const FileSample* file_of(const ProcessSample& process, int number) {
  const auto at = std::ranges::find(process.files, number, &FileSample::number);
  return at == process.files.end() ? nullptr : &*at;
}

std::string_view call_name(Call call) {
  switch (call) {
    case Call::unknown: return "not told";
    case Call::running: return "runs";
    case Call::other: return "another call";
    case Call::open: return "open";
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
  }
  return "not told";
}

Evidence thread_fact(const ProcessSample& process, const ThreadSample& thread) {
  std::string text = fmt::format("state {}, {}", thread.state, call_name(thread.call));
  if (!thread.wait.empty()) text += fmt::format(", sleeps in {}", thread.wait);
  return fact(fmt::format("{}, thread {}", display_name(process), thread.id), std::move(text));
}

bool waits_in(const ThreadSample& thread, std::string_view name) {
  return thread.wait.contains(name);
}

std::optional<Block> stopped(const ProcessSample& process) {
  if (process.state != 'T' && process.state != 't') return std::nullopt;
  Block out{.kind = Kind::stopped, .key = std::string("stopped ") + process.state, .hard = true};
  out.reason = process.state == 't' ? "is held by a debugger or tracer" : "is stopped by a signal";
  out.evidence.push_back(fact(fmt::format("state of {}", display_name(process)),
                              process.state == 't' ? "t (traced)" : "T (stopped)"));
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

std::optional<Block> waits_for_lock(const ProcessSample& process, const ThreadSample& thread,
                                    const TreeSample& tree) {
  if (thread.call != Call::lock_file && thread.call != Call::lock_record) return std::nullopt;
  const FileSample* file = file_of(process, thread.file);
  const std::string path = file == nullptr ? "a file that cannot be named" : file->path;
  Block out{.kind = Kind::lock, .key = "lock " + path, .hard = true};
  std::string holders;
  bool found = false;
  for (const LockSample& lock : tree.locks) {
    if (file == nullptr || lock.inode != file->inode || lock.waits) continue;
    if (lock.process == process.id && lock.process != 0) continue;
    found = true;
    if (lock.process == 0) continue;
    const std::string who = fmt::format("{} ({})", lock.name, lock.process);
    if (holders.contains(who)) continue;
    if (!holders.empty()) holders += " and ";
    holders += who;
  }
  out.reason = fmt::format("waits for the lock {}{}", path, lock_advice(path));
  if (!holders.empty()) {
    out.reason += ", held by " + holders;
    out.evidence.push_back(fact("list of locks", fmt::format("{} holds it", holders)));
  } else {
    out.reason += found ? ", held by a process that is not visible" : "; its holder is unknown";
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
    if (!out.empty()) out += ", ";
    out += fmt::format("{} ({})", end.name, end.process);
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

std::string address_text(const SocketSample& socket) {
  const bool colons = socket.remote.contains(':');
  return fmt::format("{}{}{}:{}", colons ? "[" : "", socket.remote, colons ? "]" : "",
                     socket.remote_port);
}

// Which socket the process waits for: a question to a name server, then a connection that is being
// made, then one that is open and silent.
const SocketSample* awaited_socket(const ProcessSample& process) {
  const auto pick = [&](auto wanted) -> const SocketSample* {
    const auto at = std::ranges::find_if(process.sockets, [&](const SocketSample& socket) {
      return !socket.remote.empty() && wanted(socket);
    });
    return at == process.sockets.end() ? nullptr : &*at;
  };
  using State = SocketSample::State;
  if (const auto* one = pick([](const SocketSample& s) {
        return s.remote_port == 53 && (s.datagram || s.state != State::closing);
      })) {
    return one;
  }
  if (const auto* one = pick([](const SocketSample& s) { return s.state == State::connecting; })) {
    return one;
  }
  return pick([](const SocketSample& s) {
    return !s.datagram && s.state == State::established && s.unread == 0;
  });
}

// Threads that wait in one of the calls that a network program waits in.
bool waits_for_events(const ProcessSample& process) {
  return std::ranges::any_of(process.threads, [](const ThreadSample& thread) {
    return thread.call == Call::poll || thread.call == Call::epoll ||
           thread.call == Call::connect || thread.call == Call::receive ||
           thread.call == Call::read || thread.call == Call::unknown;
  });
}

std::optional<Block> waits_for_network(const ProcessSample& process) {
  if (!waits_for_events(process)) return std::nullopt;
  const SocketSample* socket = awaited_socket(process);
  if (socket == nullptr) return std::nullopt;
  const std::string address = address_text(*socket);
  Block out{.kind = Kind::no_answer, .key = "network " + address, .address = address};
  if (!process.threads_known) out.confidence = Confidence::likely;
  std::string state;
  if (socket->remote_port == 53) {
    out.kind = Kind::dns;
    out.reason = fmt::format("waits for the DNS server {}, which does not respond", socket->remote);
    state = socket->datagram ? "connected, nothing received" : "connected";
  } else if (socket->state == SocketSample::State::connecting) {
    out.reason = fmt::format("tries to connect to {}, which does not respond", address);
    state = "connecting (SYN sent)";
  } else {
    out.reason = fmt::format("is connected to {}, but gets no response", address);
    state = socket->unsent == 0
                ? "established, nothing to read, all that was sent was confirmed"
                : fmt::format("established, {} bytes not confirmed", socket->unsent);
  }
  out.evidence.push_back(
      fact(fmt::format("{} socket to {}", socket->datagram ? "UDP" : "TCP", address), state));
  if (!process.proxy.empty()) out.evidence.push_back(fact("GOPROXY", process.proxy));
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

std::optional<Block> waits_for_disk(const ProcessSample& process) {
  for (const ThreadSample& thread : process.threads) {
    const bool remote = waits_in(thread, "request_wait_answer") || waits_in(thread, "rpc_wait");
    if (thread.state != 'D' && !remote) continue;
    Block out{.kind = Kind::disk, .key = "disk", .confidence = Confidence::likely};
    out.reason = remote ? "waits for a file system that another program or machine serves"
                        : "waits for a disk or another device";
    out.evidence.push_back(thread_fact(process, thread));
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
  if (auto block = waits_for_network(process)) return block;
  for (const ThreadSample& thread : process.threads) {
    if (auto block = reads_pipe(process, thread, tree)) return block;
  }
  return sleeps(process);
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
