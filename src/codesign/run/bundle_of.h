// From a file to the bundle that it is the main executable of.
#pragma once

#include <string>

#include "base/bytes.h"

namespace tenon::codesign {

// The bundle whose main executable is this file, whose bytes are given, found as the system finds
// it, when the signature of the file seals parts of that bundle: what was signed then is the
// bundle. Empty otherwise.
[[nodiscard]] std::string bundle_of(const std::string& path, ByteView file);

}  // namespace tenon::codesign
