// What a build spent its time on: go's actions and the C compilers and linkers below them, and the
// page of it. Pure.
//
// Rules: actionJSON of cmd/go/internal/work/action.go, which `go build -debug-actiongraph=FILE`
// writes (Mode, Package, TimeStart, TimeDone, Cmd), and the trace (crossbuild/trace.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/trace.h"
#include "diag/report.h"

namespace tenon {

struct TimedWork {
  std::string target{};
  // Of go "package", "cgo", "link", "other"; of tenon cc "compile", "cached", "ld".
  std::string kind;
  std::string name;                 // import path, or file
  std::int64_t start = 0, end = 0;  // microseconds since 1970, UTC

  [[nodiscard]] std::int64_t duration() const { return end - start; }
};

// "2026-01-31T12:00:00.5+01:00" as microseconds since 1970, UTC; nothing for another form, and for
// the time that Go writes for none (year 1).
[[nodiscard]] std::optional<std::int64_t> go_time(std::string_view text);

// The actions that took time, and the calls of tenon cc whose end is known. A graph that is not one
// has no actions. In the order of their starts.
[[nodiscard]] std::vector<TimedWork> timed_work(std::string_view action_graph,
                                                const std::vector<TraceRecord>& trace);

// One element each: target, kind, name, start_ms (since the first start) and duration_ms.
[[nodiscard]] Data timings_data(const std::vector<TimedWork>& work);

inline constexpr std::string_view timings_file = "tenon-timings.html";
inline constexpr std::size_t timings_rows = 400;  // of each target; the page counts the others

[[nodiscard]] std::string timings_page(const std::vector<TimedWork>& work);

}  // namespace tenon
