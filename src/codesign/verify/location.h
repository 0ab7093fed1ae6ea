// Where in a program a page lies, and what kind of tool changed it. Not for other folders.
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

// What kind of tool leaves a signature wrong in just this way; empty when nothing tells.
[[nodiscard]] std::string edit_hint(const macho::File& file, const HashReport& report);

// Whose data it is, when it says so itself: the payload of Bun, of pkg, of UPX ...; or empty.
[[nodiscard]] std::string payload_name(ByteView bytes);

}  // namespace tenon::codesign
