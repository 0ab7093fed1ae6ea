// The inside of tenon/verify.h: from options to internal ones, from verdicts to reports. Only for
// api.cpp and run/api.cpp.
#pragma once

#include <string>

#include "codesign/verify/verify.h"
#include "tenon/verify.h"

namespace tenon::codesign {

// The text of the error when an option cannot be used.
[[nodiscard]] Result<VerifyOptions, std::string> internal_options(
    const api::VerifyOptions& options);

// Applies the rules and the requirement of the options, then fills `out`.
void fill_report(FileVerdict file, const api::VerifyOptions& options, api::SignatureReport& out);
void fill_report(BundleVerdict bundle, const api::VerifyOptions& options,
                 api::SignatureReport& out);

}  // namespace tenon::codesign
