#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "host/descriptor.h"
#include "host/local_socket.h"

namespace tenon {
namespace {

using std::chrono::milliseconds;

Result<sockaddr_un> name_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  if (path.size() >= sizeof out.sun_path) {
    return fail(Errc::limit, "the path of the socket is too long");
  }
  std::memcpy(static_cast<char*>(out.sun_path), path.data(), path.size());
  return out;
}

Result<Descriptor> make_socket() {
  Descriptor out(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (!out.open()) return std::unexpected(os_error("cannot make a socket", errno));
  ::fcntl(out.get(), F_SETFD, FD_CLOEXEC);
  return out;
}

void do_not_block(const Descriptor& socket) {
  ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
}

}  // namespace

Result<LocalConnection> LocalConnection::open(const std::string& path) {
  const sockaddr_un name = TENON_TRY(name_of(path));
  Descriptor socket = TENON_TRY(make_socket());
  do_not_block(socket);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    // EAGAIN: the queue of those who wait is full.
    if (errno == ECONNREFUSED || errno == ENOENT) return fail(Errc::not_found, "nobody listens");
    return std::unexpected(os_error("cannot connect", errno));
  }
  return LocalConnection(std::move(socket));
}

Result<void> LocalConnection::wait(short events, Clock::time_point end) const {
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now()).count();
    if (left <= 0) return fail(Errc::timeout, "no answer in time");
    pollfd one{socket_.get(), events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return std::unexpected(os_error("cannot wait", errno));
  }
}

Result<void> LocalConnection::write(std::string_view bytes, milliseconds limit) {
  const auto end = Clock::now() + limit;
  while (!bytes.empty()) {
    TENON_TRY(wait(POLLOUT, end));
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      return std::unexpected(os_error("cannot write", errno));
    }
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<void> LocalConnection::more(Clock::time_point end) {
  TENON_TRY(wait(POLLIN, end));
  std::array<char, 65'536> piece{};
  const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
  if (got == 0) return fail(Errc::truncated, "the other side has ended");
  if (got < 0 && errno != EAGAIN && errno != EINTR) {
    return std::unexpected(os_error("cannot read", errno));
  }
  if (got > 0) buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return {};
}

Result<std::string> LocalConnection::line(std::size_t most, milliseconds limit) {
  const auto end = Clock::now() + limit;
  while (true) {
    if (const std::size_t at = buffer_.find('\n'); at != std::string::npos) {
      std::string out = buffer_.substr(0, at);
      buffer_.erase(0, at + 1);
      return out;
    }
    if (buffer_.size() > most) return fail(Errc::limit, "a line that is too long");
    TENON_TRY(more(end));
  }
}

Result<std::string> LocalConnection::bytes(std::size_t size, milliseconds limit) {
  const auto end = Clock::now() + limit;
  while (buffer_.size() < size) TENON_TRY(more(end));
  std::string out = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return out;
}

Result<LocalListener> LocalListener::open(const std::string& path) {
  constexpr int waiting = 128;
  const sockaddr_un name = TENON_TRY(name_of(path));
  Descriptor socket = TENON_TRY(make_socket());
  ::unlink(path.c_str());
  // Nobody can connect before it listens, and only this user afterwards, whatever the umask is.
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.get(), waiting) != 0) {
    return std::unexpected(os_error("cannot listen", errno));
  }
  do_not_block(socket);
  return LocalListener(std::move(socket));
}

std::optional<LocalConnection> LocalListener::next(milliseconds limit) const {
  pollfd one{socket_.get(), POLLIN, 0};
  if (::poll(&one, 1, static_cast<int>(limit.count())) <= 0) return std::nullopt;
  Descriptor socket(::accept(socket_.get(), nullptr, nullptr));
  if (!socket.open()) return std::nullopt;
  do_not_block(socket);
  return LocalConnection(std::move(socket));
}

}  // namespace tenon
