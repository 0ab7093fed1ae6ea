// What the next go command does in this directory, as far as facts tell: `tenon doctor ./...`.
#pragma once

#include <string>
#include <vector>

#include "diag/report.h"
#include "machine/snapshot.h"

namespace tenon {

struct NextStep {
  enum class State { ready, downloads, fails, unknown };
  std::string what;  // "toolchain", "modules", "C", "C++", "pkg-config", "vendor", "revision"
  State state = State::unknown;
  std::string text;
};

// Empty outside a module.
[[nodiscard]] std::vector<NextStep> next_go_command(const Snapshot& snapshot);

[[nodiscard]] Shown next_go_text(const std::vector<NextStep>& steps);
[[nodiscard]] Data next_go_data(const std::vector<NextStep>& steps);

}  // namespace tenon
