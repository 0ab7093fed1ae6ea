// What a certificate says of itself: whose it is, who gave it, until when it holds (RFC 5280).
// Checks no signature and trusts nobody: `identity` does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::x509 {

struct Summary {
  std::string subject, issuer;            // common names; empty when there is none
  std::string subject_unit, issuer_unit;  // organizational units: "G2"
  std::string not_before, not_after;      // "2027-02-01", UTC
  std::int64_t end = 0;                   // the same as not_after, in seconds since 1970
};

// One certificate in DER. malformed for what is none.
[[nodiscard]] Result<Summary> summarize(ByteView der);

// The certificates of a PEM text, in its order. What cannot be read is left out.
[[nodiscard]] std::vector<Summary> summarize_pem(std::string_view text);

}  // namespace tenon::x509
