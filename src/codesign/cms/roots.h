// Apple's roots, by their hashes, and the certificates of Apple that complete a chain. The bytes
// of the latter are as Apple publishes them and as every signature with a Developer ID carries
// them.
#pragma once

#include <vector>

#include "codesign/cms/cms.h"

namespace tenon::cms {

// Whether this is a root that Security calls an Apple trust anchor.
[[nodiscard]] bool is_apple_root(const Certificate& certificate);
// DER of Apple Root CA and of both Developer ID intermediates.
[[nodiscard]] std::vector<Bytes> known_certificates();

}  // namespace tenon::cms
