#include "codesign/verify/disk_image.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/slice.h"
#include "codesign/verify/verify.h"
#include "format/udif/udif.h"

namespace tenon::codesign {
namespace {

struct SignedImage {
  ByteView code, blob;
  Signature signature;
};

Result<SignedImage> signed_image(ByteView file) {
  const udif::Image image = TENON_TRY(udif::parse(file));
  if (!image.is_signed()) return fail(Errc::not_found, "the disk image is not signed");
  const ByteView blob = TENON_TRY(file.slice(image.signature_at, image.signature_size));
  return SignedImage{TENON_TRY(file.slice(0, image.signature_at)), blob,
                     TENON_TRY(Signature::parse(blob))};
}

void append_word(std::string& out, std::uint32_t value) {
  const ub32 word(value);
  out.append(reinterpret_cast<const char*>(&word), sizeof(word));
}

}  // namespace

Result<FileVerdict> verify_disk_image(ByteView file, const VerifyOptions& options) {
  const udif::Image image = TENON_TRY(udif::parse(file));
  FileVerdict out;
  if (!image.is_signed()) {
    SliceVerdict slice;
    slice.arch = "any";
    slice.type = image_type;
    slice.size = file.size();
    out.slices.push_back(std::move(slice));
    return out;
  }
  const std::string trailer = TENON_TRY(udif::hashed_trailer(file));
  Components components;
  components.rep_specific = view_of(trailer);
  out.slices.push_back(verify_detached(
      TENON_TRY(file.slice(0, image.signature_at)),
      TENON_TRY(file.slice(image.signature_at, image.signature_size)), options, components));
  out.slices.front().type = image_type;
  return out;
}

Result<ByteView> disk_image_ticket(ByteView file) {
  const SignedImage image = TENON_TRY(signed_image(file));
  const Blob* ticket = image.signature.find(CSSLOT_TICKETSLOT);
  return ticket == nullptr ? ByteView() : ticket->payload();
}

// Blobs stand in the order of their slots, as codesign writes them.
Result<std::string> signature_with_ticket(ByteView file, ByteView ticket) {
  const SignedImage image = TENON_TRY(signed_image(file));
  std::string wrapper;
  append_word(wrapper, CSMAGIC_BLOBWRAPPER);
  append_word(wrapper, static_cast<std::uint32_t>(sizeof(GenericBlob) + ticket.size()));
  wrapper += ticket.text();
  std::vector<std::pair<std::uint32_t, std::string>> blobs;
  for (const Blob& blob : image.signature.blobs()) {
    if (blob.slot != CSSLOT_TICKETSLOT) blobs.emplace_back(blob.slot, blob.bytes.text());
  }
  blobs.emplace_back(CSSLOT_TICKETSLOT, wrapper);
  std::uint64_t at = sizeof(SuperBlobHeader) + blobs.size() * sizeof(BlobIndex);
  std::string index, body;
  for (const auto& [slot, bytes] : blobs) {
    append_word(index, slot);
    append_word(index, static_cast<std::uint32_t>(at));
    body += bytes;
    at += bytes.size();
  }
  std::string out;
  append_word(out, CSMAGIC_EMBEDDED_SIGNATURE);
  append_word(out, static_cast<std::uint32_t>(at));
  append_word(out, static_cast<std::uint32_t>(blobs.size()));
  return out + index + body;
}

}  // namespace tenon::codesign
