// From a file or a directory to the bundle that it is a part of.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace tenon::codesign {

// The bundle whose main executable is this file, whose bytes are given, found as the system finds
// it, when the signature of the file seals parts of that bundle: what was signed then is the
// bundle. Empty otherwise.
[[nodiscard]] std::string bundle_of(const std::string& path, ByteView file);

// The bundle that this directory is a part of: Contents, Contents/MacOS, or the Resources of a
// sealed framework with its Info.plist. By themselves they would look like a bundle without code,
// and the main executable like one that was moved. Empty otherwise.
[[nodiscard]] std::string bundle_of_part(const std::string& folder);

// Where temporary files may lie while what is at `path`, links resolved, is signed: outside of all
// that a seal covers, since a file left there by a process that was killed would break it. First
// the folder of the outermost bundle around it, then that bundle's _CodeSignature. Empty when there
// is no bundle around it: beside the file.
[[nodiscard]] std::vector<std::string> staging_folders(const std::string& path);

// The outermost sealed bundle around `path`, links resolved, which is not that itself. Signing what
// is in it breaks its seal.
[[nodiscard]] std::string sealing_bundle_around(const std::string& path);

}  // namespace tenon::codesign
