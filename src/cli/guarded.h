// The last stop of exceptions: no input may cause one, and when one comes the user gets a finding.
#pragma once

#include <functional>

#include "diag/finding.h"

namespace tenon {

// Runs `work` and returns its exit code. When it throws, `report` prints the finding and its exit
// code is returned: a shortage of memory or threads is the machine's (exit_undecided), everything
// else is a defect of tenon (TN0170, exit_bug).
[[nodiscard]] int guarded(const std::function<int()>& work,
                          const std::function<int(Finding finding, int code)>& report);

}  // namespace tenon
