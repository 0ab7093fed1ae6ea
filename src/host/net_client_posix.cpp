#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "host/descriptor.h"
#include "host/net_client.h"
#include "host/os.h"

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;

struct SocketName {
  sockaddr_storage bytes{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

std::optional<SocketName> name_of(std::string address, std::uint16_t port) {
  SocketName out;
  auto* four = reinterpret_cast<sockaddr_in*>(&out.bytes);
  if (::inet_pton(AF_INET, address.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    out.size = sizeof(sockaddr_in);
    return out;
  }
  auto* six = reinterpret_cast<sockaddr_in6*>(&out.bytes);
  std::uint32_t scope = 0;
  if (const std::size_t percent = address.find('%'); percent != address.npos) {
    const std::string zone = address.substr(percent + 1);
    scope = ::if_nametoindex(zone.c_str());
    if (scope == 0) scope = static_cast<std::uint32_t>(parse_number(zone).value_or(0));
    address.resize(percent);
  }
  if (::inet_pton(AF_INET6, address.c_str(), &six->sin6_addr) != 1) return std::nullopt;
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(port);
  six->sin6_scope_id = scope;
  out.size = sizeof(sockaddr_in6);
  return out;
}

// "192.0.2.1:53", "[::1]:53".
std::optional<SocketName> server_name(std::string_view server) {
  const std::size_t colon = server.rfind(':');
  if (colon == server.npos) return std::nullopt;
  const auto port = parse_number(server.substr(colon + 1));
  std::string_view address = server.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  if (!port || *port > 0xffff) return std::nullopt;
  return name_of(std::string(address), static_cast<std::uint16_t>(*port));
}

std::string address_text_of(const sockaddr* name) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (name->sa_family == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(name);
    ::inet_ntop(AF_INET, &four->sin_addr, text.data(), text.size());
    return text.data();
  }
  const auto* six = reinterpret_cast<const sockaddr_in6*>(name);
  ::inet_ntop(AF_INET6, &six->sin6_addr, text.data(), text.size());
  std::string out = text.data();
  if (six->sin6_scope_id != 0) {
    std::array<char, IF_NAMESIZE> zone{};
    out += '%';
    out += ::if_indextoname(six->sin6_scope_id, zone.data()) != nullptr
               ? std::string(zone.data())
               : std::to_string(six->sin6_scope_id);
  }
  return out;
}

std::string local_text(int fd) {
  SocketName own;
  own.size = sizeof own.bytes;
  if (::getsockname(fd, own.get(), &own.size) != 0) return {};
  if (own.get()->sa_family == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(own.get());
    return address_text_of(own.get()) + ':' + std::to_string(ntohs(four->sin_port));
  }
  const auto* six = reinterpret_cast<const sockaddr_in6*>(own.get());
  return '[' + address_text_of(own.get()) + "]:" + std::to_string(ntohs(six->sin6_port));
}

// Milliseconds until `end`, rounded up, at least 0.
int left(Clock::time_point end) {
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(rest, 0, 0x7fffffff));
}

// False on a timeout.
bool wait_for(int fd, short events, Clock::time_point end) {
  for (;;) {
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, left(end));
    if (ready > 0) return true;
    if (ready == 0 && Clock::now() >= end) return false;
    if (ready < 0 && errno != EINTR) return true;  // the call that follows says why
  }
}

// Connects; where that fails the reply says so.
Descriptor connected(const std::string& server, int kind, Clock::time_point end, NetReply& reply) {
  const auto name = server_name(server);
  if (!name) {
    reply.os_errno = EINVAL;
    return Descriptor(-1);
  }
  Descriptor fd(::socket(name->get()->sa_family, kind, 0));
  if (fd.get() < 0) {
    reply.os_errno = errno;
    return fd;
  }
  ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  if (::connect(fd.get(), name->get(), name->size) != 0) {
    reply.os_errno = errno;
    if (errno != EINPROGRESS) return Descriptor(-1);
    reply.os_errno = 0;
    reply.timeout = !wait_for(fd.get(), POLLOUT, end);
    if (reply.timeout) return Descriptor(-1);
    socklen_t size = sizeof reply.os_errno;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &reply.os_errno, &size);
    if (reply.os_errno != 0) return Descriptor(-1);
  }
  reply.local = local_text(fd.get());
  return fd;
}

bool send_whole(int fd, std::string_view bytes, Clock::time_point end, NetReply& reply) {
  reply.step = NetReply::Step::write;
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      reply.timeout = !wait_for(fd, POLLOUT, end);
      if (reply.timeout) return false;
    } else if (errno != EINTR) {
      reply.os_errno = errno;
      return false;
    }
  }
  reply.step = NetReply::Step::read;
  return true;
}

// At most `most` bytes; false when the reply says why there are none.
bool receive(int fd, std::size_t most, Clock::time_point end, std::string& out, NetReply& reply) {
  out.resize(most);
  for (;;) {
    const ssize_t count = ::recv(fd, out.data(), out.size(), 0);
    if (count >= 0) {
      out.resize(static_cast<std::size_t>(count));
      return true;
    }
    if (errno == EAGAIN) {
      reply.timeout = !wait_for(fd, POLLIN, end);
      if (reply.timeout) return false;
    } else if (errno != EINTR) {
      reply.os_errno = errno;
      return false;
    }
  }
}

bool receive_whole(int fd, std::size_t size, Clock::time_point end, std::string& out,
                   NetReply& reply) {
  out.clear();
  while (out.size() < size) {
    std::string piece;
    if (!receive(fd, size - out.size(), end, piece, reply)) return false;
    reply.closed = piece.empty();
    reply.partial = !out.empty();
    if (reply.closed) return false;
    out += piece;
  }
  return true;
}

const char* eai_word(int code) {
  switch (code) {
    case 0: return "";
    case EAI_AGAIN: return "EAI_AGAIN";
    case EAI_BADFLAGS: return "EAI_BADFLAGS";
    case EAI_FAIL: return "EAI_FAIL";
    case EAI_FAMILY: return "EAI_FAMILY";
    case EAI_MEMORY: return "EAI_MEMORY";
    case EAI_NONAME: return "EAI_NONAME";
    case EAI_SERVICE: return "EAI_SERVICE";
    case EAI_SOCKTYPE: return "EAI_SOCKTYPE";
    case EAI_SYSTEM: return "EAI_SYSTEM";
    case EAI_OVERFLOW: return "EAI_OVERFLOW";
    case -5: return "EAI_NODATA";  // of glibc, which hides the name
    default: return "EAI_OTHER";
  }
}

}  // namespace

NetReply exchange_datagram(const std::string& server, std::string_view query,
                           std::chrono::milliseconds limit, std::size_t most,
                           const std::function<bool(std::string_view)>& accept) {
  const auto end = Clock::now() + limit;
  NetReply out;
  const Descriptor fd = connected(server, SOCK_DGRAM, end, out);
  if (fd.get() < 0 || !send_whole(fd.get(), query, end, out)) return out;
  std::string bytes;
  while (receive(fd.get(), most, end, bytes, out)) {
    if (accept(bytes)) {
      out.bytes = std::move(bytes);
      return out;
    }
    // A flood of wrong answers never lets recv() wait.
    out.timeout = Clock::now() >= end;
    if (out.timeout) return out;
  }
  return out;
}

NetReply exchange_stream(const std::string& server, std::string_view query,
                         std::chrono::milliseconds limit) {
  const auto end = Clock::now() + limit;
  NetReply out;
  const Descriptor fd = connected(server, SOCK_STREAM, end, out);
  if (fd.get() < 0) return out;
  std::string whole;
  whole += static_cast<char>(query.size() >> 8U & 0xffU);
  whole += static_cast<char>(query.size() & 0xffU);
  whole += query;
  std::string size;
  if (!send_whole(fd.get(), whole, end, out) || !receive_whole(fd.get(), 2, end, size, out))
    return out;
  const std::size_t length = static_cast<std::size_t>(static_cast<unsigned char>(size[0])) << 8U |
                             static_cast<unsigned char>(size[1]);
  if (!receive_whole(fd.get(), length, end, out.bytes, out)) out.bytes.clear();
  return out;
}

std::optional<std::string> source_address(const std::string& address) {
  const auto name = name_of(address, 9);
  if (!name) return std::nullopt;
  const Descriptor fd(::socket(name->get()->sa_family, SOCK_DGRAM, 0));
  if (fd.get() < 0 || ::connect(fd.get(), name->get(), name->size) != 0) return std::nullopt;
  SocketName own;
  own.size = sizeof own.bytes;
  if (::getsockname(fd.get(), own.get(), &own.size) != 0) return std::nullopt;
  return address_text_of(own.get());
}

std::uint16_t random_number16() {
  static thread_local std::random_device device;
  return static_cast<std::uint16_t>(device());
}

std::string errno_words(int os_errno) {
  if (const std::string_view words = os::go_error_words(os_errno); !words.empty()) {
    return std::string(words);
  }
  std::string out = std::strerror(os_errno);  // NOLINT(concurrency-mt-unsafe): glibc's is safe
  if (out.size() > 1 && out[0] >= 'A' && out[0] <= 'Z' && out[1] >= 'a')
    out[0] = static_cast<char>(out[0] + ('a' - 'A'));
  return out;
}

LibcReply ask_libc(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = AF_UNSPEC;
  hints.ai_flags = AI_CANONNAME | AI_V4MAPPED | AI_ALL;  // src/net/cgo_linux.go
  addrinfo* list = nullptr;
  LibcReply out;
  out.code = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  out.word = eai_word(out.code);
  if (out.code == EAI_SYSTEM) out.os_errno = errno;
  if (out.code != 0) {
    out.text = ::gai_strerror(out.code);
    return out;
  }
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
      out.addresses.push_back(address_text_of(one->ai_addr));
  }
  ::freeaddrinfo(list);
  return out;
}

}  // namespace tenon
