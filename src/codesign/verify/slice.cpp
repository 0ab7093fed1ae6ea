#include "codesign/verify/slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/cms.h"
#include "codesign/mapping/mapping.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/location.h"
#include "codesign/verify/requirements.h"
#include "codesign/verify/slice_entitlements.h"
#include "codesign/verify/slice_notes.h"
#include "codesign/verify/verify.h"
#include "format/macho/macho.h"
#include "format/plist/plist.h"

namespace tenon::codesign {
namespace {

constexpr std::uint32_t magic_bytes = 4;

std::string type_name(std::uint32_t type) {
  switch (type) {
    case macho::MH_OBJECT: return "object";
    case macho::MH_EXECUTE: return "executable";
    case macho::MH_DYLIB: return "dynamic library";
    case macho::MH_BUNDLE: return "bundle";
    default: return fmt::format("type {}", type);
  }
}

// Systems take the directory with the strongest digest (codedirectory.cpp, bestHashType).
const CodeDirectory& best_directory(std::span<const CodeDirectory> all) {
  const auto rank = [](const CodeDirectory& cd) {
    switch (cd.hash_type) {
      case CS_HASHTYPE_SHA384: return 4;
      case CS_HASHTYPE_SHA256: return 3;
      case CS_HASHTYPE_SHA256_TRUNCATED: return 2;
      case CS_HASHTYPE_SHA1: return 1;
      default: return 0;
    }
  };
  return *std::ranges::max_element(all, {}, rank);
}

std::string version_text(std::uint32_t packed) {
  if (packed == 0) return {};
  const macho::Version v = macho::unpack_version(packed);
  return fmt::format("{}.{}.{}", v.major, v.minor, v.patch);
}

DirectoryFacts facts_of(const CodeDirectory& cd) {
  DirectoryFacts out;
  out.slot = cd.slot;
  out.hash = hash_name(cd.hash_type);
  out.identifier = cd.identifier;
  out.team = cd.team;
  out.version = cd.version;
  out.size = cd.bytes.size();
  out.flags = cd.flags;
  out.page_size = cd.page_size();
  out.pages = cd.code_slots;
  out.code_limit = cd.code_limit;
  out.special_slots = cd.special_slots;
  const auto digest = digest_of(cd.hash_type, cd.bytes.bytes());
  out.digest = to_hex(digest.data(), digest.size());
  out.cdhash = out.digest.substr(0, 2 * sizeof(CdHash));
  out.exec_seg_base = cd.exec_seg_base;
  out.exec_seg_limit = cd.exec_seg_limit;
  out.exec_seg_flags = cd.exec_seg_flags;
  out.runtime = version_text(cd.runtime);
  return out;
}

void take_check(const DirectoryCheck& check, bool in_bundle, DirectoryFacts& out) {
  out.bad_pages = check.bad_pages;
  out.state = check.verdict.state;
  for (const SlotCheck& slot : check.slots) {
    // What is sealed and is not there is wrong; resources are judged with the bundle.
    const bool missing =
        slot.state == State::unknown && !(in_bundle && slot.slot == CSSLOT_RESOURCEDIR);
    out.slots.push_back(
        {slot.slot, std::string(slot_title(slot.slot)), missing ? State::invalid : slot.state});
    out.state = std::max(out.state, out.slots.back().state);
  }
}

class SliceJudge {
 public:
  SliceJudge(const macho::Slice& slice, const VerifyOptions& options, const Components& components)
      : slice_(slice), options_(options), components_(components) {}

  SliceVerdict run() {
    out_.arch = macho::arch_name(slice_.cputype, slice_.cpusubtype);
    out_.offset = slice_.offset;
    out_.size = slice_.size;
    const auto file = macho::File::parse(slice_.bytes);
    if (!file) {
      const bool foreign = file.error().code == Errc::unsupported;
      if (foreign) out_.kind = SignatureKind::unknown;
      out_.integrity.blame(
          foreign ? State::unknown : State::invalid,
          make_cause(foreign ? "file.unsupported" : "file.malformed",
                     fmt::format("{}: {}", file.error().what, errc_name(file.error().code)),
                     fmt::format("offset {:#x}", file.error().offset), OS_BAD_OBJECT_FORMAT));
      return std::move(out_);
    }
    out_.type = type_name(file->header().filetype);
    judge_mapping(*file);
    if (!file->signature()) {
      judge_unsigned(*file);
    } else {
      judge(*file);
    }
    return std::move(out_);
  }

  // The slice is no Mach-O file, and its signature lies elsewhere.
  SliceVerdict run_detached(ByteView bytes) {
    out_.arch = "any";
    out_.type = "bundle without code";
    out_.size = slice_.bytes.size();
    const HashReport report =
        check_detached(slice_.bytes, bytes, {components_, options_.threads, options_.window});
    const Verdict all = report.verdict();
    for (const Cause& cause : all.causes) out_.integrity.blame(all.state, cause);
    judge_open_slots(report);
    out_.integrity.state = std::max(out_.integrity.state, all.state);
    const auto signature = Signature::parse(bytes);
    if (!take_signature(signature, report)) return std::move(out_);
    judge_identity(*signature, directories_);
    judge_trust();
    read_info({}, best_directory(directories_));
    judge_requirement(*signature, options_.allow_downgrade, out_);
    read_constraints(*signature, out_);
    return std::move(out_);
  }

 private:
  void judge_mapping(const macho::File& file);
  void judge_unsigned(const macho::File& file);
  void judge(const macho::File& file);
  bool take_signature(const Result<Signature>& signature, const HashReport& report);
  void take_integrity(const macho::File& file, const HashReport& report);
  void take_pages(const macho::File& file, const HashReport& report);
  void judge_open_slots(const HashReport& report);
  void judge_identity(const Signature& signature, std::span<const CodeDirectory> directories);
  void judge_without_cms(const Signature& signature, const CodeDirectory& best);
  void judge_trust();
  void read_info(ByteView embedded, const CodeDirectory& best);

  void blame(std::string_view code, std::string message, std::string where, OsStatus os = OS_NONE) {
    out_.integrity.blame(State::invalid,
                         make_cause(code, std::move(message), std::move(where), os));
  }
  void warn(std::string_view code, std::string message, std::string where) {
    out_.warnings.push_back(make_cause(code, std::move(message), std::move(where)));
  }

  const macho::Slice& slice_;
  const VerifyOptions& options_;
  const Components& components_;
  SliceVerdict out_;
  std::vector<CodeDirectory> directories_;
};

void SliceJudge::judge_mapping(const macho::File& file) {
  for (const MapProblem& problem : slice_problems(file)) {
    if (refuses(problem.fault)) {
      out_.integrity.blame(State::invalid, cause_of(problem));
    } else {
      out_.warnings.push_back(cause_of(problem));
    }
  }
}

// A SuperBlob that no load command names: somebody took the load command away.
void SliceJudge::judge_unsigned(const macho::File& file) {
  if (slice_.cputype == macho::CPU_TYPE_ARM64) {
    warn("unsigned.arm64", "arm64 Macs kill unsigned programs at start", out_.arch);
  }
  const macho::Segment* linkedit = file.segment("__LINKEDIT");
  if (linkedit == nullptr) return;
  constexpr std::string_view magic("\xfa\xde\x0c\xc0", magic_bytes);
  // What nothing names is at the end: look at what follows the symbol names, which tools put last.
  const std::uint64_t from = file.symtab()
                                 ? std::uint64_t{file.symtab()->stroff} + file.symtab()->strsize
                                 : linkedit->fileoff;
  const auto rest = slice_.bytes.from(std::min(from, slice_.bytes.size()));
  if (rest && rest->text().find(magic) != std::string_view::npos) {
    warn("unsigned.left-over", "contains a signature that no load command refers to", "__LINKEDIT");
  }
}

void SliceJudge::judge(const macho::File& file) {
  const HashReport report =
      check_hashes(file, {components_, options_.threads, options_.window, options_.pages_known});
  take_integrity(file, report);
  const auto bytes = slice_.bytes.slice(file.signature()->offset, file.signature()->size);
  const auto signature = bytes ? Signature::parse(*bytes) : fail(Errc::truncated, "signature");
  if (!take_signature(signature, report)) return;
  const CodeDirectory& best = best_directory(directories_);
  read_entitlements(*signature, file.header().filetype == macho::MH_EXECUTE, out_);
  judge_identity(*signature, directories_);
  judge_trust();
  const macho::Section* section = file.section("__TEXT", "__info_plist");
  read_info(section == nullptr ? ByteView() : file.contents(*section).value_or(ByteView()), best);
  judge_requirement(*signature, options_.allow_downgrade, out_);
  read_constraints(*signature, out_);
  add_notes({file, *bytes, *signature, best}, out_);
}

// What the signature says of itself; false when it cannot be read.
bool SliceJudge::take_signature(const Result<Signature>& signature, const HashReport& report) {
  auto directories = signature ? signature->code_directories() : fail(Errc::truncated, "signature");
  if (!directories) {
    out_.kind = SignatureKind::unknown;
    out_.identity.blame(State::unknown,
                        make_cause("signature.unread", "the signature is unreadable", "signature"));
    return false;
  }
  directories_ = *std::move(directories);
  for (const CodeDirectory& cd : directories_) out_.directories.push_back(facts_of(cd));
  for (std::size_t i = 0; i < report.directories.size() && i < out_.directories.size(); ++i) {
    take_check(report.directories[i], components_.in_bundle, out_.directories[i]);
  }
  const CodeDirectory& best = best_directory(directories_);
  const DirectoryFacts facts = facts_of(best);
  out_.identifier = facts.identifier;
  out_.team = facts.team;
  out_.cdhash = facts.cdhash;
  out_.page_size = facts.page_size;
  out_.flags = facts.flags;
  out_.platform = best.platform;
  return true;
}

void SliceJudge::take_integrity(const macho::File& file, const HashReport& report) {
  for (const Cause& cause : report.structure.causes) out_.integrity.blame(State::invalid, cause);
  for (const DirectoryCheck& check : report.directories) {
    if (check.verdict.state != State::invalid) continue;
    for (const Cause& cause : check.verdict.causes) {
      if (cause.code != page_hash_code) out_.integrity.blame(State::invalid, cause);
    }
  }
  take_pages(file, report);
  judge_open_slots(report);
  const Verdict all = report.verdict();
  if (all.state == State::valid && out_.integrity.state == State::absent) {
    out_.integrity.state = State::valid;
  }
  if (all.state == State::unknown) out_.integrity.blame(State::unknown, all.cause());
  if (out_.integrity.state != State::invalid) return;
  const std::string note = change_note(file, report);
  if (!note.empty()) warn("edited", note, out_.arch);
}

// One cause a page, of the directory that names it best; what follows is counted.
void SliceJudge::take_pages(const macho::File& file, const HashReport& report) {
  constexpr std::size_t most_named = 8;
  const auto found = std::ranges::max_element(report.directories, {},
                                              [](const auto& check) { return check.bad_pages; });
  if (found == report.directories.end() || found->bad_pages == 0) return;
  for (std::size_t i = 0; i < std::min(most_named, found->listed_pages.size()); ++i) {
    const std::uint64_t page = found->listed_pages[i];
    const std::uint64_t at = page * found->page_size;
    const std::uint64_t size = std::min(found->page_size, file.signature()->offset - at);
    std::string message = "does not match its hash";
    const std::uint64_t rest = found->bad_pages - most_named;
    if (i + 1 == most_named && found->bad_pages > most_named) {
      message += fmt::format("; so do {} more", rest);
    }
    blame(page_hash_code, std::move(message),
          fmt::format("page {} of {}, offset {:#x}: {}", page, found->pages, slice_.offset + at,
                      location_of(file, at, size)),
          OS_SIGNATURE_FAILED);
  }
}

// Slots whose contents are not in the file itself: of a bundle that is not here.
void SliceJudge::judge_open_slots(const HashReport& report) {
  std::vector<std::uint32_t> seen;
  for (const DirectoryCheck& check : report.directories) {
    for (const std::uint32_t slot : check.open_slots) {
      if (std::ranges::find(seen, slot) != seen.end()) continue;
      seen.push_back(slot);
      if (slot == CSSLOT_INFOSLOT) {
        blame("slot.info-plist-missing",
              components_.in_bundle
                  ? "Info.plist is missing from the bundle, and the executable seals one"
                  : "seals an Info.plist that is missing: the file was moved out of its bundle",
              "slot 1 (Info.plist)", OS_INFO_PLIST_FAILED);
      } else if (slot == CSSLOT_RESOURCEDIR) {
        if (components_.in_bundle) continue;  // said of the bundle
        blame("slot.resources-missing",
              "seals a CodeResources that is missing: the file was moved out of its bundle",
              "slot 3 (CodeResources)", OS_RESOURCES_NOT_FOUND);
      } else {
        blame("slot.missing", fmt::format("slot {} has a hash but no contents", slot),
              fmt::format("slot {}", slot), OS_SIGNATURE_FAILED);
      }
    }
  }
}

void SliceJudge::judge_without_cms(const Signature& signature, const CodeDirectory& best) {
  if ((best.flags & CS_LINKER_SIGNED) != 0) {
    out_.kind = SignatureKind::linker_signed;
  } else {
    out_.kind = SignatureKind::ad_hoc;
  }
  if ((best.flags & CS_ADHOC) != 0) {
    out_.identity.causes.push_back(
        make_cause("identity.none", "ad-hoc signature: no signing certificate", "signature"));
    if (!best.team.empty()) {
      warn("identity.team-claimed",
           fmt::format("claims the team {} without a certificate", best.team), "team identifier");
    }
    return;
  }
  const bool wrapper = signature.find(CSSLOT_SIGNATURESLOT) != nullptr;
  out_.identity.blame(
      State::invalid,
      make_cause("cms.missing", "the CodeDirectory is not marked as ad-hoc, but its CMS is missing",
                 "slot 0x10000 (CMS)", wrapper ? OS_SIGNATURE_FAILED : OS_UNSIGNED));
}

void SliceJudge::judge_identity(const Signature& signature,
                                std::span<const CodeDirectory> directories) {
  const CodeDirectory& best = best_directory(directories);
  if (!signature.has_cms()) {
    judge_without_cms(signature, best);
    return;
  }
  const Blob* blob = signature.find(CSSLOT_SIGNATURESLOT);
  if (blob->magic != CSMAGIC_BLOBWRAPPER) {
    out_.identity.blame(State::invalid,
                        make_cause("cms.wrapper", "the CMS is in a blob of another kind",
                                   "slot 0x10000 (CMS)", OS_SIGNATURE_INVALID));
  }
  const auto list = cms::directories_of(directories);
  out_.cms = cms::verify_cms(blob->payload(), list, options_.trust);
  const cms::SignerReport& signer = *out_.cms;
  out_.kind = signature_kind(signer.kind);
  for (const auto& item : signer.items()) {
    if (item.verdict == &signer.trust || item.verdict->state < State::unknown) continue;
    out_.identity.blame(item.verdict->state, item.verdict->cause());
  }
  out_.identity.state = std::max(out_.identity.state, signer.identity());
  for (const Cause& warning : signer.warnings) out_.warnings.push_back(warning);
  if ((best.flags & CS_ADHOC) == 0) return;
  out_.identity.blame(State::invalid,
                      make_cause("directory.ad-hoc-flag",
                                 "marked as ad-hoc, so macOS ignores the certificate in it",
                                 "CodeDirectory", OS_NONE));
  out_.kind = SignatureKind::ad_hoc;
}

// What requirements may ask for. A program of a bundle that is looked at alone seals an Info.plist
// that lies elsewhere.
void SliceJudge::read_info(ByteView embedded, const CodeDirectory& best) {
  const ByteView bytes = components_.info_plist.value_or(embedded);
  if (bytes.empty()) {
    out_.info_known = all_zero(best.special_hash(CSSLOT_INFOSLOT));
    return;
  }
  auto value = plist::parse(bytes);
  out_.info_known = value && value->dict() != nullptr;
  if (out_.info_known) out_.info = *std::move(value);
}

void SliceJudge::judge_trust() {
  if (!out_.cms) {
    out_.trust.causes.push_back(
        make_cause("trust.none", "no certificate, so nothing to trust", "signature"));
    return;
  }
  const Verdict& root = out_.cms->trust;
  if (out_.identity.state == State::invalid || out_.integrity.state == State::invalid) {
    out_.trust.causes.push_back(
        make_cause("trust.not-reached", "what was not signed like this cannot be trusted", "CMS"));
    return;
  }
  if (root.state < State::unknown) {
    out_.trust.state = root.state;
    return;
  }
  // A root that nobody asked to trust is no fault of the code.
  const bool unasked = root.cause().code == cms::untrusted_root_code;
  out_.trust.blame(unasked ? State::absent : root.state, root.cause());
}

}  // namespace

SliceVerdict verify_slice(const macho::Slice& slice, const VerifyOptions& options,
                          const Components& components) {
  return SliceJudge(slice, options, components).run();
}

SliceVerdict verify_detached(ByteView code, ByteView signature, const VerifyOptions& options,
                             const Components& components) {
  const macho::Slice whole{0, 0, 0, code.size(), 1, code, false};
  return SliceJudge(whole, options, components).run_detached(signature);
}

}  // namespace tenon::codesign
