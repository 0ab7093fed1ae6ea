// What a thread waits for, from the call that it made. Linux.
#pragma once

#include "base/process_sample.h"
#include "host/procfs.h"

namespace tenon {

void read_call(ThreadSample& out, int process, const procfs::SystemCall& made);

}  // namespace tenon
