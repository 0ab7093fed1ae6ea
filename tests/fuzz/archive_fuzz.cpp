// Archives on any bytes: zip, xar with its trailers, cpio, XML and disk images by their readers,
// then the whole lint of the notary, which opens them in each other. Views must lie in the input,
// and memory stays bounded.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "format/cpio/cpio.h"
#include "format/udif/udif.h"
#include "format/xar/xar.h"
#include "format/xml/xml.h"
#include "format/zip/zip.h"
#include "notarize/lint.h"
#include "notarize/spool.h"
#include "notarize/staple/staple.h"

namespace {

using namespace tenon;

void inside(ByteView part, ByteView whole) {
  if (part.empty()) return;
  if (part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size()) {
    __builtin_trap();
  }
}

void readers(ByteView bytes) {
  if (const auto archive = zip::Archive::parse(bytes)) {
    for (const zip::Member& member : archive->members()) inside(member.data, bytes);
  }
  if (const auto archive = xar::Archive::parse(bytes)) {
    for (const xar::Member& member : archive->members()) inside(member.data, bytes);
    for (const xar::Signature& signature : archive->signatures()) inside(signature.bytes, bytes);
    if (archive->end() > bytes.size()) __builtin_trap();
  }
  if (const auto stapled = xar::stapled(bytes)) inside(stapled->ticket, bytes);
  if (const auto members = cpio::parse(bytes)) {
    for (const cpio::Member& member : *members) inside(member.data, bytes);
  }
  if (const auto image = udif::parse(bytes)) {
    if (image->signature_at + image->signature_size > bytes.size()) __builtin_trap();
    if (!udif::hashed_trailer(bytes)) __builtin_trap();
  }
  static_cast<void>(xml::parse(bytes.text()));
}

// A ticket that was stapled is read again.
void staple(ByteView bytes) {
  const std::string ticket = "ticket";
  if (const auto made = notarize::staple_package(bytes, view_of(ticket))) {
    const std::string whole = std::string(made->kept.text()) + made->tail;
    const auto found = xar::stapled(view_of(whole));
    if (!found || found->ticket.text() != ticket) __builtin_trap();
  }
  if (const auto made = notarize::staple_image(bytes, view_of(ticket))) {
    const std::string whole = std::string(made->kept.text()) + made->tail;
    if (!udif::parse(view_of(whole))) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  readers(bytes);
  staple(bytes);
  const codesign::VerifyOptions options;
  notarize::MemorySpool spool;
  notarize::Budget budget;
  notarize::Linter linter(options, spool, budget);
  linter.file({bytes, nullptr}, "input");
  volatile std::size_t sink = linter.result.issues.size();
  static_cast<void>(sink);
  return 0;
}
