#include "trace/owners.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace tenon::trace {
namespace {

// A request in TLS is the third thing that a client sends, and a body may be one more.
constexpr std::uint32_t most_segments_of_one = 4;

bool passes(const std::vector<std::string>& functions, std::string_view name) {
  return std::ranges::any_of(functions, [&](const std::string& one) {
    return one == name || (one.starts_with(name) && one[name.size()] == '.');
  });
}

// gRPC multiplexes: one of its connections ends after a call only with its client. What closes is
// the loop that reads, whoever asked for it. HTTP/2 begins with three more frames.
constexpr std::string_view grpc_loop =
    "google.golang.org/grpc/internal/transport.(*http2Client).reader";
// Of net/http the server's GOAWAY, as for "Connection: close", ends one as well.
constexpr std::string_view http2_loop = "net/http.(*http2clientConnReadLoop).run";
constexpr std::uint32_t most_segments_of_one_call = 10;
constexpr std::int64_t longest_call = 60'000'000'000;  // idle clients end later

bool is_one_call(const Connection& one) {
  return one.role == Role::client && one.closer == Closer::self && one.opened != 0 &&
         one.closing - one.opened < longest_call && one.sent_segments <= most_segments_of_one_call;
}

bool is_single(const Connection& one) {
  const std::uint32_t requests =
      one.role == Role::server ? one.received_segments : one.sent_segments;
  return requests <= most_segments_of_one;
}

// The words of src/net/http/transport.go.
Why by_words(const Connection& one) {
  const std::string_view reason = one.reason;
  if (reason.contains("too many idle connections")) return Why::pool_full;
  if (reason.contains("keep alives disabled")) return Why::keep_alives_off;
  if (reason.contains("CloseIdleConnections")) return Why::client_ended;
  if (reason.contains("idle connection timeout")) return Why::idle_time;
  if (reason.contains("server closed idle connection")) return Why::peer;
  if (one.keep_alives_off.value_or(false)) return Why::keep_alives_off;
  if (one.early || (one.unread > 0 && one.closer == Closer::self)) return Why::body_left;
  // Request.Close, or an answer that says `Connection: close`: the loop ends for no other reason.
  if (reason.contains("readLoop exiting")) return Why::keep_alives_off;
  return Why::unknown;
}

// Functions of src/database/sql/sql.go and of google.golang.org/grpc/clientconn.go.
Why by_functions(const std::vector<std::string>& functions) {
  if (passes(functions, "database/sql.(*DB).connectionCleaner")) return Why::idle_time;
  if (passes(functions, "database/sql.(*DB).Close")) return Why::client_ended;
  if (passes(functions, "database/sql.(*DB).putConn")) return Why::pool_full;
  if (passes(functions, "google.golang.org/grpc.(*ClientConn).Close")) return Why::client_ended;
  return Why::unknown;
}

}  // namespace

OwnerKey owner_of(const Connection& one) {
  OwnerKey key{one.process, one.name, one.role, 0, one.remote};
  if (one.role == Role::server) {
    key.port = one.local.port;
    key.remote.port = 0;
  } else if (one.role == Role::unknown) {
    // It was open before the trace began: who began it is not known, and the lower port is mostly
    // the one of a server.
    if (one.local.port < one.remote.port) {
      key.port = one.local.port;
      key.remote.port = 0;
    }
  }
  return key;
}

Why why_closed(const Connection& one, const std::vector<std::string>& functions) {
  Why why = by_words(one);
  if (why == Why::unknown) why = by_functions(functions);
  if (why == Why::unknown && passes(functions, grpc_loop) && is_one_call(one)) {
    return Why::client_ended;
  }
  // A client that served for a while and is closed at its end is no client for each request.
  if (why == Why::client_ended && one.transport == 0 && !is_single(one)) why = Why::unknown;
  if (why != Why::unknown) return why;
  if (one.closer == Closer::peer) return Why::peer;
  const bool single = is_single(one) || (passes(functions, http2_loop) && is_one_call(one));
  return one.closer == Closer::self && single ? Why::single : Why::unknown;
}

void Owner::add(const Connection& one, Why why) {
  if (connections == 0) first = one.at;
  ++connections;
  last = std::max(last, one.at);
  group = one.group;
  family = one.family;
  inside = inside || one.inside;
  if (one.rest != Rest::none) ++entered;
  if (one.rest == Rest::half) ++half;
  if (one.closer == Closer::self) ++closed_here;
  if (one.closer == Closer::peer) ++closed_by_peer;
  if (one.error != 0 || (one.closer == Closer::self && one.unread > 0)) ++resets;
  if (one.unread > 0 && one.closer == Closer::self) ++unread_closes;
  if (one.early) ++early_closes;
  if (is_single(one)) ++single;
  if (one.keep_alives_off.value_or(false)) ++keep_alive_off;
  if (one.idle_max) idle_max = one.idle_max;
  if (one.transport != 0) {
    ++with_transport;
    if (transports.size() < most_kept) transports.insert(one.transport);
  }
  if (!one.reason.empty() && (reasons.contains(one.reason) || reasons.size() < 64))
    ++reasons[one.reason];
  if (one.stack != 0 && (stacks.contains(one.stack) || stacks.size() < 64)) ++stacks[one.stack];
  ++whys[static_cast<std::size_t>(why)];
  const std::int64_t ended = one.closing != 0 ? one.closing : one.at;
  if (one.opened != 0) spans.emplace_back(one.opened, ended);
  if (spans.size() > most_kept) spans.pop_front();
  if (one.rest == Rest::none) return;
  const std::int64_t second = one.at / 1'000'000'000;
  if (seconds.empty() || seconds.back().first < second) seconds.emplace_back(second, 0);
  ++seconds.back().second;
  if (seconds.size() > 64) seconds.pop_front();
}

std::int64_t Owner::peak() const {
  std::vector<std::pair<std::int64_t, int>> steps;
  steps.reserve(2 * spans.size());
  for (const auto& [from, to] : spans) {
    steps.emplace_back(from, 1);
    steps.emplace_back(to, -1);
  }
  std::ranges::sort(steps);
  std::int64_t open = 0, most = 0;
  for (const auto& [at, step] : steps) {
    open += step;
    most = std::max(most, open);
  }
  return most;
}

}  // namespace tenon::trace
