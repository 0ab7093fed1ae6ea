// How what could not be read appears in a report.
#pragma once

#include <vector>

#include "base/unread.h"
#include "diag/report.h"

namespace tenon {

// TN0105 and an element of data.unread for each. The report is not ok with one of them.
void add_unread(const std::vector<Unread>& unread, Report& report);

}  // namespace tenon
