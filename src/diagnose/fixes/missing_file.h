// The file that a failure misses. Headers, libraries and .pc files have their packages in the
// answer already (causes/install.h); those of programs, and of libraries that a loader misses, are
// asked of the machine's index when they are to be installed.
#pragma once

#include <optional>

#include "diagnose/failures/failures.h"
#include "platform/contents.h"

namespace tenon {

// Nothing where the failure misses no file of these kinds, or its name is not plain: it comes out
// of a log.
[[nodiscard]] std::optional<SoughtFile> missing_file(const Failure& failure);

// Whether the answer to a log names no package for it.
[[nodiscard]] bool is_asked_for_later(const SoughtFile& file);

}  // namespace tenon
