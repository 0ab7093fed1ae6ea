#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): posix_openpt is POSIX's
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/process.h"
#include "host/relay.h"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace tenon {
namespace {

// Read by a signal handler, hence global.
volatile std::sig_atomic_t relayed_process = 0;
volatile std::sig_atomic_t asked_to_end = 0;
volatile std::sig_atomic_t leads_session = 0;
volatile std::sig_atomic_t size_changed = 0;

constexpr std::array<int, 7> relayed_signals{SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,
                                             SIGUSR1, SIGUSR2, SIGWINCH};

// The terminal sends its signals to the whole group, and names no sender. Its hang-up is the
// exception: only the leader of the session is told.
bool command_lacks(int signal, const siginfo_t* info) {
  if (info == nullptr) return false;
  if (info->si_code <= 0 && info->si_pid > 0) return true;
  return signal == SIGHUP && leads_session != 0;
}

void on_signal(int signal, siginfo_t* info, void* /*context*/) {
  if (signal != SIGUSR1 && signal != SIGUSR2 && signal != SIGWINCH) asked_to_end = 1;
  if (signal == SIGWINCH) size_changed = 1;
  const int saved = errno;
  if (relayed_process > 0 && command_lacks(signal, info)) {
    ::kill(static_cast<pid_t>(relayed_process), signal);
  }
  errno = saved;
}

// Our handlers while a command runs. What was ignored stays ignored, by us and by the command.
class Handlers {
 public:
  Handlers() {
    asked_to_end = 0;
    size_changed = 0;
    leads_session = ::getsid(0) == ::getpid() ? 1 : 0;
    struct sigaction action{};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < relayed_signals.size(); ++i) {
      ::sigaction(relayed_signals.at(i), nullptr, &before_.at(i));
      if (before_.at(i).sa_handler != SIG_IGN) {
        ::sigaction(relayed_signals.at(i), &action, nullptr);
      }
    }
    pipe_was_ignored_ = pipe_ignored_at_start();
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &pipe_before_);
  }

  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;

  ~Handlers() {
    relayed_process = 0;
    for (std::size_t i = 0; i < relayed_signals.size(); ++i) {
      ::sigaction(relayed_signals.at(i), &before_.at(i), nullptr);
    }
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
  }

  [[nodiscard]] bool pipe_was_ignored() const { return pipe_was_ignored_; }

 private:
  std::array<struct sigaction, relayed_signals.size()> before_{};
  struct sigaction pipe_before_{};
  bool pipe_was_ignored_ = false;
};

void copy_size(int from, int to) {
  winsize size{};
  if (::ioctl(from, TIOCGWINSZ, &size) == 0) ::ioctl(to, TIOCSWINSZ, &size);
}

struct OutputPipe {
  int read = -1;
  int write = -1;

  OutputPipe() = default;
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;

  ~OutputPipe() {
    close(read);
    close(write);
  }

  [[nodiscard]] bool open() {
    std::array<int, 2> fds{};
    if (::pipe(fds.data()) != 0) return false;
    for (const int fd : fds) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    read = fds[0];
    write = fds[1];
    return true;
  }

  // A terminal of our own instead of a pipe, as wide as `model`. It is for output alone: nobody's
  // controlling terminal, and it changes no byte, since the real one does that.
  [[nodiscard]] bool open_terminal(int model) {
    read = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (read < 0 || ::grantpt(read) != 0 || ::unlockpt(read) != 0) return false;
    const char* const name = ::ptsname(read);  // NOLINT(concurrency-mt-unsafe): no other thread yet
    write = name == nullptr ? -1 : ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios mode{};
    if (write < 0 || ::tcgetattr(write, &mode) != 0) return false;
    ::cfmakeraw(&mode);
    ::tcsetattr(write, TCSANOW, &mode);
    copy_size(model, read);
    return true;
  }

  static void close(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

// Why a program cannot be started: a folder, or a file without the right to run it, is there.
Error not_startable(const std::string& name) {
  struct stat info{};
  if (!name.contains('/') || ::stat(name.c_str(), &info) != 0) {
    return os_error("cannot find the program", ENOENT);
  }
  return os_error(S_ISDIR(info.st_mode) ? "it is a directory" : "it may not be executed", EACCES);
}

Result<pid_t> spawn(const std::vector<std::string>& argv, int out, int err, bool pipe_ignored) {
  const auto program = find_program(argv.front());
  if (!program) return std::unexpected(not_startable(argv.front()));
  std::vector<char*> arguments;
  for (const std::string& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  if (!pipe_ignored) {
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  }
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, program->c_str(), &actions, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return std::unexpected(os_error("cannot start the program", error));
  return pid;
}

// What has come on one stream; closes it at its end, and when nobody takes its bytes.
void pass_on(OutputPipe& pipe, const Relay& relay, bool standard_error) {
  std::array<char, 8192> buffer;
  const ssize_t count = ::read(pipe.read, buffer.data(), buffer.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  const bool taken =
      count > 0 && relay.on_bytes({buffer.data(), static_cast<std::size_t>(count)}, standard_error);
  if (!taken) OutputPipe::close(pipe.read);
}

struct Child {
  pid_t id = -1;
  bool ended = false;
  int status = 0;

  void look() {
    if (ended) return;
    const pid_t got = ::waitpid(id, &status, WNOHANG);
    ended = got == id || (got < 0 && errno != EINTR);
  }
};

// Our terminal's new size is that of the command's.
void follow_size(const Relay& relay, const OutputPipe& out, const OutputPipe& err) {
  if (size_changed == 0 || !relay.terminals) return;
  size_changed = 0;
  copy_size(STDOUT_FILENO, out.read);
  copy_size(STDERR_FILENO, err.read);
}

void until_end(const Relay& relay, Child& child, OutputPipe& out, OutputPipe& err) {
  bool told = false;
  int pause = 1;  // ms; a program mostly ends at once when it has closed its streams
  while (true) {
    follow_size(relay, out, err);
    const bool open = out.read >= 0 || err.read >= 0;
    std::array<pollfd, 2> polls{pollfd{out.read, POLLIN, 0}, pollfd{err.read, POLLIN, 0}};
    const int ready = ::poll(polls.data(), polls.size(), open && !child.ended ? 100 : pause);
    if (!open || child.ended) pause = pause < 100 ? 2 * pause : 100;
    if (ready > 0 && polls[0].revents != 0) pass_on(out, relay, false);
    if (ready > 0 && polls[1].revents != 0) pass_on(err, relay, true);
    child.look();
    if (!child.ended) continue;
    if (out.read < 0 && err.read < 0) return;
    if (ready <= 0 && asked_to_end != 0) return;
    if (!told && ready == 0 && pause >= 64) {
      told = true;
      if (relay.on_end) relay.on_end({out.read, err.read});
    }
  }
}

bool open_stream(OutputPipe& stream, const Relay& relay, int ours) {
  return relay.terminals && ::isatty(ours) == 1 ? stream.open_terminal(ours) : stream.open();
}

}  // namespace

Result<RelayEnd> relay(const Relay& relay) {
  OutputPipe out;
  OutputPipe err;
  if (!open_stream(out, relay, STDOUT_FILENO) || !open_stream(err, relay, STDERR_FILENO)) {
    return std::unexpected(os_error("cannot make a pipe", errno));
  }
  const Handlers handlers;
  Child child;
  child.id = TENON_TRY(spawn(relay.argv, out.write, relay.joined ? out.write : err.write,
                             handlers.pipe_was_ignored()));
  relayed_process = child.id;
  OutputPipe::close(out.write);
  OutputPipe::close(err.write);
  if (relay.joined) OutputPipe::close(err.read);
  if (relay.on_start) relay.on_start(child.id);
  until_end(relay, child, out, err);
  RelayEnd end;
  if (WIFSIGNALED(child.status)) end.signal = WTERMSIG(child.status);
  end.code = end.signal != 0 ? 128 + end.signal : WEXITSTATUS(child.status);
  return end;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EAGAIN) {
      pollfd entry{descriptor, POLLOUT, 0};
      ::poll(&entry, 1, 1000);
    } else if (count < 0 && errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool same_file(int one, int other) {
  struct stat a{};
  struct stat b{};
  return ::fstat(one, &a) == 0 && ::fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool in_foreground(int descriptor) {
  const pid_t front = ::tcgetpgrp(descriptor);
  return front < 0 || front == ::getpgrp();
}

bool asks_to_end(int signal) {
  return signal == SIGHUP || signal == SIGINT || signal == SIGPIPE || signal == SIGTERM;
}

}  // namespace tenon
