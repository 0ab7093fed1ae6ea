// An Error in words.
#pragma once

#include <string>

#include "base/result.h"

namespace tenon {

// What went wrong, and what the system said of it: "cannot open the file: No such file or
// directory".
[[nodiscard]] std::string reason_text(const Error& error);

}  // namespace tenon
