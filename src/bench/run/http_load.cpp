#include "bench/run/http_load.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <iterator>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "bench/http/http.h"
#include "bench/http/runtime_figures.h"
#include "bench/results/results.h"
#include "bench/run/http_runtime.h"
#include "bench/run/subject.h"
#include "bench/show/show.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/process.h"
#include "host/tcp_client.h"

namespace tenon::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// A request that is to leave at a moment.
struct Due {
  std::size_t number = 0;
  Clock::time_point at;
};

// A connection, and the request that it carries.
struct Line {
  TcpConnection connection;
  bool connected = false;
  bool busy = false;
  bool used = false;  // carried an answer before
  std::size_t written = 0;
  Due due;
  ResponseReader response;
};

// One server.
class Server {
 public:
  Server(TcpAddress address, std::string request, const HttpRequest& settings)
      : address_(std::move(address)), request_(std::move(request)), settings_(settings) {
    latencies_.resize(settings.warm_up + settings.requests);
  }

  void send(const Due& due) { waiting_.push_back(due); }

  // Gives waiting requests to connections.
  void start_waiting() {
    while (!waiting_.empty()) {
      Line* line = free_line();
      if (line == nullptr) return;
      line->busy = true;
      line->due = waiting_.front();
      line->written = 0;
      line->response.reset();
      waiting_.pop_front();
      ++counts.sent;
      if (line->connected) write(*line);
    }
  }

  void add_waits(std::vector<TcpWait>& waits) const {
    for (const Line& line : lines_) {
      const bool writes = line.busy && (!line.connected || line.written < request_.size());
      waits.push_back({line.connection.descriptor(), line.connected, writes, false});
    }
  }

  // `waits` begins with ours, in the order of add_waits().
  void take_ready(std::span<const TcpWait> waits) {
    std::size_t i = 0;
    for (auto line = lines_.begin(); line != lines_.end(); ++i) {
      const bool alive = !waits[i].ready || serve(*line);
      line = alive ? std::next(line) : lines_.erase(line);
    }
  }

  void end_overdue(Clock::time_point now) {
    std::erase_if(lines_, [&](Line& line) {
      if (!line.busy || now - line.due.at < settings_.timeout) return false;
      fail(line.due, counts.timeouts);
      return true;
    });
    while (!waiting_.empty() && now - waiting_.front().at >= settings_.timeout) {
      fail(waiting_.front(), counts.timeouts);
      waiting_.pop_front();
    }
  }

  // How many requests from the first on have an answer.
  [[nodiscard]] std::size_t complete() {
    while (complete_ < latencies_.size() && latencies_[complete_]) ++complete_;
    return complete_;
  }
  [[nodiscard]] double latency(std::size_t number) const { return latencies_[number].value_or(0); }
  [[nodiscard]] std::size_t lines() const { return lines_.size(); }

  HttpCounts counts;

 private:
  Line* free_line() {
    for (Line& line : lines_) {
      if (!line.busy) return &line;
    }
    if (lines_.size() >= settings_.connections) return nullptr;
    auto connection = TcpConnection::begin(address_);
    if (!connection) {
      // No socket is left: wait for a connection, unless there is none to wait for.
      if (lines_.empty()) {
        fail(waiting_.front(), counts.refused);
        waiting_.pop_front();
      }
      return nullptr;
    }
    lines_.push_back({*std::move(connection), false, false, false, 0, {}, {}});
    return &lines_.back();
  }

  void record(const Due& due, nanoseconds latency) {
    latencies_[due.number] = static_cast<double>(std::max<std::int64_t>(1, latency.count()));
  }

  void fail(const Due& due, std::size_t& count) {
    ++count;
    record(due, settings_.timeout);
  }

  // False when the connection is to go.
  bool serve(Line& line) {
    if (!line.connected) {
      if (line.connection.connect_error() != 0) {
        fail(line.due, counts.refused);
        return false;
      }
      line.connected = true;
    }
    if (line.busy && line.written < request_.size() && !write(line)) return lost(line);
    return read(line);
  }

  bool write(Line& line) {
    const auto moved = line.connection.write(std::string_view(request_).substr(line.written));
    line.written += moved.count;
    return moved.os_errno == 0;
  }

  bool read(Line& line) {
    std::array<char, 65536> buffer;
    while (true) {
      const auto moved = line.connection.read(buffer);
      if (moved.closed || moved.os_errno != 0) return end_of_stream(line, moved.closed);
      if (moved.count == 0) return true;
      if (!line.busy) return false;  // bytes that nobody asked for
      const std::size_t taken = line.response.take({buffer.data(), moved.count});
      if (line.response.broken()) {
        fail(line.due, counts.broken);
        return false;
      }
      if (line.response.done()) return finish(line) && taken == moved.count;
    }
  }

  bool end_of_stream(Line& line, bool closed) {
    if (!line.busy) return false;
    if (closed) line.response.closed();
    if (closed && line.response.done()) {
      (void)finish(line);
      return false;
    }
    return lost(line);
  }

  // A connection that was idle may be closed by the server at any time: its request goes again,
  // with the moment that it was due at.
  bool lost(Line& line) {
    if (line.used && !line.response.started()) {
      --counts.sent;
      waiting_.push_front(line.due);
    } else {
      fail(line.due, counts.broken);
    }
    return false;
  }

  bool finish(Line& line) {
    if (line.response.status() >= 400) {
      fail(line.due, counts.statuses);
    } else {
      record(line.due, Clock::now() - line.due.at);
    }
    line.busy = false;
    line.used = true;
    return line.response.keep_alive();
  }

  TcpAddress address_;
  std::string request_;
  const HttpRequest& settings_;
  std::deque<Due> waiting_;
  std::list<Line> lines_;
  std::vector<std::optional<double>> latencies_;  // by number
  std::size_t complete_ = 0;
};

class Load {
 public:
  Load(const HttpRequest& request, Progress& progress, Server a, Server b)
      : request_(request), progress_(progress), a_(std::move(a)), b_(std::move(b)) {
    out_.results.kind = "http";
    out_.results.a.label = request.url_a;
    out_.results.b.label = request.url_b;
    out_.results.machine = this_machine_facts();
    out_.results.before = this_moment();
    out_.results.series.push_back({"", "time", "ns", true, false, {}, {}});
  }

  HttpEnd run() {
    const std::size_t all = request_.warm_up + request_.requests;
    start_ = Clock::now() + std::chrono::milliseconds(20);
    while (!stopped_ && kept() < request_.requests) {
      const auto now = Clock::now();
      while (next_ < 2 * all && moment(next_).at <= now) send_next(now);
      for (Server* server : {&a_, &b_}) {
        server->end_overdue(now);
        server->start_waiting();
      }
      wait(next_ < 2 * all ? moment(next_).at : now + std::chrono::milliseconds(20));
      keep_complete();
      look();
      tell();
      if (interrupted()) {
        out_.interrupted = true;
        break;
      }
    }
    progress_.clear_status();
    out_.done = kept();
    out_.a = a_.counts;
    out_.b = b_.counts;
    out_.results.after = this_moment();
    out_.results.complete = !out_.interrupted;
    return std::move(out_);
  }

 private:
  struct Slot {
    Clock::time_point at;
    bool of_b = false;
    std::size_t number = 0;
  };

  // The n-th request of both sides together.
  [[nodiscard]] Slot moment(std::size_t n) const {
    const double seconds = static_cast<double>(n) / (2 * request_.rate);
    const auto after =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    return {start_ + after, (n % 2 == 1) != (n / 2 % 2 == 1), n / 2};
  }

  void send_next(Clock::time_point now) {
    const Slot slot = moment(next_++);
    if (now - slot.at > std::chrono::milliseconds(1)) ++out_.late_sends;
    (slot.of_b ? b_ : a_).send({slot.number, slot.at});
  }

  void wait(Clock::time_point until) {
    std::vector<TcpWait> waits;
    a_.add_waits(waits);
    const std::size_t of_a = waits.size();
    b_.add_waits(waits);
    const auto left = std::clamp<nanoseconds>(until - Clock::now(), nanoseconds(0),
                                              std::chrono::milliseconds(20));
    wait_for_connections(waits, left);
    a_.take_ready(std::span(waits).first(of_a));
    b_.take_ready(std::span(waits).subspan(of_a));
  }

  [[nodiscard]] std::size_t kept() const { return out_.results.series.front().a.size(); }

  // Pairs whose answers are both there, in their order.
  void keep_complete() {
    Series& series = out_.results.series.front();
    const std::size_t both = std::min(a_.complete(), b_.complete());
    for (std::size_t i = request_.warm_up + kept(); i < both; ++i) {
      series.a.push_back(a_.latency(i));
      series.b.push_back(b_.latency(i));
    }
  }

  void look() {
    if (out_.look + 1 >= request_.looks.size() || !request_.decided) return;
    const double due = request_.looks[out_.look] * static_cast<double>(request_.requests);
    if (static_cast<double>(kept()) < due) return;
    if (request_.decided(out_.results, out_.look)) {
      stopped_ = true;
    } else {
      ++out_.look;
    }
  }

  void tell() {
    const auto now = Clock::now();
    if (kept() == 0 || now - told_ < std::chrono::milliseconds(200)) return;
    told_ = now;
    const Series& series = out_.results.series.front();
    progress_.status(shown_format("request {} of {}: A {}, B {}", kept(), request_.requests,
                                  value_text(series.a.back(), "ns"),
                                  value_text(series.b.back(), "ns")));
  }

  const HttpRequest& request_;
  Progress& progress_;
  Server a_, b_;
  HttpEnd out_;
  Clock::time_point start_, told_;
  std::size_t next_ = 0;
  bool stopped_ = false;
};

Outcome<Server> make_server(const std::string& text, const HttpRequest& request) {
  const auto wrong = [&](const char* reason) {
    return std::unexpected(
        make_finding(Code::bench_bad_url, {{"url", text}, {"reason", reason}}, text));
  };
  const auto url = parse_url(text);
  if (!url) return wrong(url.error().what);
  auto address = find_tcp_address(url->host, url->port);
  if (!address) return wrong(address.error().what);
  return Server(*std::move(address), request_text(*url, request.headers), request);
}

Result<RuntimeFigures> ask(const std::string& url, const HttpRequest& request) {
  return ask_runtime(url, request.runtime, request.headers, request.timeout);
}

// Counters that went back belong to another process.
std::optional<double> grown(const std::optional<double>& before,
                            const std::optional<double>& after) {
  if (!before || !after || *after < *before) return std::nullopt;
  return *after - *before;
}

RuntimeChange change(const Result<RuntimeFigures>& before, const Result<RuntimeFigures>& after) {
  RuntimeChange out;
  if (!before || !after) {
    out.unknown = before ? after.error().what : before.error().what;
    return out;
  }
  out.goroutines_before = before->goroutines;
  out.goroutines_after = after->goroutines;
  out.collections = grown(before->collections, after->collections);
  out.pause_ns = grown(before->pause_ns, after->pause_ns);
  return out;
}

}  // namespace

Outcome<HttpEnd> run_http(const HttpRequest& request, Progress& progress) {
  allow_many_descriptors();
  Server a = TENON_TRY(make_server(request.url_a, request));
  Server b = TENON_TRY(make_server(request.url_b, request));
  if (request.runtime.empty()) return Load(request, progress, std::move(a), std::move(b)).run();
  const auto before_a = ask(request.url_a, request);
  const auto before_b = ask(request.url_b, request);
  HttpEnd end = Load(request, progress, std::move(a), std::move(b)).run();
  end.runtime_a = change(before_a, ask(request.url_a, request));
  end.runtime_b = change(before_b, ask(request.url_b, request));
  return end;
}

}  // namespace tenon::bench
