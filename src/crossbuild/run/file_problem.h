// The findings about files of a build that cannot be read or written.
#pragma once

#include <string>

#include "base/result.h"
#include "diag/finding.h"

namespace tenon {

// What the system said and its kind, as findings print them: "cannot open it (permission)".
[[nodiscard]] std::string reason_of(const Error& error);
// TN0103 when the disk is full, else TN0102.
[[nodiscard]] Finding unwritable(const std::string& path, const Error& error);
// TN0105.
[[nodiscard]] Finding unreadable_input(const std::string& path, const Error& error);

}  // namespace tenon
