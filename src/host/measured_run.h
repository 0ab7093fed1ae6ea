// One run of a program, measured: how long it took and what the kernel counted for it.
//
// The clock starts in the child, just before the program takes its place, and ends when the parent
// learns that it ended. The child comes from fork(2) and not from posix_spawn(3): a child that
// shares our memory until then would have our peak of memory counted as its own. What it prints is
// read and thrown away, but for the end of standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace tenon {

struct MeasuredCommand {
  std::vector<std::string> argv;         // argv[0] is a path
  std::vector<std::string> environment;  // "NAME=value", on top of ours
  std::string directory;                 // empty: ours
  std::vector<int> processors;           // that it may use; empty: all
  std::chrono::milliseconds deadline{60'000};
};

struct MeasuredRun {
  int code = -1;  // exit code; -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;
  bool interrupted = false;
  std::int64_t wall_ns = 0;
  std::int64_t user_ns = 0;
  std::int64_t system_ns = 0;
  std::int64_t peak_bytes = 0;  // of resident memory
  std::int64_t minor_faults = 0;
  std::int64_t major_faults = 0;
  std::optional<std::int64_t> first_output_ns;  // since the start; nothing: it printed nothing
  std::string error_end;                        // the last 2000 bytes of standard error

  [[nodiscard]] bool ok() const { return code == 0 && !timed_out && !interrupted; }
};

// The error is that of starting it, with errno. The process group is killed after the deadline, on
// an interrupt, and what is left of it when the program has ended.
[[nodiscard]] Result<MeasuredRun> measure(const MeasuredCommand& command);

}  // namespace tenon
