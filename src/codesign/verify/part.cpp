#include "codesign/verify/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/cms/cms.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

// What a part is taken from: the blobs as they lie there, and what the verifier read of them.
struct Source {
  const Signature& signature;
  const SliceVerdict& slice;
};

using Extract = Result<std::string> (*)(const Source&);

std::unexpected<Error> absent(const char* what) { return fail(Errc::not_found, what); }

Result<std::string> payload(const Source& source, std::uint32_t slot, const char* missing) {
  const Blob* blob = source.signature.find(slot);
  if (blob == nullptr || blob->payload().empty()) return absent(missing);
  return std::string(blob->payload().text());
}

Result<std::string> entitlements(const Source& source) {
  std::string out =
      TENON_TRY(payload(source, CSSLOT_ENTITLEMENTS, "the signature has no entitlements"));
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

Result<std::string> entitlements_der(const Source& source) {
  return payload(source, CSSLOT_DER_ENTITLEMENTS, "the signature has no entitlements in DER form");
}

// As codesign -d -r- has it: what is not stored is a comment.
Result<std::string> requirement(const Source& source) {
  if (source.slice.requirement.empty()) return absent("the signature has no requirement");
  return fmt::format("{}designated => {}\n", source.slice.requirement_stored ? "" : "# ",
                     source.slice.requirement);
}

Result<std::string> certificates(const Source& source) {
  constexpr std::size_t columns = 64;  // RFC 7468
  if (!source.slice.cms || source.slice.cms->certificates.empty())
    return absent("the signature has no certificate");
  std::string out;
  for (const cms::Certificate& each : source.slice.cms->certificates) {
    const std::string text = to_base64(each.der);
    out += "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < text.size(); at += columns) {
      out += std::string_view(text).substr(at, columns);
      out += '\n';
    }
    out += "-----END CERTIFICATE-----\n";
  }
  return out;
}

// The one whose hash names the code.
Result<std::string> codedirectory(const Source& source) {
  const auto all = TENON_TRY(source.signature.code_directories());
  for (const CodeDirectory& each : all) {
    const auto facts =
        std::ranges::find(source.slice.directories, each.slot, &DirectoryFacts::slot);
    if (facts != source.slice.directories.end() && facts->cdhash == source.slice.cdhash)
      return std::string(each.bytes.text());
  }
  return absent("the signature has no CodeDirectory");
}

Result<std::string> cms_bytes(const Source& source) {
  return payload(source, CSSLOT_SIGNATURESLOT, "the signature has no CMS");
}

struct Row {
  SignaturePart part;
  Extract extract;
};

constexpr Row rows[] = {
    {{"entitlements", "the XML, as tenon sign --entitlements reads it"}, entitlements},
    {{"entitlements-der", "the DER form", false}, entitlements_der},
    {{"requirement", "the designated requirement, as codesign -d -r- prints it"}, requirement},
    {{"certificates", "the chain in PEM, the signer first"}, certificates},
    {{"codedirectory", "the blob whose hash is the cdhash", false}, codedirectory},
    {{"cms", "the CMS in DER, for openssl cms", false}, cms_bytes},
};

Result<std::string> part_of(const macho::Slice& slice, const Row& row) {
  const macho::File file = TENON_TRY(macho::File::parse(slice.bytes));
  if (!file.signature()) return absent("not signed");
  const ByteView bytes =
      TENON_TRY(slice.bytes.slice(file.signature()->offset, file.signature()->size));
  const Signature signature = TENON_TRY(Signature::parse(bytes));
  const FileVerdict verdict = TENON_TRY(verify_file(slice.bytes, {}));
  return row.extract({signature, verdict.slices.front()});
}

}  // namespace

std::vector<SignaturePart> signature_parts() {
  std::vector<SignaturePart> out;
  std::ranges::transform(rows, std::back_inserter(out), &Row::part);
  return out;
}

const SignaturePart* find_part(std::string_view name) {
  const auto* found = std::ranges::find(rows, name, [](const Row& row) { return row.part.name; });
  return found == std::end(rows) ? nullptr : &found->part;
}

Result<std::vector<PartOfSlice>> parts_of(ByteView file, const SignaturePart& part) {
  const auto* row =
      std::ranges::find(rows, part.name, [](const Row& each) { return each.part.name; });
  if (row == std::end(rows)) return fail(Errc::invalid_argument, "no such part of a signature");
  std::vector<PartOfSlice> out;
  for (const macho::Slice& slice : TENON_TRY(macho::slices(file))) {
    out.push_back({macho::arch_name(slice.cputype, slice.cpusubtype), part_of(slice, *row)});
  }
  return out;
}

}  // namespace tenon::codesign
