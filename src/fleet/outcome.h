// What became of the cells: rows of a table, findings, the page. Pure.
#pragma once

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
  std::int64_t asked = 0, answered = 0;  // ns by the clock of this machine
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

// The first finding of a report as text, or the exit code.
[[nodiscard]] std::string reason_of(const CellOutcome& cell);

// Whether a call is to be made again: nobody answered, or the scheduler lost its way, at most
// `most_attempts` times. An action that the fleet has given up is not asked for again.
inline constexpr int most_attempts = 3;
[[nodiscard]] bool try_again(const remote::Failure& failure, int attempts);

[[nodiscard]] Shown table_of(const std::vector<CellOutcome>& cells);
// One line for a terminal while the fleet works: "3 of 24 built, 2 running, 19 queued".
[[nodiscard]] Shown status_of(const std::vector<CellOutcome>& cells);
[[nodiscard]] Data data_of(const CellOutcome& cell);
[[nodiscard]] std::string page_of(const std::vector<CellOutcome>& cells);

}  // namespace tenon::fleet
