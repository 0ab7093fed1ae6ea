// Reads the embedded signature of a Mach-O slice and compares its hashes with the bytes. Says
// whether the bytes are those that were sealed; knows nothing of certificates, of trust, or of the
// files of a bundle.
// Rules: xnu bsd/kern/ubc_subr.c (cs_validate_csblob, cs_validate_codedirectory) and Security
// libsecurity_codesigning (codedirectory.cpp checkIntegrity, StaticCode.cpp, macho++.cpp).
//
// Ownership: Signature and all that it returns borrow the bytes given to parse(). Results of
// verify() own their texts. Offsets in errors are file offsets.
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
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/os_status.h"
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

  [[nodiscard]] std::span<const Blob> blobs() const { return blobs_; }

  [[nodiscard]] const Blob* find(std::uint32_t slot) const;

  // Slot 0 first, then the alternates. Fails when slot 0 is missing or any of them is malformed.
  [[nodiscard]] Result<std::vector<CodeDirectory>> code_directories() const;

  // Whether there is a CMS, which ad-hoc signatures lack or leave empty.
  [[nodiscard]] bool has_cms() const;

 private:
  std::vector<Blob> blobs_;
};

enum class State : std::uint8_t {
  absent,     // no signature
  valid,      // every hash that could be compared is right
  invalid,    // `cause` says why
  unchecked,  // nothing is known to be wrong, but no CodeDirectory could be compared
};

[[nodiscard]] std::string_view state_name(State state);

// One way in which a signature is wrong. `code` is static and never changes its meaning.
struct Problem {
  std::string_view code;  // "page.hash"
  std::string message;    // a sentence without its subject
  std::string where;      // "page 12", "slot 5", "CodeDirectory SHA-1"
  OsStatus os;
};

// The comparison of one CodeDirectory.
struct DirectoryCheck {
  static constexpr std::size_t most_listed = 64;

  std::uint32_t slot = 0;
  std::uint8_t hash_type = 0;
  State state = State::unchecked;
  std::string cause;  // of invalid and unchecked
  std::vector<Problem> problems;
  std::uint64_t page_size = 0;
  std::uint64_t pages = 0, bad_pages = 0;
  std::optional<std::uint64_t> first_bad_page;
  std::vector<std::uint64_t> listed_pages;  // the first of those that differ, in order
  // Slots whose contents lie outside of the slice, such as Info.plist and CodeResources.
  std::vector<std::uint32_t> open_slots;
};

struct Verdict {
  State state = State::absent;
  std::string cause;              // of invalid and unchecked: the first that was found
  std::vector<Problem> problems;  // of the signature as a whole; each directory has its own
  std::vector<DirectoryCheck> directories;
  bool cms = false;  // a CMS is present; nothing here looked into it
};

// Told what is about to be read and what is no longer needed, so that a mapped file of any size is
// verified in little memory. Called from several threads.
class PageWindow {
 public:
  PageWindow() = default;
  PageWindow(const PageWindow&) = delete;
  PageWindow& operator=(const PageWindow&) = delete;
  virtual ~PageWindow() = default;
  virtual void enter(std::span<const std::byte> bytes) = 0;
  virtual void leave(std::span<const std::byte> bytes) = 0;
};

// What the signature seals beside the slice and itself; nullopt leaves a slot open.
struct Components {
  // Slot 1: Info.plist of the bundle whose main executable this is. Without one, the section
  // __TEXT,__info_plist stands for it.
  std::optional<ByteView> info_plist;
  std::optional<ByteView> code_resources;  // slot 3
  std::optional<ByteView> rep_specific;    // slot 6
};

struct VerifyOptions {
  Components components;
  unsigned threads = 1;
  PageWindow* window = nullptr;  // borrowed
};

// Compares all of the signature at `signature` with the slice: the code limit, every page, every
// special slot whose contents are at hand, for every CodeDirectory, and that nothing lies in the
// signature which it does not seal. A scattered CodeDirectory is unchecked.
[[nodiscard]] Verdict verify_pages(ByteView slice, const macho::Range& signature,
                                   const VerifyOptions& options = {});

// The same for a parsed slice, and that its machine has pages of that size, and that nothing
// follows the signature (macho++.cpp validateStructure): bytes after it are sealed by nobody.
[[nodiscard]] Verdict verify(const macho::File& file, const VerifyOptions& options = {});

// Whether the signature has hashes for what lies in a bundle, outside of the file: Info.plist or
// CodeResources. Reads no page.
[[nodiscard]] bool seals_bundle(const macho::File& file);

// "SHA-256"
[[nodiscard]] std::string hash_name(std::uint8_t hash_type);

// The digest of a hash type, cut to its size there; empty for a type without one.
[[nodiscard]] std::vector<std::byte> digest_of(std::uint8_t hash_type,
                                               std::span<const std::byte> bytes);

}  // namespace tenon::codesign
