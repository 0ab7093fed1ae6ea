// Universal files: what lies around the slices, and whether they agree.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/os_status.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/slice.h"
#include "codesign/verify/verify.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

// Universal::Universal of macho++.cpp: zeros between the slices, nothing after the last one, gaps
// smaller than the alignment. No signature seals these bytes.
void judge_container(ByteView file, const std::vector<macho::Slice>& slices, FileVerdict& out) {
  const auto blame = [&](std::string_view code, const std::string& message, std::uint64_t offset) {
    for (SliceVerdict& slice : out.slices) {
      slice.integrity.blame(
          slice.is_signed() ? State::invalid : slice.integrity.state,
          make_cause(code, message, fmt::format("offset {:#x}, outside of the slices", offset),
                     OS_BAD_MAIN_EXECUTABLE));
    }
  };
  std::uint64_t at = macho::universal_header_size(file);
  for (const macho::Slice& slice : slices) {
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

// The table of a universal file and the header of the slice name the machine; the system picks a
// slice by the first and runs it by the second.
void judge_machine(const macho::Slice& slice, SliceVerdict& out) {
  const auto file = macho::File::parse(slice.bytes);
  if (!file) return;
  const auto& header = file->header();
  const std::uint32_t difference =
      (header.cpusubtype ^ slice.cpusubtype) & ~macho::CPU_SUBTYPE_MASK;
  if (header.cputype == slice.cputype && difference == 0) return;
  out.integrity.blame(State::invalid,
                      make_cause("universal.architecture",
                                 fmt::format("listed as {}, but is {}", out.arch,
                                             macho::arch_name(header.cputype, header.cpusubtype)),
                                 "universal header", OS_BAD_OBJECT_FORMAT));
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

void judge_agreement(FileVerdict& out) {
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
  compare(out, "universal.kind", "who signed them",
          [](const SliceVerdict& slice) { return kind_slug(slice.kind); });
  compare(out, "universal.identifier", "identifier",
          [](const SliceVerdict& slice) { return slice.identifier; });
  compare(out, "universal.team", "team", [](const SliceVerdict& slice) { return slice.team; });
  compare(out, "universal.flags", "flags", [](const SliceVerdict& slice) {
    return fmt::format("{}", fmt::join(flag_names(slice.flags), ","));
  });
  compare(out, "universal.entitlements", "entitlements",
          [](const SliceVerdict& slice) { return slice.entitlements_xml.value_or(""); });
}

}  // namespace

Result<FileVerdict> verify_file(ByteView file, const VerifyOptions& options,
                                const Components& components) {
  const auto slices = TENON_TRY(macho::slices(file));
  FileVerdict out;
  for (const macho::Slice& slice : slices) {
    out.slices.push_back(verify_slice(slice, options, components));
  }
  if (macho::is_universal(file)) {
    judge_container(file, slices, out);
    for (std::size_t i = 0; i < slices.size(); ++i) judge_machine(slices[i], out.slices[i]);
  }
  judge_agreement(out);
  return out;
}

}  // namespace tenon::codesign
