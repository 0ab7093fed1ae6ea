#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <new>  // IWYU pragma: keep: placement new
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "host/descriptor.h"
#include "host/environment.h"
#include "host/measured_run.h"
#include "host/process.h"
#include "host/processors.h"

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

// What the child tells before it becomes the program. Memory that both see.
struct Note {
  std::atomic<std::int64_t> started_ns;
  std::atomic<int> error;
};

class SharedNote {
 public:
  SharedNote() {
    void* memory =
        ::mmap(nullptr, sizeof(Note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) note_ = new (memory) Note{};
  }
  SharedNote(const SharedNote&) = delete;
  SharedNote& operator=(const SharedNote&) = delete;
  ~SharedNote() {
    if (note_ != nullptr) ::munmap(note_, sizeof(Note));
  }

  [[nodiscard]] Note* get() const { return note_; }

 private:
  Note* note_ = nullptr;
};

struct Pipe {
  Descriptor read, write;

  [[nodiscard]] bool open() {
    std::array<int, 2> fds{};
    if (::pipe(fds.data()) != 0) return false;
    for (const int fd : fds) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    read = Descriptor(fds[0]);
    write = Descriptor(fds[1]);
    return true;
  }
};

std::vector<std::string> environment_with(const std::vector<std::string>& changes) {
  std::vector<std::string> out;
  for (const auto& [name, value] : environment_entries()) {
    bool changed = false;
    for (const std::string& one : changes) changed |= one.starts_with(name + '=');
    if (!changed) {
      std::string line = name;
      line += '=';
      line += value;
      out.push_back(std::move(line));
    }
  }
  out.insert(out.end(), changes.begin(), changes.end());
  return out;
}

std::vector<char*> c_strings(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const std::string& text : strings) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

// Everything that the child needs, made before the fork: behind it nothing may allocate.
struct Start {
  const char* program;
  const char* directory;
  char** argv;
  char** environment;
  const std::vector<int>* processors;
  int null, out, err;
  Note* note;
};

[[noreturn]] void become(const Start& start) {
  ::setpgid(0, 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  ::dup2(start.null, STDIN_FILENO);
  ::dup2(start.out, STDOUT_FILENO);
  ::dup2(start.err, STDERR_FILENO);
  bind_to_processors(*start.processors);
  if (start.directory == nullptr || ::chdir(start.directory) == 0) {
    start.note->started_ns = now_ns();
    ::execve(start.program, start.argv, start.environment);
  }
  start.note->error = errno;
  ::_exit(127);
}

// Reads both streams, and ends the program at its deadline.
class Reader {
 public:
  Reader(Pipe& out, Pipe& err, pid_t pid, Clock::time_point end)
      : out_(out), err_(err), pid_(pid), end_(end) {}

  void loop() {
    bool out_open = true;
    bool err_open = true;
    while (out_open || err_open) {
      std::array<pollfd, 2> polls{pollfd{out_open ? out_.read.get() : -1, POLLIN, 0},
                                  pollfd{err_open ? err_.read.get() : -1, POLLIN, 0}};
      ::poll(polls.data(), polls.size(), 20);
      if (polls[0].revents != 0) out_open = take(out_.read.get(), false);
      if (polls[1].revents != 0) err_open = take(err_.read.get(), true);
      watch();
      // A process that left the group may hold a stream open for ever.
      if (ended_ && polls[0].revents == 0 && polls[1].revents == 0) return;
    }
    while (!ended_) {
      ::poll(nullptr, 0, 2);
      watch();
    }
  }

  void end() { ended_ = true; }

  std::int64_t first_output_ns = 0;
  std::string error_end;
  bool timed_out = false, stopped = false;

 private:
  bool take(int fd, bool is_error) {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    if (count == 0) return false;
    if (!is_error && first_output_ns == 0) first_output_ns = now_ns();
    if (is_error) {
      constexpr std::size_t most = 2000;
      error_end.append(buffer.data(), static_cast<std::size_t>(count));
      if (error_end.size() > most) error_end.erase(0, error_end.size() - most);
    }
    return true;
  }

  void watch() {
    if (ended_) return;
    timed_out |= Clock::now() > end_;
    stopped |= interrupted();
    if (timed_out || stopped) ::kill(-pid_, SIGKILL);
  }

  Pipe& out_;
  Pipe& err_;
  pid_t pid_;
  Clock::time_point end_;
  std::atomic<bool> ended_ = false;
};

std::int64_t nanoseconds(const timeval& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_usec} * 1000;
}

void set_usage(const rusage& usage, MeasuredRun& out) {
  out.user_ns = nanoseconds(usage.ru_utime);
  out.system_ns = nanoseconds(usage.ru_stime);
  out.peak_bytes = std::int64_t{usage.ru_maxrss} * peak_memory_unit();
  out.minor_faults = usage.ru_minflt;
  out.major_faults = usage.ru_majflt;
}

}  // namespace

Result<MeasuredRun> measure(const MeasuredCommand& command) {
  const SharedNote note;
  Pipe out;
  Pipe err;
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (note.get() == nullptr || null.get() < 0 || !out.open() || !err.open()) {
    return std::unexpected(os_error("cannot make a pipe", errno));
  }
  const auto environment = environment_with(command.environment);
  auto argv = c_strings(command.argv);
  auto variables = c_strings(environment);
  const Start start{command.argv.front().c_str(),
                    command.directory.empty() ? nullptr : command.directory.c_str(),
                    argv.data(),
                    variables.data(),
                    &command.processors,
                    null.get(),
                    out.write.get(),
                    err.write.get(),
                    note.get()};
  const pid_t pid = ::fork();
  if (pid < 0) return std::unexpected(os_error("cannot start the program", errno));
  if (pid == 0) become(start);
  ::setpgid(pid, pid);
  out.write = Descriptor();
  err.write = Descriptor();
  Reader reader(out, err, pid, Clock::now() + command.deadline);
  std::thread helper([&] { reader.loop(); });
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  const std::int64_t ended = now_ns();
  ::kill(-pid, SIGKILL);
  reader.end();
  helper.join();
  if (const int error = note.get()->error; error != 0) {
    return std::unexpected(os_error("cannot start the program", error));
  }
  MeasuredRun result;
  const std::int64_t started = note.get()->started_ns;
  result.wall_ns = ended - started;
  if (reader.first_output_ns != 0) result.first_output_ns = reader.first_output_ns - started;
  if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.timed_out = reader.timed_out;
  result.interrupted = reader.stopped || interrupted();
  result.error_end = std::move(reader.error_end);
  set_usage(usage, result);
  return result;
}

}  // namespace tenon
