#include "codesign/verify/package.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/package.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "format/xar/xar.h"

namespace tenon::codesign {
namespace {

constexpr std::size_t cdhash_bytes = 20;

std::string hash_of_style(std::string_view style) {
  if (style == "sha1") return "SHA-1";
  return style == "sha256" ? "SHA-256" : std::string(style);
}

void take_signer(const cms::PackageSigner& signer, SliceVerdict& out) {
  out.integrity = signer.checksum;
  out.identity = signer.signature;
  for (const Cause& cause : signer.chain.causes) {
    if (signer.chain.state > State::valid) out.identity.blame(signer.chain.state, cause);
  }
  out.kind = signature_kind(signer.kind);
  if (signer.certificates.empty()) {
    out.kind = SignatureKind::unknown;
    return;
  }
  out.identifier = signer.certificates.front().subject.common_name();
  out.team = signer.certificates.front().subject.unit();
  if (out.state() > State::valid) return;
  if (signer.anchor != cms::Anchor::none) {
    out.trust.state = State::valid;
  } else {
    out.trust.causes.push_back(make_cause("package.untrusted-root",
                                          "its root is neither Apple's nor one that was given",
                                          "certificate chain"));
  }
  if (signer.developer_id) out.kind = SignatureKind::developer_id;
}

}  // namespace

Result<FileVerdict> verify_package_file(ByteView file, const VerifyOptions& options) {
  const xar::Archive archive = TENON_TRY(xar::Archive::parse(file));
  FileVerdict out;
  SliceVerdict slice;
  slice.arch = "any";
  slice.type = package_type;
  slice.size = file.size();
  const std::size_t size = std::min<std::size_t>(archive.checksum().size(), cdhash_bytes);
  if (!archive.signatures().empty()) {
    slice.cdhash = to_hex(archive.checksum().data(), size);
    DirectoryFacts table;
    table.hash = hash_of_style(archive.checksum_style());
    table.cdhash = slice.cdhash;
    table.digest = to_hex(archive.checksum().data(), archive.checksum().size());
    slice.directories.push_back(std::move(table));
  }
  const auto found = std::ranges::find(archive.signatures(), "RSA", &xar::Signature::style);
  if (found != archive.signatures().end()) {
    take_signer(cms::verify_package({archive.toc(), archive.checksum(), found->bytes,
                                     archive.checksum_style(), &found->certificates},
                                    options.trust),
                slice);
    slice.directories.front().state = slice.integrity.state;
  } else if (!archive.signatures().empty()) {
    slice.kind = SignatureKind::unknown;
    slice.identity.blame(
        State::unknown,
        make_cause("package.signature-style",
                   "its signature is of a style that tenon does not read", "table of contents"));
  }
  out.slices.push_back(std::move(slice));
  return out;
}

}  // namespace tenon::codesign
