// Whether the machine, or the control group of the command, is short of memory. Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watch/verdict.h"

namespace tenon::watch {

struct Shortage {
  std::string reason;
  std::vector<Evidence> evidence;
};

// nullopt: enough, or not known.
[[nodiscard]] std::optional<Shortage> memory_shortage(const TreeSample& before,
                                                      const TreeSample& now);

}  // namespace tenon::watch
