// The limits of the control group of a process, and how often they were hit. Linux.
#pragma once

#include <optional>

#include "base/process_sample.h"

namespace tenon {

// Memory used and allowed, in `out`.
void read_memory_group(MemorySample& out, int process);

// The group among its own and those above it that was held back most often; nullopt: no group of
// them has a limit on processor time.
[[nodiscard]] std::optional<ProcessorGroup> processor_group(int process);

}  // namespace tenon
