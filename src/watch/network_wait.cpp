#include "watch/network_wait.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/process_sample.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

std::string address_text(const SocketSample& socket) {
  const bool colons = socket.remote.contains(':');
  return fmt::format("{}{}{}:{}", colons ? "[" : "", socket.remote, colons ? "]" : "",
                     socket.remote_port);
}

// Which socket the process waits for: a question to a name server, then a connection that is being
// made, then one that is open and silent.
const SocketSample* awaited_socket(const ProcessSample& process) {
  const auto pick = [&](auto wanted) -> const SocketSample* {
    const auto at = std::ranges::find_if(process.sockets, [&](const SocketSample& socket) {
      return !socket.remote.empty() && wanted(socket);
    });
    return at == process.sockets.end() ? nullptr : &*at;
  };
  using State = SocketSample::State;
  if (const auto* one = pick([](const SocketSample& s) {
        return s.remote_port == 53 && (s.datagram || s.state != State::closing);
      })) {
    return one;
  }
  if (const auto* one = pick([](const SocketSample& s) { return s.state == State::connecting; })) {
    return one;
  }
  return pick([](const SocketSample& s) {
    return !s.datagram && s.state == State::established && s.unread == 0;
  });
}

// Threads that wait in one of the calls that a network program waits in.
bool waits_for_events(const ProcessSample& process) {
  return std::ranges::any_of(process.threads, [](const ThreadSample& thread) {
    return thread.call == Call::poll || thread.call == Call::epoll ||
           thread.call == Call::connect || thread.call == Call::receive ||
           thread.call == Call::read || thread.call == Call::unknown;
  });
}

// getaddrinfo waits in poll(2), on the thread that called it; Go's own resolver leaves the socket
// to the runtime, which waits in epoll.
void add_resolver(const ProcessSample& process, Block& out) {
  if (!process.threads_known) return;
  const auto waits_in_call = [&](Call call) {
    return std::ranges::find(process.threads, call, &ThreadSample::call) != process.threads.end();
  };
  if (waits_in_call(Call::poll)) {
    out.evidence.push_back(fact("resolver", "the C library's: a thread waits in poll(2)"));
  } else if (waits_in_call(Call::epoll)) {
    out.evidence.push_back(
        fact("resolver", "Go's own, if it is a Go program: no thread waits in poll(2)"));
  }
  out.evidence.push_back(
      fact("why this resolver", fmt::format("tenon resolve --pid {} NAME", process.id)));
}

}  // namespace

std::optional<Block> waits_for_network(const ProcessSample& process) {
  if (!waits_for_events(process)) return std::nullopt;
  const SocketSample* socket = awaited_socket(process);
  if (socket == nullptr) return std::nullopt;
  const std::string address = address_text(*socket);
  Block out{.kind = Kind::no_answer, .key = "network " + address, .address = address};
  if (!process.threads_known) out.confidence = Confidence::likely;
  out.received = socket->received;
  std::string state;
  if (socket->remote_port == 53) {
    out.kind = Kind::dns;
    out.reason = fmt::format("waits for the DNS server {}, which does not respond", socket->remote);
    state = socket->datagram ? "connected, nothing received" : "connected";
    add_resolver(process, out);
  } else if (socket->state == SocketSample::State::connecting) {
    out.reason = fmt::format("tries to connect to {}, which does not respond", address);
    state = "connecting (SYN sent)";
  } else {
    out.reason = fmt::format("is connected to {}, but gets no response", address);
    state = socket->unsent == 0
                ? "established, nothing to read, all that was sent was confirmed"
                : fmt::format("established, {} bytes not confirmed", socket->unsent);
  }
  out.evidence.push_back(
      fact(fmt::format("{} socket to {}", socket->datagram ? "UDP" : "TCP", address), state));
  if (!process.proxy.empty()) out.evidence.push_back(fact("GOPROXY", process.proxy));
  return out;
}

}  // namespace tenon::watch
