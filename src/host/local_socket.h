// Connections between two programs of one machine, by a socket with a path. Each call ends by its
// limit. Who may connect is who may reach the path: it lies in a private folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "host/descriptor.h"

namespace tenon {

class LocalConnection {
 public:
  explicit LocalConnection(Descriptor socket) : socket_(std::move(socket)) {}

  // not_found: there is no such path, or nobody listens there. limit: a path of more bytes than a
  // socket's name may have.
  [[nodiscard]] static Result<LocalConnection> open(const std::string& path);

  // All of it, or an error: timeout, or io where the other side is gone.
  [[nodiscard]] Result<void> write(std::string_view bytes, std::chrono::milliseconds limit);
  // The next line without its end; truncated where the other side ended before it.
  [[nodiscard]] Result<std::string> line(std::size_t most, std::chrono::milliseconds limit);
  // So many bytes.
  [[nodiscard]] Result<std::string> bytes(std::size_t size, std::chrono::milliseconds limit);

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] Result<void> wait(short events, Clock::time_point end) const;
  [[nodiscard]] Result<void> more(Clock::time_point end);

  Descriptor socket_;
  std::string buffer_;
};

class LocalListener {
 public:
  // A socket that was left at the path is replaced: the caller holds a lock that says that nobody
  // uses it. Only this user may connect.
  [[nodiscard]] static Result<LocalListener> open(const std::string& path);

  // Who connects within the limit.
  [[nodiscard]] std::optional<LocalConnection> next(std::chrono::milliseconds limit) const;

 private:
  explicit LocalListener(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;
};

}  // namespace tenon
