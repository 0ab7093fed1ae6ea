// Connections by who closed them and where they led: the groups that causes are sought in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace tenon::trace {

// A client is told apart by where it connects to, a server by the port that it listens at and the
// address of who connected.
struct OwnerKey {
  std::uint32_t process = 0;
  std::string name;
  Role role = Role::unknown;
  std::uint16_t port = 0;  // local, of a server; 0: it is another one for each connection
  Endpoint remote;         // port 0: it is another one for each connection

  friend auto operator<=>(const OwnerKey&, const OwnerKey&) = default;
};

[[nodiscard]] OwnerKey owner_of(const Connection& connection);

// Why a connection was closed, as far as one connection shows it.
enum class Why : std::uint8_t {
  unknown,
  pool_full,
  keep_alives_off,
  body_left,     // the body of the answer was not read to its end
  client_ended,  // a whole client was closed, with its pool
  idle_time,
  peer,
  single,  // one exchange, then closed; nothing else is known
};

constexpr std::size_t why_count = 8;

// `functions` are those of the connection's stack.
[[nodiscard]] Why why_closed(const Connection& connection,
                             const std::vector<std::string>& functions);

struct Owner {
  std::uint64_t group = 0;
  bool inside = false;
  std::uint8_t family = 4;
  std::int64_t connections = 0;  // that ended
  std::int64_t entered = 0;      // left an entry: TIME_WAIT, and orphans in FIN_WAIT2
  std::int64_t half = 0;         // of these, orphans in FIN_WAIT2
  std::int64_t closed_here = 0, closed_by_peer = 0, resets = 0;
  std::int64_t unread_closes = 0, early_closes = 0;
  std::int64_t single = 0;          // one exchange
  std::int64_t keep_alive_off = 0;  // closed by a client that keeps none alive
  std::optional<std::uint32_t> idle_max;
  std::int64_t with_transport = 0;
  std::set<std::uint64_t> transports;  // most_kept of them
  std::map<std::string, std::int64_t> reasons;
  std::map<std::uint32_t, std::int64_t> stacks;
  std::int64_t whys[why_count] = {};
  std::int64_t first = 0, last = 0;
  // The last ones, for the peak of connections that were open at once.
  std::deque<std::pair<std::int64_t, std::int64_t>> spans;
  // Entries left in each second, the last 64 of them: for the forecast.
  std::deque<std::pair<std::int64_t, std::int64_t>> seconds;

  void add(const Connection& connection, Why why);
  [[nodiscard]] std::int64_t count(Why why) const { return whys[static_cast<std::size_t>(why)]; }
  [[nodiscard]] std::int64_t peak() const;
};

constexpr std::size_t most_kept = 4096;

}  // namespace tenon::trace
