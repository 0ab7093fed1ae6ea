// Reads the embedded signature of a Mach-O slice and compares its hashes with the bytes. Says
// whether the bytes are those that were sealed; knows nothing of certificates, of trust, or of the
// files of a bundle.
// Rules: xnu bsd/kern/ubc_subr.c (cs_validate_csblob, cs_validate_codedirectory) and Security
// libsecurity_codesigning (codedirectory.cpp checkIntegrity, StaticCode.cpp, macho++.cpp).
//
// Ownership: Signature and all that it returns borrow the bytes given to parse(). Results of
// check_hashes() own their texts. Offsets in errors are file offsets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/page_window.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/verdict.h"
#include "format/macho/fwd.h"

namespace tenon::codesign {

struct Blob {
  std::uint32_t slot = 0;   // CSSLOT_...
  std::uint32_t magic = 0;  // CSMAGIC_...
  ByteView bytes;           // with its header of 8 bytes

  [[nodiscard]] ByteView payload() const {
    return bytes.from(sizeof(GenericBlob)).value_or(ByteView());
  }
};

using CdHash = std::array<std::byte, 20>;

// One CodeDirectory of version 0x20001 to 0x2f000. Fields that its version does not have are 0.
struct CodeDirectory {
  std::uint32_t slot = 0;
  std::uint32_t version = 0;
  std::uint32_t flags = 0;  // CS_...
  std::string_view identifier;
  std::string_view team;  // empty when there is none
  std::uint8_t hash_size = 0, hash_type = 0, platform = 0;
  std::uint8_t page_shift = 0;  // as stored; 0 means one page as long as the code
  std::uint32_t special_slots = 0, code_slots = 0;
  std::uint64_t code_limit = 0;  // bytes of the slice that the page hashes cover
  std::uint64_t exec_seg_base = 0, exec_seg_limit = 0, exec_seg_flags = 0;
  std::uint32_t runtime = 0;  // version of the hardened runtime, packed as in Mach-O
  bool scattered = false;
  ByteView bytes;   // the whole blob
  ByteView hashes;  // from the last special slot to the last code slot

  [[nodiscard]] std::uint64_t page_size() const {
    return page_shift == 0 ? code_limit : 1ULL << page_shift;
  }

  // The stored hash of page `index`; empty when there is no such slot.
  [[nodiscard]] ByteView code_hash(std::uint64_t index) const;
  // The stored hash of CSSLOT `slot`; empty when there is no such slot.
  [[nodiscard]] ByteView special_hash(std::uint64_t slot) const;
  // What names this code to the system: nullopt when the hash type has no digest here.
  [[nodiscard]] std::optional<CdHash> cdhash() const;
};

[[nodiscard]] Result<CodeDirectory> parse_code_directory(ByteView blob, std::uint32_t slot = 0);

class Signature {
 public:
  // `bytes` is what LC_CODE_SIGNATURE points to; padding after the signature is allowed. malformed
  // for another magic, more than 128 blobs, a slot twice, or a blob that does not lie inside;
  // truncated for a signature that is longer than `bytes`.
  static Result<Signature> parse(ByteView bytes);

  [[nodiscard]] std::span<const Blob> blobs() const TENON_LIFETIMEBOUND { return blobs_; }

  [[nodiscard]] const Blob* find(std::uint32_t slot) const TENON_LIFETIMEBOUND;

  // Slot 0 first, then the alternates. Fails when slot 0 is missing or any of them is malformed.
  [[nodiscard]] Result<std::vector<CodeDirectory>> code_directories() const;

  // Whether there is a CMS, which ad-hoc signatures lack or leave empty.
  [[nodiscard]] bool has_cms() const;

 private:
  std::vector<Blob> blobs_;
};

// The code of the cause that counts the pages of a CodeDirectory that differ.
inline constexpr std::string_view page_hash_code = "page.hash";
// The code of the cause for a slot whose contents differ; its place names the slot.
inline constexpr std::string_view slot_hash_code = "slot.hash";

// One special slot that has a hash, contents, or both.
struct SlotCheck {
  std::uint32_t slot = 0;
  State state = State::valid;  // unknown: its contents lie outside of the slice
};

// "Info.plist", "CodeResources"; "unknown" for a slot of future systems.
[[nodiscard]] std::string_view slot_title(std::uint32_t slot);

// The comparison of one CodeDirectory.
struct DirectoryCheck {
  static constexpr std::size_t most_listed = 64;

  std::uint32_t slot = 0;
  std::uint8_t hash_type = 0;
  Verdict verdict;  // unknown: it could not be compared
  std::uint64_t page_size = 0;
  std::uint64_t pages = 0, bad_pages = 0;
  std::optional<std::uint64_t> first_bad_page;
  std::vector<std::uint64_t> listed_pages;  // the first of those that differ, in order
  // Slots whose contents lie outside of the slice, such as Info.plist and CodeResources.
  std::vector<std::uint32_t> open_slots;
  std::vector<SlotCheck> slots;  // in order; empty where nothing could be compared
};

// The comparison of a whole signature.
struct HashReport {
  Verdict structure;  // of the signature as a whole; absent: there is none
  std::vector<DirectoryCheck> directories;
  bool cms = false;  // a CMS is present; nothing here looked into it

  // All together. valid: every hash that could be compared is right. unknown: nothing is known to
  // be wrong, but no CodeDirectory could be compared. One that could not be compared beside a valid
  // one is no doubt: the system takes the best.
  [[nodiscard]] Verdict verdict() const;
};

// What the signature seals beside the slice and itself; nullopt leaves a slot open.
struct Components {
  // Slot 1: Info.plist of the bundle whose main executable this is. Without one, the section
  // __TEXT,__info_plist stands for it.
  std::optional<ByteView> info_plist;
  std::optional<ByteView> code_resources;  // slot 3
  std::optional<ByteView> rep_specific;    // slot 6
  bool in_bundle = false;  // of the main code of a bundle: what is not here is missing there
};

struct HashOptions {
  Components components;
  unsigned threads = 1;
  PageWindow* window = nullptr;  // borrowed
  // The caller hashed the pages of these very bytes to make the signature: they are counted, and
  // not compared again.
  bool pages_known = false;
};

// Compares all of the signature at `signature` with the slice: the code limit, every page, every
// special slot whose contents are at hand, for every CodeDirectory, and that nothing lies in the
// signature which it does not seal. A scattered CodeDirectory is unchecked.
[[nodiscard]] HashReport check_hashes(ByteView slice, const macho::Range& signature,
                                      const HashOptions& options = {});

// The same for code that is no Mach-O file: `code` is the whole file, `signature` is a SuperBlob
// that lies elsewhere. Nobody maps it, so its pages may have any size, also that of the file.
[[nodiscard]] HashReport check_detached(ByteView code, ByteView signature,
                                        const HashOptions& options = {});

// The same for a parsed slice, and that its machine has pages of that size, and that nothing
// follows the signature (macho++.cpp validateStructure): bytes after it are sealed by nobody.
[[nodiscard]] HashReport check_hashes(const macho::File& file, const HashOptions& options = {});

// Whether the signature has hashes for what lies in a bundle, outside of the file: Info.plist or
// CodeResources. Reads no page.
[[nodiscard]] bool seals_bundle(const macho::File& file);

// "SHA-256"
[[nodiscard]] std::string hash_name(std::uint8_t hash_type);

// The digest of a hash type, cut to its size there; empty for a type without one.
[[nodiscard]] std::vector<std::byte> digest_of(std::uint8_t hash_type,
                                               std::span<const std::byte> bytes);

}  // namespace tenon::codesign
