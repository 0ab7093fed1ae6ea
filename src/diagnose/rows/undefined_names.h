// Names that Go's compiler does not know, in builds for another system or processor, and names that
// are not there on purpose.
#pragma once

#include "diagnose/log.h"

namespace tenon::rows {

// The log sets another system or processor, and all that Go's compiler says follows from names that
// it does not know: files that declare them are left out there. Names of the standard library are
// none of these: each system has its own.
[[nodiscard]] bool target_leaves_names_out(const Log& log, Proof& proof);

// "undefined: REQUIRES_GO_1_21_OR_NEWER": what a package writes to stop a build that it does not
// support, since Go has no #error.
[[nodiscard]] bool name_is_a_demand(const Log& log, Proof& proof);

}  // namespace tenon::rows
