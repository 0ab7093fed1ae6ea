// How programs of a target are started on this machine: directly, under qemu-user or wine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "platform/target.h"

namespace tenon {

struct Runner {
  std::vector<std::string> words;  // in front of the program
  std::vector<std::string> environment;
  std::string how;         // "qemu-aarch64-static", "directly"
  std::string why;         // it cannot be started; empty: it can
  std::optional<Fix> fix;  // of `why`
};

// `sysroot` has the target's C library where one is given; else that of the machine's packages.
[[nodiscard]] Runner runner_for(const Target& target, const std::string& sysroot = {});

}  // namespace tenon
