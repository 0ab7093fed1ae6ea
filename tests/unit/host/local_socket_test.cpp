#include "host/local_socket.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <string>
#include <thread>

#include "host/files.h"

using namespace tenon;
using std::chrono::milliseconds;

TEST_CASE("local socket: lines and bytes go both ways") {
  const auto folder = make_temporary_folder("tenon-socket");
  REQUIRE(folder);
  const TemporaryFolder owned(*folder);
  const std::string path = *folder + "/door";
  CHECK(LocalConnection::open(path).error().code == Errc::not_found);
  const auto listener = LocalListener::open(path);
  REQUIRE(listener);
  CHECK_FALSE(listener->next(milliseconds(1)));
  std::thread server([&] {
    auto client = listener->next(milliseconds(5000));
    if (!client) return;
    const auto line = client->line(100, milliseconds(5000));
    if (line) (void)client->write(*line + "\n" + std::string(200'000, 'x'), milliseconds(5000));
  });
  auto client = LocalConnection::open(path);
  REQUIRE(client);
  CHECK(client->write("hello\n", milliseconds(5000)));
  CHECK(client->line(100, milliseconds(5000)).value() == "hello");
  CHECK(client->bytes(200'000, milliseconds(5000)).value() == std::string(200'000, 'x'));
  server.join();
  CHECK(client->line(100, milliseconds(5000)).error().code == Errc::truncated);
}

TEST_CASE("local socket: nobody else may connect") {
  const auto folder = make_temporary_folder("tenon-socket");
  REQUIRE(folder);
  const TemporaryFolder owned(*folder);
  const mode_t before = ::umask(0);
  const auto listener = LocalListener::open(*folder + "/door");
  ::umask(before);
  REQUIRE(listener);
  struct stat info{};
  REQUIRE(::stat((*folder + "/door").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("local socket: nobody waits longer than the limit") {
  const auto folder = make_temporary_folder("tenon-socket");
  REQUIRE(folder);
  const TemporaryFolder owned(*folder);
  const auto listener = LocalListener::open(*folder + "/door");
  REQUIRE(listener);
  auto client = LocalConnection::open(*folder + "/door");
  REQUIRE(client);
  CHECK(client->line(100, milliseconds(10)).error().code == Errc::timeout);
  CHECK(client->bytes(1, milliseconds(10)).error().code == Errc::timeout);
  // A line that does not end is not kept for ever.
  auto server = listener->next(milliseconds(5000));
  REQUIRE(server);
  CHECK(server->write(std::string(1000, 'y'), milliseconds(5000)));
  CHECK(client->line(100, milliseconds(5000)).error().code == Errc::limit);
}

TEST_CASE("local socket: a path that is too long for a socket is an error") {
  const std::string path = "/tmp/" + std::string(200, 'x');
  CHECK(LocalConnection::open(path).error().code == Errc::limit);
  CHECK(LocalListener::open(path).error().code == Errc::limit);
}
