// Go's way to addresses: files, then questions to servers, with Go's errors word for word. Pure:
// who sends a packet is asked through Network. Source: src/net/dnsclient_unix.go of Go 1.21
// to 1.27.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/decision.h"

namespace tenon::resolve {

// One packet and its answer. `error` is the text that Go's net package has for what went wrong:
// "read udp 127.0.0.1:40000->127.0.0.1:53: i/o timeout"; empty: `bytes` holds an answer.
struct Arrival {
  std::string bytes = {};
  std::string error = {};
  bool timeout = false;
  bool system = false;  // a net.OpError: its lookups count as temporary
};

class Network {
 public:
  // Takes an answer or says that it is to be ignored.
  using Accept = std::function<bool(std::string_view)>;

  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  // Sends one datagram, and waits until `accept` takes an answer or the time is over. Called by two
  // threads at once.
  [[nodiscard]] virtual Arrival datagram(const std::string& server, const std::string& query,
                                         std::chrono::milliseconds limit, const Accept& accept) = 0;
  // One question over a connection of its own.
  [[nodiscard]] virtual Arrival stream(const std::string& server, const std::string& query,
                                       std::chrono::milliseconds limit) = 0;
  [[nodiscard]] virtual std::uint16_t random_id() = 0;
  // Addresses in the order of RFC 6724, which depends on the machine's own.
  virtual void sort(std::vector<std::string>& addresses) = 0;
};

// A question that was sent.
struct SentQuery {
  std::string name, type, server;
  bool tcp = false;
  std::string result;  // "answer", or the error
};

struct LookupResult {
  std::vector<std::string> addresses;
  std::string error;  // "lookup x on 127.0.0.1:53: no such host"; empty: none
  std::string server;
  bool not_found = false, timeout = false, temporary = false;
  std::vector<SentQuery> queries;
};

// net.Resolver.LookupHost for a name whose order is Go's own.
[[nodiscard]] LookupResult go_lookup_host(const Resolver& resolver, Order order,
                                          std::string_view name, Network& network);

}  // namespace tenon::resolve
