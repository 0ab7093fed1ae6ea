// What a Go server tells of its runtime: the JSON of package expvar (/debug/vars), or the text
// format of Prometheus (/metrics).
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace tenon::bench {

// Counters since the start of the server.
struct RuntimeFigures {
  std::optional<double> goroutines;   // at this moment; expvar has none by itself
  std::optional<double> collections;  // of the garbage collector
  std::optional<double> pause_ns;     // for which they stopped the program

  [[nodiscard]] bool empty() const { return !goroutines && !collections && !pause_ns; }
};

// A response with its head. malformed: it is none, or of neither format; unsupported: a status
// other than 200.
[[nodiscard]] Result<RuntimeFigures> runtime_figures(std::string_view response);

}  // namespace tenon::bench
