// --closure: the libraries of modules by their symbols, in the place of what .pc files name.
#pragma once

#include <string>

#include "diag/finding.h"
#include "link/query/request.h"

namespace tenon {

// The request without what asks for flags of the linker.
[[nodiscard]] pc::Request without_libs(pc::Request request);

// The words for the linker, quoted as pkgconf quotes. The error: what stops `tenon link`.
[[nodiscard]] Outcome<std::string> closure_line(const pc::Request& request,
                                                const std::string& sysroot);

}  // namespace tenon
