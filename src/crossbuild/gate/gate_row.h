// The rows of the post-link gate: one question about a produced file and its answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/code.h"

namespace tenon {

enum class GateState {
  ok,
  failed,
  unknown,  // could not be checked; never counted as ok
};

struct GateRow {
  std::string check;  // stable name: "arch", "minos", "uuid", ...
  GateState state = GateState::unknown;
  std::string value;  // what was found, or why it could not be found
  Code code{};        // when failed or unknown, else none
};

[[nodiscard]] constexpr std::string_view gate_state_name(GateState state) {
  switch (state) {
    case GateState::ok: return "ok";
    case GateState::failed: return "failed";
    case GateState::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace tenon
