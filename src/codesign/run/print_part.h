// Reads one part of the signature of a file or bundle, for `tenon verify --print`.
#pragma once

#include <string>

#include "codesign/verify/part.h"
#include "diag/finding.h"

namespace tenon::codesign {

struct PrintRequest {
  std::string path;  // a Mach-O file, or a bundle: its main executable
  std::string part;  // a name of signature_parts()
  std::string arch;  // which slice; empty: the only one, or what all of them say alike
};

struct PrintedPart {
  std::string arch;
  std::string bytes;
  bool text = true;
};

// TN0101: no such part, or slices that differ when none is named. TN0909: not
// signed, or without such a part. TN0105: what cannot be read.
[[nodiscard]] Outcome<PrintedPart> print_part(const PrintRequest& request);

}  // namespace tenon::codesign
