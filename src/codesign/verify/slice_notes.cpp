#include "codesign/verify/slice_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/entitlements/entitlements.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "format/macho/macho.h"
#include "format/plist/value.h"

namespace tenon::codesign {
namespace {

constexpr const char* directory_place = "CodeDirectory";

class Notes {
 public:
  Notes(const SignedSlice& slice, SliceVerdict& out)
      : slice_(slice), best_(slice.best), out_(out) {}

  void run() {
    flags();
    identifier();
    weak_hash();
    exec_segment();
    exec_flags();
    room_behind();
    signing_time();
  }

 private:
  void warn(std::string_view code, std::string message, std::string where) {
    out_.warnings.push_back(make_cause(code, std::move(message), std::move(where)));
  }

  void flags();
  void identifier();
  void weak_hash();
  void exec_segment();
  void exec_flags();
  void room_behind();
  void signing_time();

  const SignedSlice& slice_;
  const CodeDirectory& best_;
  SliceVerdict& out_;
};

void Notes::flags() {
  constexpr std::uint32_t meaningful = CS_ADHOC | CS_HARD | CS_KILL | CS_CHECK_EXPIRATION |
                                       CS_RESTRICT | CS_ENFORCEMENT | CS_REQUIRE_LV | CS_RUNTIME |
                                       CS_LINKER_SIGNED | 0x1U;
  const std::uint32_t others = best_.flags & ~meaningful;
  if (others == 0) return;
  warn("directory.flags", fmt::format("flags {:#x} belong to running code and are ignored", others),
       directory_place);
}

void Notes::identifier() {
  if (best_.identifier != "a.out") return;
  warn("identifier.a-out",
       "the identifier is a.out, which the Go linker gives to every program: systems that "
       "remember decisions by identifier cannot tell them apart",
       "identifier");
}

void Notes::weak_hash() {
  if (best_.hash_type != CS_HASHTYPE_SHA1) return;
  warn("directory.weak-hash", "the only CodeDirectory is by SHA-1: notarization rejects it",
       "CodeDirectory SHA-1");
}

// ld64 writes the size of __text, others that of the sections or of the whole segment.
void Notes::exec_segment() {
  const macho::Segment* text = slice_.file.segment("__TEXT");
  if (best_.version < CS_SUPPORTSEXECSEG || text == nullptr) return;
  const auto code = std::ranges::find(text->sections, "__text", &macho::Section::sectname);
  const std::uint64_t least = code == text->sections.end() ? 1 : code->size;
  const std::uint64_t limit = best_.exec_seg_limit;
  if (best_.exec_seg_base == text->fileoff && limit >= least && limit <= text->filesize) return;
  warn("directory.exec-segment",
       fmt::format("the executable segment of the CodeDirectory is {} bytes at {:#x}, which is not "
                   "__TEXT",
                   limit, best_.exec_seg_base),
       directory_place);
}

struct ExecFlag {
  std::uint64_t bit;
  std::string_view name;
  std::string_view entitlements[2];  // each gives it; empty: none
};

// Signers derive the flags from the entitlements (Security signer.cpp, cdflags of entitlements).
constexpr ExecFlag exec_flags_of_entitlements[] = {
    {0x10, "allow-unsigned", {"get-task-allow", "run-unsigned-code"}},
    {0x20, "debugger", {"com.apple.private.cs.debugger", ""}},
    {0x40, "jit", {"dynamic-codesigning", ""}},
    {0x80, "skip-library-validation", {"com.apple.private.skip-library-validation", ""}},
    {0x100, "can-load-cdhash", {"com.apple.private.amfi.can-load-cdhash", ""}},
    {0x200, "can-execute-cdhash", {"com.apple.private.amfi.can-execute-cdhash", ""}},
};

bool gives(const SliceVerdict& slice, const ExecFlag& flag) {
  if (!slice.entitlements) return false;
  return std::ranges::any_of(flag.entitlements, [&](std::string_view name) {
    if (name.empty()) return false;
    return slice.entitlements->is_true(name) ||
           slice.entitlements->is_true(fmt::format("com.apple.security.{}", name));
  });
}

void Notes::exec_flags() {
  std::uint64_t rest = best_.exec_seg_flags & ~CS_EXECSEG_MAIN_BINARY;
  std::string names;
  for (const ExecFlag& flag : exec_flags_of_entitlements) {
    if ((rest & flag.bit) == 0) continue;
    rest &= ~flag.bit;
    if (!gives(out_, flag)) names += (names.empty() ? "" : ", ") + std::string(flag.name);
  }
  if (rest != 0) names += fmt::format("{}{:#x}", names.empty() ? "" : ", ", rest);
  if (names.empty()) return;
  warn("directory.exec-flags",
       fmt::format("flags of the executable segment without the entitlement that gives them: {}",
                   names),
       directory_place);
}

// codesign reserves room for the CMS, 18,000 bytes unless told otherwise, and leaves what it does
// not need after the last blob; services leave up to 24 KB. No hash covers that room.
void Notes::room_behind() {
  constexpr std::uint64_t reserve = 32'768;
  std::uint64_t end = 0;
  for (const Blob& blob : slice_.signature.blobs()) {
    end = std::max(end, blob.bytes.base() - slice_.bytes.base() + blob.bytes.size());
  }
  const std::uint64_t room = slice_.bytes.size() - std::min(end, slice_.bytes.size());
  if (room <= reserve) return;
  warn("signature.room",
       fmt::format("{} bytes after the last blob are covered by no hash; signing tools leave less "
                   "than {}",
                   room, reserve),
       fmt::format("signature, offset {:#x}", slice_.bytes.base() + end));
}

void Notes::signing_time() {
  if (!out_.cms || out_.cms->signing_time || out_.cms->token) return;
  warn("cms.no-signing-time",
       "neither a timestamp nor a signing time: nothing says when it was signed", "CMS");
}

std::string_view constraint_slug(std::uint32_t slot) {
  switch (slot - CSSLOT_LAUNCH_CONSTRAINT_SELF) {
    case 0: return "launch-self";
    case 1: return "launch-parent";
    case 2: return "launch-responsible";
    default: return "library";
  }
}

}  // namespace

void add_notes(const SignedSlice& slice, SliceVerdict& out) { Notes(slice, out).run(); }

void read_constraints(const Signature& signature, SliceVerdict& out) {
  for (std::uint32_t slot = CSSLOT_LAUNCH_CONSTRAINT_SELF; slot <= CSSLOT_LIBRARY_CONSTRAINT;
       ++slot) {
    const Blob* blob = signature.find(slot);
    if (blob == nullptr) continue;
    Constraint found{std::string(constraint_slug(slot)), std::nullopt};
    auto value = entitlements::parse_der(blob->payload());
    const bool right = blob->magic == CSMAGIC_EMBEDDED_LAUNCH_CONSTRAINT && value.has_value();
    if (right) {
      found.value = *std::move(value);
    } else {
      out.warnings.push_back(make_cause(
          "constraint.unread",
          value ? "a blob of another kind is in the place of a constraint"
                : fmt::format("{} at offset {:#x}", value.error().what, value.error().offset),
          fmt::format("slot {} ({} constraint)", slot, found.name)));
    }
    out.constraints.push_back(std::move(found));
  }
}

}  // namespace tenon::codesign
