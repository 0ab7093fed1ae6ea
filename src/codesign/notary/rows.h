// What Apple's notary rejects, in its own words, and the code that explains it. The lint makes
// findings of the rows, and the log of a submission is explained by the same.
// Rules: Apple, "Resolving common notarization issues"; messages of logs that people published.
#pragma once

#include <span>
#include <string_view>

#include "diag/code.h"

namespace tenon::codesign {

struct NotaryRow {
  Code code;
  std::string_view message;  // of Apple; a log may add to its end
};

[[nodiscard]] std::span<const NotaryRow> notary_rows();
// Apple's message for a code of the lint; empty for a code without one.
[[nodiscard]] std::string_view notary_message(Code code);
// The code for a message of a log; notarize/reported for one that the table does not have.
[[nodiscard]] Code notary_code(std::string_view message);

}  // namespace tenon::codesign
