// Two processes of the tree that wait for each other, which is seen at their pipes.
#pragma once

#include <optional>

#include "base/process_sample.h"
#include "watch/block.h"

namespace tenon::watch {

// A child that fills a pipe of a parent which waits for its end before it reads; two that each read
// what the other one should write. Every process that could move the pipe must be seen to wait.
[[nodiscard]] std::optional<Block> waits_for_partner(const ProcessSample& process,
                                                     const ThreadSample& thread,
                                                     const TreeSample& tree);

}  // namespace tenon::watch
