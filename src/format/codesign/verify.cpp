// Comparison of the hashes of a signature with the bytes that they seal.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/digest.h"
#include "format/codesign/codesign.h"

namespace tenon::codesign {
namespace {

// What xnu maps: 4 KiB on every machine, 16 KiB on arm64. Security alone would take others.
constexpr std::uint8_t small_page_shift = 12;
constexpr std::uint8_t large_page_shift = 14;

bool has_digest(std::uint8_t hash_type) {
  return hash_type == CS_HASHTYPE_SHA256 || hash_type == CS_HASHTYPE_SHA256_TRUNCATED;
}

std::string hash_name(std::uint8_t hash_type) {
  switch (hash_type) {
    case CS_HASHTYPE_SHA1: return "SHA-1";
    case CS_HASHTYPE_SHA256: return "SHA-256";
    case CS_HASHTYPE_SHA256_TRUNCATED: return "truncated SHA-256";
    case CS_HASHTYPE_SHA384: return "SHA-384";
    default: return fmt::format("hash type {}", hash_type);
  }
}

bool matches(ByteView stored, std::span<const std::byte> bytes) {
  const Sha256 digest = sha256(bytes);
  return !stored.empty() && stored.size() <= digest.size() &&
         std::memcmp(stored.data(), digest.data(), static_cast<std::size_t>(stored.size())) == 0;
}

bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes.bytes(), [](std::byte b) { return b == std::byte{0}; });
}

// Slots whose contents are blobs of the signature itself.
bool is_blob_slot(std::uint32_t slot) {
  return slot == CSSLOT_REQUIREMENTS || slot == CSSLOT_ENTITLEMENTS ||
         (slot >= CSSLOT_DER_ENTITLEMENTS && slot <= CSSLOT_LIBRARY_CONSTRAINT);
}

struct Input {
  ByteView slice;
  macho::Range signature;
  ByteView info_plist;
};

class Checker {
 public:
  Checker(const Input& input, const Signature& signature, const CodeDirectory& cd)
      : input_(input), signature_(signature), cd_(cd) {
    check_.slot = cd.slot;
    check_.hash_type = cd.hash_type;
    check_.page_size = cd.page_size();
  }

  DirectoryCheck run() {
    check_layout();
    if (check_.state == State::invalid) return std::move(check_);
    if (!has_digest(cd_.hash_type)) {
      check_.cause = fmt::format("no digest for {} here", hash_name(cd_.hash_type));
      return std::move(check_);
    }
    if (cd_.scattered) {
      check_.cause = "the CodeDirectory is scattered, which is not read here";
      return std::move(check_);
    }
    check_pages();
    check_special_slots();
    if (check_.state != State::invalid) check_.state = State::valid;
    return std::move(check_);
  }

 private:
  void blame(std::string cause) {
    if (check_.state != State::invalid) check_.cause = std::move(cause);
    check_.state = State::invalid;
  }

  void check_layout() {
    if (cd_.code_limit != input_.signature.offset) {
      blame(fmt::format("the code limit {} is not the signature's offset {}", cd_.code_limit,
                        input_.signature.offset));
      return;
    }
    if (cd_.page_shift != small_page_shift && cd_.page_shift != large_page_shift) {
      blame(fmt::format("the kernel maps no pages of 2^{} bytes", cd_.page_shift));
      return;
    }
    const std::uint64_t page = cd_.page_size();
    const std::uint64_t expected = (cd_.code_limit + page - 1) / page;
    if (cd_.code_slots != expected) {
      blame(fmt::format("{} page hashes where {} are needed", cd_.code_slots, expected));
    }
  }

  void check_pages() {
    const std::uint64_t page = cd_.page_size();
    for (std::uint64_t i = 0; i < cd_.code_slots; ++i) {
      const std::uint64_t at = i * page;
      const auto bytes = input_.slice.slice(at, std::min(page, cd_.code_limit - at));
      ++check_.pages;
      if (bytes && matches(cd_.code_hash(i), bytes->bytes())) continue;
      ++check_.bad_pages;
      if (!check_.first_bad_page) check_.first_bad_page = i;
    }
    if (check_.bad_pages != 0) {
      blame(fmt::format("page {} at offset {:#x} does not match its hash ({} of {} pages differ)",
                        *check_.first_bad_page, *check_.first_bad_page * page, check_.bad_pages,
                        check_.pages));
    }
  }

  void check_special_slots() {
    // Later slots exist for future systems, which xnu ignores.
    for (std::uint32_t slot = 1; slot <= CSSLOT_LIBRARY_CONSTRAINT; ++slot) check_special(slot);
  }

  void check_special(std::uint32_t slot) {
    const ByteView stored = cd_.special_hash(slot);
    const bool sealed = !stored.empty() && !all_zero(stored);
    const ByteView contents = contents_of(slot);
    if (contents.empty()) {
      if (sealed) check_absent(slot);
    } else if (!sealed) {
      blame(fmt::format("slot {} has contents that no hash seals", slot));
    } else if (!matches(stored, contents.bytes())) {
      blame(fmt::format("the contents of slot {} do not match their hash", slot));
    }
  }

  void check_absent(std::uint32_t slot) {
    if (is_blob_slot(slot)) {
      blame(fmt::format("slot {} has a hash and no contents", slot));
    } else {
      check_.open_slots.push_back(slot);
    }
  }

  ByteView contents_of(std::uint32_t slot) const {
    if (slot == CSSLOT_INFOSLOT) return input_.info_plist;
    const Blob* blob = is_blob_slot(slot) ? signature_.find(slot) : nullptr;
    return blob == nullptr ? ByteView() : blob->bytes;
  }

  const Input& input_;
  const Signature& signature_;
  const CodeDirectory& cd_;
  DirectoryCheck check_;
};

Verdict invalid(std::string cause) { return {State::invalid, std::move(cause), {}, false}; }

std::string describe(const Error& error) {
  return fmt::format("{}: {}", error.what, errc_name(error.code));
}

// xnu refuses two directories of one hash type; it uses the best and ignores the rest, so that an
// unchecked one beside a valid one is no doubt.
void judge(Verdict& verdict) {
  verdict.state = State::unchecked;
  std::uint32_t types = 0;
  for (const DirectoryCheck& check : verdict.directories) {
    const std::uint32_t type = 1U << (check.hash_type & 31U);
    if ((types & type) != 0) {
      verdict.state = State::invalid;
      verdict.cause = "two CodeDirectories of one hash type";
      return;
    }
    types |= type;
  }
  for (const DirectoryCheck& check : verdict.directories) {
    if (check.state == State::valid) verdict.state = State::valid;
  }
  for (const DirectoryCheck& check : verdict.directories) {
    if (check.state != State::invalid && verdict.state == State::valid) continue;
    verdict.cause = check.cause;
    if (check.state == State::invalid) {
      verdict.state = State::invalid;
      return;
    }
  }
}

ByteView embedded_info_plist(const macho::File& file) {
  const macho::Section* section = file.section("__TEXT", "__info_plist");
  return section == nullptr ? ByteView() : file.contents(*section).value_or(ByteView());
}

// Empty when the signature ends the slice.
std::string tail_cause(const macho::File& file) {
  const std::uint64_t end = file.signature()->offset + file.signature()->size;
  if (end != file.bytes().size()) {
    return fmt::format("{} bytes follow the signature", file.bytes().size() - end);
  }
  const macho::Segment* linkedit = file.segment("__LINKEDIT");
  if (linkedit == nullptr) return "no __LINKEDIT segment around the signature";
  if (linkedit->fileoff > end || linkedit->filesize != end - linkedit->fileoff) {
    return "__LINKEDIT does not end with the signature";
  }
  return {};
}

// Empty when the machine of the slice has pages as large as those that were hashed.
std::string page_cause(const macho::File& file, const Verdict& verdict) {
  const std::uint32_t cputype = file.header().cputype;
  if (cputype == macho::CPU_TYPE_ARM64 || cputype == macho::CPU_TYPE_ARM64_32) return {};
  for (const DirectoryCheck& check : verdict.directories) {
    if (check.page_size == 1ULL << small_page_shift) continue;
    return fmt::format("the kernel of this machine maps no pages of {} bytes", check.page_size);
  }
  return {};
}

}  // namespace

std::string_view state_name(State state) {
  switch (state) {
    case State::absent: return "absent";
    case State::valid: return "valid";
    case State::invalid: return "invalid";
    case State::unchecked: return "unchecked";
  }
  return "unchecked";
}

Verdict verify_pages(ByteView slice, const macho::Range& signature, ByteView info_plist) {
  const auto bytes = slice.slice(signature.offset, signature.size, "signature");
  if (!bytes) return invalid("the signature does not lie in the file");
  const auto parsed = Signature::parse(*bytes);
  if (!parsed) return invalid(describe(parsed.error()));
  const auto directories = parsed->code_directories();
  if (!directories) return invalid(describe(directories.error()));
  const Input input{slice, signature, info_plist};
  Verdict verdict;
  verdict.cms = parsed->has_cms();
  for (const CodeDirectory& cd : *directories) {
    verdict.directories.push_back(Checker(input, *parsed, cd).run());
  }
  judge(verdict);
  return verdict;
}

Verdict verify(const macho::File& file) {
  if (!file.signature()) return {};
  Verdict verdict = verify_pages(file.bytes(), *file.signature(), embedded_info_plist(file));
  if (verdict.state == State::invalid) return verdict;
  std::string cause = tail_cause(file);
  if (cause.empty()) cause = page_cause(file, verdict);
  if (!cause.empty()) {
    verdict.state = State::invalid;
    verdict.cause = std::move(cause);
  }
  return verdict;
}

}  // namespace tenon::codesign
