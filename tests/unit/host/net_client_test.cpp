#include "host/net_client.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

using namespace tenon;

namespace {

// A UDP server on the loopback that answers the first question again and again until it is stopped,
// at most for the time that a whole test may take.
class Flood {
 public:
  Flood() {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd_ = ::socket(AF_INET, SOCK_DGRAM, 0);
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
    socklen_t size = sizeof name;
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size) == 0);
    server = "127.0.0.1:" + std::to_string(ntohs(name.sin_port));
    thread_ = std::jthread([this](const std::stop_token& stop) { answer(stop); });
  }

  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  ~Flood() {
    thread_.request_stop();
    thread_.join();
    ::close(fd_);
  }

  std::string server;
  std::atomic<bool> gave_up = false;

 private:
  void answer(const std::stop_token& stop) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    std::array<char, 512> question{};
    if (::recvfrom(fd_, question.data(), question.size(), 0, reinterpret_cast<sockaddr*>(&from),
                   &size) < 0) {
      return;
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!stop.stop_requested()) {
      (void)::sendto(fd_, "wrong", 5, 0, reinterpret_cast<const sockaddr*>(&from), size);
      if (std::chrono::steady_clock::now() < end) continue;
      gave_up = true;
      return;
    }
  }

  int fd_ = -1;
  std::jthread thread_;
};

}  // namespace

TEST_CASE("net client: a flood of wrong answers does not outlast the limit") {
  Flood flood;
  const NetReply reply = exchange_datagram(flood.server, "question", std::chrono::milliseconds(200),
                                           512, [](std::string_view) { return false; });
  CHECK(reply.timeout);
  CHECK(reply.bytes.empty());
  CHECK_FALSE(flood.gave_up);
}

TEST_CASE("net client: the answer that is accepted, and a server that is none") {
  Flood flood;
  const NetReply reply = exchange_datagram(flood.server, "question", std::chrono::seconds(10), 512,
                                           [](std::string_view bytes) { return bytes == "wrong"; });
  CHECK(reply.bytes == "wrong");
  CHECK_FALSE(reply.timeout);
  CHECK(exchange_datagram("no address", "x", std::chrono::seconds(1), 512, [](std::string_view) {
          return true;
        }).os_errno != 0);
}
