// Runs a finished program: directly, or under qemu-user.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "platform/target.h"

namespace tenon {

struct SmokeResult {
  enum class State { ok, failed, not_run };
  State state = State::not_run;
  std::string how;     // "qemu-aarch64-static", "directly"
  std::string why;     // of failed and not_run
  std::string output;  // end of what it printed
};

// For what cannot be run at all.
[[nodiscard]] SmokeResult smoke_not_run(std::string why);

[[nodiscard]] SmokeResult smoke_run(const std::string& program, const Target& target,
                                    const std::vector<std::string>& args,
                                    std::chrono::milliseconds deadline);

}  // namespace tenon
