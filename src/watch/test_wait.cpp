// A test that sleeps, listens or waits for a connection does what it was written for. It shows in
// the time that the network poller of Go's runtime sleeps: until the next timer of any goroutine.
// When that is the timer of -timeout, no goroutine has one of its own; with no connection to wait
// for either, the test will most likely never end.
#include "watch/test_wait.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/process_sample.h"
#include "base/text.h"
#include "diag/finding.h"
#include "watch/block.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

constexpr std::string_view timeout_option = "-test.timeout=";

std::string_view timeout_text(const ProcessSample& process) {
  for (const std::string& word : process.arguments) {
    if (word.starts_with(timeout_option)) {
      return std::string_view(word).substr(timeout_option.size());
    }
  }
  return {};
}

// Until the next timer of the program: of the poller of its runtime. -1: there is none.
std::optional<std::int64_t> next_timer(const ProcessSample& process) {
  for (const ThreadSample& thread : process.threads) {
    if (thread.call == Call::epoll && thread.timeout_ms) return thread.timeout_ms;
  }
  return std::nullopt;
}

// Whether the next timer can only be that of -timeout. The call may have been made at any time
// since the program began.
bool only_the_timeout(const ProcessSample& process, std::int64_t timer) {
  if (timer < 0) return true;
  const auto limit = go_duration(timeout_text(process));
  if (!limit || *limit == 0) return false;
  const auto left = static_cast<std::uint64_t>(timer);
  return left > *limit / 2 && left + process.age_ms + 1000 >= *limit;
}

std::string address(const std::string& host, std::uint16_t port) {
  const std::string shown = host.empty() ? "*" : host;
  return shown.contains(':') ? fmt::format("[{}]:{}", shown, port)
                             : fmt::format("{}:{}", shown, port);
}

// What it waits for at a socket; empty when it has none.
std::string socket_words(const ProcessSample& process) {
  using State = SocketSample::State;
  for (const SocketSample& socket : process.sockets) {
    if (!socket.remote.empty() && socket.state != State::closing) {
      return fmt::format("is connected to {} and waits",
                         address(socket.remote, socket.remote_port));
    }
  }
  for (const SocketSample& socket : process.sockets) {
    if (socket.state == State::listening) {
      return fmt::format("waits for a connection on {}", address(socket.local, socket.local_port));
    }
  }
  return process.sockets.empty() ? "" : "waits at a socket";
}

}  // namespace

std::optional<Block> test_waits(const ProcessSample& process) {
  const bool runs = std::ranges::any_of(process.threads, [](const ThreadSample& thread) {
    return thread.state == 'R' || thread.call == Call::running;
  });
  if (runs) return std::nullopt;
  Block out{.kind = Kind::test, .key = "test", .confidence = Confidence::likely, .normal = true};
  out.evidence = thread_evidence(process);
  const auto timer = next_timer(process);
  const std::string socket = socket_words(process);
  if (!socket.empty()) {
    out.reason = socket;
  } else if (timer && only_the_timeout(process, *timer)) {
    const std::string_view limit = timeout_text(process);
    out.normal = false;
    out.reason = fmt::format(
        "does nothing, and none of its goroutines has a timer {}: probably a "
        "deadlock",
        limit.empty() ? "at all" : fmt::format("before -timeout {}", limit));
  } else if (timer) {
    out.reason = fmt::format("sleeps; its next timer ends within {} ms", *timer);
  } else {
    out.reason = "waits";
  }
  if (timer) {
    out.evidence.push_back(fact("sleep of the runtime's network poller",
                                *timer < 0 ? "without an end" : fmt::format("{} ms", *timer)));
  }
  if (!process.folder.empty()) out.evidence.push_back(fact("package", process.folder));
  return out;
}

std::optional<std::uint64_t> go_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t ms;
  };
  constexpr Unit units[] = {{"ms", 1}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}};
  if (text.empty()) return std::nullopt;
  if (text == "0") return 0;
  std::uint64_t out = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, end));
    if (!number || *number > 1'000'000'000) return std::nullopt;
    text.remove_prefix(end);
    // The part behind a point is less than a second, mostly.
    if (text.starts_with('.')) {
      text.remove_prefix(std::min(text.find_first_not_of(".0123456789"), text.size()));
    }
    const auto* unit =
        std::ranges::find_if(units, [&](const Unit& one) { return text.starts_with(one.name); });
    if (unit == std::end(units)) return std::nullopt;
    out += *number * unit->ms;
    text.remove_prefix(unit->name.size());
  }
  return out;
}

std::string_view test_of_line(std::string_view line) {
  for (const std::string_view mark : {"=== RUN", "=== CONT", "=== NAME"}) {
    if (line.starts_with(mark)) return trim(line.substr(mark.size()));
  }
  return {};
}

}  // namespace tenon::watch
