// The commands that install what a cause misses.
#pragma once

#include <string>
#include <vector>

#include "base/template.h"
#include "diagnose/log.h"

namespace tenon {

// On the system that the log speaks of; empty when that is not known.
[[nodiscard]] std::vector<std::vector<std::string>> install_commands(const Log& log,
                                                                     const Captures& captures);

}  // namespace tenon
