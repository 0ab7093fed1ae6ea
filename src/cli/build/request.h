// The command line of `tenon build`.
#pragma once

#include <string>
#include <vector>

#include "cli/table.h"
#include "crossbuild/run/build.h"

namespace tenon {

// The finding is TN0101, or TN0108 of the project's file.
[[nodiscard]] Outcome<BuildRequest> read_request(const std::vector<std::string>& args,
                                                 Arguments& arguments);

}  // namespace tenon
