// Comparison of the hashes of a signature with the bytes that they seal.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/os_status.h"
#include "codesign/blob/pages.h"
#include "codesign/verdict.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
std::string_view slot_title(std::uint32_t slot) {
  switch (slot) {
    case CSSLOT_INFOSLOT: return "Info.plist";
    case CSSLOT_REQUIREMENTS: return "requirements";
    case CSSLOT_RESOURCEDIR: return "CodeResources";
    case CSSLOT_APPLICATION: return "top directory";
    case CSSLOT_ENTITLEMENTS: return "entitlements, XML";
    case CSSLOT_REP_SPECIFIC: return "disk image";
    case CSSLOT_DER_ENTITLEMENTS: return "entitlements, DER";
    case CSSLOT_LAUNCH_CONSTRAINT_SELF: return "launch constraint of the program";
    case CSSLOT_LAUNCH_CONSTRAINT_SELF + 1: return "launch constraint of the parent";
    case CSSLOT_LAUNCH_CONSTRAINT_SELF + 2: return "launch constraint of the responsible process";
    case CSSLOT_LIBRARY_CONSTRAINT: return "library constraint";
    default: return "unknown";
  }
}

namespace {

// What xnu maps: 4 KiB on every machine, 16 KiB on arm64. Security alone would take others.
constexpr std::uint8_t small_page_shift = 12;
constexpr std::uint8_t large_page_shift = 14;

bool has_digest(std::uint8_t hash_type) {
  return hash_type >= CS_HASHTYPE_SHA1 && hash_type <= CS_HASHTYPE_SHA384;
}

bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes.bytes(), [](std::byte b) { return b == std::byte{0}; });
}

bool matches(std::uint8_t hash_type, ByteView stored, ByteView contents) {
  const std::vector<std::byte> digest = digest_of(hash_type, contents.bytes());
  return !stored.empty() && stored.size() == digest.size() &&
         std::memcmp(stored.data(), digest.data(), digest.size()) == 0;
}

// Slots whose contents are blobs of the signature itself.
bool is_blob_slot(std::uint32_t slot) {
  return slot == CSSLOT_REQUIREMENTS || slot == CSSLOT_APPLICATION || slot == CSSLOT_ENTITLEMENTS ||
         (slot >= CSSLOT_DER_ENTITLEMENTS && slot <= CSSLOT_LIBRARY_CONSTRAINT);
}

std::string slot_place(std::uint32_t slot) {
  return fmt::format("slot {} ({})", slot, slot_title(slot));
}

// errorForSlot of StaticCode.cpp.
OsStatus slot_status(std::uint32_t slot) {
  if (slot == CSSLOT_INFOSLOT) return OS_INFO_PLIST_FAILED;
  if (slot == CSSLOT_RESOURCEDIR) return OS_RESOURCE_DIRECTORY_FAILED;
  return OS_SIGNATURE_FAILED;
}

struct Input {
  ByteView slice;
  macho::Range signature;
  const HashOptions& options;
  bool mapped = true;  // by the kernel, page by page
};

// All of a CodeDirectory but its pages.
class Checker {
 public:
  Checker(const Input& input, const Signature& signature, const CodeDirectory& cd)
      : input_(input), signature_(signature), cd_(cd) {
    check_.slot = cd.slot;
    check_.hash_type = cd.hash_type;
    check_.page_size = cd.page_size();
  }

  // Whether the pages are to be compared.
  bool prepare() {
    check_layout();
    if (check_.verdict.state == State::invalid) return false;
    if (!has_digest(cd_.hash_type)) {
      leave_unchecked(fmt::format("no digest for {} here", hash_name(cd_.hash_type)));
    } else if (cd_.scattered) {
      leave_unchecked("the CodeDirectory is scattered, which tenon does not support");
    }
    return check_.verdict.state != State::unknown;
  }

  void take_pages(const std::vector<std::uint64_t>& bad) {
    check_.pages = cd_.code_slots;
    check_.bad_pages = bad.size();
    if (bad.empty()) return;
    check_.first_bad_page = bad.front();
    check_.listed_pages.assign(
        bad.begin(), bad.begin() + static_cast<std::ptrdiff_t>(
                                       std::min(bad.size(), DirectoryCheck::most_listed)));
    blame(page_hash_code,
          fmt::format("page {} at offset {:#x} does not match its hash ({} of {} pages differ)",
                      bad.front(), bad.front() * cd_.page_size(), bad.size(), check_.pages),
          fmt::format("page {}", bad.front()), OS_SIGNATURE_FAILED);
  }

  void check_special_slots() {
    // Later slots exist for future systems, which xnu ignores.
    for (std::uint32_t slot = 1; slot <= CSSLOT_LIBRARY_CONSTRAINT; ++slot) check_special(slot);
  }

  DirectoryCheck take(bool compared) {
    if (compared) check_.verdict.state = std::max(check_.verdict.state, State::valid);
    return std::move(check_);
  }

 private:
  void blame(std::string_view code, std::string message, std::string where, OsStatus os) {
    check_.verdict.blame(State::invalid,
                         make_cause(code, std::move(message), std::move(where), os));
  }

  void leave_unchecked(std::string why) {
    check_.verdict.blame(State::unknown,
                         make_cause("directory.unchecked", std::move(why), "CodeDirectory"));
  }

  void check_layout() {
    const std::string place = "CodeDirectory " + hash_name(cd_.hash_type);
    if (cd_.code_limit != input_.signature.offset) {
      blame("directory.code-limit",
            input_.mapped ? fmt::format("the code limit {} is not the signature's offset {}",
                                        cd_.code_limit, input_.signature.offset)
                          : fmt::format("{} bytes were signed, the file has {}", cd_.code_limit,
                                        input_.signature.offset),
            place, input_.mapped ? OS_SIGNATURE_INVALID : OS_SIGNATURE_FAILED);
      return;
    }
    if (input_.mapped && cd_.page_shift != small_page_shift && cd_.page_shift != large_page_shift) {
      blame("directory.page-size",
            fmt::format("the kernel does not map pages of 2^{} bytes", cd_.page_shift), place,
            OS_NONE);
      return;
    }
    const std::uint64_t page = cd_.page_size();
    const std::uint64_t expected = page == 0 ? 0 : (cd_.code_limit + page - 1) / page;
    if (cd_.code_slots != expected) {
      blame("directory.page-count",
            fmt::format("{} page hashes where {} are needed", cd_.code_slots, expected), place,
            OS_SIGNATURE_FAILED);
    }
  }

  void check_special(std::uint32_t slot) {
    const ByteView stored = cd_.special_hash(slot);
    const bool sealed = !stored.empty() && !all_zero(stored);
    const std::optional<ByteView> contents = contents_of(slot);
    if (!contents) {
      if (sealed) check_.slots.push_back({slot, check_absent(slot)});
    } else if (!sealed) {
      // The embedded Info.plist lies in the pages, which seal it; linkers hash it no second time.
      if (slot == CSSLOT_INFOSLOT && !input_.options.components.info_plist) return;
      blame("slot.unsealed", fmt::format("slot {} has contents that no hash covers", slot),
            slot_place(slot), slot_status(slot));
      check_.slots.push_back({slot, State::invalid});
    } else if (!matches(cd_.hash_type, stored, *contents)) {
      blame(slot_hash_code, fmt::format("the contents of slot {} do not match their hash", slot),
            slot_place(slot), slot_status(slot));
      check_.slots.push_back({slot, State::invalid});
    } else {
      check_.slots.push_back({slot, State::valid});
    }
  }

  State check_absent(std::uint32_t slot) {
    if (!is_blob_slot(slot)) {
      check_.open_slots.push_back(slot);
      return State::unknown;
    }
    blame("slot.missing", fmt::format("slot {} has a hash but no contents", slot), slot_place(slot),
          slot_status(slot));
    return State::invalid;
  }

  std::optional<ByteView> contents_of(std::uint32_t slot) const {
    const Components& components = input_.options.components;
    if (slot == CSSLOT_INFOSLOT) return components.info_plist ? components.info_plist : embedded();
    if (slot == CSSLOT_RESOURCEDIR) return components.code_resources;
    if (slot == CSSLOT_REP_SPECIFIC) return components.rep_specific;
    const Blob* blob = is_blob_slot(slot) ? signature_.find(slot) : nullptr;
    return blob == nullptr ? std::nullopt : std::optional(blob->bytes);
  }

  std::optional<ByteView> embedded() const {
    const auto file = macho::File::parse(input_.slice);
    if (!file) return std::nullopt;
    const macho::Section* section = file->section("__TEXT", "__info_plist");
    if (section == nullptr) return std::nullopt;
    const auto contents = file->contents(*section);
    return contents && !contents->empty() ? std::optional(*contents) : std::nullopt;
  }

  const Input& input_;
  const Signature& signature_;
  const CodeDirectory& cd_;
  DirectoryCheck check_;
};

HashReport unreadable(const Error& error) {
  const bool later = error.code == Errc::unsupported;
  HashReport report;
  report.structure.blame(State::invalid,
                         make_cause(later ? "signature.unsupported" : "signature.malformed",
                                    fmt::format("{}: {}", error.what, errc_name(error.code)),
                                    fmt::format("signature, offset {:#x}", error.offset),
                                    later ? OS_SIGNATURE_UNSUPPORTED : OS_SIGNATURE_INVALID));
  return report;
}

void blame(HashReport& report, std::string_view code, std::string message, std::string where,
           OsStatus os = OS_NONE) {
  report.structure.blame(State::invalid,
                         make_cause(code, std::move(message), std::move(where), os));
}

bool is_known_slot(std::uint32_t slot) {
  return slot <= CSSLOT_LIBRARY_CONSTRAINT || slot == CSSLOT_SIGNATURESLOT ||
         slot == CSSLOT_IDENTIFICATIONSLOT || slot == CSSLOT_TICKETSLOT ||
         (slot >= CSSLOT_ALTERNATE_CODEDIRECTORIES &&
          slot < CSSLOT_ALTERNATE_CODEDIRECTORIES + CSSLOT_ALTERNATE_CODEDIRECTORY_MAX);
}

// Bytes between the blobs: no hash and no CMS covers them, and no signer leaves any. What follows
// the last blob is room that codesign reserved, and holds whatever its memory held.
void check_unsealed(ByteView bytes, const Signature& signature, HashReport& report) {
  std::vector<ByteView> blobs;
  for (const Blob& blob : signature.blobs()) {
    blobs.push_back(blob.bytes);
    if (is_known_slot(blob.slot)) continue;
    blame(report, "signature.unknown-blob",
          fmt::format("contains a blob in slot {:#x}, which no hash covers", blob.slot),
          "signature");
  }
  std::ranges::sort(blobs, {}, &ByteView::base);
  std::uint64_t at = sizeof(SuperBlobHeader) + signature.blobs().size() * sizeof(BlobIndex);
  for (const ByteView blob : blobs) {
    const std::uint64_t start = blob.base() - bytes.base();
    const auto gap = bytes.slice(at, start > at ? start - at : 0);
    if (gap && !all_zero(*gap)) {
      blame(report, "signature.hidden-bytes", "contains bytes between its blobs",
            fmt::format("signature, offset {:#x}", gap->base()));
      return;
    }
    at = std::max(at, start + blob.size());
  }
}

// xnu and Security refuse two directories of one hash type.
void check_types(std::span<const CodeDirectory> directories, HashReport& report) {
  std::vector<std::uint8_t> types;
  for (const CodeDirectory& cd : directories) {
    if (std::ranges::find(types, cd.hash_type) != types.end()) {
      blame(report, "signature.same-hash-type", "two CodeDirectories of one hash type",
            "CodeDirectory " + hash_name(cd.hash_type), OS_SIGNATURE_INVALID);
    }
    types.push_back(cd.hash_type);
  }
}

// Systems take the directory with the strongest hash that they know, so that all must say the same.
void check_agreement(std::span<const CodeDirectory> directories, HashReport& report) {
  const CodeDirectory& first = directories.front();
  for (const CodeDirectory& cd : directories.subspan(1)) {
    std::string_view what;
    if (cd.identifier != first.identifier) what = "identifier";
    if (cd.team != first.team) what = "team";
    if (cd.flags != first.flags) what = "flags";
    if (cd.platform != first.platform) what = "platform";
    if (cd.page_shift != first.page_shift) what = "page size";
    if (cd.runtime != first.runtime) what = "runtime version";
    if (cd.exec_seg_base != first.exec_seg_base || cd.exec_seg_limit != first.exec_seg_limit)
      what = "executable segment";
    if (cd.exec_seg_flags != first.exec_seg_flags) what = "flags of the executable segment";
    if (what.empty()) continue;
    blame(report, "signature.directories-differ",
          fmt::format("two CodeDirectories differ in {}", what),
          "CodeDirectory " + hash_name(cd.hash_type));
  }
}

// Of a file that is read as a whole.
std::vector<std::vector<std::uint64_t>> differing_parts(
    ByteView code, const std::vector<const CodeDirectory*>& directories) {
  std::vector<std::vector<std::uint64_t>> out;
  for (const CodeDirectory* cd : directories) {
    out.emplace_back();
    const std::uint64_t page = cd->page_size();
    for (std::uint64_t i = 0; i < cd->code_slots; ++i) {
      const auto bytes = code.slice(i * page, std::min(page, code.size() - i * page));
      if (!bytes || !matches(cd->hash_type, cd->code_hash(i), *bytes)) out.back().push_back(i);
    }
  }
  return out;
}

void check_directories(const Input& input, const Signature& signature,
                       std::span<const CodeDirectory> directories, HashReport& report) {
  std::vector<Checker> checkers;
  std::vector<const CodeDirectory*> comparable;
  std::vector<std::size_t> place(directories.size(), directories.size());
  for (std::size_t i = 0; i < directories.size(); ++i) {
    checkers.emplace_back(input, signature, directories[i]);
    if (!checkers.back().prepare()) continue;
    place[i] = comparable.size();
    comparable.push_back(&directories[i]);
  }
  const auto bad = input.options.pages_known
                       ? std::vector<std::vector<std::uint64_t>>(comparable.size())
                   : input.mapped ? differing_pages(input.slice, comparable, input.options)
                                  : differing_parts(input.slice, comparable);
  for (std::size_t i = 0; i < checkers.size(); ++i) {
    const bool compared = place[i] < directories.size();
    if (compared) checkers[i].take_pages(bad[place[i]]);
    if (compared) checkers[i].check_special_slots();
    report.directories.push_back(checkers[i].take(compared));
  }
}

// Adds what is wrong behind the signature.
void check_tail(const macho::File& file, HashReport& report) {
  const std::uint64_t end = file.signature()->offset + file.signature()->size;
  const std::uint64_t size = file.bytes().size();
  if (end < size) {
    blame(report, "file.trailing-data", fmt::format("{} bytes follow the signature", size - end),
          fmt::format("offset {:#x}", end), OS_BAD_MAIN_EXECUTABLE);
    return;
  }
  const macho::Segment* linkedit = file.segment("__LINKEDIT");
  if (linkedit == nullptr) {
    blame(report, "file.linkedit", "no __LINKEDIT segment around the signature", "__LINKEDIT",
          OS_BAD_MAIN_EXECUTABLE);
  } else if (linkedit->fileoff > end || linkedit->filesize != end - linkedit->fileoff) {
    blame(report, "file.linkedit", "__LINKEDIT does not end with the signature", "__LINKEDIT",
          OS_BAD_MAIN_EXECUTABLE);
  }
}

// Adds that the machine of the slice has other pages than those that were hashed.
void check_machine(const macho::File& file, HashReport& report) {
  const std::uint32_t cputype = file.header().cputype;
  if (cputype == macho::CPU_TYPE_ARM64 || cputype == macho::CPU_TYPE_ARM64_32) return;
  for (const DirectoryCheck& check : report.directories) {
    if (check.verdict.state == State::invalid || check.page_size == 1ULL << small_page_shift)
      continue;
    blame(report, "directory.page-size",
          fmt::format("the kernel of this machine does not map pages of {} bytes", check.page_size),
          "CodeDirectory " + hash_name(check.hash_type));
    return;
  }
}

HashReport check_signature(ByteView bytes, const Input& input) {
  const auto parsed = Signature::parse(bytes);
  if (!parsed) return unreadable(parsed.error());
  const auto directories = parsed->code_directories();
  if (!directories) return unreadable(directories.error());
  HashReport report;
  report.structure.state = State::valid;
  report.cms = parsed->has_cms();
  check_types(*directories, report);
  check_agreement(*directories, report);
  check_unsealed(bytes, *parsed, report);
  check_directories(input, *parsed, *directories, report);
  return report;
}

}  // namespace

Verdict HashReport::verdict() const {
  Verdict out = structure;
  const auto has = [&](State state) {
    return std::ranges::any_of(
        directories, [=](const DirectoryCheck& each) { return each.verdict.state == state; });
  };
  const bool compared = has(State::valid) || has(State::invalid);
  for (const DirectoryCheck& check : directories) {
    if (check.verdict.state == State::unknown && compared) continue;
    for (const Cause& cause : check.verdict.causes) out.blame(check.verdict.state, cause);
  }
  return out;
}

HashReport check_hashes(ByteView slice, const macho::Range& signature, const HashOptions& options) {
  const auto bytes = slice.slice(signature.offset, signature.size, "signature");
  HashReport report;
  if (bytes) return check_signature(*bytes, {slice, signature, options});
  blame(report, "signature.outside", "the signature is outside of the file", "LC_CODE_SIGNATURE",
        OS_BAD_OBJECT_FORMAT);
  return report;
}

HashReport check_detached(ByteView code, ByteView signature, const HashOptions& options) {
  return check_signature(signature, {code, {code.size(), signature.size()}, options, false});
}

bool seals_bundle(const macho::File& file) {
  if (!file.signature()) return false;
  const auto bytes = file.bytes().slice(file.signature()->offset, file.signature()->size);
  const auto signature = bytes ? Signature::parse(*bytes) : fail(Errc::truncated, "signature");
  const auto directories =
      signature ? signature->code_directories() : fail(Errc::truncated, "signature");
  if (!directories) return false;
  const bool has_plist = file.section("__TEXT", "__info_plist") != nullptr;
  const auto sealed = [](const CodeDirectory& cd, std::uint32_t slot) {
    const ByteView hash = cd.special_hash(slot);
    return !hash.empty() && !all_zero(hash);
  };
  return std::ranges::any_of(*directories, [&](const CodeDirectory& cd) {
    return sealed(cd, CSSLOT_RESOURCEDIR) || (sealed(cd, CSSLOT_INFOSLOT) && !has_plist);
  });
}

HashReport check_hashes(const macho::File& file, const HashOptions& options) {
  if (!file.signature()) return {};
  HashReport report = check_hashes(file.bytes(), *file.signature(), options);
  if (report.directories.empty()) return report;
  check_tail(file, report);
  check_machine(file, report);
  return report;
}

}  // namespace tenon::codesign
