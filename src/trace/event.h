// What a trace consists of, as plain values: connections that ended, names that were asked for, and
// what the kernel counted at moments. The live trace and the reader of a recorded file make the
// same values, so that verdicts are the same. Text in them is valid UTF-8: bytes that are not are
// escaped when a value is made (clean_text).
//
// Times are nanoseconds of CLOCK_MONOTONIC.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::trace {

struct Endpoint {
  std::string address;  // "10.0.0.7", "fd00::1", "::ffff:10.0.0.7"
  std::uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// "10.0.0.7:80", "[fd00::1]:80"
[[nodiscard]] std::string endpoint_text(const Endpoint& endpoint);
// Of the bytes of an address as the kernel has them; 4 of them count for IPv4.
[[nodiscard]] std::string address_text(bool ipv6, const std::array<std::uint8_t, 16>& bytes);
[[nodiscard]] bool is_loopback(std::string_view address);
// Valid UTF-8 without control characters; everything else as \xNN.
[[nodiscard]] std::string clean_text(std::string_view bytes);

enum class Role : std::uint8_t { unknown, client, server };
enum class Closer : std::uint8_t { nobody, self, peer };
// What stays of a connection in the kernel's table.
enum class Rest : std::uint8_t {
  none,
  time_wait,
  half,  // FIN_WAIT2 of an orphan: the peer has not closed yet; counted as TIME_WAIT by the kernel
};

[[nodiscard]] std::string_view role_name(Role role);

// A connection that came to its end.
struct Connection {
  std::int64_t at = 0;
  std::int64_t opened = 0;   // 0: before the trace began
  std::int64_t closing = 0;  // of the first step; 0: none was seen
  std::uint32_t process = 0;
  std::string name;  // of the process
  std::uint64_t group = 0;
  Endpoint local, remote;
  std::uint8_t family = 4;  // of the socket: 4 or 6
  Role role = Role::unknown;
  Closer closer = Closer::nobody;
  Rest rest = Rest::none;
  std::uint8_t error = 0;  // errno of the socket
  bool inside = false;     // of a process that is traced
  std::uint64_t sent = 0, received = 0;
  std::uint32_t sent_segments = 0, received_segments = 0;
  std::uint32_t unread = 0;     // bytes that nobody had read at the close
  std::uint32_t stack = 0;      // number of a Stack; 0: none
  std::string reason;           // in the words of Go's error
  std::uint64_t transport = 0;  // of Go's http.Transport, as a number that only tells them apart
  bool early = false;           // the body of the answer was closed before its end
  std::optional<bool> keep_alives_off;
  std::optional<std::uint32_t> idle_max;  // MaxIdleConnsPerHost; 0: the default of 2
};

// Functions from the one that closed outwards; empty names are left out.
struct Stack {
  std::uint32_t number = 0;
  std::vector<std::string> functions;
};

enum class Place : std::uint8_t { none, go_ipaddr, go_host, go_order, libc, libc_end };

struct LookupEvent {
  std::int64_t at = 0;
  std::uint32_t process = 0, thread = 0;
  std::string name;  // that was asked for; empty where the event has none
  Place place = Place::none;
  std::uint8_t order = 0;   // of go_order: 1 files,dns; 2 dns,files; 3 files; 4 dns
  std::int32_t result = 0;  // of libc_end
};

struct DnsEvent {
  std::int64_t at = 0;
  std::uint32_t process = 0;
  bool sent = false;
  bool tcp = false;
  std::int32_t bytes = 0;
  std::string server;
};

// What the kernel counts, of one network, since it started.
struct Counters {
  std::int64_t at = 0;
  std::int64_t time_wait = 0;   // TcpExt TW
  std::int64_t short_wait = 0;  // TcpExt TWKilled: entries that stay at most 4 s
  std::int64_t overflow = 0;    // TcpExt TCPTimeWaitOverflow

  [[nodiscard]] std::int64_t entered() const { return time_wait + short_wait; }
};

// An entry that is there.
struct Row {
  Endpoint local, remote;
  Rest rest = Rest::time_wait;

  friend auto operator<=>(const Row&, const Row&) = default;
};

// Limits of the machine that decide when ports run out.
struct Limits {
  std::uint32_t first_port = 32768, last_port = 60999;
  std::uint32_t reserved = 0;  // ports of the range that are not given out
  std::uint32_t reuse = 0;     // net.ipv4.tcp_tw_reuse: 0 no, 1 yes, 2 on loopback
  std::uint32_t buckets = 0;   // net.ipv4.tcp_max_tw_buckets

  [[nodiscard]] std::uint32_t ports() const {
    const std::uint32_t all = last_port >= first_port ? last_port - first_port + 1 : 0;
    return all > reserved ? all - reserved : 0;
  }
};

// What was traced, and where.
struct Header {
  std::string kernel, arch;   // "6.18.44", "amd64"
  std::string subject;        // "pid 4242", "cgroup /sys/fs/cgroup/app", "command ./app"
  std::uint64_t network = 0;  // inode of the network namespace
  std::int64_t began = 0;
  std::string program;     // that is looked into; empty: none
  std::string go_version;  // "go1.26.8"; empty: no Go program
  Limits limits;
  Counters counters;                  // at the beginning
  std::vector<std::string> not_seen;  // what this trace cannot see, with the reason
  std::vector<std::string> seen;      // functions with a probe
};

// The end.
struct Footer {
  std::int64_t ended = 0;
  Counters counters;
  std::int64_t entered = 0;    // counted in the kernel, whether or not the record was lost
  std::int64_t lost = 0;       // records without room
  std::int64_t unfound = 0;    // ends where the kernel's table was too long to look through
  std::string present_source;  // "iter/tcp", "sock_diag", ""
};

// What tenon resolve says of a name; made while the program runs.
struct Prediction {
  std::string name;
  std::string order;  // "cgo", "files,dns"
  std::string reason;
};

}  // namespace tenon::trace
