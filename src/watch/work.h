// What a process that uses a processor works on, and one that gets none. Internal.
#pragma once

#include <optional>

#include "watch/view.h"

namespace tenon::watch {

[[nodiscard]] Verdict from_work(const ProcessSample& process, const View& view);

// The command could work, and its control group does not let it. A group that is held back and gets
// half a processor all the same makes progress: nothing to report.
[[nodiscard]] std::optional<Verdict> throttled(const View& view);

}  // namespace tenon::watch
