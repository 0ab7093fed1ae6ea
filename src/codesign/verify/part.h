// One part of a signature by itself, in the form that the next tool reads: the XML of the
// entitlements, the designated requirement, the certificates, the CodeDirectory, the CMS. Nothing
// is judged. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::codesign {

struct SignaturePart {
  std::string_view name;   // as --print has it
  std::string_view about;  // what it prints
  bool text = true;        // false: bytes
};

[[nodiscard]] std::vector<SignaturePart> signature_parts();
// nullptr for a name that is none.
[[nodiscard]] const SignaturePart* find_part(std::string_view name);

struct PartOfSlice {
  std::string arch;
  Result<std::string> bytes;  // not_found: the slice is not signed, or has no such part
};

// The part of each slice of a thin or universal file. unsupported for other files.
[[nodiscard]] Result<std::vector<PartOfSlice>> parts_of(ByteView file, const SignaturePart& part);

}  // namespace tenon::codesign
