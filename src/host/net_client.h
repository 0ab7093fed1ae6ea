// Questions over the network: one datagram or one connection each, and the C library's own
// resolver. Each call ends by its deadline, except the C library's, which a caller runs in a child
// process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// How an exchange ended. Without `error`, `timeout` and `closed` there are bytes.
struct NetReply {
  enum class Step : std::uint8_t { connect, write, read };
  std::string bytes;
  Step step = Step::connect;  // where it ended
  int os_errno = 0;
  bool timeout = false;
  bool closed = false;   // the other side ended the connection before a whole answer
  bool partial = false;  // of it some bytes had come
  std::string local;     // "127.0.0.1:40000", "[::1]:40000"; empty before the connection stands
};

// `server` is an IP address with a port, "192.0.2.1:53", "[fe80::1%eth0]:53". Datagrams are cut at
// `most` bytes; those that `accept` refuses are passed over.
[[nodiscard]] NetReply exchange_datagram(const std::string& server, std::string_view query,
                                         std::chrono::milliseconds limit, std::size_t most,
                                         const std::function<bool(std::string_view)>& accept);
// The query and the answer each behind their length in two bytes (RFC 1035, 4.2.2).
[[nodiscard]] NetReply exchange_stream(const std::string& server, std::string_view query,
                                       std::chrono::milliseconds limit);

// The address that the machine would send from; nothing is sent. Nothing without a route.
[[nodiscard]] std::optional<std::string> source_address(const std::string& address);

[[nodiscard]] std::uint16_t random_number16();

// What an errno is called, in lower case: "connection refused".
[[nodiscard]] std::string errno_words(int os_errno);

// getaddrinfo(3) with the hints of Go's package net.
struct LibcReply {
  int code = 0;      // EAI_*; 0: there are addresses
  std::string word;  // "EAI_NONAME"
  std::string text;  // gai_strerror(3)
  int os_errno = 0;  // with EAI_SYSTEM
  std::vector<std::string> addresses;
};

// Blocks for as long as the C library likes.
[[nodiscard]] LibcReply ask_libc(const std::string& name);

}  // namespace tenon
