// Entitlements of a signature. Not for other folders.
#pragma once

#include "codesign/blob/codesign.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

// Fills the entitlements of `out` and warns of what the system will read otherwise than written.
void read_entitlements(const Signature& signature, bool main_executable, SliceVerdict& out);

}  // namespace tenon::codesign
