#include "codesign/sign/detached.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/super_blob.h"
#include "codesign/sign/image.h"
#include "codesign/sign/signature.h"

namespace tenon::sign {
namespace {

using namespace tenon::codesign;

constexpr std::uint32_t special_slots = CSSLOT_RESOURCEDIR;

std::uint32_t to_u32(std::size_t value) { return static_cast<std::uint32_t>(value); }

void append(Bytes& out, const std::string& text) {
  const auto bytes = view_of(text).bytes();
  out.insert(out.end(), bytes.begin(), bytes.end());
  out.push_back(std::byte{0});
}

// The whole file is one page: nobody maps it (diskrep.cpp monolithicPageSize). The version is the
// oldest that has a field for all of it.
Bytes make_directory(const DetachedRequest& request, const Bytes& requirements) {
  const bool team = !request.team.empty();
  const std::size_t head = team ? team_at + sizeof(CodeDirectoryTeam) : team_at;
  Bytes out(head);
  append(out, request.identifier);
  const std::size_t team_text = out.size();
  if (team) append(out, request.team);
  const std::size_t hashes = out.size() + special_slots * sizeof(Sha256);
  const std::uint32_t code_slots = request.info_plist.empty() ? 0 : 1;
  out.resize(hashes + code_slots * sizeof(Sha256));
  CodeDirectoryHeader header{};
  header.magic = CSMAGIC_CODEDIRECTORY;
  header.length = to_u32(out.size());
  header.version = team ? CS_SUPPORTSTEAMID : CS_SUPPORTSSCATTER;
  header.flags = request.cms ? request.flags & ~CS_ADHOC : request.flags | CS_ADHOC;
  header.hashOffset = to_u32(hashes);
  header.identOffset = to_u32(head);
  header.nSpecialSlots = special_slots;
  header.nCodeSlots = code_slots;
  header.codeLimit = to_u32(request.info_plist.size());
  header.hashSize = sizeof(Sha256);
  header.hashType = CS_HASHTYPE_SHA256;
  put(out, 0, header);
  if (team) put(out, team_at, CodeDirectoryTeam{to_u32(team_text)});
  const auto seal = [&](std::uint32_t slot, ByteView contents) {
    put(out, hashes - slot * sizeof(Sha256), sha256(contents.bytes()));
  };
  seal(CSSLOT_INFOSLOT, request.info_plist);
  seal(CSSLOT_REQUIREMENTS, ByteView(requirements));
  seal(CSSLOT_RESOURCEDIR, request.code_resources);
  if (code_slots != 0) put(out, hashes, sha256(request.info_plist.bytes()));
  return out;
}

}  // namespace

Bytes DetachedSignature::super_blob() const {
  const std::vector<BlobPart> parts{{CSSLOT_CODEDIRECTORY, directory},
                                    {CSSLOT_REQUIREMENTS, requirements},
                                    {CSSLOT_SIGNATURESLOT, blob_of(CSMAGIC_BLOBWRAPPER, cms)}};
  return super_blob_of(parts);
}

Result<DetachedSignature> sign_detached(const DetachedRequest& request) {
  if (request.identifier.empty() || request.identifier.contains('\0')) {
    return fail(Errc::invalid_argument, "a signature needs an identifier without NUL");
  }
  DetachedSignature out;
  out.requirements = request.requirements;
  if (out.requirements.empty()) {
    out.requirements.resize(sizeof(SuperBlobHeader));
    put(out.requirements, 0, SuperBlobHeader{CSMAGIC_REQUIREMENTS, sizeof(SuperBlobHeader), 0u});
  }
  out.directory = make_directory(request, out.requirements);
  if (request.cms) out.cms = TENON_TRY(request.cms(ByteView(out.directory)));
  const Sha256 digest = sha256(out.directory);
  std::memcpy(out.cdhash.data(), digest.data(), out.cdhash.size());
  return out;
}

}  // namespace tenon::sign
