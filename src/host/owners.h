// Who, of all processes that may be looked at, has something open. Linux.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/process_sample.h"

namespace tenon {

[[nodiscard]] bool opened_for_writing(int process, int descriptor);

// All processes that have one of the pipes or sockets open.
[[nodiscard]] std::vector<PipeEnd> holders_of(const std::set<std::uint64_t>& inodes);

// Names and states of the processes that hold the locks on the files. The list of locks names no
// process for a lock of an open file description, nor the right one for a lock that a child has
// inherited: the descriptors tell.
void name_lock_holders(std::vector<LockSample>& locks, const std::set<std::uint64_t>& awaited);

}  // namespace tenon
