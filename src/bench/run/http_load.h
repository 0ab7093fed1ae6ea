// Requests at a fixed rate to two servers (open loop).
//
// Request i of a side is to leave i/rate seconds after the start, whatever became of those before;
// B's requests lie half a period behind A's, and in every other period before them. The latency
// counts from that moment, not from the one at which a connection was free: a server that stalls is
// seen by every request of that time, as its users see it. A client that waits for an answer before
// it sends the next request sees the stall once ("coordinated omission").
//
// A request takes an idle connection or opens one, up to a limit; above that it waits, and its
// latency grows. A request that fails or gets no answer counts with the time limit.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/http/http.h"
#include "bench/results/results.h"
#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::bench {

struct HttpRequest {
  std::string url_a, url_b;
  std::vector<std::string> headers;
  std::string runtime;          // path of figures of Go's runtime, "/debug/vars"; empty: not asked
  double rate = 100;            // requests in a second to each side
  std::size_t requests = 1000;  // to each side
  std::size_t warm_up = 20;     // that do not count
  std::size_t connections = 256;
  std::chrono::milliseconds timeout{10'000};
  std::vector<double> looks{1};
  std::function<bool(const Results& results, std::size_t look)> decided;
};

// What became of the requests to one side.
struct HttpCounts {
  std::size_t sent = 0, refused = 0, timeouts = 0, statuses = 0, broken = 0;

  [[nodiscard]] std::size_t failed() const { return refused + timeouts + statuses + broken; }
};

// What Go's runtime did on one side during the measurement.
struct RuntimeChange {
  std::optional<double> goroutines_before, goroutines_after;
  std::optional<double> collections, pause_ns;
  std::string unknown;  // why nothing is known
};

struct HttpEnd {
  Results results;
  HttpCounts a, b;
  std::optional<RuntimeChange> runtime_a, runtime_b;
  std::size_t done = 0;        // pairs
  std::size_t late_sends = 0;  // that tenon itself sent more than 1 ms late
  std::size_t look = 0;
  bool interrupted = false;
};

[[nodiscard]] Outcome<HttpEnd> run_http(const HttpRequest& request, Progress& progress);

}  // namespace tenon::bench
