#include "host/process_tree.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

using namespace tenon;
using namespace std::chrono_literals;

namespace {

// A child that waits to read a pipe which this process holds open.
struct Reader {
  std::array<int, 2> pipe{};
  pid_t id = -1;

  Reader() {
    REQUIRE(::pipe(pipe.data()) == 0);
    id = ::fork();
    if (id == 0) {
      char byte = 0;
      const ssize_t count = ::read(pipe[0], &byte, 1);
      ::_exit(count == 1 ? 0 : 1);
    }
  }

  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  ~Reader() {
    ::kill(id, SIGKILL);
    ::waitpid(id, nullptr, 0);
    ::close(pipe[0]);
    ::close(pipe[1]);
  }
};

}  // namespace

TEST_CASE("process tree: a child that reads a pipe, and who could write") {
  const Reader child;
  TreeSample sample;
  for (int i = 0; i < 500; ++i) {
    sample = sample_tree({child.id, TreeQuestion::Depth::all});
    REQUIRE(sample.processes.size() == 1);
    if (!sample.processes[0].threads.empty() && sample.processes[0].threads[0].state == 'S') break;
    std::this_thread::sleep_for(10ms);
  }
  const ProcessSample& process = sample.processes[0];
  CHECK(process.id == child.id);
  CHECK(process.parent == ::getpid());
  CHECK(process.files_known);
  REQUIRE(process.threads.size() == 1);
  CHECK(process.threads[0].state == 'S');
  CHECK(sample.memory.has_value());
  // Where tracing is not allowed the call is not told, and the sample says so.
  if (!process.threads_known) {
    CHECK_FALSE(sample.closed.empty());
    return;
  }
  if (process.threads[0].call == Call::unknown) return;
  CHECK(process.threads[0].call == Call::read);
  CHECK(process.threads[0].file == child.pipe[0]);
  CHECK(std::ranges::any_of(sample.pipe_ends, [](const PipeEnd& end) {
    return end.process == ::getpid() && end.writes;
  }));
}

TEST_CASE("process tree: a writer among many descriptors, and more than are listed") {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  std::vector<int> more;
  for (int i = 0; i < 1100; ++i) more.push_back(::dup(pipe[0]));
  const int last = ::dup(pipe[1]);
  REQUIRE(last > 1100);
  ::close(pipe[1]);
  const pid_t id = ::fork();
  if (id == 0) {
    ::pause();
    ::_exit(0);
  }
  const auto writers = writers_of({pipe[0]});
  const auto sample = sample_tree({id, TreeQuestion::Depth::all});
  ::kill(id, SIGKILL);
  ::waitpid(id, nullptr, 0);
  for (const int fd : more) ::close(fd);
  ::close(pipe[0]);
  ::close(last);
  CHECK(writers.size() == 1);
  REQUIRE(sample.processes.size() == 1);
  CHECK_FALSE(sample.processes[0].files_known);
  CHECK_FALSE(sample.closed.empty());
}

TEST_CASE("process tree: a process that is gone") {
  const pid_t id = ::fork();
  if (id == 0) ::_exit(0);
  REQUIRE(::waitpid(id, nullptr, 0) == id);
  CHECK(sample_tree({id, TreeQuestion::Depth::all}).processes.empty());
}

TEST_CASE("process tree: writers of a pipe, this process left out") {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  CHECK(writers_of({pipe[0]}).empty());
  const pid_t id = ::fork();
  if (id == 0) {
    ::pause();
    ::_exit(0);
  }
  const auto writers = writers_of({pipe[0]});
  ::kill(id, SIGKILL);
  ::waitpid(id, nullptr, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
  REQUIRE(writers.size() == 1);
  CHECK(writers[0].process == id);
}
