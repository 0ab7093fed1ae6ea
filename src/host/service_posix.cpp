#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/files.h"
#include "host/process.h"
#include "host/procfs.h"
#include "host/service.h"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace tenon {
namespace {

// Written by a signal handler.
volatile std::sig_atomic_t drain_seen = 0;

std::vector<char*> c_strings(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const std::string& text : strings) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> with_changes(const std::vector<std::string>& changes) {
  std::vector<std::string> out = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto name = text.substr(0, text.find('=') + 1);
    const bool changed = std::ranges::any_of(
        changes, [&](const std::string& change) { return change.starts_with(name); });
    if (!changed) out.emplace_back(text);
  }
  return out;
}

}  // namespace

Result<std::int64_t> start_service(const Service& service) {
  const auto program = find_program(service.argv.front());
  if (!program) return std::unexpected(os_error("cannot find the program", ENOENT));
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) sigaddset(&usual, signal);
  int error = 0;
  const auto add = [&error](int result) { error = error == 0 ? result : error; };
  add(::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
  add(::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, service.log.c_str(),
                                         O_WRONLY | O_APPEND, 0));
  add(::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO));
  add(::posix_spawn_file_actions_addchdir_np(&actions, service.directory.c_str()));
  add(::posix_spawnattr_setsigdefault(&attributes, &usual));
  add(::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF));
  const auto env_strings = with_changes(service.environment);
  const auto argv = c_strings(service.argv);
  const auto env = c_strings(env_strings);
  pid_t pid = -1;
  if (error == 0) {
    error = ::posix_spawn(&pid, program->c_str(), &actions, &attributes, argv.data(), env.data());
  }
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return std::unexpected(os_error("cannot start the program", error));
  return pid;
}

std::optional<std::uint64_t> process_start(std::int64_t process) {
  const auto text = read_text("/proc/" + std::to_string(process) + "/stat");
  if (!text) return std::nullopt;
  const auto stat = procfs::parse_stat(*text);
  if (!stat || stat->state == 'Z') return std::nullopt;
  return stat->start_ticks;
}

bool service_ended(std::int64_t process) {
  int status = 0;
  if (::waitpid(static_cast<pid_t>(process), &status, WNOHANG) == process) return true;
  return !process_lives(process);
}

void ask_service(std::int64_t process, Ask how) {
  if (process <= 1) return;
  const auto id = static_cast<pid_t>(process);
  switch (how) {
    case Ask::finish: ::kill(id, SIGTERM); return;
    case Ask::quit: ::kill(id, SIGINT); return;
    case Ask::kill: ::kill(-id, SIGKILL); ::kill(id, SIGKILL);
  }
}

void catch_drain() {
  struct sigaction action{};
  action.sa_handler = [](int /*signal*/) { drain_seen = 1; };
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool drain_asked() { return drain_seen != 0; }

}  // namespace tenon
