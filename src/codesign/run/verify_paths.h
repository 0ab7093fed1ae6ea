// Verifies what the command line names: files, bundles, and everything signed below a folder.
#pragma once

#include "codesign/verify/answer.h"
#include "codesign/verify/request.h"

namespace tenon::codesign {

// Opens each file once. A file that cannot be read is a finding of the result; only what makes the
// whole request senseless is an error: a rule or requirement that is none, a root that cannot be
// read.
[[nodiscard]] Outcome<VerifyResult> verify_paths(const VerifyRequest& request);

}  // namespace tenon::codesign
