// The signature of a disk image: over everything before it, and over the trailer in slot 6.
// Rules: Security diskimagerep.cpp.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"

namespace tenon::codesign {

// One slice of type "disk image" stands for the image; one that is not signed has no signature.
// malformed for what is no disk image, or has its signature in a wrong place.
[[nodiscard]] Result<FileVerdict> verify_disk_image(ByteView file, const VerifyOptions& options);

// The ticket in slot 0x10002 of a signed image; empty without one.
[[nodiscard]] Result<ByteView> disk_image_ticket(ByteView file);

// The signature of an image with another ticket in it, and nothing else changed. Fails for an image
// that is not signed.
[[nodiscard]] Result<std::string> signature_with_ticket(ByteView file, ByteView ticket);

}  // namespace tenon::codesign
