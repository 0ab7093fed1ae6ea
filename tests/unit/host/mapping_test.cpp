#include "host/mapping.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/writers.h"

using namespace tenon;

namespace {

constexpr std::size_t size = std::size_t{1} << 20U;

struct Place {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string file = folder.path + "/file";

  Place() { REQUIRE(write_text(file, std::string(size, 'x')).has_value()); }
};

std::size_t sum(ByteView bytes) {
  std::size_t out = 0;
  for (const std::byte one : bytes.bytes()) out += std::to_integer<std::size_t>(one);
  return out;
}

}  // namespace

TEST_CASE("mapping: a file that stays is unchanged") {
  const Place place;
  const auto mapping = map_file(place.file);
  REQUIRE(mapping.has_value());
  CHECK(sum(mapping->view()) == size * 'x');
  CHECK(mapping->unchanged().has_value());
  CHECK(mapping->identity() == file_identity(place.file).value());
}

TEST_CASE("mapping: a file cut short while it is read is an error, not SIGBUS") {
  const Place place;
  const auto mapping = map_file(place.file);
  REQUIRE(mapping.has_value());
  constexpr std::size_t left = 10000;  // within the third page
  REQUIRE(::truncate(place.file.c_str(), left) == 0);
  CHECK(sum(mapping->view()) == left * 'x');
  REQUIRE_FALSE(mapping->unchanged().has_value());
  CHECK(mapping->unchanged().error().code == Errc::changed);
  // A mapping that takes over the range starts anew.
  const Place other;
  const auto next = map_file(other.file);
  REQUIRE(next.has_value());
  CHECK(sum(next->view()) == size * 'x');
  CHECK(next->unchanged().has_value());
}

TEST_CASE("mapping: several threads read a file that is cut short") {
  const Place place;
  const auto mapping = map_file(place.file);
  REQUIRE(mapping.has_value());
  REQUIRE(::truncate(place.file.c_str(), 0) == 0);
  std::vector<std::size_t> sums(4, 1);
  {
    std::vector<std::jthread> threads;
    for (std::size_t& each : sums) threads.emplace_back([&] { each = sum(mapping->view()); });
  }
  CHECK(std::accumulate(sums.begin(), sums.end(), std::size_t{0}) == 0);
  CHECK(mapping->unchanged().error().code == Errc::changed);
}

TEST_CASE("mapping: another file in its place, new bytes, and no file at all are changes") {
  const Place place;
  const auto replaced = map_file(place.file);
  REQUIRE(replaced.has_value());
  REQUIRE(write_text(place.file, std::string(size, 'x')).has_value());
  CHECK(replaced->unchanged().error().code == Errc::changed);
  const auto removed = map_file(place.file);
  REQUIRE(removed.has_value());
  REQUIRE(::unlink(place.file.c_str()) == 0);
  CHECK(removed->unchanged().error().code == Errc::changed);
}

TEST_CASE("mapping: a bus error that is not ours ends the process as before") {
  constexpr int survived = 42;
  const pid_t child = ::fork();
  if (child == 0) {
    const Place place;
    const auto mapping = map_file(place.file);
    ::kill(::getpid(), SIGBUS);
    ::_exit(survived);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  // A sanitizer was there before, and ends the process with a report and an exit code of its own.
  const bool signalled = WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
  const bool reported = WIFEXITED(status) && WEXITSTATUS(status) != survived;
  CHECK((signalled || reported));
}

TEST_CASE("file identity: a file that somebody has open for writing, or mapped so, is found out") {
  const TemporaryFolder folder(make_temporary_folder("tenon-test").value());
  const std::string path = folder.path + "/x";
  REQUIRE(write_text(path, "text").has_value());
  const FileIdentity state = file_identity(path).value();
  CHECK(nobody_writes(path, state));
  CHECK_FALSE(nobody_writes(folder.path + "/none", state));
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(fd >= 0);
  CHECK_FALSE(nobody_writes(path, state));
  void* mapped = ::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  REQUIRE(mapped != MAP_FAILED);
  ::close(fd);
  CHECK_FALSE(nobody_writes(path, state));
  ::munmap(mapped, 4);
  CHECK(nobody_writes(path, state));
  REQUIRE(write_text(path, "other").has_value());
  CHECK_FALSE(nobody_writes(path, state));
}
