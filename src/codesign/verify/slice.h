// One slice. Not for other folders.
#pragma once

#include <algorithm>

#include "codesign/verify/verify.h"
#include "format/macho/fwd.h"

namespace tenon::signing {

[[nodiscard]] SliceVerdict verify_slice(const macho::Slice& slice, const VerifyOptions& options,
                                        const codesign::Components& components);

[[nodiscard]] inline bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes.bytes(), [](std::byte b) { return b == std::byte{0}; });
}

[[nodiscard]] inline Cause make_cause(std::string_view code, std::string message, std::string where,
                                      OsStatus os = OS_NONE) {
  return {std::string(code), std::move(message), std::move(where), std::string(os.name), os.number};
}

}  // namespace tenon::signing
