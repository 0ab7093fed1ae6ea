// TCP connections that never block, for a client that has many of them open at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/descriptor.h"

namespace tenon {

// A socket address.
struct TcpAddress {
  int family = 0;
  std::string bytes;
};

// The first address of a name. Asks the C library, which may take its time: once, before a
// measurement.
[[nodiscard]] Result<TcpAddress> find_tcp_address(const std::string& host, std::uint16_t port);

class TcpConnection {
 public:
  // Begins to connect. When the connection stands, or has failed, it is writable.
  [[nodiscard]] static Result<TcpConnection> begin(const TcpAddress& address);

  // How it went: 0, or an errno.
  [[nodiscard]] int connect_error() const;

  struct Moved {
    std::size_t count = 0;
    bool closed = false;  // the other side ended it
    int os_errno = 0;     // 0: nothing failed; a call that would block moves nothing
  };
  [[nodiscard]] Moved write(std::string_view bytes) const;
  [[nodiscard]] Moved read(std::span<char> buffer) const;
  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  explicit TcpConnection(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;
};

// What a connection waits for, and what came of it.
struct TcpWait {
  int descriptor = -1;
  bool read = false, write = false;
  bool ready = false;
};

// Returns when one of them is ready, at `limit`, or at a signal.
void wait_for_connections(std::span<TcpWait> waits, std::chrono::nanoseconds limit);

// Raises the number of files that this process may have open as far as it is allowed to.
void allow_many_descriptors();

}  // namespace tenon
