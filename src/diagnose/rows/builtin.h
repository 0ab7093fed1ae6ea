// The rows that the program brings.
#pragma once

#include <string_view>
#include <vector>

#include "diagnose/rows/read.h"

namespace tenon::rows {

// Read at the first call. In the order that decides between candidates that nothing else does.
[[nodiscard]] const std::vector<Row>& builtin_rows();

}  // namespace tenon::rows
