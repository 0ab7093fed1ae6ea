// One slice. Not for other folders.
#pragma once

#include <algorithm>

#include "codesign/verify/verify.h"
#include "format/macho/fwd.h"

namespace tenon::codesign {

[[nodiscard]] SliceVerdict verify_slice(const macho::Slice& slice, const VerifyOptions& options,
                                        const Components& components);

[[nodiscard]] inline bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes.bytes(), [](std::byte b) { return b == std::byte{0}; });
}

// The same for what is no Mach-O file, by a SuperBlob that lies elsewhere.
[[nodiscard]] SliceVerdict verify_detached(ByteView code, ByteView signature,
                                           const VerifyOptions& options,
                                           const Components& components);

}  // namespace tenon::codesign
