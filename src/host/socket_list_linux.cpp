#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>  // NOLINT(misc-include-cleaner): of IPPROTO_TCP
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "host/network.h"
#include "host/socket_list.h"

namespace tenon {
namespace {

// A value at a place of a message, when all of it is there.
template <class T>
std::optional<T> value_at(std::string_view bytes, std::size_t at) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (at > bytes.size() || bytes.size() - at < sizeof(T)) return std::nullopt;
  T out;
  std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}

constexpr std::size_t aligned(std::size_t size) { return (size + 3) / 4 * 4; }

// Calls `take(type, bytes)` for each attribute behind the fixed part of a row.
template <class Take>
void each_attribute(std::string_view bytes, Take take) {
  while (const auto head = value_at<rtattr>(bytes, 0)) {
    const std::size_t size = head->rta_len;
    if (size < sizeof(rtattr) || size > bytes.size()) return;
    take(head->rta_type, bytes.substr(sizeof(rtattr), size - sizeof(rtattr)));
    if (aligned(size) >= bytes.size()) return;
    bytes.remove_prefix(aligned(size));
  }
}

// The rows of one answer of the kernel. false at the end of the list.
template <class Take>
bool each_row(std::string_view bytes, Take take) {
  while (const auto head = value_at<nlmsghdr>(bytes, 0)) {
    const std::size_t size = head->nlmsg_len;
    if (size < sizeof(nlmsghdr) || size > bytes.size()) return false;
    if (head->nlmsg_type != SOCK_DIAG_BY_FAMILY) return false;  // the end, or an error
    take(bytes.substr(sizeof(nlmsghdr), size - sizeof(nlmsghdr)));
    if (aligned(size) >= bytes.size()) return true;
    bytes.remove_prefix(aligned(size));
  }
  return true;
}

template <class Request, class Take>
void list_sockets(const Request& request, Take take) {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return;
  const timeval patience{0, 200'000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string message(sizeof(nlmsghdr) + sizeof request, '\0');
  nlmsghdr head{};
  head.nlmsg_len = static_cast<std::uint32_t>(message.size());
  head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  std::memcpy(message.data(), &head, sizeof head);
  std::memcpy(message.data() + sizeof head, &request, sizeof request);
  if (::send(fd, message.data(), message.size(), 0) >= 0) {
    std::string answer(std::size_t{1} << 16U, '\0');
    for (int part = 0; part < 1024; ++part) {
      const ssize_t count = ::recv(fd, answer.data(), answer.size(), 0);
      if (count <= 0) break;
      if (!each_row(std::string_view(answer).substr(0, static_cast<std::size_t>(count)), take)) {
        break;
      }
    }
  }
  ::close(fd);
}

void add_connection(std::string_view row, std::map<std::uint64_t, std::uint64_t>& out) {
  const auto fixed = value_at<inet_diag_msg>(row, 0);
  if (!fixed) return;
  each_attribute(row.substr(sizeof *fixed), [&](unsigned type, std::string_view bytes) {
    if (type != INET_DIAG_INFO) return;
    const auto count = value_at<std::uint64_t>(bytes, offsetof(tcp_info, tcpi_bytes_received));
    if (count) out[fixed->idiag_inode] = *count;
  });
}

void add_local(std::string_view row, std::map<std::uint64_t, LocalSocket>& out) {
  const auto fixed = value_at<unix_diag_msg>(row, 0);
  if (!fixed) return;
  LocalSocket socket;
  each_attribute(row.substr(sizeof *fixed), [&](unsigned type, std::string_view bytes) {
    if (type == UNIX_DIAG_NAME) {
      socket.path = bytes.starts_with('\0') ? "@" + std::string(bytes.substr(1)) : bytes;
      if (const std::size_t end = socket.path.find('\0'); end != socket.path.npos) {
        socket.path.resize(end);
      }
    } else if (type == UNIX_DIAG_PEER) {
      socket.peer = value_at<std::uint32_t>(bytes, 0).value_or(0);
    } else if (type == UNIX_DIAG_ICONS) {
      for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint32_t)) {
        if (const auto inode = value_at<std::uint32_t>(bytes, at)) socket.waiting.insert(*inode);
      }
    }
  });
  out[fixed->udiag_ino] = std::move(socket);
}

// The kernel has ports and addresses in the order of the network.
std::uint16_t port_of(std::uint16_t stored) {
  return static_cast<std::uint16_t>(stored << 8U | stored >> 8U);
}

void add_waiting(std::string_view row, std::vector<WaitingSocket>& out) {
  const auto fixed = value_at<inet_diag_msg>(row, 0);
  if (!fixed) return;
  WaitingSocket one;
  one.ipv6 = fixed->idiag_family == AF_INET6;
  one.half = fixed->idiag_state == 5;
  one.local_port = port_of(fixed->id.idiag_sport);
  one.remote_port = port_of(fixed->id.idiag_dport);
  std::memcpy(one.local.data(), fixed->id.idiag_src, one.local.size());
  std::memcpy(one.remote.data(), fixed->id.idiag_dst, one.remote.size());
  out.push_back(one);
}

}  // namespace

std::vector<WaitingSocket> waiting_sockets() {
  std::vector<WaitingSocket> out;
  for (const int family : {AF_INET, AF_INET6}) {
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_states = 1U << 6U;  // time-wait
    list_sockets(request, [&](std::string_view row) { add_waiting(row, out); });
  }
  return out;
}

std::map<std::uint64_t, std::uint64_t> received_bytes() {
  std::map<std::uint64_t, std::uint64_t> out;
  for (const int family : {AF_INET, AF_INET6}) {
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_ext = 1U << (INET_DIAG_INFO - 1U);
    request.idiag_states = 1U << 1U;  // established
    list_sockets(request, [&](std::string_view row) { add_connection(row, out); });
  }
  return out;
}

std::map<std::uint64_t, LocalSocket> local_sockets() {
  std::map<std::uint64_t, LocalSocket> out;
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = ~0U;
  request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS;
  list_sockets(request, [&](std::string_view row) { add_local(row, out); });
  return out;
}

}  // namespace tenon
