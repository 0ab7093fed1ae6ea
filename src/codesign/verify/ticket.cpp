#include "codesign/verify/ticket.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

bool ticket_contains(ByteView ticket, std::string_view cdhash) {
  std::string raw;
  for (std::size_t i = 0; i + 2 <= cdhash.size(); i += 2) {
    const auto value = parse_number(cdhash.substr(i, 2), 16);
    if (!value) return false;
    raw += static_cast<char>(*value);
  }
  return !raw.empty() && ticket.text().contains(raw);
}

bool ticket_covers(ByteView ticket, const FileVerdict& file) {
  return !file.slices.empty() && std::ranges::all_of(file.slices, [&](const SliceVerdict& slice) {
    return ticket_contains(ticket, slice.cdhash);
  });
}

}  // namespace tenon::codesign
