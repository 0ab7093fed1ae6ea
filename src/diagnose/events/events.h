// Clean lines to events, and events to what they are consequences of.
#pragma once

#include <vector>

#include "diagnose/log.h"

namespace tenon {

// Who says a line, by the name that programs put before what they say; empty when it tells nothing.
[[nodiscard]] Voice voice_of(std::string_view line);

// One event at most for each line, in their order, at most `most_events`.
inline constexpr std::size_t most_events = 20000;
[[nodiscard]] std::vector<LogEvent> read_events(const std::vector<LogLine>& lines);

// Sets `follows` where one event explains another.
void relate_events(std::vector<LogEvent>& events);

}  // namespace tenon
