// Universal files: what lies around the slices, and whether they agree.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/cms.h"
#include "codesign/mapping/codeless.h"
#include "codesign/mapping/mapping.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/slice.h"
#include "codesign/verify/verify.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

// Universal::Universal of macho++.cpp: zeros between the slices, nothing after the last one, gaps
// smaller than the alignment. No signature seals these bytes.
void judge_container(ByteView file, std::uint64_t header, const std::vector<macho::Slice>& slices,
                     FileVerdict& out) {
  const auto blame = [&](std::string_view code, const std::string& message, std::uint64_t offset) {
    for (SliceVerdict& slice : out.slices) {
      slice.integrity.blame(
          slice.is_signed() ? State::invalid : slice.integrity.state,
          make_cause(code, message, fmt::format("offset {:#x}, outside of the slices", offset),
                     OS_BAD_MAIN_EXECUTABLE));
    }
  };
  std::uint64_t at = header;
  for (const macho::Slice& slice : slices) {
    if (slice.offset < at) return;  // an overlap, which is blamed as such
    const auto gap = file.slice(at, slice.offset - at);
    if (gap && !all_zero(*gap)) {
      blame("universal.gap", "bytes lie between the slices, which no signature covers", at);
    } else if (slice.offset - at >= std::max<std::uint64_t>(slice.align, 1) && at != 0) {
      blame("universal.gap",
            fmt::format("{} bytes lie between the slices, more than their "
                        "alignment asks for",
                        slice.offset - at),
            at);
    }
    at = slice.offset + slice.size;
  }
  if (at < file.size()) {
    blame(
        "universal.trailing-data",
        fmt::format("{} bytes follow the last slice, which no signature covers", file.size() - at),
        at);
  }
}

template <class Get>
void compare(FileVerdict& out, std::string_view code, std::string_view what, Get get) {
  const auto first = std::ranges::find_if(out.slices, &SliceVerdict::is_signed);
  for (auto slice = first; slice != out.slices.end(); ++slice) {
    if (!slice->is_signed() || get(*slice) == get(*first)) continue;
    out.warnings.push_back(
        make_cause(code,
                   fmt::format("the slices differ in {}: {} has '{}', {} has '{}'", what,
                               first->arch, get(*first), slice->arch, get(*slice)),
                   slice->arch));
    return;
  }
}

// Who answers for a slice. Certificates are renewed: of Apple's, the team is the signer.
std::string signer_of(const SliceVerdict& slice) {
  if (!slice.cms || slice.cms->certificates.empty()) return "nobody (ad-hoc)";
  const cms::Certificate& leaf = slice.cms->certificates.front();
  const bool by_team = slice.cms->anchor == cms::Anchor::apple && !slice.team.empty();
  return by_team ? fmt::format("{} of team {}", kind_slug(slice.kind), slice.team)
                 : fmt::format("{} ({})", leaf.subject.common_name(), hex(leaf.sha256));
}

// Every slice is valid for Apple, one by one; a slice that somebody replaced is so, too.
void judge_signers(bool allow_mixed, FileVerdict& out) {
  const auto certified = [](const SliceVerdict& slice) { return slice.cms.has_value(); };
  auto first = std::ranges::find_if(out.slices, certified);
  if (first == out.slices.end()) return;
  const std::string expected = signer_of(*first);
  for (SliceVerdict& slice : out.slices) {
    if (!slice.is_signed() || slice.kind == SignatureKind::unknown) continue;
    std::string signer = signer_of(slice);
    if (signer == expected) continue;
    Cause cause = make_cause("universal.signer",
                             fmt::format("signed by {}, but the {} slice by {}", std::move(signer),
                                         first->arch, expected),
                             slice.arch);
    if (allow_mixed) {
      out.warnings.push_back(std::move(cause));
    } else {
      slice.trust.blame(State::invalid, std::move(cause));
    }
  }
}

void judge_agreement(bool allow_mixed, FileVerdict& out) {
  std::string bare;
  for (const SliceVerdict& slice : out.slices) {
    if (!slice.is_signed()) bare = slice.arch;
  }
  const bool some = std::ranges::any_of(out.slices, &SliceVerdict::is_signed);
  if (some && !bare.empty()) {
    out.warnings.push_back(make_cause(
        "universal.unsigned-slice",
        out.is_signed()
            ? "is not signed, as linkers leave it, and Intel Macs run it; codesign reports "
              "\"code object is not signed at all, in architecture " +
                  bare + "\""
            : "is not signed, but other slices are",
        bare));
  }
  judge_signers(allow_mixed, out);
  compare(out, "universal.identifier", "identifier",
          [](const SliceVerdict& slice) { return slice.identifier; });
  compare(out, "universal.flags", "flags", [](const SliceVerdict& slice) {
    return fmt::format("{}", fmt::join(flag_names(slice.flags), ","));
  });
  compare(out, "universal.entitlements", "entitlements",
          [](const SliceVerdict& slice) { return slice.entitlements_xml.value_or(""); });
}

// Stands in for a slice that cannot be read, or for the whole of a file without any.
SliceVerdict unreadable_slice(std::string arch, std::string type) {
  SliceVerdict out;
  out.arch = std::move(arch);
  out.type = std::move(type);
  out.kind = SignatureKind::unknown;
  return out;
}

// What is wrong with the table is wrong with the slices that it is about, and with all of them when
// it is about none.
void judge_table(ByteView file, FileVerdict& out) {
  const std::vector<MapProblem> problems = table_problems(file);
  for (const MapProblem& problem : problems) {
    const bool of_one = std::ranges::any_of(
        out.slices, [&](const SliceVerdict& slice) { return slice.arch == problem.arch; });
    const bool of_missing = !of_one && (!problem.arch.empty() || out.slices.empty());
    if (!of_missing) continue;
    out.slices.push_back(
        unreadable_slice(problem.arch.empty() ? "universal file" : problem.arch, "slice"));
  }
  for (SliceVerdict& slice : out.slices) {
    std::vector<Cause> causes;  // before those of the slice itself
    for (const MapProblem& problem : problems) {
      if (problem.arch.empty() || slice.arch == problem.arch) causes.push_back(cause_of(problem));
    }
    if (causes.empty()) continue;
    Verdict& integrity = slice.integrity;
    integrity.state = State::invalid;
    std::ranges::move(integrity.causes, std::back_inserter(causes));
    integrity.causes = std::move(causes);
  }
}

void note_hidden(const std::vector<macho::Slice>& slices, FileVerdict& out) {
  for (const macho::Slice& slice : slices) {
    if (!slice.hidden) continue;
    const std::string arch = macho::arch_name(slice.cputype, slice.cpusubtype);
    out.warnings.push_back(make_cause(
        "universal.hidden-slice",
        "the slice is not counted in the universal header: kernel, dyld and codesign read it all "
        "the same, many other tools do not",
        arch));
  }
}

FileVerdict verify_universal(ByteView file, const VerifyOptions& options,
                             const Components& components) {
  const auto table = macho::slice_table(file);
  const auto slices = table ? macho::readable_slices(file, *table) : std::vector<macho::Slice>();
  FileVerdict out;
  for (const macho::Slice& slice : slices) {
    out.slices.push_back(verify_slice(slice, options, components));
  }
  if (table) judge_container(file, table->size, slices, out);
  judge_table(file, out);
  note_hidden(slices, out);
  judge_agreement(options.allow_mixed_signers, out);
  return out;
}

}  // namespace

Result<FileVerdict> verify_file(ByteView file, const VerifyOptions& options,
                                const Components& components) {
  if (const auto kind = codeless(file)) {
    return fail(Errc::unsupported, *kind == Codeless::archive ? "a static library cannot be signed"
                                                              : "an object file cannot be signed");
  }
  if (macho::is_universal(file)) return verify_universal(file, options, components);
  const macho::Header header = TENON_TRY(macho::read_header(file));
  const macho::Slice whole{header.cputype, header.cpusubtype, 0, file.size(), 1, file, false};
  FileVerdict out;
  out.slices.push_back(verify_slice(whole, options, components));
  return out;
}

}  // namespace tenon::codesign
