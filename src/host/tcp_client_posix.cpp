#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>  // IWYU pragma: keep: IPPROTO_TCP on macOS
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "host/descriptor.h"
#include "host/tcp_client.h"

namespace tenon {

Result<TcpAddress> find_tcp_address(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0 || found == nullptr) return fail(Errc::not_found, "the host has no address");
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  return TcpAddress{found->ai_family,
                    std::string(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen)};
}

Result<TcpConnection> TcpConnection::begin(const TcpAddress& address) {
  Descriptor socket(::socket(address.family, SOCK_STREAM, 0));
  if (!socket.open()) return std::unexpected(os_error("cannot make a socket", errno));
  ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  const int yes = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_storage storage{};
  std::memcpy(&storage, address.bytes.data(), std::min(address.bytes.size(), sizeof storage));
  const int result = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&storage),
                               static_cast<socklen_t>(address.bytes.size()));
  if (result != 0 && errno != EINPROGRESS && errno != EINTR) {
    return std::unexpected(os_error("cannot connect", errno));
  }
  return TcpConnection(std::move(socket));
}

int TcpConnection::connect_error() const {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

TcpConnection::Moved TcpConnection::write(std::string_view bytes) const {
  const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), 0);
  if (count >= 0) return {static_cast<std::size_t>(count), false, 0};
  if (errno == EAGAIN || errno == EINTR) return {};
  return {0, errno == EPIPE || errno == ECONNRESET, errno};
}

TcpConnection::Moved TcpConnection::read(std::span<char> buffer) const {
  const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count > 0) return {static_cast<std::size_t>(count), false, 0};
  if (count == 0) return {0, true, 0};
  if (errno == EAGAIN || errno == EINTR) return {};
  return {0, errno == ECONNRESET, errno};
}

void wait_for_connections(std::span<TcpWait> waits, std::chrono::nanoseconds limit) {
  std::vector<pollfd> polls;
  polls.reserve(waits.size());
  for (const TcpWait& one : waits) {
    const int events = (one.read ? POLLIN : 0) | (one.write ? POLLOUT : 0);
    polls.push_back({one.descriptor, static_cast<short>(events), 0});
  }
  // Milliseconds are poll's unit: what is left of one is spent in a loop of its caller.
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  ::poll(polls.data(), static_cast<nfds_t>(polls.size()),
         static_cast<int>(std::clamp<std::int64_t>(most, 0, 1000)));
  for (std::size_t i = 0; i < waits.size(); ++i) waits[i].ready = polls[i].revents != 0;
}

void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace tenon
