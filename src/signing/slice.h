// One slice. Not for other folders.
#pragma once

#include "format/macho/macho.h"
#include "signing/verify.h"

namespace tenon::signing {

[[nodiscard]] SliceVerdict verify_slice(const macho::Slice& slice, const VerifyOptions& options,
                                        const codesign::Components& components);

[[nodiscard]] inline Cause make_cause(std::string_view code, std::string message, std::string where,
                                      OsStatus os = OS_NONE) {
  return {std::string(code), std::move(message), std::move(where), std::string(os.name), os.number};
}

}  // namespace tenon::signing
