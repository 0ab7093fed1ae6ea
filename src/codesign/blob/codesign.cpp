// Reading of the SuperBlob and of CodeDirectories.
#include "codesign/blob/codesign.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "codesign/blob/layout.h"

namespace tenon::codesign {
namespace {

constexpr std::uint32_t most_blobs = 128;

std::uint8_t size_of_hash(std::uint8_t hash_type) {
  switch (hash_type) {
    case CS_HASHTYPE_SHA1:
    case CS_HASHTYPE_SHA256_TRUNCATED: return 20;
    case CS_HASHTYPE_SHA256: return 32;
    case CS_HASHTYPE_SHA384: return 48;
    default: return 0;
  }
}

bool is_code_directory_slot(std::uint32_t slot) {
  return slot == CSSLOT_CODEDIRECTORY ||
         (slot >= CSSLOT_ALTERNATE_CODEDIRECTORIES &&
          slot < CSSLOT_ALTERNATE_CODEDIRECTORIES + CSSLOT_ALTERNATE_CODEDIRECTORY_MAX);
}

Result<Blob> read_blob(ByteView whole, const BlobIndex& entry, std::uint64_t index_end) {
  if (entry.offset < index_end) {
    return fail(Errc::malformed, "offset in the signature index", whole.base());
  }
  const auto* head = TENON_TRY(whole.at<GenericBlob>(entry.offset, "signature blob"));
  if (head->length < sizeof(GenericBlob)) {
    return fail(Errc::malformed, "length of a signature blob", whole.base() + entry.offset);
  }
  return Blob{entry.type, head->magic,
              TENON_TRY(whole.slice(entry.offset, head->length, "signature blob"))};
}

// Two blobs that share bytes would be sealed as one thing and read as another.
Result<void> check_apart(std::span<const Blob> blobs) {
  std::vector<ByteView> sorted;
  for (const Blob& blob : blobs) sorted.push_back(blob.bytes);
  std::ranges::sort(sorted, {}, &ByteView::base);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].base() < sorted[i - 1].base() + sorted[i - 1].size()) {
      return fail(Errc::malformed, "two signature blobs share bytes", sorted[i].base());
    }
  }
  return {};
}

// The fields that came with later versions, each of which includes the earlier ones.
Result<void> read_late_fields(CodeDirectory& cd, ByteView blob) {
  if (cd.version >= CS_SUPPORTSSCATTER) {
    cd.scattered = TENON_TRY(blob.at<CodeDirectoryScatter>(scatter_at))->scatterOffset != 0;
  }
  if (cd.version >= CS_SUPPORTSTEAMID) {
    const std::uint32_t at = TENON_TRY(blob.at<CodeDirectoryTeam>(team_at))->teamOffset;
    if (at != 0) cd.team = TENON_TRY(blob.cstr(at, "team of the CodeDirectory"));
  }
  if (cd.version >= CS_SUPPORTSCODELIMIT64) {
    const std::uint64_t limit = TENON_TRY(blob.at<CodeDirectoryLimit64>(limit64_at))->codeLimit64;
    if (limit != 0) cd.code_limit = limit;
  }
  if (cd.version >= CS_SUPPORTSEXECSEG) {
    const auto* exec = TENON_TRY(blob.at<CodeDirectoryExecSeg>(exec_seg_at));
    cd.exec_seg_base = exec->execSegBase;
    cd.exec_seg_limit = exec->execSegLimit;
    cd.exec_seg_flags = exec->execSegFlags;
  }
  if (cd.version >= CS_SUPPORTSRUNTIME) {
    cd.runtime = TENON_TRY(blob.at<CodeDirectoryRuntime>(runtime_at))->runtime;
  }
  return {};
}

Result<void> read_hashes(CodeDirectory& cd, ByteView blob, std::uint64_t hash_offset) {
  const std::uint64_t special = std::uint64_t{cd.special_slots} * cd.hash_size;
  const std::uint64_t code = std::uint64_t{cd.code_slots} * cd.hash_size;
  if (hash_offset < special || hash_offset - special < sizeof(CodeDirectoryHeader)) {
    return fail(Errc::malformed, "hash offset of the CodeDirectory", blob.base());
  }
  cd.hashes =
      TENON_TRY(blob.slice(hash_offset - special, special + code, "hashes of the CodeDirectory"));
  return {};
}

}  // namespace

ByteView CodeDirectory::code_hash(std::uint64_t index) const {
  if (index >= code_slots) return {};
  return hashes.slice((special_slots + index) * hash_size, hash_size).value_or(ByteView());
}

ByteView CodeDirectory::special_hash(std::uint64_t special) const {
  if (special == 0 || special > special_slots) return {};
  return hashes.slice((special_slots - special) * hash_size, hash_size).value_or(ByteView());
}

std::optional<CdHash> CodeDirectory::cdhash() const {
  const std::vector<std::byte> digest = digest_of(hash_type, bytes.bytes());
  CdHash cut;
  if (digest.size() < cut.size()) return std::nullopt;
  std::memcpy(cut.data(), digest.data(), cut.size());
  return cut;
}

std::string hash_name(std::uint8_t hash_type) {
  switch (hash_type) {
    case CS_HASHTYPE_SHA1: return "SHA-1";
    case CS_HASHTYPE_SHA256: return "SHA-256";
    case CS_HASHTYPE_SHA256_TRUNCATED: return "truncated SHA-256";
    case CS_HASHTYPE_SHA384: return "SHA-384";
    default: return "hash type " + std::to_string(hash_type);
  }
}

std::vector<std::byte> digest_of(std::uint8_t hash_type, std::span<const std::byte> bytes) {
  const auto copy = [&](const auto& digest) {
    return std::vector<std::byte>(digest.begin(), digest.begin() + size_of_hash(hash_type));
  };
  switch (hash_type) {
    case CS_HASHTYPE_SHA1: return copy(sha1(bytes));
    case CS_HASHTYPE_SHA256:
    case CS_HASHTYPE_SHA256_TRUNCATED: return copy(sha256(bytes));
    case CS_HASHTYPE_SHA384: return copy(sha384(bytes));
    default: return {};
  }
}

Result<CodeDirectory> parse_code_directory(ByteView blob, std::uint32_t slot) {
  const auto* head = TENON_TRY(blob.at<CodeDirectoryHeader>(0, "CodeDirectory"));
  if (head->magic != CSMAGIC_CODEDIRECTORY) {
    return fail(Errc::malformed, "magic of the CodeDirectory", blob.base());
  }
  if (head->version < CS_EARLIEST_VERSION || head->version > CS_COMPATIBILITY_LIMIT) {
    return fail(Errc::unsupported, "version of the CodeDirectory", blob.base() + 8);
  }
  const std::uint8_t expected = size_of_hash(head->hashType);
  if (head->hashSize == 0 || (expected != 0 && head->hashSize != expected)) {
    return fail(Errc::malformed, "hash size of the CodeDirectory", blob.base());
  }
  if (head->pageSize > 31) {
    return fail(Errc::malformed, "page size of the CodeDirectory", blob.base());
  }
  CodeDirectory cd;
  cd.bytes = TENON_TRY(blob.slice(0, head->length, "CodeDirectory"));
  cd.slot = slot;
  cd.version = head->version;
  cd.flags = head->flags;
  cd.identifier = TENON_TRY(cd.bytes.cstr(head->identOffset, "identifier of the CodeDirectory"));
  cd.hash_size = head->hashSize;
  cd.hash_type = head->hashType;
  cd.platform = head->platform;
  cd.page_shift = head->pageSize;
  cd.special_slots = head->nSpecialSlots;
  cd.code_slots = head->nCodeSlots;
  cd.code_limit = head->codeLimit;
  if (auto read = read_late_fields(cd, cd.bytes); !read) return std::unexpected(read.error());
  if (auto read = read_hashes(cd, cd.bytes, head->hashOffset); !read) {
    return std::unexpected(read.error());
  }
  return cd;
}

Result<Signature> Signature::parse(ByteView bytes) {
  const auto* head = TENON_TRY(bytes.at<SuperBlobHeader>(0, "signature"));
  if (head->magic != CSMAGIC_EMBEDDED_SIGNATURE) {
    return fail(Errc::malformed, "magic of the signature", bytes.base());
  }
  if (head->count > most_blobs) {
    return fail(Errc::malformed, "number of signature blobs", bytes.base());
  }
  const ByteView whole = TENON_TRY(bytes.slice(0, head->length, "signature"));
  const auto index =
      TENON_TRY(whole.array<BlobIndex>(sizeof(SuperBlobHeader), head->count, "signature index"));
  Signature signature;
  for (const BlobIndex& entry : index) {
    if (signature.find(entry.type) != nullptr) {
      return fail(Errc::malformed, "two signature blobs in one slot", whole.base());
    }
    signature.blobs_.push_back(
        TENON_TRY(read_blob(whole, entry, sizeof(SuperBlobHeader) + index.size_bytes())));
  }
  if (auto apart = check_apart(signature.blobs_); !apart) return std::unexpected(apart.error());
  return signature;
}

const Blob* Signature::find(std::uint32_t slot) const {
  const auto found = std::ranges::find(blobs_, slot, &Blob::slot);
  return found == blobs_.end() ? nullptr : &*found;
}

Result<std::vector<CodeDirectory>> Signature::code_directories() const {
  std::vector<CodeDirectory> all;
  for (const Blob& blob : blobs_) {
    if (!is_code_directory_slot(blob.slot)) continue;
    all.push_back(TENON_TRY(parse_code_directory(blob.bytes, blob.slot)));
  }
  std::ranges::sort(all, {}, &CodeDirectory::slot);
  if (all.empty() || all.front().slot != CSSLOT_CODEDIRECTORY) {
    return fail(Errc::malformed, "signature without CodeDirectory");
  }
  return all;
}

bool Signature::has_cms() const {
  const Blob* cms = find(CSSLOT_SIGNATURESLOT);
  return cms != nullptr && cms->bytes.size() > sizeof(GenericBlob);
}

}  // namespace tenon::codesign
