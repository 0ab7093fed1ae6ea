// Signs files and bundles in place: writes beside, checks what was written, renames. A file is
// either as it was or signed; a bundle is signed from the inside out, one file after the other.
#pragma once

#include <string>
#include <vector>

#include "codesign/failure.h"
#include "codesign/sign/request.h"
#include "codesign/sign/step.h"

namespace tenon::codesign {

// What becomes of a valid bundle around the code that is signed.
enum class OuterSeal {
  refuse,  // the code is not signed: that would break the seal
  leave,   // it is broken, and the step says so
  seal,    // the bundle is sealed again; its other code stays as it is
};

struct SignJob {
  SignOptions options;        // `window` and names are filled in here
  std::vector<Scope> scopes;  // for code inside of a bundle, by its path
  bool keep_inner = false;    // inner code whose signature is valid stays as it is
  OuterSeal outer = OuterSeal::refuse;
  bool strict = true;    // refuse what strict validation would refuse
  bool remove = false;   // take signatures off
  bool dry_run = false;  // only say what would be done
};

// A file, or a bundle with all its code.
[[nodiscard]] Result<std::vector<SignStep>, Failure> sign_path(const std::string& path,
                                                               const SignJob& job);

// Sends timestamp requests to `url` with curl: a time limit, three tries.
[[nodiscard]] cms::TimestampFetch timestamp_service(const std::string& url);

}  // namespace tenon::codesign
