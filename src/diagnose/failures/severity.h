// Whether a line says that something failed, when no wording of events/patterns.h takes it: the
// words that tools put before an error, the signals that end programs, the positions of compilers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diagnose/log_event.h"

namespace tenon {

struct Trouble {
  Weight weight = Weight::failure;  // failure or relay
  Voice voice;                      // empty when the words do not tell
  std::string tool;                 // "ld", the program before the first ": ", or the voice's
};

// nullopt: the line tells of no failure. A warning is none.
[[nodiscard]] std::optional<Trouble> trouble_of(std::string_view line);

}  // namespace tenon
