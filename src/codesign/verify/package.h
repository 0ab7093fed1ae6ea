// The signature of an installer package (.pkg), in the words of the verdicts on code.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"

namespace tenon::codesign {

// One slice of type "installer package" stands for the package. Integrity: the checksum of its
// table of contents. Identity: the signature and the chain. Trust: the root. Its cdhash is the
// checksum, cut to 20 bytes, by which a ticket names it. What the table lists is not hashed.
// malformed for what is no package.
[[nodiscard]] Result<FileVerdict> verify_package_file(ByteView file, const VerifyOptions& options);

}  // namespace tenon::codesign
