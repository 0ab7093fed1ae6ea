#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <expected>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "host/process.h"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;

// Written by a signal handler, hence the one global that changes.
volatile std::sig_atomic_t interrupt_seen = 0;

void on_interrupt(int /*signal*/) { interrupt_seen = 1; }

struct Descriptor {
  int fd = -1;

  Descriptor() = default;
  explicit Descriptor(int value) : fd(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() { close(); }

  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

struct Pipe {
  Descriptor read;
  Descriptor write;

  [[nodiscard]] bool open() {
    std::array<int, 2> fds{};
    if (::pipe(fds.data()) != 0) return false;
    for (const int fd : fds) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    read.fd = fds[0];
    write.fd = fds[1];
    return true;
  }
};

// argv or envp as the C interface wants it. Borrows the strings.
std::vector<char*> c_strings(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (const std::string& text : strings) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> merged_environment(const std::vector<std::string>& changes, bool replace) {
  std::vector<std::string> out;
  if (!replace) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      const std::string_view name = text.substr(0, text.find('='));
      const bool changed = std::ranges::any_of(changes, [&](const std::string& change) {
        return std::string_view(change).substr(0, change.find('=')) == name;
      });
      if (!changed) out.emplace_back(text);
    }
  }
  for (const std::string& change : changes) {
    if (change.contains('=')) out.push_back(change);  // a bare NAME removes the variable
  }
  return out;
}

struct Child {
  pid_t pid = -1;
  Pipe in;
  Pipe out;
  Pipe err;
};

// What the child does before it becomes the program. posix_spawn(3) and not fork(2): the child does
// not get a copy of our page tables, which costs more than all the rest of a start.
class Spawn {
 public:
  Spawn() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  ~Spawn() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  // An errno, 0 when the program runs.
  [[nodiscard]] int start(const Command& command, Child& child, const std::string& program) {
    const auto env_strings = merged_environment(command.environment, command.replace_environment);
    const auto argv = c_strings(command.argv);
    const auto env = c_strings(env_strings);
    const int err = command.merge_streams ? child.out.write.fd : child.err.write.fd;
    int error = 0;
    const auto add = [&error](int result) { error = error == 0 ? result : error; };
    if (!command.foreground) add(redirect(child.in.read.fd, STDIN_FILENO));
    add(redirect(child.out.write.fd, STDOUT_FILENO));
    add(redirect(err, STDERR_FILENO));
    if (!command.directory.empty()) {
      add(::posix_spawn_file_actions_addchdir_np(&actions_, command.directory.c_str()));
    }
    add(set_attributes(command.foreground));
    if (error != 0) return error;
    return ::posix_spawn(&child.pid, program.c_str(), &actions_, &attributes_, argv.data(),
                         env.data());
  }

 private:
  int redirect(int from, int to) { return ::posix_spawn_file_actions_adddup2(&actions_, from, to); }

  int set_attributes(bool foreground) {
    sigset_t usual;
    sigemptyset(&usual);  // macros on macOS
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&usual, signal);
    int flags = POSIX_SPAWN_SETSIGDEF;
    if (!foreground) flags |= POSIX_SPAWN_SETPGROUP;
    const int failed = ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    if (failed != 0) return failed;
    if (const int group = ::posix_spawnattr_setpgroup(&attributes_, 0); group != 0) return group;
    return ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// A child of another thread must not inherit a pipe that is not yet marked as ours alone.
std::mutex starting;

Result<void> start(const Command& command, Child& child) {
  const auto program = find_program(command.argv.front());
  if (!program) return std::unexpected(os_error("cannot find the program", ENOENT));
  const std::scoped_lock lock(starting);
  if (!child.in.open() || !child.out.open() || !child.err.open()) {
    return std::unexpected(os_error("cannot make a pipe", errno));
  }
  Spawn spawn;
  const int error = spawn.start(command, child, *program);
  if (error != 0) return std::unexpected(os_error("cannot start the program", error));
  child.in.read.close();
  child.out.write.close();
  child.err.write.close();
  return {};
}

// Collects one stream and cuts it into lines.
class Stream {
 public:
  Stream(std::string& kept, const Command& command, bool standard_error)
      : kept_(kept), command_(command), standard_error_(standard_error) {}

  // false at the end of the stream.
  bool read(int fd) {
    std::array<char, 8192> buffer;
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count <= 0) {
      if (!line_.empty()) emit();
      return false;
    }
    take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    return true;
  }

 private:
  void take(std::string_view text) {
    const std::size_t limit = command_.output_limit;
    if (kept_.size() < limit) kept_ += text.substr(0, limit - kept_.size());
    if (command_.on_bytes) command_.on_bytes(text, standard_error_);
    if (!command_.on_line) return;
    for (const char c : text) {
      if (c == '\n') {
        emit();
      } else if (line_.size() < 65536) {
        line_ += c;
      }
    }
  }

  void emit() {
    if (command_.on_line) command_.on_line(line_, false);
    line_.clear();
  }

  std::string& kept_;
  const Command& command_;
  bool standard_error_;
  std::string line_;
};

void write_input(Child& child, const std::optional<std::string>& input, std::size_t& written) {
  if (!input || written >= input->size()) {
    child.in.write.close();
    return;
  }
  const ssize_t count = ::write(child.in.write.fd, input->data() + written,
                                std::min<std::size_t>(input->size() - written, 4096));
  if (count > 0) {
    written += static_cast<std::size_t>(count);
  } else if (errno != EINTR && errno != EAGAIN) {
    child.in.write.close();
  }
}

// Ends the process group: first asks, then, when `killed_at` has passed, does not ask.
class Ender {
 public:
  // A program in the foreground is asked alone, and may take its time: it may have to ask back.
  Ender(pid_t pid, const Command& command)
      : target_(command.foreground ? pid : -pid),
        patience_(command.foreground ? std::chrono::seconds(30) : command.patience) {}

  void step(Clock::time_point now) {
    if (!asked_) {
      ::kill(target_, SIGINT);  // what a person would send: go and compilers clean up after it
      asked_ = true;
      since_ = now;
    } else if (now - since_ > patience_) {
      ::kill(target_, SIGKILL);
    }
  }

  // Whoever is left now is out of reach.
  [[nodiscard]] bool done(Clock::time_point now) const {
    return asked_ && now - since_ > 2 * patience_ + std::chrono::milliseconds(500);
  }

 private:
  pid_t target_;
  std::chrono::milliseconds patience_;
  bool asked_ = false;
  Clock::time_point since_;
};

// How a child ended. Collected once: a second waitpid would not know.
class Ending {
 public:
  explicit Ending(pid_t pid) : pid_(pid) {}

  bool known() {
    if (known_) return true;
    const pid_t got = ::waitpid(pid_, &status_, WNOHANG);
    known_ = got == pid_ || (got < 0 && errno != EINTR);
    return known_;
  }

  [[nodiscard]] int status() const { return status_; }

 private:
  pid_t pid_;
  int status_ = 0;
  bool known_ = false;
};

// Until the program has ended and its streams with it.
void drain(Child& child, const Command& command, Exit& result, Ending& ending) {
  Stream out(result.out, command, false);
  Stream err(result.err, command, true);
  Ender ender(child.pid, command);
  const auto end = Clock::now() + command.deadline;
  std::size_t written = 0;
  // A program mostly ends at once when it has closed its streams.
  std::chrono::microseconds pause{20};
  while (true) {
    const bool open = child.out.read.fd >= 0 || child.err.read.fd >= 0;
    if (!open && ending.known()) return;
    std::array<pollfd, 3> polls{pollfd{child.out.read.fd, POLLIN, 0},
                                pollfd{child.err.read.fd, POLLIN, 0},
                                pollfd{child.in.write.fd, POLLOUT, 0}};
    if (open || child.in.write.fd >= 0) {
      ::poll(polls.data(), polls.size(), open ? 100 : 1);
    } else {
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, std::chrono::microseconds(100'000));
    }
    const auto now = Clock::now();
    if (now > end) result.timed_out = true;
    if (interrupted() || (command.stop && command.stop())) result.interrupted = true;
    if (result.timed_out || result.interrupted) ender.step(now);
    if (polls[2].revents != 0) write_input(child, command.input, written);
    if (polls[0].revents != 0 && !out.read(child.out.read.fd)) child.out.read.close();
    if (polls[1].revents != 0 && !err.read(child.err.read.fd)) child.err.read.close();
    if (command.on_line) command.on_line({}, true);
    // A grandchild that left the group may hold a stream open for ever.
    if (ender.done(now) && ending.known()) return;
  }
}

}  // namespace

Result<Exit> run(const Command& command) {
  Child child;
  TENON_TRY(start(command, child));
  Exit result;
  (void)pipe_ignored_at_start();
  ::signal(SIGPIPE, SIG_IGN);
  if (!command.input) child.in.write.close();
  Ending ending(child.pid);
  drain(child, command, result, ending);
  const int status = ending.status();
  // Whatever the program left running in its group ends with it.
  if (!command.foreground && (result.timed_out || result.interrupted)) ::kill(-child.pid, SIGKILL);
  if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

Error execute(const std::vector<std::string>& argv, const std::vector<std::string>& environment) {
  const auto program = find_program(argv.front());
  if (!program) return os_error("cannot find the program", ENOENT);
  const auto env_strings = merged_environment(environment, false);
  const auto arguments = c_strings(argv);
  const auto env = c_strings(env_strings);
  ::execve(program->c_str(), arguments.data(), env.data());
  return os_error("cannot start the program", errno);
}

Result<int> pass_through(const std::vector<std::string>& argv,
                         const std::vector<std::string>& environment) {
  const auto program = find_program(argv.front());
  if (!program) return std::unexpected(os_error("cannot find the program", ENOENT));
  const auto env_strings = merged_environment(environment, false);
  const auto arguments = c_strings(argv);
  const auto env = c_strings(env_strings);
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, program->c_str(), nullptr, nullptr, arguments.data(), env.data());
  if (error != 0) return std::unexpected(os_error("cannot start the program", error));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    if (interrupted()) ::kill(pid, SIGTERM);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::int64_t own_process() { return ::getpid(); }

bool process_lives(std::int64_t process) {
  return process > 0 && ::kill(static_cast<pid_t>(process), 0) == 0;
}

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

void survive_file_size_limit() {
  struct sigaction action{};
  action.sa_handler = [](int /*signal*/) {};  // unlike SIG_IGN it does not outlive execve(2)
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGXFSZ, &action, nullptr);
}

bool interrupted() { return interrupt_seen != 0; }

bool pipe_ignored_at_start() {
  static const bool ignored = [] {
    struct sigaction now{};
    return ::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
  }();
  return ignored;
}

std::optional<std::string> find_program(std::string_view name) {
  const auto executable = [](const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
  };
  if (name.empty()) return std::nullopt;
  if (name.contains('/')) {
    std::string path(name);
    if (executable(path)) return path;
    return std::nullopt;
  }
  const auto path = environment_variable("PATH");
  if (!path) return std::nullopt;
  for (const std::string_view folder : split(*path, ':')) {
    std::string candidate = folder.empty() ? "." : std::string(folder);
    candidate += '/';
    candidate += name;
    if (!executable(candidate)) continue;
    if (folder.starts_with('/')) return candidate;
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): see set_environment
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

void set_environment(const std::string& name, const std::optional<std::string>& value) {
  if (value) {
    ::setenv(name.c_str(), value->c_str(), 1);  // NOLINT(concurrency-mt-unsafe): no other thread
  } else {
    ::unsetenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): the same
  }
}

bool is_superuser() { return ::geteuid() == 0; }

}  // namespace tenon
