#include "codesign/resources/signature_files.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/super_blob.h"
#include "codesign/resources/layout.h"

namespace tenon::resources {
namespace {

using namespace tenon::codesign;

// In the order of slots. Alternate CodeDirectories have the names of requirements.
constexpr std::array<SignatureFile, 16> files{{
    {CSSLOT_CODEDIRECTORY, "CodeDirectory"},
    {CSSLOT_REQUIREMENTS, "CodeRequirements"},
    {CSSLOT_APPLICATION, "CodeTopDirectory"},
    {CSSLOT_ENTITLEMENTS, "CodeEntitlements"},
    {CSSLOT_REP_SPECIFIC, "CodeRepSpecific"},
    {CSSLOT_DER_ENTITLEMENTS, "CodeEntitlementDER"},
    {CSSLOT_LAUNCH_CONSTRAINT_SELF, "LaunchConstraintSelf"},
    {CSSLOT_LAUNCH_CONSTRAINT_SELF + 1, "LaunchConstraintParent"},
    {CSSLOT_LAUNCH_CONSTRAINT_SELF + 2, "LaunchConstraintResponsible"},
    {CSSLOT_LIBRARY_CONSTRAINT, "LibraryConstraint"},
    {CSSLOT_ALTERNATE_CODEDIRECTORIES, "CodeRequirements-1"},
    {CSSLOT_ALTERNATE_CODEDIRECTORIES + 1, "CodeRequirements-2"},
    {CSSLOT_ALTERNATE_CODEDIRECTORIES + 2, "CodeRequirements-3"},
    {CSSLOT_ALTERNATE_CODEDIRECTORIES + 3, "CodeRequirements-4"},
    {CSSLOT_ALTERNATE_CODEDIRECTORIES + 4, "CodeRequirements-5"},
    {CSSLOT_SIGNATURESLOT, "CodeSignature"},
}};

}  // namespace

std::span<const SignatureFile> signature_files() { return files; }

Result<std::optional<std::vector<std::byte>>> read_signature_files(FileTree& tree,
                                                                   const BundleLayout& layout) {
  std::vector<BlobPart> parts;
  for (const SignatureFile& file : files) {
    const std::string path = join_tree_path(layout.signature_folder(), std::string(file.name));
    if (TENON_TRY(tree.kind(path)) == FileTree::Kind::none) continue;
    const FileTree::Content content = TENON_TRY(tree.read(path));
    const auto bytes = content.bytes.bytes();
    std::vector<std::byte> held(bytes.begin(), bytes.end());
    // The CMS is the only one that is no blob by itself.
    if (file.slot == CSSLOT_SIGNATURESLOT) held = blob_of(CSMAGIC_BLOBWRAPPER, held);
    parts.push_back({file.slot, std::move(held)});
  }
  if (parts.empty() || parts.front().slot != CSSLOT_CODEDIRECTORY) return std::nullopt;
  return super_blob_of(parts);
}

}  // namespace tenon::resources
