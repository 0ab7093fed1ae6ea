// Which module a package belongs to.
#pragma once

#include <string>
#include <string_view>

#include "inspect/artifact.h"

namespace tenon {

// The longest path of the build info that is a prefix of the import path; "standard library" for a
// first element without a dot (cmd/go keeps such paths for it); "(module unknown)" for others. The
// main package is of the main module. `go` may be null.
[[nodiscard]] std::string module_of(std::string_view package, const GoArtifact* go);

}  // namespace tenon
