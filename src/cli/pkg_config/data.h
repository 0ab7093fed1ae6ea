// The answer of tenon pkg-config as data.
#pragma once

#include "diag/report.h"
#include "link/query/answer.h"

namespace tenon {

[[nodiscard]] Data data_of(const pc::Answer& answer);

}  // namespace tenon
