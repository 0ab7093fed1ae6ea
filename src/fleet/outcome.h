// What became of the cells: rows of a table, findings, the page. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "fleet/matrix.h"
#include "wire/values.h"

namespace tenon::fleet {

enum class CellState : std::uint8_t { waiting, queued, running, fetching, built, failed, stopped };

[[nodiscard]] std::string_view state_name(CellState state);

struct CellOutput {
  std::string path;  // where it lies on this machine
  std::string sha256;
  std::uint64_t size = 0;
};

struct CellOutcome {
  Cell cell;
  std::string name;
  std::string action;                  // digest, in hex
  std::vector<std::string> arguments;  // of tenon
  CellState state = CellState::waiting;
  bool cached = false;
  int attempts = 1;  // that this machine asked for
  int exit_code = 0;
  std::string worker;
  remote::Stamps stamps;
  // Nanoseconds by the clock of this machine: when it was asked for, when it came to its state,
  // when it was over.
  std::int64_t asked = 0, entered = 0, answered = 0;
  std::vector<CellOutput> outputs;
  Data report;                     // what `tenon build --json` printed in the worker
  std::optional<Finding> finding;  // why it is not built
};

// Milliseconds of one cell. Of a cached one they are those of the run that is kept.
struct CellTimes {
  std::int64_t queued = 0, fetch = 0, execute = 0, upload = 0, all = 0;
};

[[nodiscard]] CellTimes times_of(const CellOutcome& cell);

struct GateSum {
  int ok = 0, bad = 0;
};

// The gate's rows of the report: "ok", and all others that are not "skipped".
[[nodiscard]] GateSum gate_of(const Data& report);

// Whether a build failed for a reason of the machine that it ran on, so that another one may do it:
// its disk was full, or somebody killed one of its processes. `said`: its error output.
[[nodiscard]] bool is_fault_of_machine(const Data& report, std::string_view said);

// The first finding of a report as text, or the exit code.
[[nodiscard]] std::string reason_of(const CellOutcome& cell);

// Whether a call is to be made again: nobody answered, or the scheduler lost its way, at most
// `most_attempts` times, or for as long as a scheduler that starts again may be away. An action
// that the fleet has given up is not asked for again.
inline constexpr int most_attempts = 3;
inline constexpr std::chrono::seconds longest_outage{60};
[[nodiscard]] bool try_again(const remote::Failure& failure, int attempts,
                             std::chrono::seconds since_first);

[[nodiscard]] Shown table_of(const std::vector<CellOutcome>& cells);
// One line for a terminal while the fleet works: "3 of 24 built, 2 running, 19 queued".
[[nodiscard]] Shown status_of(const std::vector<CellOutcome>& cells);
// For a terminal while the fleet works: that line, and one for each cell with the seconds that it
// is in its state: first those that work, then those that failed, wait, and are built. At most
// `most` cells; the last line says how many more there are.
[[nodiscard]] std::vector<Shown> live_table_of(const std::vector<CellOutcome>& cells,
                                               std::int64_t now, std::size_t most);
[[nodiscard]] Data data_of(const CellOutcome& cell);
[[nodiscard]] std::string page_of(const std::vector<CellOutcome>& cells);

}  // namespace tenon::fleet
