// The signature of a bundle without a Mach-O executable: files beside CodeResources, one for each
// slot, about Info.plist as the code.
// Rules: Security libsecurity_codesigning bundlediskrep.cpp (component, Writer), codedirectory.cpp
// (canonicalSlotName).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/resources/layout.h"

namespace tenon::resources {

struct SignatureFile {
  std::uint32_t slot = 0;
  std::string_view name;
};

// All names that a signature may use in its folder, CodeResources left out.
[[nodiscard]] std::span<const SignatureFile> signature_files();

// The files as one SuperBlob; nullopt without a CodeDirectory: there is no signature.
[[nodiscard]] Result<std::optional<std::vector<std::byte>>> read_signature_files(
    FileTree& tree, const BundleLayout& layout);

}  // namespace tenon::resources
