// What a build made, as values: the report is printed from them, and a record of them is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/gate/gate_row.h"
#include "crossbuild/trace.h"
#include "diag/finding.h"

namespace tenon {

// How a run of the finished program went.
struct SmokeResult {
  enum class State { ok, failed, not_run };
  State state = State::not_run;
  std::string how;              // "qemu-aarch64-static", "directly"
  std::string why;              // of failed and not_run
  std::string output;           // end of what it printed
  std::optional<Fix> fix = {};  // of not_run: how it could be run
};

// As it stands in JSON: a program that was not run is unknown, never ok.
[[nodiscard]] constexpr std::string_view smoke_state_name(SmokeResult::State state) {
  switch (state) {
    case SmokeResult::State::ok: return "ok";
    case SmokeResult::State::failed: return "failed";
    case SmokeResult::State::not_run: return "unknown";
  }
  return "unknown";
}

// The gate's answers for one architecture of a file.
struct SliceGate {
  std::string slice;  // its target
  std::vector<GateRow> rows;
};

// One finished file.
struct BuildOutput {
  std::string target, path, sha256, engine;
  std::string headers;  // whose headers of macOS; empty: none but the engine's
  std::int64_t size = 0;
  bool built = false;              // in place and passed its gates
  std::vector<SliceGate> gates;    // one, or one for each slice of a universal file
  std::vector<TraceRecord> trace;  // stubs, flags, folders of this link
  std::optional<SmokeResult> smoke;
  std::optional<bool> reproducible;
};

}  // namespace tenon
