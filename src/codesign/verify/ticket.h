// Tickets of notarization. Their format is Apple's own and not published: whether a ticket contains
// a cdhash is all that is known of it here. Apple's signature on it is not checked.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

// Whether the bytes of a hash, given in hexadecimal, are in the ticket.
[[nodiscard]] bool ticket_contains(ByteView ticket, std::string_view cdhash);
// The same for every slice; false for a file without a signature.
[[nodiscard]] bool ticket_covers(ByteView ticket, const FileVerdict& file);

}  // namespace tenon::codesign
