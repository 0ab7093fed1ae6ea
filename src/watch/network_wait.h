// A process that waits for a DNS server, for a connection to be made, or for an answer. Internal
// to watch.
#pragma once

#include <optional>

#include "base/process_sample.h"
#include "watch/block.h"

namespace tenon::watch {

// nullopt: it waits for none of them.
[[nodiscard]] std::optional<Block> waits_for_network(const ProcessSample& process);

}  // namespace tenon::watch
