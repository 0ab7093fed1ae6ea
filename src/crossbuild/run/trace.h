// The trace file: written by the compiler wrapper, read by the build (crossbuild/trace.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossbuild/trace.h"

namespace tenon {

// Adds a record. False, and nothing is written, when no build listens.
bool trace(const TraceRecord& record);

// Microseconds since 1970, UTC: the clock of go's own times.
[[nodiscard]] std::int64_t trace_time();

// From here on nothing is written: for a call whose outcome go does not mind.
void stop_trace();

// The records of a trace file behind `offset`, which is moved to the end of the last whole line.
[[nodiscard]] std::vector<TraceRecord> read_trace(const std::string& path, std::size_t& offset);

}  // namespace tenon
