// Signs files and bundles in place: writes beside, checks what was written, renames. A file is
// either as it was or signed; a bundle is signed from the inside out, one file after the other.
#pragma once

#include <string>
#include <vector>

#include "codesign/sign/sign.h"

namespace tenon {

struct SignJob {
  signing::SignOptions options;  // `window` and names are filled in here
  bool remove = false;           // take signatures off
  bool dry_run = false;          // only say what would be done
};

// One file that was signed, or would be.
struct SignStep {
  std::string path;
  std::string what;     // "program", "nested code", "bundle", "skipped: ..."
  bool sealed = false;  // CodeResources was written before
  std::vector<signing::SignedSlice> slices;
  std::vector<signing::Cause> lost;
};

// A file, or a bundle with all its code.
[[nodiscard]] identity::Expected<std::vector<SignStep>> sign_path(const std::string& path,
                                                                  const SignJob& job);

// Sends timestamp requests to `url` with curl: a time limit, three tries.
[[nodiscard]] identity::TimestampFetch timestamp_service(const std::string& url);

}  // namespace tenon
