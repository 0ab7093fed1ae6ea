// Where in a program a page lies, and what can be told of a change as a whole. Not for other
// folders.
#pragma once

#include <cstdint>
#include <string>

#include "codesign/blob/codesign.h"
#include "format/macho/fwd.h"

namespace tenon::codesign {

// "__TEXT,__text, in _main": the segment, the sections and the nearest symbol of the bytes from
// `offset` to `offset + size` of the slice.
[[nodiscard]] std::string location_of(const macho::File& file, std::uint64_t offset,
                                      std::uint64_t size);

// What the single causes do not tell: whose payload follows the signature, or that no page is as it
// was. Who changed it, or why, no byte tells. Mostly empty.
[[nodiscard]] std::string change_note(const macho::File& file, const HashReport& report);

// Whose data it is, when it says so itself: the payload of Bun, of pkg, of UPX ...; or empty.
[[nodiscard]] std::string payload_name(ByteView bytes);

}  // namespace tenon::codesign
