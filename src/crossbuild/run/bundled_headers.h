// tenon's headers for macOS inside of the program: a release is one file, and has nothing beside
// it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tenon {

struct BundledHeaders {
  // A tar file, compressed; it holds what share/tenon/macos-headers holds. Static storage.
  std::span<const std::byte> archive = {};
  // Of what is in it; names the folder that it is unpacked to.
  std::string_view digest = {};
};

// Empty in a build whose headers lie beside it (bundled_headers_none.cpp).
[[nodiscard]] BundledHeaders bundled_headers();

// The folder `macos-headers-DIGEST` in `cache`, made and filled when it is not there. It appears
// complete or not at all; of two processes at once the later one takes what the first has made.
// Errors: those of the archive and of writing.
[[nodiscard]] Result<std::string> unpack_headers(const BundledHeaders& headers,
                                                 const std::string& cache);

}  // namespace tenon
