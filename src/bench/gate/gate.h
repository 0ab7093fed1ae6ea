// Gates: what may become how much worse. `p99<=+5%,rss<=+10%,size<=+2%`
//
//   gates  = gate *( "," gate )
//   gate   = metric "<=" [ "+" / "-" ] number "%"
//   metric = "time" / "user" / ... / "p" number      a quantile of the time, in percent
//
// Blanks may stand between the parts. A limit is the change of B against A: more than -100, at most
// 10000 percent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon::bench {

// A quantile of one kind of figure: "p99" is 0.99 of "time", "rss" 0.5 of "rss".
struct Metric {
  std::string name;    // as it is written and printed
  std::string series;  // the figure
  double q = 0.5;

  friend bool operator==(const Metric&, const Metric&) = default;
};

struct Gate {
  Metric metric;
  double limit = 0;  // 0.05: B may be 5 % above A
  std::string text;  // "+5%"
};

struct GateError {
  std::size_t column = 1;  // from 1
  std::string message;
};

[[nodiscard]] Result<Metric, GateError> parse_metric(std::string_view name);
[[nodiscard]] Result<std::vector<Gate>, GateError> parse_gates(std::string_view text);
// "time, user, ..., p50": for messages and help.
[[nodiscard]] std::string metric_names();

enum class Verdict { held, broken, cannot_tell };

[[nodiscard]] std::string_view verdict_name(Verdict verdict);

// Non-inferiority: held when the upper bound of log(B/A) is within the limit, broken when the lower
// one is above it.
[[nodiscard]] Verdict judge_bounds(double low, double high, double limit);

}  // namespace tenon::bench
